/* inspect/exif_facts.h - what EXIF says of how a file was made: camera, software, and the comments
 * that generators leave. */
#ifndef INSPECT_EXIF_FACTS_H
#define INSPECT_EXIF_FACTS_H

#include "inspect/job.h"

/* `bytes`: a TIFF block, with the mark "Exif\0\0" before it or without. Any bytes are safe. */
void exif_facts(struct job *job, struct span bytes);

#endif
