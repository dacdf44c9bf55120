/* worker/jail.h - what the decoder may do: write to one descriptor, and use memory.
 *
 * Two walls stand behind each other. The zygote, once warm, gives up what it and its children never
 * need: capabilities, new privileges, the file system, the network. Each child then takes limits on
 * memory and time, reads its input, and before any decoder sees a byte of it narrows itself to a
 * dozen system calls; anything else kills it at once. Neither wall can be undone.
 *
 * Not for several threads: a process jails itself before it starts any. */
#ifndef WORKER_JAIL_H
#define WORKER_JAIL_H

#include "media/wire.h"

enum {
    JAIL_INPUT_FD = 0,  /* the one descriptor a child may read */
    JAIL_OUTPUT_FD = 3, /* and the one it may write */
};

/* HEIF's codecs start threads; nothing else may. Video and sound are read as they are decoded, at
 * any place of the input; nothing else is. */
enum jail_profile { JAIL_PLAIN, JAIL_HEIF, JAIL_AV, JAIL_N_PROFILES };

struct jail; /* the filters, compiled once */

/* Compiles the filters and measures the process; call it when everything is loaded and warm.
 * NULL when libseccomp cannot, or /proc is missing. */
struct jail *jail_new(void);
void jail_free(struct jail *jail);

/* The zygote's wall. Namespaces and Landlock where the kernel has and allows them; *ready says
 * which. Returns 0, or the errno of a step that must not fail. */
int jail_enter_zygote(struct wire_ready *ready);

/* The child's wall, first half: limits, and no descriptors but the two above. Returns 0, or the
 * errno of the step that failed: then the child must not look at its input. */
int jail_enter_child(const struct jail *jail, const struct wire_job *job, int input_fd,
                     int output_fd);

/* The second half, when the input has been read and its format is known: closes the input (but for
 * JAIL_AV, which has not read it) and lets the filter fall. Returns 0, or an errno: then nothing
 * may be decoded. */
int jail_shut(const struct jail *jail, enum jail_profile profile);

#endif
