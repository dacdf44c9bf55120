/* cli/progress.h - a progress line on standard error, on a terminal only, for work that lasts. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *verb; /* "hashed" */
    size_t total;
    int64_t started_ns, shown_ns;
    bool is_terminal, is_shown;
};

void progress_init(struct progress *p, const char *verb, size_t total);

/* Draws at most five times a second, and not in the first second. */
void progress_show(struct progress *p, size_t done);

/* Takes the line away. */
void progress_fini(struct progress *p);

#endif
