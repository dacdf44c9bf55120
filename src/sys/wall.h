/* sys/wall.h - what a program gives up before it touches what strangers sent.
 *
 * For helper programs alone, early in main() and before any thread: core files and debuggers, new
 * privileges, capabilities; the network, other processes' memory and the file system where the
 * kernel has namespaces and Landlock and allows them. None of it can be undone, and all of it is
 * inherited. */
#ifndef SYS_WALL_H
#define SYS_WALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wall {
    uint32_t landlock_abi; /* 0: the kernel has none */
    bool has_namespaces;
};

/* readable: directories that stay readable, with all below them; those that are missing are left
 * out. *wall (may be NULL) says what the kernel allowed. Returns 0, or the errno of a step that
 * must not fail: then the program must end. */
int wall_enter(const char *const *readable, size_t n_readable, struct wall *wall);

/* Sets both limits of a resource (setrlimit(2)). Returns 0 or an errno. */
int wall_limit(int which, uint64_t value);

#endif
