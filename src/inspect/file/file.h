/* inspect/file/file.h - the containers: where each kind of file keeps what it says of itself.
 *
 * Each walker goes over the parts of a file of its kind, reads those that matter, and leaves facts
 * in the report and the C2PA manifest store in the job. Parts that break the rules end the walk and
 * are noted. Any bytes are safe. Cost: one small read a part, not the size of the file. */
#ifndef INSPECT_FILE_FILE_H
#define INSPECT_FILE_FILE_H

#include "inspect/job.h"

void jpeg_walk(struct job *job);
void png_walk(struct job *job);
void riff_walk(struct job *job); /* WebP, WAV */
void bmff_walk(struct job *job);
void id3_walk(struct job *job); /* MP3 with an ID3v2 tag */
void gif_walk(struct job *job);
void tiff_walk(struct job *job);

/* The tags of a QuickTime or MP4 "udta" and the items of a HEIF "meta" box (bmff_tags.c). */
void bmff_user_data(struct job *job, uint64_t at, uint64_t end);
void bmff_meta(struct job *job, uint64_t at, uint64_t end);

/* One box of ISO 14496-12. */
struct bmff_box {
    uint64_t at, body, end; /* the header, behind it, behind the box */
    uint8_t type[4];
};

/* The box at `at`, which ends at `end` at the latest; false: none, or it breaks the rules. */
bool bmff_box(const struct inspect_source *s, uint64_t at, uint64_t end, struct bmff_box *box);
bool bmff_is(const struct bmff_box *box, const char type[4]);

/* IPTC-IIM records (a list of 1c RECORD DATASET length16 data). */
void iptc_read(struct job *job, struct span records);

#endif
