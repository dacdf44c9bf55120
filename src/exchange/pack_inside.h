/* exchange/pack_inside.h - the parts of a pack, for the files of this folder alone. */
#ifndef EXCHANGE_PACK_INSIDE_H
#define EXCHANGE_PACK_INSIDE_H

#include "exchange/pack.h"
#include "sys/clock.h"

#define PACK_CASE     "case.json"
#define PACK_MANIFEST "manifest.json"
#define PACK_SIGNED   "manifest.sig"
#define PACK_README   "README.txt"
#define PACK_SUMMARY  "summary.pdf"

#define PACK_NAME_BYTES 40

/* "notices/001.txt" and "made/001.txt". */
void pack_letter_name(size_t i, char name[PACK_NAME_BYTES]);
void pack_made_name(size_t i, char name[PACK_NAME_BYTES]);

/* case.json: everything that the summary says, for programs. */
void pack_put_case(const struct pack_order *order, const struct pack_source *source,
                   struct buf *out);

/* A letter as it went, and README.txt. */
void pack_put_letter(const struct pack_letter *letter, struct buf *out);
void pack_put_readme(const struct pack_order *order, struct buf *out);

/* The description of summary.pdf (paper/doc.h). sign_key: public, or NULL. */
void pack_put_summary(const struct pack_order *order, const struct pack_source *source,
                      const uint8_t *sign_key, struct buf *out);

/* ---- words ---- */

/* Marks a text that stands in the catalogues of web/locale. */
#define N_(text) text

const char *pack_say(const struct pack_order *order, const char *english);

/* The text in the order's language with %name% filled: names and values in pairs, ended by NULL. */
void pack_fill(const struct pack_order *order, struct buf *out, const char *english, ...);

/* In English, for pack_say(); "" for what has no words. */
const char *pack_notice_words(unsigned state);
const char *pack_copy_words(unsigned state);
const char *pack_reason_words(unsigned reason);
const char *pack_actor_words(unsigned actor);
const char *pack_alarm_words(unsigned alarm);
const char *pack_clock_words(unsigned kind);
const char *pack_channel_words(unsigned channel);
const char *pack_medium_words(unsigned medium);
const char *pack_grade_words(unsigned grade);
const char *pack_tier_words(unsigned tier);
const char *pack_case_words(unsigned state);

/* For programs. */
const char *pack_alarm_name(unsigned alarm);
const char *pack_clock_name(unsigned kind);

#endif
