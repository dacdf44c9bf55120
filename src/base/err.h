/* base/err.h - shorthand for the error convention of likeness/status.h. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <likeness/status.h>

/* Fills err and returns the status: return FAIL(err, LK_LIMIT, "..."); */
#define FAIL(err, status, ...) lk_error_set((err), (status), __VA_ARGS__)

/* Returns upward when a call did not succeed. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum lk_status try_status_ = (call);                                                       \
        if (try_status_ != LK_OK)                                                                  \
            return try_status_;                                                                    \
    } while (0)

#endif
