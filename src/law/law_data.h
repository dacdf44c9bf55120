/* law/law_data.h - the files of data/law, compiled in by tools/law_data.py, sorted by name. */
#ifndef LAW_LAW_DATA_H
#define LAW_LAW_DATA_H

#include <stdbool.h>
#include <stddef.h>

struct law_file {
    const char *code;   /* "gb"; "eu", "intl", "platforms" and "regime-topics" are no countries */
    const char *name;   /* in English */
    const char *parent; /* "eu": its facts hold here too; or NULL */
    const char *emergency; /* the number to call in danger, or NULL */
    bool is_country;
    const char *json; /* the file's content */
    size_t n;
};

extern const struct law_file law_files[];
extern const size_t n_law_files;

#endif
