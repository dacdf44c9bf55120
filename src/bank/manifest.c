/* Little-endian:
 *
 *   0 "LKBANKM\n"   8 version u32 (2)   12 mode u32 (1 plain, 2 sealed; 4 more: prints keyed)
 *   16 bank id[16]   32 key check[72]: 32 zeros sealed under the key   104 generation u64
 *   112 next number u64   120 cursor u64   128 n_items u32   132 0 u32
 *   136 only when keyed: print key check[72], 32 zeros sealed under the seed
 *   then items: kind u32, 0 u32, number u64, due_ms i64: 24 bytes each
 *   then CRC-32C of everything before */
#include "manifest.h"

#include "base/crc32c.h"
#include "base/err.h"
#include "sys/file.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <string.h>
#include <unistd.h>

static const char magic[8] = {'L', 'K', 'B', 'A', 'N', 'K', 'M', '\n'};
static const char check_label[] = "bank.key.check", print_label[] = "bank.print.check";

enum {
    VERSION = 2,
    HEADER_BYTES = 136,
    ITEM_BYTES = 24,
    CHECK_BYTES = 4,
    MODE_PLAIN = 1,
    MODE_SEALED = 2,
    MODE_KEYED = 4,
    MAX_BYTES = HEADER_BYTES + MANIFEST_CHECK_BYTES + MANIFEST_MAX_ITEMS * ITEM_BYTES + CHECK_BYTES,
    KEY_CHECK_PLAIN = MANIFEST_CHECK_BYTES - SEAL_OVERHEAD_BYTES,
};

