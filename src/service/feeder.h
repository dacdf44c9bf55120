/* service/feeder.h - tells requests that wait for the feed when the bank changed, by this process
 * or another on the same store. */
#ifndef SERVICE_FEEDER_H
#define SERVICE_FEEDER_H

#include <likeness/status.h>

struct service;
struct pulse;

/* Starts its thread, after http_start(). Errors: those of pulse_start(). pulse_stop() ends it. */
enum lk_status feeder_start(struct service *service, struct pulse **out,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
