#include "bank_dir.h"

#include "base/err.h"
#include "sys/file.h"
#include "sys/seal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void dir_path(const struct bank_dir *dir, enum dir_file file, uint64_t number,
              char path[DIR_PATH_BYTES])
{
    static const char *const names[] = {
        [DIR_MANIFEST] = "manifest", [DIR_MANIFEST_NEW] = "manifest.new", [DIR_LOCK] = "lock",
        [DIR_LOG] = "log-",          [DIR_SEGMENT] = "segment-",          [DIR_STATE] = "state-",
        [DIR_V1] = "bank.log"};
    if (file == DIR_LOG || file == DIR_SEGMENT || file == DIR_STATE)
        snprintf(path, DIR_PATH_BYTES, "%s/%s%llu", dir->path, names[file],
                 (unsigned long long)number);
    else
        snprintf(path, DIR_PATH_BYTES, "%s/%s", dir->path, names[file]);
}

static enum lk_status keep_secret(const uint8_t *bytes, uint8_t **out, struct lk_error *err)
{
    if (bytes == NULL)
        return LK_OK;
    TRY(seal_init(err));
    *out = seal_locked_new(BANK_KEY_BYTES);
    if (*out == NULL)
        return FAIL(err, LK_NOMEM, "no locked memory for the key of a bank");
    memcpy(*out, bytes, BANK_KEY_BYTES);
    return LK_OK;
}

enum lk_status dir_new(const struct lk_alloc *alloc, const char *path, const uint8_t *key,
                       const uint8_t *print_seed, struct bank_dir **out, struct lk_error *err)
{
    size_t n = strlen(path);
    struct bank_dir *dir = NULL;
    if (n == 0 || n >= sizeof dir->path)
        return FAIL(err, LK_LIMIT, "the path of a bank has 1 to %zu bytes", sizeof dir->path - 1);
    dir = alloc->alloc(alloc->ctx, sizeof *dir);
    if (dir == NULL)
        return FAIL(err, LK_NOMEM, "no memory to open a bank");
    memset(dir, 0, sizeof *dir);
    dir->alloc = alloc;
    dir->lock_fd = -1;
    memcpy(dir->path, path, n + 1);
    enum lk_status status = keep_secret(key, &dir->key, err);
    if (status == LK_OK)
        status = keep_secret(print_seed, &dir->print_seed, err);
    if (status == LK_OK)
        *out = dir;
    else
        dir_free(dir);
    return status;
}

void dir_free(struct bank_dir *dir)
{
    if (dir == NULL)
        return;
    if (dir->lock_fd >= 0)
        close(dir->lock_fd);
    if (dir->key != NULL)
        seal_locked_free(dir->key);
    if (dir->print_seed != NULL)
        seal_locked_free(dir->print_seed);
    dir->alloc->free(dir->alloc->ctx, dir, sizeof *dir);
}

static bool is_there(const struct bank_dir *dir, enum dir_file file)
{
    char path[DIR_PATH_BYTES];
    dir_path(dir, file, 0, path);
    return access(path, F_OK) == 0;
}

enum lk_status dir_create(struct bank_dir *dir, struct lk_error *err)
{
    char log_path[DIR_PATH_BYTES];
    struct log_file log;
    struct manifest m;
    bool placed;
    TRY(file_make_dirs(dir->path, 0700, err));
    if (is_there(dir, DIR_MANIFEST) || is_there(dir, DIR_V1))
        return FAIL(err, LK_CONFLICT, "there is a bank at '%s' already", dir->path);
    manifest_init(&m, dir->key, dir->print_seed);
    m.items[m.n_items++] = (struct manifest_item){MANIFEST_LOG, m.next_number++, 0};
    dir_path(dir, DIR_LOG, m.items[0].number, log_path);
    TRY(log_file_create(log_path, m.bank_id, m.items[0].number, dir->key, dir->alloc, &log, err));
    log_file_close(&log);
    TRY(file_sync_parent(log_path, err));
    TRY(dir_replace(dir, &m, &placed, err));
    return file_sync_parent(dir->path, err);
}

enum lk_status dir_lock(struct bank_dir *dir, struct lk_error *err)
{
    char path[DIR_PATH_BYTES];
    if (!is_there(dir, DIR_MANIFEST) && !is_there(dir, DIR_V1))
        return FAIL(err, LK_NOT_FOUND, "there is no bank at '%s': make one with bank create",
                    dir->path);
    dir_path(dir, DIR_LOCK, 0, path);
    TRY(file_open(path, O_RDWR | O_CREAT, 0600, &dir->lock_fd, err));
    enum lk_status status = file_lock(dir->lock_fd, err);
    if (status == LK_BUSY)
        return FAIL(err, LK_BUSY, "another process is writing to the bank '%s'", dir->path);
    return status;
}

