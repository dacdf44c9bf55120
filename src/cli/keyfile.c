#include "keyfile.h"

#include "base/err.h"
#include "base/hex.h"
#include "sys/file.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIGITS = 2 * BANK_KEY_BYTES };

static enum lk_status make_file(const char *path, struct lk_error *err)
{
    uint8_t key[BANK_KEY_BYTES];
    struct buf text;
    rand_bytes(key, sizeof key);
    buf_init(&text, lk_alloc_heap(), 256);
    buf_hex(&text, key, sizeof key);
    buf_char(&text, '\n');
    enum lk_status status = buf_status(&text, "the key", err);
    if (status == LK_OK)
        status = file_replace(path, text.p, text.n, 0600, err);
    if (text.p != NULL)
        seal_wipe(text.p, text.cap);
    buf_fini(&text);
    seal_wipe(key, sizeof key);
    return status;
}

static enum lk_status read_file(const char *path, uint8_t out[BANK_KEY_BYTES], struct lk_error *err)
{
    int fd;
    char text[DIGITS + 2];
    size_t n = 0;
    struct stat st;
    TRY(file_open(path, O_RDONLY, 0, &fd, err));
    enum lk_status status = LK_OK;
    if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0)
        status = FAIL(err, LK_DENIED, "'%s' may be read by others: chmod 600 it", path);
    if (status == LK_OK)
        status = file_read(fd, text, sizeof text, &n, err);
    close(fd);
    if (n > 0 && text[n - 1] == '\n')
        n--;
    if (status == LK_OK && (n != DIGITS || !hex_decode(text, out, BANK_KEY_BYTES)))
        status =
            FAIL(err, LK_CORRUPT, "'%s' does not hold a key: %d hexadecimal digits", path, DIGITS);
    seal_wipe(text, sizeof text);
    return status;
}

enum lk_status keyfile_read(const struct cli_call *call, const char *option, bool make,
                            uint8_t out[BANK_KEY_BYTES], const uint8_t **key, struct lk_error *err)
{
    const char *path = cli_value(call, option);
    *key = NULL;
    if (path == NULL)
        return LK_OK;
    if (make && access(path, F_OK) != 0)
        TRY(make_file(path, err));
    TRY(read_file(path, out, err));
    *key = out;
    return LK_OK;
}

void keyfile_forget(uint8_t key[BANK_KEY_BYTES])
{
    seal_wipe(key, BANK_KEY_BYTES);
}

enum lk_status keyfile_open_bank(const struct cli_call *call, const char *path, enum bank_mode mode,
                                 struct bank **out, struct lk_error *err)
{
    uint8_t bytes[BANK_KEY_BYTES], seed[BANK_KEY_BYTES];
    struct bank_config config = {.mode = mode, .by_caller = true};
    enum lk_status status = keyfile_read(call, "key-file", false, bytes, &config.key, err);
    if (status == LK_OK)
        status = keyfile_read(call, "print-key", false, seed, &config.print_seed, err);
    if (status == LK_OK)
        status = bank_open(path, &config, out, err);
    keyfile_forget(bytes);
    keyfile_forget(seed);
    return status;
}
