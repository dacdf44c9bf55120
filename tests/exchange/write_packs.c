/* Writes sample packs into a directory: unsigned.tar, signed.tar, and key with the public key.
 * usage: write_packs LIKENESS-PAPER DIR */
#include "pack_sample.h"
#include "sys/file.h"

#include <stdio.h>

static int write_one(const struct pack_order *order, const char *dir, const char *name)
{
    struct lk_error err = {0};
    struct buf out;
    char path[4096];
    buf_init(&out, lk_alloc_heap(), PACK_MAX_BYTES);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    enum lk_status status = pack_make(order, &pack_sample, &out, NULL, &err);
    if (status == LK_OK)
        status = file_replace(path, out.p, out.n, 0600, &err);
    if (status != LK_OK)
        fprintf(stderr, "%s\n", err.text);
    buf_fini(&out);
    return status != LK_OK;
}

static int write_key(const char *dir)
{
    struct buf text;
    char path[4096];
    uint8_t key[SEAL_SIGN_KEY_BYTES];
    buf_init(&text, lk_alloc_heap(), 100);
    seal_sign_public(pack_sample_seed, key);
    buf_hex(&text, key, sizeof key);
    snprintf(path, sizeof path, "%s/key", dir);
    enum lk_status status = file_replace(path, text.p, text.n, 0600, NULL);
    buf_fini(&text);
    return status != LK_OK;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    struct pack_order order = pack_sample_order(argv[1]);
    int failed = write_one(&order, argv[2], "unsigned.tar");
    order.sign_seed = pack_sample_seed;
    failed |= write_one(&order, argv[2], "signed.tar");
    return failed | write_key(argv[2]);
}