enum lk_status dir_read(struct bank_dir *dir, bool *is_v1, struct lk_error *err)
{
    char path[DIR_PATH_BYTES];
    struct lk_error why;
    dir_path(dir, DIR_MANIFEST, 0, path);
    enum lk_status status = manifest_read(path, &dir->manifest, &why);
    *is_v1 = status == LK_NOT_FOUND && is_there(dir, DIR_V1);
    if (*is_v1) {
        manifest_init(&dir->manifest, NULL, NULL);
        return manifest_check_keys(&dir->manifest, dir->key, dir->print_seed, err);
    }
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_NOT_FOUND, "there is no bank at '%s': make one with bank create",
                    dir->path);
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    return manifest_check_keys(&dir->manifest, dir->key, dir->print_seed, err);
}

enum lk_status dir_replace(struct bank_dir *dir, const struct manifest *m, bool *placed,
                           struct lk_error *err)
{
    char path[DIR_PATH_BYTES], temp[DIR_PATH_BYTES];
    struct manifest next = *m;
    next.generation = dir->manifest.generation + 1;
    dir_path(dir, DIR_MANIFEST, 0, path);
    dir_path(dir, DIR_MANIFEST_NEW, 0, temp);
    enum lk_status status = manifest_write(path, temp, &next, placed, err);
    if (*placed)
        dir->manifest = next;
    dir->unsure |= *placed && status != LK_OK;
    dir->dirty = true;
    return status;
}

enum lk_status dir_settle(struct bank_dir *dir, struct lk_error *err)
{
    char path[DIR_PATH_BYTES];
    if (!dir->unsure)
        return LK_OK;
    dir_path(dir, DIR_MANIFEST, 0, path);
    TRY(file_sync_parent(path, err));
    dir->unsure = false;
    return LK_OK;
}

/* Whether the manifest names the file, or it is none of ours. */
static bool is_named(const struct bank_dir *dir, const char *name)
{
    static const struct {
        const char *prefix;
        enum manifest_kind kind;
    } prefixes[] = {
        {"log-", MANIFEST_LOG}, {"segment-", MANIFEST_SEGMENT}, {"state-", MANIFEST_SEGMENT}};
    if (strcmp(name, "bank.log") == 0 || strcmp(name, "bank.log.new") == 0 ||
        strcmp(name, "manifest.new") == 0)
        return false;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i].prefix);
        if (strncmp(name, prefixes[i].prefix, n) != 0 || name[n] < '1' || name[n] > '9')
            continue;
        uint64_t number = strtoull(name + n, NULL, 10);
        for (size_t k = 0; k < dir->manifest.n_items; k++)
            if (dir->manifest.items[k].kind == prefixes[i].kind &&
                dir->manifest.items[k].number == number)
                return true;
        return false;
    }
    return true;
}

void dir_sweep(struct bank_dir *dir)
{
    if (dir->unsure || !dir->dirty)
        return;
    DIR *d = opendir(dir->path);
    if (d == NULL)
        return;
    const struct dirent *entry;
    bool clean = true;
    while ((entry = readdir(d)) != NULL)
        if (!is_named(dir, entry->d_name))
            clean &= unlinkat(dirfd(d), entry->d_name, 0) == 0;
    closedir(d);
    dir->dirty = !clean;
}

enum lk_status dir_remove_all(struct bank_dir *dir, struct lk_error *err)
{
    char path[DIR_PATH_BYTES];
    dir_path(dir, DIR_MANIFEST, 0, path);
    TRY(file_remove(path, err));
    TRY(file_sync_parent(path, err));
    dir->manifest = (struct manifest){.n_items = 0};
    dir->dirty = true;
    dir_sweep(dir);
    return dir->dirty
               ? FAIL(err, LK_IO, "files of the old bank in '%s' cannot be removed", dir->path)
               : LK_OK;
}

void dir_remove_self(struct bank_dir *dir)
{
    char path[DIR_PATH_BYTES];
    struct lk_error unheard; /* what stays is empty, and a bank made there anew finds it so */
    dir_path(dir, DIR_LOCK, 0, path);
    if (file_remove(path, &unheard) == LK_OK)
        (void)rmdir(dir->path);
}

uint64_t dir_bytes(const struct bank_dir *dir)
{
    DIR *d = opendir(dir->path);
    uint64_t n = 0;
    const struct dirent *entry;
    struct stat st;
    while (d != NULL && (entry = readdir(d)) != NULL)
        if (fstatat(dirfd(d), entry->d_name, &st, 0) == 0 && S_ISREG(st.st_mode))
            n += (uint64_t)st.st_size;
    if (d != NULL)
        closedir(d);
    return n;
}
