/* Known forms of settings:
 *
 *     Stable Diffusion web UI and its kin, also in EXIF and WebP:
 *         PROMPT \n Negative prompt: ... \n Steps: 20, Sampler: Euler, ..., Model: NAME, Version:
 * v1.10 ComfyUI, as JSON: "class_type" in the prompt, "nodes" and "links" in the workflow; the
 * model stands behind "ckpt_name" or "unet_name" NovelAI, InvokeAI, Fooocus, as JSON with a prompt:
 * "uc", "negative_prompt", "steps" ... Midjourney: PROMPT --v 6 Job ID: ... */
#include "generator.h"

#include <string.h>

static const char *const ai_names[][2] = {
    /* whole words in any case, how we write it; the more exact ones first */
    {"made with google ai", "Google AI"},
    {"edited with google ai", "Google AI"},
    {"google generative ai", "Google AI"},
    {"imagined with ai", "Meta AI"},
    {"meta ai", "Meta AI"},
    {"made with ai", "AI, without a name"},
    {"ai generated", "AI, without a name"},
    {"ai-generated", "AI, without a name"},
    {"midjourney", "Midjourney"},
    {"dall-e", "DALL-E"},
    {"dall·e", "DALL-E"},
    {"dalle", "DALL-E"},
    {"chatgpt", "ChatGPT"},
    {"gpt-4o", "GPT-4o"},
    {"gpt-image", "GPT Image"},
    {"openai", "OpenAI"},
    {"sora", "Sora"},
    {"firefly", "Adobe Firefly"},
    {"stable diffusion", "Stable Diffusion"},
    {"stable-diffusion", "Stable Diffusion"},
    {"sdxl", "Stable Diffusion"},
    {"stability ai", "Stability AI"},
    {"dreamstudio", "DreamStudio"},
    {"automatic1111", "Stable Diffusion web UI"},
    {"comfyui", "ComfyUI"},
    {"invokeai", "InvokeAI"},
    {"novelai", "NovelAI"},
    {"fooocus", "Fooocus"},
    {"swarmui", "SwarmUI"},
    {"draw things", "Draw Things"},
    {"mochi diffusion", "Mochi Diffusion"},
    {"diffusionbee", "DiffusionBee"},
    {"easy diffusion", "Easy Diffusion"},
    {"civitai", "Civitai"},
    {"tensor.art", "Tensor.Art"},
    {"seaart", "SeaArt"},
    {"leonardo.ai", "Leonardo.Ai"},
    {"leonardo ai", "Leonardo.Ai"},
    {"ideogram", "Ideogram"},
    {"recraft", "Recraft"},
    {"flux.1", "FLUX"},
    {"black forest labs", "Black Forest Labs"},
    {"bing image creator", "Bing Image Creator"},
    {"microsoft designer", "Microsoft Designer"},
    {"image creator from designer", "Microsoft Designer"},
    {"gemini", "Gemini"},
    {"nano banana", "Gemini"},
    {"imagen", "Imagen"},
    {"veo", "Veo"},
    {"grok", "Grok"},
    {"runwayml", "Runway"},
    {"runway", "Runway"},
    {"pika labs", "Pika"},
    {"pika.art", "Pika"},
    {"klingai", "Kling AI"},
    {"kling ai", "Kling AI"},
    {"kling", "Kling AI"},
    {"hailuo", "Hailuo AI"},
    {"minimax", "MiniMax"},
    {"luma ai", "Luma AI"},
    {"dream machine", "Luma AI"},
    {"pixverse", "PixVerse"},
    {"vidu", "Vidu"},
    {"seedance", "Seedance"},
    {"seedream", "Seedream"},
    {"jimeng", "Jimeng AI"},
    {"wan2.1", "Wan"},
    {"wan2.2", "Wan"},
    {"hunyuan", "Hunyuan"},
    {"animatediff", "AnimateDiff"},
    {"heygen", "HeyGen"},
    {"synthesia", "Synthesia"},
    {"d-id", "D-ID"},
    {"deepfacelab", "DeepFaceLab"},
    {"deepfacelive", "DeepFaceLive"},
    {"faceswap", "a face swap program"},
    {"face swap", "a face swap program"},
    {"facefusion", "FaceFusion"},
    {"inswapper", "a face swap program"},
    {"roop", "roop"},
    {"reface", "Reface"},
    {"swapface", "SwapFace"},
    {"elevenlabs", "ElevenLabs"},
    {"suno", "Suno"},
    {"udio", "Udio"},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_word(char c)
{
    char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

/* Whether `word` (lower case) stands at `at`, in any case. */
static bool stands_at(const char *at, const char *word)
{
    for (; *word != '\0'; at++, word++)
        if (lower(*at) != *word)
            return false;
    return true;
}

static const char *find_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = text; *at != '\0'; at++)
        if ((at == text || !is_word(at[-1])) && stands_at(at, word) && !is_word(at[n]))
            return at;
    return NULL;
}

