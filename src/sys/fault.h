/* sys/fault.h - faults on demand, for tests.
 *
 * Every call of sys/file.h asks here first. A test arms one fault ("the 5th write fails with
 * ENOSPC, and so does every one after it") and the operating system seems to fail. The one piece
 * of process-wide state in the project: it stands for the machine, which is process-wide too.
 * Never armed outside tests; asking costs one relaxed atomic load. */
#ifndef SYS_FAULT_H
#define SYS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_op { FAULT_OPEN, FAULT_READ, FAULT_WRITE, FAULT_SYNC, FAULT_RENAME, FAULT_N_OPS };

/* The nth call from now (1: the next) of `op` fails with errno `error`; so do all later ones if
 * `forever`. With half_write, a failing write first writes half of its bytes. */
#define FAULT_KILL (-1) /* instead of an errno: the process dies there, as by kill -9 */
void fault_arm(enum fault_op op, uint64_t nth, int error, bool forever, bool half_write);
void fault_disarm(void);

/* How many calls of `op` were made since fault_arm() or fault_disarm(). */
uint64_t fault_calls(enum fault_op op);

/* For sys/ and storage shims: 0, or the errno that this call must fail with. Dies at FAULT_KILL,
 * unless half of a write is to be done first. */
int fault_check(enum fault_op op);
bool fault_half_write(void);

/* Dies if `error`, which fault_check() gave, is FAULT_KILL: for calls that do half of it first. */
void fault_die(int error);

#endif
