/* exchange/html_media.h - where a page keeps its pictures, videos and sounds.
 *
 * No parser of HTML: a bounded walk over tags that takes the addresses of img, source, video and
 * audio (src, srcset, poster, data-src), of links to media files, and of the meta properties that
 * sites give to link previews (og:image, og:video, twitter:image ...). Comments and scripts are
 * passed over, character references are undone. A page can hide its media from it by scripts; it
 * cannot make it read further than the bytes given, or hand over more than the limit. Pure. */
#ifndef EXCHANGE_HTML_MEDIA_H
#define EXCHANGE_HTML_MEDIA_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>

#define HTML_MEDIA_MAX       500
#define HTML_MEDIA_MAX_BYTES 2048 /* of an address; longer ones are passed over */

/* An address as the page has it, relative perhaps; a C string, borrowed during the call. false: no
 * more. */
typedef bool html_media_take(void *ctx, const char *address);

/* Hands over each address in the order of the page, data: and blob: ones left out. Returns how
 * many; at most HTML_MEDIA_MAX. Cost: one walk. */
size_t html_media_scan(const char *html, size_t n, html_media_take *take, void *ctx);

#endif
