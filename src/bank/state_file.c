#include "state_file.h"

#include "base/crc32c.h"
#include "base/err.h"
#include "state.h"
#include "sys/file.h"

#include <string.h>
#include <unistd.h>

static const char magic[8] = {'L', 'K', 'B', 'A', 'N', 'K', 'S', '\n'};

enum { VERSION = 2, CHECK_AT = STATE_FILE_HEADER_BYTES - 4 };

static void put_le(uint8_t *p, uint64_t v, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void make_header(uint8_t header[STATE_FILE_HEADER_BYTES], const uint8_t *bank_id,
                        uint64_t number, uint32_t n)
{
    memset(header, 0, STATE_FILE_HEADER_BYTES);
    memcpy(header, magic, sizeof magic);
    put_le(header + 8, VERSION, 4);
    put_le(header + 12, n, 4);
    memcpy(header + 16, bank_id, LOG_BANK_ID_BYTES);
    put_le(header + 32, number, 8);
    put_le(header + CHECK_AT, crc32c(0, header, CHECK_AT), 4);
}

static enum lk_status write_all(struct state_file *file, const uint8_t *header,
                                const uint8_t *states, uint32_t n, struct lk_error *err)
{
    TRY(file_pwrite(file->fd, header, STATE_FILE_HEADER_BYTES, 0, err));
    TRY(state_file_write(file, 0, states, n, err));
    return state_file_sync(file, err);
}

enum lk_status state_file_create(const char *path, const uint8_t bank_id[LOG_BANK_ID_BYTES],
                                 uint64_t number, const uint8_t *states, uint32_t n,
                                 struct state_file *out, struct lk_error *err)
{
    uint8_t header[STATE_FILE_HEADER_BYTES];
    make_header(header, bank_id, number, n);
    TRY(file_open(path, O_RDWR | O_CREAT | O_TRUNC, 0600, &out->fd, err));
    enum lk_status status = write_all(out, header, states, n, err);
    if (status != LK_OK) {
        state_file_close(out);
        unlink(path);
    }
    return status;
}

/* The first that is no state, or n. Nearly all are the same, so eight are compared at once. */
static uint32_t first_unknown(const uint8_t *states, uint32_t n)
{
    uint32_t i = 0;
    while (i < n) {
        uint64_t same, eight;
        memset(&same, states[i], sizeof same);
        if (!state_is_known(states[i]))
            return i;
        for (i++; i + 8 <= n; i += 8) {
            memcpy(&eight, states + i, sizeof eight);
            if (eight != same)
                break;
        }
    }
    return n;
}

static enum lk_status read_all(struct state_file *file, const uint8_t *want, uint64_t number,
                               uint8_t *states, uint32_t n, struct lk_error *err)
{
    uint8_t header[STATE_FILE_HEADER_BYTES];
    size_t got, got_states = 0;
    int64_t n_bytes;
    unsigned long long which = number;
    TRY(file_size(file->fd, &n_bytes, err));
    TRY(file_pread(file->fd, header, sizeof header, 0, &got, err));
    if (got != sizeof header || memcmp(header, want, sizeof header) != 0)
        return FAIL(err, LK_CORRUPT, "state-%llu: the header is damaged, or of another segment",
                    which);
    TRY(file_pread(file->fd, states, n, sizeof header, &got_states, err));
    if (got_states != n || n_bytes != (int64_t)(sizeof header) + n)
        return FAIL(err, LK_CORRUPT, "state-%llu: not as long as its segment has entries", which);
    uint32_t bad = first_unknown(states, n);
    if (bad < n)
        return FAIL(err, LK_CORRUPT, "state-%llu: byte %llu is damaged", which,
                    (unsigned long long)bad + STATE_FILE_HEADER_BYTES);
    return LK_OK;
}

enum lk_status state_file_open(const char *path, bool write,
                               const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t number,
                               uint8_t *states, uint32_t n, struct state_file *out,
                               struct lk_error *err)
{
    uint8_t want[STATE_FILE_HEADER_BYTES];
    make_header(want, bank_id, number, n);
    TRY(file_open(path, write ? O_RDWR : O_RDONLY, 0, &out->fd, err));
    enum lk_status status = read_all(out, want, number, states, n, err);
    if (status != LK_OK)
        state_file_close(out);
    return status;
}

void state_file_close(struct state_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

enum lk_status state_file_write(struct state_file *file, uint32_t first, const uint8_t *states,
                                size_t n, struct lk_error *err)
{
    return file_pwrite(file->fd, states, n, (int64_t)first + STATE_FILE_HEADER_BYTES, err);
}

enum lk_status state_file_sync(struct state_file *file, struct lk_error *err)
{
    return file_sync(file->fd, err);
}
