/* A country's own file, its parent's (the European Union) and intl.json, in that order. */
#include "law/help.h"

#include "base/err.h"
#include "law/law_file.h"

#include <string.h>

#define MAX_HELP 64

static struct law_country country_of(const struct law_file *file)
{
    return (struct law_country){file->code, file->name, file->emergency};
}

bool law_country_at(size_t i, struct law_country *country)
{
    for (size_t k = 0; k < n_law_files; k++) {
        if (law_files[k].is_country && i-- == 0) {
            *country = country_of(&law_files[k]);
            return true;
        }
    }
    return false;
}

bool law_country_find(const char *code, struct law_country *country)
{
    const struct law_file *file = law_file_find(code);
    if (file == NULL || !file->is_country)
        return false;
    *country = country_of(file);
    return true;
}

/* A language's name in that language, as its speakers look for it; the code when unknown. */
static const char *language_name(const char *code)
{
    static const char *const names[][2] = {
        {"af", "Afrikaans"}, {"ar", "العربية"},    {"bn", "বাংলা"},     {"da", "dansk"},
        {"de", "Deutsch"},   {"en", "English"},    {"es", "español"},   {"fr", "français"},
        {"hi", "हिन्दी"},     {"it", "italiano"},   {"ja", "日本語"},    {"ko", "한국어"},
        {"ms", "Melayu"},    {"nl", "Nederlands"}, {"pt", "português"}, {"sw", "Kiswahili"},
        {"tl", "Tagalog"},   {"ur", "اردو"},       {"xh", "isiXhosa"},  {"zh", "中文"},
        {"zu", "isiZulu"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i][0], code) == 0)
            return names[i][1];
    }
    return code;
}

static const char *join_languages(struct arena *arena, const struct json_tree *list)
{
    char text[256];
    size_t n = 0;
    for (size_t i = 0; i < json_array_length(list); i++) {
        const char *code = json_as_text(json_at(list, i), NULL);
        const char *name = code == NULL ? "" : language_name(code);
        size_t n_name = strlen(name);
        if (n_name == 0 || n + n_name + 2 > sizeof text)
            continue;
        if (n > 0) {
            text[n++] = ',';
            text[n++] = ' ';
        }
        memcpy(text + n, name, n_name);
        n += n_name;
    }
    return arena_copy(arena, text, n);
}

static const char *join_codes(struct arena *arena, const struct json_tree *list)
{
    char text[256];
    size_t n = 0;
    for (size_t i = 0; i < json_array_length(list); i++) {
        const char *code = json_as_text(json_at(list, i), NULL);
        size_t n_code = code == NULL ? 0 : strlen(code);
        if (n_code == 0 || n + n_code + 1 > sizeof text)
            continue;
        memcpy(text + n, code, n_code);
        n += n_code;
        text[n++] = ' ';
    }
    return arena_copy(arena, text, n);
}

static bool holds_url(const struct law_help_list *list, const char *url)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->entries[i].url, url) == 0)
            return true;
    }
    return false;
}

static enum lk_status add_entry(struct arena *arena, const struct json_tree *v,
                                enum law_reach reach, bool for_age, struct law_help_list *out,
                                struct lk_error *err)
{
    const char *url = json_get_text(v, "url", NULL);
    if (url == NULL || strncmp(url, "https://", 8) != 0 || holds_url(out, url) ||
        out->n == MAX_HELP)
        return LK_OK;
    struct law_help help = {
        .name = law_copy_text(arena, v, "name"),
        .what = law_copy_text(arena, v, "what"),
        .who_for = law_copy_text(arena, v, "who_for"),
        .url = law_copy_text(arena, v, "url"),
        .languages = join_languages(arena, json_get(v, "languages")),
        .language_codes = join_codes(arena, json_get(v, "languages")),
        .reach = reach,
        .is_checked = law_is_checked(v, "confidence"),
        .is_for_age = for_age,
    };
    (void)json_as_bool(json_get(v, "anonymous"), &help.is_anonymous);
    if (law_is_checked(v, "phone_confidence"))
        help.phone = law_copy_text(arena, v, "phone");
    if (help.name == NULL || help.what == NULL || help.who_for == NULL || help.url == NULL ||
        help.languages == NULL || help.language_codes == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list of who helps");
    out->entries[out->n++] = help;
    return LK_OK;
}

static enum lk_status add_file(struct arena *arena, const struct law_file *file,
                               enum law_reach reach, enum law_ages ages, struct law_help_list *out,
                               struct lk_error *err)
{
    static const char *const own_age[] = {[LAW_UNDER_18] = "under18", [LAW_ADULT] = "adult"};
    struct json_tree *tree;
    TRY(json_tree_parse(file->json, file->n, &tree, err));
    enum lk_status status = LK_OK;
    const struct json_tree *support = json_get(tree, "support");
    for (int pass = 0; pass < 2 && status == LK_OK; pass++) {
        for (size_t i = 0; i < json_array_length(support) && status == LK_OK; i++) {
            const struct json_tree *v = json_at(support, i);
            if (pass == 1 && ages == LAW_UNDER_18 && reach == LAW_WORLDWIDE)
                continue; /* what is for anyone, worldwide, is made for adults */
            if (law_text_is(v, "ages", pass == 0 ? own_age[ages] : "any"))
                status = add_entry(arena, v, reach, pass == 0, out, err);
        }
    }
    json_tree_free(tree);
    return status;
}

enum lk_status law_help(struct arena *arena, const char *country, enum law_ages ages,
                        struct law_help_list *out, struct lk_error *err)
{
    *out = (struct law_help_list){.entries = arena_zalloc(arena, MAX_HELP, sizeof *out->entries)};
    if (out->entries == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list of who helps");
    const struct law_file *file = law_file_find(country);
    if (file != NULL && file->is_country) {
        TRY(add_file(arena, file, LAW_NATIONAL, ages, out, err));
        const struct law_file *parent = law_file_find(file->parent);
        if (parent != NULL)
            TRY(add_file(arena, parent, LAW_REGIONAL, ages, out, err));
    }
    return add_file(arena, law_file_find("intl"), LAW_WORLDWIDE, ages, out, err);
}
