/* cases/receipt.h - which partners' checks use what: receipts for entries and withdrawals.
 *
 * A partner whose query was answered by a bank that holds every change up to number s has, by that,
 * used them: its receipt is s. It is written down at most once a minute a partner, so a person sees
 * it a minute later at most. Threads: any. */
#ifndef CASES_RECEIPT_H
#define CASES_RECEIPT_H

#include "cases/registry_inside.h"

/* A query of this partner was answered. A failure to note it is forgotten: the next query notes
 * more. */
void receipt_note(struct registry *r, int64_t partner_row, uint64_t seq);

/* Frees what is remembered. */
void receipt_forget(struct registry *r);

#endif
