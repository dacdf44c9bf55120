/* service/catalogues.h - the tables that tools/po.py makes from web/locale. */
#ifndef SERVICE_CATALOGUES_H
#define SERVICE_CATALOGUES_H

#include "service/locale.h"

extern const struct locale catalogues[];
extern const size_t n_catalogues;

#endif