const char *generator_named(const char *text)
{
    for (size_t i = 0; i < sizeof ai_names / sizeof ai_names[0]; i++)
        if (find_word(text, ai_names[i][0]) != NULL)
            return ai_names[i][1];
    return NULL;
}

/* The value behind the last `key`, up to one of the characters of `ends`. */
static struct span value_behind(const char *text, const char *key, const char *ends)
{
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, key)) != NULL; at += strlen(key))
        found = at;
    if (found == NULL)
        return (struct span){0};
    found += strlen(key);
    return (struct span){(const uint8_t *)found, strcspn(found, ends)};
}

/* A string in JSON behind "key": */
static struct span json_behind(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    if (at == NULL)
        return (struct span){0};
    at += strlen(key);
    at += strspn(at, " :");
    if (*at != '"')
        return (struct span){0};
    return (struct span){(const uint8_t *)at + 1, strcspn(at + 1, "\"\n")};
}

static bool web_ui(struct job *job, const char *where, const char *text)
{
    if (strstr(text, "Steps: ") == NULL ||
        (strstr(text, "Sampler: ") == NULL && strstr(text, "CFG scale: ") == NULL))
        return false;
    struct span version = value_behind(text, ", Version: ", ",\n");
    job_fact_text(job, INSPECT_TOOL, where, "Stable Diffusion web UI or a relative of it");
    job_fact(job, INSPECT_TOOL, job_join(job, where, " Version"), version);
    job_fact(job, INSPECT_MODEL, job_join(job, where, " Model"),
             value_behind(text, ", Model: ", ",\n"));
    return true;
}

static bool comfy(struct job *job, const char *where, const char *text)
{
    bool is_prompt = strstr(text, "\"class_type\"") != NULL && strstr(text, "\"inputs\"") != NULL;
    bool is_workflow = strstr(text, "\"nodes\"") != NULL && strstr(text, "\"links\"") != NULL;
    if (!is_prompt && !is_workflow)
        return false;
    job_fact_text(job, INSPECT_TOOL, where, "ComfyUI");
    const char *model = job_join(job, where, " model");
    job_fact(job, INSPECT_MODEL, model, json_behind(text, "\"ckpt_name\""));
    job_fact(job, INSPECT_MODEL, model, json_behind(text, "\"unet_name\""));
    return true;
}

static bool settings_json(struct job *job, const char *where, const char *text)
{
    if (text[0] != '{' || strstr(text, "prompt\"") == NULL)
        return false;
    static const char *const signs[] = {"\"steps\"",     "\"sampler\"",        "\"seed\"",
                                        "\"cfg_scale\"", "\"guidance_scale\"", "\"uc\""};
    unsigned n = 0;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        n += strstr(text, signs[i]) != NULL;
    if (n < 2)
        return false;
    struct span model = json_behind(text, "\"model\"");
    if (model.n == 0)
        model = json_behind(text, "\"base_model\"");
    job_fact_text(job, INSPECT_TOOL, where, "a generator that writes its settings as JSON");
    job_fact(job, INSPECT_MODEL, job_join(job, where, " model"), model);
    return true;
}

static bool midjourney(struct job *job, const char *where, const char *text)
{
    if (strstr(text, "Job ID: ") == NULL && strstr(text, " --v ") == NULL &&
        strstr(text, " --niji ") == NULL)
        return false;
    job_fact_text(job, INSPECT_TOOL, where, "Midjourney or a relative of it");
    return true;
}

bool generator_settings(struct job *job, const char *where, struct span text)
{
    /* the parts are looked for with string functions, which need an end */
    char *whole =
        text.n < JOB_MAX_TEXT ? arena_copy(job->arena, (const char *)text.p, text.n) : NULL;
    if (whole == NULL) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return false;
    }
    const char *trimmed = whole + strspn(whole, " \n");
    if (!web_ui(job, where, trimmed) && !comfy(job, where, trimmed) &&
        !settings_json(job, where, trimmed) && !midjourney(job, where, trimmed))
        return false;
    job_fact(job, INSPECT_PROMPT, where, text);
    return true;
}
