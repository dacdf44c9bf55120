/* node/follow.h - keeps a node at the registry's heels: joining, asking, applying, signing. */
#ifndef NODE_FOLLOW_H
#define NODE_FOLLOW_H

#include "node/node_inside.h"

/* Until node->stop: whatever goes wrong is noted in node->problem, logged, and tried again, with
 * pauses from a fifth of a second to half a minute. On a thread of its own. */
void follow_run(struct node *node);

#endif
