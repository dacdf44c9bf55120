/* inspect/xmp.h - what an XMP packet (ISO 16684-1: RDF in XML) says of how a file was made. */
#ifndef INSPECT_XMP_H
#define INSPECT_XMP_H

#include "inspect/job.h"

/* Adds facts of the fields that are known here, whatever prefixes the packet uses: attributes,
 * elements, and lists in elements. Any bytes are safe; no entity but the five of XML and characters
 * by number. Cost: one walk over the packet. */
void xmp_read(struct job *job, struct span packet);

#endif
