/* A TIFF file is a TIFF block; its first directory also holds XMP (700), IPTC (33723) and the C2PA
 * manifest store (52545). Read when the whole file is small enough to be held. */
#include "file.h"

#include "inspect/exif_facts.h"
#include "inspect/tiff_block.h"
#include "inspect/xmp.h"

enum { MAX_FILE = 1 << 26, TAG_XMP = 700, TAG_IPTC = 33723, TAG_C2PA = 52545 };

void tiff_walk(struct job *job)
{
    struct span file = job_read(job, 0, job->source->size, MAX_FILE);
    struct tiff_block tiff;
    struct tiff_entry entry;
    if (file.n == 0 || !tiff_open(&tiff, file))
        return;
    exif_facts(job, file);
    for (unsigned i = 0; tiff_entry(&tiff, tiff.first, i, &entry); i++) {
        if (entry.tag == TAG_XMP && entry.data.n <= JOB_MAX_TEXT)
            xmp_read(job, entry.data);
        else if (entry.tag == TAG_IPTC)
            iptc_read(job, entry.data);
        else if (entry.tag == TAG_C2PA && entry.data.n <= JOB_MAX_MANIFEST) {
            job->manifest = entry.data;
            job->manifest_at = (uint64_t)(entry.data.p - file.p);
            job->manifest_end = job->manifest_at + entry.data.n;
        }
    }
}
