/* inspect/job.h - what the parsers of this room share while they read one file. */
#ifndef INSPECT_JOB_H
#define INSPECT_JOB_H

#include "inspect/report.h"

enum {
    JOB_MAX_TEXT = 1 << 20,     /* bytes of XMP, EXIF or one text that are read */
    JOB_MAX_MANIFEST = 1 << 24, /* bytes of a C2PA manifest store that are read */
    JOB_MAX_PARTS = 100000,     /* segments, chunks or boxes that are walked over */
    JOB_MAX_SHOWN = 8192,       /* bytes of one text that are kept */
    JOB_MAX_FACTS = 64,
};

struct job {
    const struct inspect_source *source;
    struct arena *arena;
    struct inspect_report *report;
    struct span manifest;               /* the C2PA store; n is 0: none */
    uint64_t manifest_at, manifest_end; /* where the parts that hold it stand in the file */
};

/* The text as UTF-8 for people: cut to JOB_MAX_SHOWN, ends trimmed, control characters as spaces,
 * what is not UTF-8 taken for Latin-1. NULL when nothing is left or memory is gone. */
const char *job_text(struct job *job, struct span text);

/* Adds a fact, unless it is empty or the same is there. `where` is a literal or in the arena. */
void job_fact(struct job *job, enum inspect_kind kind, const char *where, struct span text);

/* The same for one text of a C string. */
void job_fact_text(struct job *job, enum inspect_kind kind, const char *where, const char *text);

void job_note(struct job *job, unsigned notes);

/* Reads a part of the file with at most `max` bytes; larger ones and missing ones are noted, and
 * give a span without bytes. */
struct span job_read(struct job *job, uint64_t offset, uint64_t n, size_t max);

/* Two pieces of text side by side, for `where`. */
const char *job_join(struct job *job, const char *a, const char *b);

#endif
