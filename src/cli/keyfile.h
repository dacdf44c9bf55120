/* cli/keyfile.h - the key of a sealed bank, in a file of its own.
 *
 * 64 hexadecimal digits, readable by its owner alone. Lose it and the bank is lost; keep it apart
 * from the bank, or sealing protects nothing. */
#ifndef CLI_KEYFILE_H
#define CLI_KEYFILE_H

#include "bank/bank.h"
#include "cli.h"

#define KEYFILE_OPTION                                                                             \
    {                                                                                              \
        "key-file", "FILE", "the key of a sealed bank"                                             \
    }
#define PRINT_KEY_OPTION                                                                           \
    {                                                                                              \
        "print-key", "FILE", "the key of a bank whose prints are keyed"                            \
    }

/* Reads the key that `option` ("key-file", "print-key") names; *key is NULL without the option.
 * `out` holds it until keyfile_forget(). `make`: a missing file is made with a new random key (mode
 * 0600, durable). Errors: LK_NOT_FOUND, LK_DENIED (readable by others), LK_CORRUPT (not 64 digits),
 * LK_IO. */
enum lk_status keyfile_read(const struct cli_call *call, const char *option, bool make,
                            uint8_t out[BANK_KEY_BYTES], const uint8_t **key,
                            struct lk_error *err) LK_MUST_CHECK;
void keyfile_forget(uint8_t key[BANK_KEY_BYTES]);

/* Opens the bank at `path` with the call's keys. What can wait is done by the calls that close it.
 */
enum lk_status keyfile_open_bank(const struct cli_call *call, const char *path, enum bank_mode mode,
                                 struct bank **out, struct lk_error *err) LK_MUST_CHECK;

#endif
