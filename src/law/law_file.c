#include "law/law_file.h"

#include <string.h>

const struct law_file *law_file_find(const char *code)
{
    for (size_t i = 0; code != NULL && i < n_law_files; i++) {
        if (strcmp(law_files[i].code, code) == 0)
            return &law_files[i];
    }
    return NULL;
}

const char *law_copy_text(struct arena *arena, const struct json_tree *v, const char *key)
{
    size_t n;
    const char *text = json_get_text(v, key, &n);
    return text == NULL ? NULL : arena_copy(arena, text, n);
}

bool law_text_is(const struct json_tree *v, const char *key, const char *wanted)
{
    const char *text = json_get_text(v, key, NULL);
    return text != NULL && strcmp(text, wanted) == 0;
}

bool law_is_checked(const struct json_tree *v, const char *key)
{
    return law_text_is(v, key, "verified");
}
