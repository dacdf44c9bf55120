/* service/api/api.h - the handlers of the interface for programs, one file a resource. What each
 * takes and answers is specified in docs/api.yaml. */
#ifndef SERVICE_API_API_H
#define SERVICE_API_API_H

#include "service/route.h"

handler api_livez, api_asset;

#endif