static void put_le(uint8_t *p, uint64_t v, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t get_le(const uint8_t *p, int n)
{
    uint64_t v = 0;
    for (int i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

void manifest_init(struct manifest *m, const uint8_t *key, const uint8_t *print_seed)
{
    static const uint8_t zeros[KEY_CHECK_PLAIN];
    *m = (struct manifest){.sealed = key != NULL, .keyed = print_seed != NULL, .next_number = 1};
    rand_bytes(m->bank_id, sizeof m->bank_id);
    const struct seal_part id = {m->bank_id, sizeof m->bank_id};
    if (key != NULL)
        seal_put(key, check_label, id, zeros, sizeof zeros, m->key_check);
    if (print_seed != NULL)
        seal_put(print_seed, print_label, id, zeros, sizeof zeros, m->print_check);
}

static bool is_key_of(const struct manifest *m, const uint8_t *key, const char *label,
                      const uint8_t check[MANIFEST_CHECK_BYTES])
{
    uint8_t plain[KEY_CHECK_PLAIN];
    const struct seal_part id = {m->bank_id, sizeof m->bank_id};
    return seal_take(key, label, id, check, MANIFEST_CHECK_BYTES, plain);
}

enum lk_status manifest_check_keys(const struct manifest *m, const uint8_t *key,
                                   const uint8_t *print_seed, struct lk_error *err)
{
    if (!m->sealed && key != NULL)
        return FAIL(err, LK_INVALID, "the bank is not sealed: open it without a key");
    if (m->sealed && key == NULL)
        return FAIL(err, LK_DENIED, "the bank is sealed: its key is needed");
    if (m->sealed && !is_key_of(m, key, check_label, m->key_check))
        return FAIL(err, LK_DENIED, "the key is not the one this bank was sealed with");
    if (!m->keyed && print_seed != NULL)
        return FAIL(err, LK_INVALID,
                    "the prints of the bank are not keyed: open it without a print key");
    if (m->keyed && print_seed == NULL)
        return FAIL(err, LK_DENIED, "the prints of the bank are keyed: its print key is needed");
    if (m->keyed && !is_key_of(m, print_seed, print_label, m->print_check))
        return FAIL(err, LK_DENIED, "the print key is not the one of this bank");
    return LK_OK;
}

static size_t items_at(const struct manifest *m)
{
    return HEADER_BYTES + (m->keyed ? MANIFEST_CHECK_BYTES : 0);
}

static size_t encode(const struct manifest *m, uint8_t out[MAX_BYTES])
{
    size_t n = items_at(m) + m->n_items * ITEM_BYTES;
    memset(out, 0, n);
    memcpy(out, magic, sizeof magic);
    put_le(out + 8, VERSION, 4);
    put_le(out + 12, (m->sealed ? MODE_SEALED : MODE_PLAIN) | (m->keyed ? MODE_KEYED : 0), 4);
    memcpy(out + 16, m->bank_id, LOG_BANK_ID_BYTES);
    memcpy(out + 32, m->key_check, MANIFEST_CHECK_BYTES);
    put_le(out + 104, m->generation, 8);
    put_le(out + 112, m->next_number, 8);
    put_le(out + 120, m->cursor, 8);
    put_le(out + 128, m->n_items, 4);
    if (m->keyed)
        memcpy(out + HEADER_BYTES, m->print_check, MANIFEST_CHECK_BYTES);
    for (size_t i = 0; i < m->n_items; i++) {
        uint8_t *item = out + items_at(m) + i * ITEM_BYTES;
        put_le(item, m->items[i].kind, 4);
        put_le(item + 8, m->items[i].number, 8);
        put_le(item + 16, (uint64_t)m->items[i].due_ms, 8);
    }
    put_le(out + n, crc32c(0, out, n), CHECK_BYTES);
    return n + CHECK_BYTES;
}

static enum lk_status damaged(struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "the bank's manifest is damaged: restore it from a copy");
}

static bool parse_items(const uint8_t *bytes, struct manifest *m)
{
    for (size_t i = 0; i < m->n_items; i++) {
        const uint8_t *item = bytes + items_at(m) + i * ITEM_BYTES;
        m->items[i] = (struct manifest_item){(uint32_t)get_le(item, 4), get_le(item + 8, 8),
                                             (int64_t)get_le(item + 16, 8)};
        bool is_log = m->items[i].kind == MANIFEST_LOG;
        if ((!is_log && m->items[i].kind != MANIFEST_SEGMENT) || get_le(item + 4, 4) != 0 ||
            m->items[i].number == 0 || m->items[i].number >= m->next_number)
            return false;
    }
    return true;
}

enum lk_status manifest_parse(const uint8_t *bytes, size_t n, struct manifest *m,
                              struct lk_error *err)
{
    if (n < HEADER_BYTES + CHECK_BYTES || memcmp(bytes, magic, sizeof magic) != 0)
        return FAIL(err, LK_CORRUPT, "not the manifest of a bank: it does not begin with LKBANKM");
    if (get_le(bytes + n - CHECK_BYTES, CHECK_BYTES) != crc32c(0, bytes, n - CHECK_BYTES))
        return damaged(err);
    uint64_t version = get_le(bytes + 8, 4), mode = get_le(bytes + 12, 4);
    uint64_t seal_mode = mode & ~(uint64_t)MODE_KEYED;
    if (version != VERSION || (seal_mode != MODE_PLAIN && seal_mode != MODE_SEALED))
        return FAIL(err, LK_UNSUPPORTED,
                    "bank of version %llu, mode %llu; this build reads version %d",
                    (unsigned long long)version, (unsigned long long)mode, VERSION);
    *m = (struct manifest){.sealed = seal_mode == MODE_SEALED,
                           .keyed = mode != seal_mode,
                           .generation = get_le(bytes + 104, 8),
                           .next_number = get_le(bytes + 112, 8),
                           .cursor = get_le(bytes + 120, 8),
                           .n_items = (size_t)get_le(bytes + 128, 4)};
    memcpy(m->bank_id, bytes + 16, LOG_BANK_ID_BYTES);
    memcpy(m->key_check, bytes + 32, MANIFEST_CHECK_BYTES);
    if (m->n_items > MANIFEST_MAX_ITEMS ||
        n != items_at(m) + m->n_items * ITEM_BYTES + CHECK_BYTES || get_le(bytes + 132, 4) != 0 ||
        !parse_items(bytes, m))
        return damaged(err);
    if (m->keyed)
        memcpy(m->print_check, bytes + HEADER_BYTES, MANIFEST_CHECK_BYTES);
    return LK_OK;
}

enum lk_status manifest_read(const char *path, struct manifest *m, struct lk_error *err)
{
    int fd;
    size_t n;
    uint8_t bytes[MAX_BYTES + 1];
    TRY(file_open(path, O_RDONLY, 0, &fd, err));
    enum lk_status status = file_read(fd, bytes, sizeof bytes, &n, err);
    close(fd);
    return status == LK_OK ? manifest_parse(bytes, n, m, err) : status;
}

enum lk_status manifest_write(const char *path, const char *temp, const struct manifest *m,
                              bool *placed, struct lk_error *err)
{
    uint8_t bytes[MAX_BYTES];
    *placed = false;
    if (m->n_items > MANIFEST_MAX_ITEMS)
        return FAIL(err, LK_LIMIT, "a bank has at most %d files", MANIFEST_MAX_ITEMS);
    return file_place(path, temp, bytes, encode(m, bytes), 0600, placed, err);
}
