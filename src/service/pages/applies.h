/* service/pages/applies.h - the end of the questions: what applies, who helps, what one can do. */
#ifndef SERVICE_PAGES_APPLIES_H
#define SERVICE_PAGES_APPLIES_H

#include "service/pages/answers.h"

/* For people under 18, and when unsure: the helpers made for that first, and nothing held here
 * (unless the operator is authorised to). Errors: LK_NOMEM, LK_INTERNAL. */
enum lk_status applies_show(struct service *service, const struct request *req,
                            struct response *res, const struct answers *a,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
