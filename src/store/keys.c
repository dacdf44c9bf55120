/* master key -> BLAKE2b(master, "likeness/1", name of the use) for each use. */
#include "store/keys.h"

#include "base/err.h"
#include "base/hex.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEX_CHARS = 2 * SEAL_KEY_BYTES };

struct keys {
    uint8_t use[KEY_N_USES][SEAL_KEY_BYTES];
};

static const char *const use_names[KEY_N_USES] = {
    [KEY_WRAP] = "wrap",         [KEY_PEPPER] = "pepper",   [KEY_LOOKUP] = "lookup",
    [KEY_PARTNER] = "partner",   [KEY_ENTRY_ID] = "entry",  [KEY_DEDUPE] = "dedupe",
    [KEY_IDEMPOTENCY] = "again", [KEY_TOKEN] = "token",     [KEY_BANK] = "bank",
    [KEY_PRINTS] = "prints",     [KEY_CHECK] = "check",     [KEY_VIEW] = "view",
    [KEY_DESK] = "desk",         [KEY_PLACE] = "place",     [KEY_STAFF] = "staff",
    [KEY_WATCH] = "watch",       [KEY_WEBHOOK] = "webhook", [KEY_PACK] = "pack",
    [KEY_BOUNCE] = "bounce",     [KEY_FEED] = "feed",       [KEY_CURSOR] = "cursor",
    [KEY_DIGEST] = "digest",     [KEY_SOURCE] = "source",   [KEY_LEDGER] = "ledger",
    [KEY_LISTED] = "listed",
};

static void derive(const uint8_t master[SEAL_KEY_BYTES], struct keys *keys)
{
    for (int i = 0; i < KEY_N_USES; i++) {
        const struct seal_part parts[] = {SEAL_TEXT("likeness/1"), SEAL_TEXT(use_names[i])};
        seal_hash(master, parts, 2, keys->use[i], SEAL_KEY_BYTES);
    }
}

static enum lk_status make_file(const char *path, struct lk_error *err)
{
    uint8_t master[SEAL_KEY_BYTES];
    char text[HEX_CHARS + 1];
    rand_bytes(master, sizeof master);
    hex_encode(master, sizeof master, text);
    text[HEX_CHARS] = '\n';
    int fd = -1;
    enum lk_status status = file_open(path, O_WRONLY | O_CREAT | O_EXCL, 0600, &fd, err);
    if (status == LK_OK) {
        status = file_write(fd, text, sizeof text, err);
        if (status == LK_OK)
            status = file_sync(fd, err);
        close(fd);
        if (status == LK_OK)
            status = file_sync_parent(path, err);
        if (status != LK_OK)
            unlink(path); /* half a key must not look like one */
    }
    seal_wipe(master, sizeof master);
    seal_wipe(text, sizeof text);
    return status;
}

static enum lk_status read_file(const char *path, uint8_t master[SEAL_KEY_BYTES],
                                struct lk_error *err)
{
    int fd = -1;
    struct stat st;
    TRY(file_open(path, O_RDONLY, 0, &fd, err));
    if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0) {
        close(fd);
        return FAIL(err, LK_DENIED, "master key file '%s' can be read by others: chmod 600 it",
                    path);
    }
    char text[HEX_CHARS + 2];
    size_t n = 0;
    enum lk_status status = file_read(fd, text, sizeof text, &n, err);
    close(fd);
    bool whole = n == HEX_CHARS || (n == HEX_CHARS + 1 && text[HEX_CHARS] == '\n');
    if (status == LK_OK && (!whole || !hex_decode(text, master, SEAL_KEY_BYTES)))
        status = FAIL(err, LK_CORRUPT, "master key file '%s' does not hold %d hexadecimal digits",
                      path, HEX_CHARS);
    seal_wipe(text, sizeof text);
    return status;
}

static enum lk_status read_master(const char *path, bool create, uint8_t master[SEAL_KEY_BYTES],
                                  struct lk_error *err)
{
    const char *text = getenv("LIKENESS_MASTER_KEY");
    if (text != NULL && text[0] != 0) {
        if (strlen(text) != HEX_CHARS || !hex_decode(text, master, SEAL_KEY_BYTES))
            return FAIL(err, LK_INVALID, "LIKENESS_MASTER_KEY must hold %d hexadecimal digits",
                        HEX_CHARS);
        return LK_OK;
    }
    if (create && access(path, F_OK) != 0)
        TRY(make_file(path, err));
    enum lk_status status = read_file(path, master, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_NOT_FOUND,
                    "master key file '%s' is missing: bring it back from its backup, without it "
                    "nothing sealed can be read",
                    path);
    return status;
}

enum lk_status keys_load(const char *path, bool create, struct keys **out, struct lk_error *err)
{
    TRY(seal_init(err));
    uint8_t master[SEAL_KEY_BYTES];
    enum lk_status status = read_master(path, create, master, err);
    if (status == LK_OK) {
        struct keys *keys = seal_locked_new(sizeof *keys);
        if (keys == NULL) {
            status = FAIL(err, LK_NOMEM, "no memory that can be locked for the master key");
        } else {
            derive(master, keys);
            *out = keys;
        }
    }
    seal_wipe(master, sizeof master);
    return status;
}

void keys_free(struct keys *keys)
{
    seal_locked_free(keys);
}

void keys_hash(const struct keys *keys, enum key_use use, const struct seal_part *parts,
               size_t n_parts, uint8_t *out, size_t n_out)
{
    seal_hash(keys->use[use], parts, n_parts, out, n_out);
}

const uint8_t *keys_get(const struct keys *keys, enum key_use use)
{
    return keys->use[use];
}
