/* bench/index/live_bank.h - a bank with one print an entry, behind live.h's face. */
#ifndef BENCH_LIVE_BANK_H
#define BENCH_LIVE_BANK_H

#include "bank/bank.h"
#include "live.h"

/* Its `live` is a struct bank. */
extern const struct live_ops live_bank;

#endif
