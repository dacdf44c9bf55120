/* law/target.h - who can be asked about an address: the rungs of the way up. */
#ifndef LAW_TARGET_H
#define LAW_TARGET_H

enum law_target {
    LAW_TARGET_NONE,
    LAW_TARGET_PLATFORM,    /* who runs the service that people see */
    LAW_TARGET_HOST,        /* whose machines it stands on */
    LAW_TARGET_NETWORK,     /* upstream or content network */
    LAW_TARGET_SEARCH,      /* search engine: takes the result out, not the content */
    LAW_TARGET_APP_STORE,   /* of an application that makes such pictures */
    LAW_TARGET_ADVERTISING, /* advertising and payment */
    LAW_TARGET_REGISTRAR,   /* of the name */
    LAW_TARGET_REGULATOR,
    LAW_TARGET_POLICE,
    LAW_TARGET_HOTLINE, /* for children: the only way of a case under 18 */
    LAW_N_TARGETS
};

/* "platform" "host" "network" "search" "app-store" "advertising" "registrar" "regulator" "police"
 * "hotline"; "" for none of them. */
const char *law_target_name(unsigned target);
enum law_target law_target_of(const char *name); /* LAW_TARGET_NONE: none of them, or NULL */

#endif
