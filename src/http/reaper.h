/* http/reaper.h - no connection outlives its deadline.
 *
 * An HTTP library's timeout starts again with every byte, so a client that sends one byte a second
 * holds a connection for ever. Here each connection has one absolute deadline, moved only when a
 * request makes real progress; a thread of its own looks every tick and shuts down what is past it.
 * It never closes: the library sees the end of the stream and does that, so a descriptor cannot be
 * taken for another that got its number. */
#ifndef HTTP_REAPER_H
#define HTTP_REAPER_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stdint.h>

struct reaper;
struct reaper_conn;

#define REAPER_NEVER INT64_MAX

/* Starts the thread. Errors: LK_NOMEM, LK_INTERNAL (no thread). */
enum lk_status reaper_start(unsigned tick_ms, struct reaper **out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Ends the thread. Every connection must have been removed. NULL is fine. */
void reaper_stop(struct reaper *r);

/* Watches fd until reaper_remove(), which must come before fd is closed. NULL: no memory. Threads:
 * any. deadline_ns is on the clock of clock_monotonic_ns(). */
struct reaper_conn *reaper_add(struct reaper *r, int fd, int64_t deadline_ns);
void reaper_remove(struct reaper *r, struct reaper_conn *conn); /* NULL is fine */

/* Moves the deadline. `mid_body`: a request is being read whose head is complete, so the client is
 * told with a bare 408 before the end. NULL is fine. Threads: any; never blocks. */
void reaper_set(struct reaper_conn *conn, int64_t deadline_ns, bool mid_body);

#endif
