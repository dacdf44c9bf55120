/* Known forms of settings:
 *
 *     Stable Diffusion web UI and its kin, also in EXIF and WebP:
 *         PROMPT \n Negative prompt: ... \n Steps: 20, Sampler: Euler, ..., Model: NAME, Version:
 * v1.10 ComfyUI, as JSON: "class_type" in the prompt, "nodes" and "links" in the workflow; the
 * model stands behind "ckpt_name" or "unet_name" NovelAI, InvokeAI, Fooocus, as JSON with a prompt:
 * "uc", "negative_prompt", "steps" ... Midjourney: PROMPT --v 6 Job ID: ... */
#include "generator.h"

#include <string.h>

static const struct {
    const char *name;  /* whole words in any case; the more exact ones first */
    const char *shown; /* how we write it */
    bool is_word;      /* also an ordinary word, or the name of people */
} ai_names[] = {
    {"adobe_firefly", "Adobe Firefly", false},
    {"adobe firefly", "Adobe Firefly", false},
    {"openai sora", "Sora", false},
    {"google veo", "Veo", false},
    {"google imagen", "Imagen", false},
    {"google gemini", "Gemini", false},
    {"made with google ai", "Google AI", false},
    {"edited with google ai", "Google AI", false},
    {"google generative ai", "Google AI", false},
    {"imagined with ai", "Meta AI", false},
    {"meta ai", "Meta AI", false},
    {"made with ai", "AI, without a name", false},
    {"ai generated", "AI, without a name", false},
    {"ai-generated", "AI, without a name", false},
    {"midjourney", "Midjourney", false},
    {"dall-e", "DALL-E", false},
    {"dall·e", "DALL-E", false},
    {"dalle", "DALL-E", false},
    {"chatgpt", "ChatGPT", false},
    {"gpt-4o", "GPT-4o", false},
    {"gpt-image", "GPT Image", false},
    {"openai", "OpenAI", false},
    {"sora", "Sora", true},
    {"firefly", "Adobe Firefly", true},
    {"stable diffusion", "Stable Diffusion", false},
    {"stable-diffusion", "Stable Diffusion", false},
    {"sdxl", "Stable Diffusion", false},
    {"stability ai", "Stability AI", false},
    {"dreamstudio", "DreamStudio", false},
    {"automatic1111", "Stable Diffusion web UI", false},
    {"comfyui", "ComfyUI", false},
    {"invokeai", "InvokeAI", false},
    {"novelai", "NovelAI", false},
    {"fooocus", "Fooocus", false},
    {"swarmui", "SwarmUI", false},
    {"draw things", "Draw Things", false},
    {"mochi diffusion", "Mochi Diffusion", false},
    {"diffusionbee", "DiffusionBee", false},
    {"easy diffusion", "Easy Diffusion", false},
    {"civitai", "Civitai", false},
    {"tensor.art", "Tensor.Art", false},
    {"seaart", "SeaArt", false},
    {"leonardo.ai", "Leonardo.Ai", false},
    {"leonardo ai", "Leonardo.Ai", false},
    {"ideogram", "Ideogram", true},
    {"recraft", "Recraft", true},
    {"flux.1", "FLUX", false},
    {"black forest labs", "Black Forest Labs", false},
    {"bing image creator", "Bing Image Creator", false},
    {"microsoft designer", "Microsoft Designer", false},
    {"image creator from designer", "Microsoft Designer", false},
    {"gemini", "Gemini", true},
    {"nano banana", "Gemini", false},
    {"imagen", "Imagen", true},
    {"veo", "Veo", true},
    {"grok", "Grok", true},
    {"runwayml", "Runway", false},
    {"runway", "Runway", true},
    {"pika labs", "Pika", false},
    {"pika.art", "Pika", false},
    {"klingai", "Kling AI", false},
    {"kling ai", "Kling AI", false},
    {"kling", "Kling AI", true},
    {"hailuo", "Hailuo AI", false},
    {"minimax", "MiniMax", false},
    {"luma ai", "Luma AI", false},
    {"dream machine", "Luma AI", false},
    {"pixverse", "PixVerse", false},
    {"vidu", "Vidu", true},
    {"seedance", "Seedance", false},
    {"seedream", "Seedream", false},
    {"jimeng", "Jimeng AI", false},
    {"wan2.1", "Wan", false},
    {"wan2.2", "Wan", false},
    {"hunyuan", "Hunyuan", false},
    {"animatediff", "AnimateDiff", false},
    {"heygen", "HeyGen", false},
    {"synthesia", "Synthesia", false},
    {"d-id", "D-ID", false},
    {"deepfacelab", "DeepFaceLab", false},
    {"deepfacelive", "DeepFaceLive", false},
    {"faceswap", "a face swap program", false},
    {"face swap", "a face swap program", false},
    {"facefusion", "FaceFusion", false},
    {"inswapper", "a face swap program", false},
    {"roop", "roop", false},
    {"reface", "Reface", true},
    {"swapface", "SwapFace", false},
    {"elevenlabs", "ElevenLabs", false},
    {"suno", "Suno", false},
    {"udio", "Udio", true},
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

/* Whether a name that is also a word stands where programs are named: "Sora 2", "made with Sora".
 */
static bool is_program_at(const char *text, const char *at)
{
    return at == text || (at - text >= 5 && stands_at(at - 5, "with "));
}

static const char *named_in(const char *text, bool with_words)
{
    for (size_t i = 0; i < sizeof ai_names / sizeof ai_names[0]; i++) {
        const char *at = find_word(text, ai_names[i].name);
        if (at != NULL && (!ai_names[i].is_word || (with_words && is_program_at(text, at))))
            return ai_names[i].shown;
    }
    return NULL;
}

const char *generator_named(const char *text)
{
    return named_in(text, true);
}

const char *generator_credited(const char *text)
{
    return named_in(text, false);
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

void generator_comment(struct job *job, const char *where, struct span text)
{
    static const char *const begins[] = {
        "creator: ",  "created with ", "created by ", "file written by ",
        "made with ", "generated by ", "lavc",        "lavf"};
    if (text.n == 0 || generator_settings(job, where, text))
        return;
    const char *shown = job_text(job, text);
    bool is_program = shown != NULL && generator_credited(shown) != NULL;
    for (size_t i = 0; shown != NULL && i < sizeof begins / sizeof begins[0]; i++)
        is_program |= stands_at(shown, begins[i]);
    if (is_program)
        job_fact_text(job, INSPECT_TOOL, where, shown);
}
