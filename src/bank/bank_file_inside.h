/* bank/bank_file_inside.h - what bank_file.c and bank_change.c share. */
#ifndef BANK_BANK_FILE_INSIDE_H
#define BANK_BANK_FILE_INSIDE_H

#include "bank_file.h"
#include "log_format.h"
#include "log_read.h"

struct bank_file {
    const struct lk_alloc *alloc;
    struct bank *bank;
    enum bank_mode mode;
    bool broken;     /* a write failed in a way that leaves the end of the file unknown */
    int fd, lock_fd; /* lock_fd is -1 for readers */
    uint64_t cut_bytes;
    struct log_summary log; /* log.end is where the next batch goes */
    char *log_path;         /* PATH/bank.log */
    char *new_path;         /* PATH/bank.log.new: a log being written anew */
};

/* The log as a source of `n_bytes` bytes. */
struct log_source bank_file_source(struct bank_file *file, uint64_t n_bytes);

/* Overwrites the body of the record at `offset` with zeros. */
enum lk_status bank_file_wipe(struct bank_file *file, uint64_t offset,
                              const struct log_record *record, struct lk_error *err) LK_MUST_CHECK;

#endif
