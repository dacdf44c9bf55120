/* base/url.h - one spelling of an address of the web, for comparing; not for asking.
 *
 * RFC 3986, 6.2: scheme and host in lower case, no default port, percent-encoding undone where it
 * says nothing and in capitals where it does, an empty path as "/". Beyond it: no credentials, no
 * fragment, no dots after the host, and none of the parameters that only tell who clicked where
 * (utm_source, fbclid ...). What is no http or https URL, as the name of an account, is trimmed and
 * otherwise left alone. Normalising twice is normalising once. Pure. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>
#include <stddef.h>

/* The room that the outcome of n bytes may need, with its NUL. */
#define URL_ROOM(n) (3 * (n) + 2)

/* Writes the one spelling of text[0..n) to out, which has URL_ROOM(n) bytes, as a C string.
 * Returns whether it is an http or https URL. */
bool url_normalise(const char *text, size_t n, char *out);

/* The host of a URL in that spelling, borrowed, without the port; n receives its length, 0 if it is
 * none. */
const char *url_host(const char *normal, size_t *n);

#endif
