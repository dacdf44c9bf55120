/* Cases that a letter can be made from, and letters to a partner's inbox. */
#ifndef TESTS_STORE_LETTER_KIT_H
#define TESTS_STORE_LETTER_KIT_H

#include "cases/desk_letter.h"

/* Who signs; for registry_config. */
struct law_sender letter_kit_sender(void);

/* A case of an adult in the United States with n addresses, 1 to 8, of which the desk noted all
 * that a letter needs. id receives its name at the desk. */
enum lk_status letter_kit_case(struct registry *r, const char *const *urls, size_t n,
                               struct case_opened *opened, char id[DESK_CASE_CHARS + 1],
                               struct lk_error *err) LK_MUST_CHECK;

/* A letter to that partner's inbox about addresses 1 to n; reference NULL: not wanted. */
enum lk_status letter_kit_send(struct registry *r, const char *id, const char *partner, unsigned n,
                               char reference[LETTER_REFERENCE_BYTES],
                               struct lk_error *err) LK_MUST_CHECK;

#endif
