/* inspect/inspect.h - how was this file made? Reads what a file says of itself.
 *
 * Pure: it asks its source for pieces and computes. What it cannot do is check a signature: the
 * report holds what that needs (struct inspect_seal), and whoever can, does, and writes the result
 * into the report before showing it.
 *
 * Source of the forms: C2PA 2.1 with what 1.x wrote before, IPTC Photo Metadata 2025.1, XMP (ISO
 * 16684-1), EXIF (CIPA DC-008). docs/internals/inspect.md says what is read and what is not. */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

#include "inspect/report.h"

struct inspect_options {
    uint64_t max_hashed_bytes; /* content is compared with its seal up to this; 0: any size */
};

/* Reads the file. *report stays valid as long as the arena. Any bytes are safe; what cannot be read
 * is a note in the report, not an error. Memory: what is read of the file, at most some 64 MiB.
 * Cost: a walk over the parts of the file, and one pass over all of it if it is sealed. */
void inspect_read(const struct inspect_source *source, const struct inspect_options *options,
                  struct arena *arena, struct inspect_report *report);

#endif
