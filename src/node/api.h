/* node/api.h - the handlers of a node: docs/node-api.yaml. */
#ifndef NODE_API_H
#define NODE_API_H

#include "node/node_inside.h"

typedef enum lk_status node_handler(struct node *node, const struct request *req,
                                    struct response *res, struct lk_error *err);

node_handler node_api_match, node_api_lookup, node_api_file;   /* api_match.c */
node_handler node_api_entry;                                   /* api_match.c */
node_handler node_api_status, node_api_livez, node_api_readyz; /* api_status.c */
node_handler node_api_metrics;                                 /* api_status.c */
node_handler node_api_archive_put, node_api_archive_list;      /* api_archive.c */
node_handler node_api_archive_remove;                          /* api_archive.c */
node_handler node_api_allow_put, node_api_allow_list;          /* api_archive.c */
node_handler node_api_allow_remove;                            /* api_archive.c */
node_handler node_api_quarantine, node_api_release;            /* api_quarantine.c */
node_handler node_api_findings, node_api_mark;                 /* api_findings.c */
node_handler node_api_report;                                  /* api_report.c */
node_handler node_api_scan, node_api_scan_archive;             /* api_scan.c */
node_handler node_hma_lookup, node_hma_raw_lookup;             /* hma.c */
node_handler node_hma_hash, node_hma_status;                   /* hma.c */

#endif
