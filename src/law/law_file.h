/* law/law_file.h - finding and reading the compiled-in files, for this folder alone. */
#ifndef LAW_LAW_FILE_H
#define LAW_LAW_FILE_H

#include "base/arena.h"
#include "law/law_data.h"
#include "sys/json_read.h"

/* The file with this code, or NULL. code may be NULL. */
const struct law_file *law_file_find(const char *code);

/* A copy of the member's text in the arena; NULL when it has none, or there is no memory. */
const char *law_copy_text(struct arena *arena, const struct json_tree *v, const char *key);

bool law_text_is(const struct json_tree *v, const char *key, const char *wanted);

/* Whether the member, a confidence, is "verified". */
bool law_is_checked(const struct json_tree *v, const char *key);

#endif
