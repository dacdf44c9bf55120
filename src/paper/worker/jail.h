/* worker/jail.h - what likeness-paper may do: read fonts, and write what it was started to write.
 */
#ifndef PAPER_WORKER_JAIL_H
#define PAPER_WORKER_JAIL_H

/* The wall of sys/wall.h with the directories of fonts left readable, limits on memory and time,
 * and a filter under which no socket, no program and no other process can be reached. Before any
 * thread. Returns 0, or an errno: then nothing may be set. */
int jail_enter(void);

#endif
