/* bench/desk/fill.c - a desk with many cases, to measure its pages: fills a directory as
 * `likeness serve --data` uses it and signs a member of staff in.
 *
 * usage: fill DIR N_CASES      writes JSON: the session, cases and letters to ask for */
#include "rows.h"

#include "base/hex.h"
#include "cases/staff.h"
#include "sys/totp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = 500, N_STAFF = 12, N_SAMPLES = 400 };

static const char password[] = "correct horse battery staple";

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status == LK_OK)
        return;
    fprintf(stderr, "fill: %s\n", err->text);
    exit(1);
}

static struct registry *open_registry(const char *dir)
{
    static char store[4096], key[4096];
    struct lk_error err;
    struct registry *r = NULL;
    mkdir(dir, 0700);
    snprintf(store, sizeof store, "%s/likeness.db", dir);
    snprintf(key, sizeof key, "%s/master.key", dir);
    must(registry_open(
             &(struct registry_config){.store_url = store, .key_path = key, .key_create = true}, &r,
             &err),
         &err);
    return r;
}

static void decode_base32(const char *text, uint8_t out[TOTP_SECRET_BYTES])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    for (; *text != '\0' && n < TOTP_SECRET_BYTES; text++) {
        const char *at = strchr(alphabet, *text);
        bits = bits << 5 | (uint32_t)(at == NULL ? 0 : at - alphabet);
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n++] = (uint8_t)(bits >> n_bits);
        }
    }
}

/* The first is an admin, who sees every page and is signed in at the end. */
static void add_staff(struct rows *rows, struct staff_welcome *first)
{
    struct lk_error err;
    struct staff_hand hand;
    struct arena arena;
    struct staff_member *members;
    staff_console(rows->r, &hand);
    for (int i = 0; i < N_STAFF; i++) {
        struct staff_welcome welcome;
        char name[32];
        snprintf(name, sizeof name, "member-%d", i);
        must(staff_add(rows->r, &hand, name, i == 0 ? STAFF_ADMIN : STAFF_CASEWORKER, false,
                       i == 0 ? first : &welcome, &err),
             &err);
    }
    staff_hand_wipe(&hand);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    must(staff_list(rows->r, &arena, &members, &rows->n_staff, &err), &err);
    if (rows->n_staff > ROWS_MAX_STAFF)
        rows->n_staff = ROWS_MAX_STAFF;
    for (size_t i = 0; i < rows->n_staff; i++)
        rows->staff[i] = members[i].id;
    arena_fini(&arena);
}

static void sign_in(struct registry *r, const struct staff_welcome *welcome,
                    char token[STAFF_TOKEN_CHARS + 1])
{
    struct lk_error err;
    struct staff_hand hand;
    struct clock clock = clock_real();
    uint8_t secret[TOTP_SECRET_BYTES];
    char digits[TOTP_DIGITS + 1];
    decode_base32(welcome->totp, secret);
    must(totp_at(secret, clock_now_ms(&clock) / TOTP_STEP_MS, digits, &err), &err);
    must(staff_sign_in(r, "member-0", welcome->password, digits, token, &err), &err);
    must(staff_session(r, token, &hand, &err), &err);
    must(staff_choose(r, &hand, token, welcome->password, password, &err), &err);
    staff_hand_wipe(&hand);
}

struct block {
    struct rows *rows;
    size_t n;
    struct rows_made made[BLOCK];
};

static enum lk_status write_block(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct block *b = ctx;
    enum lk_status status = LK_OK;
    for (size_t i = 0; i < b->n && status == LK_OK; i++)
        status = rows_add_case(tx, b->rows, &b->made[i], err);
    return status;
}

static void say_pair(const struct rows_made *made, bool is_first)
{
    char id[2 * STORE_ID_BYTES + 1] = "", letter[2 * STORE_ID_BYTES + 1] = "";
    hex_encode(made->case_id, sizeof made->case_id, id);
    if (made->has_letter)
        hex_encode(made->letter_id, sizeof made->letter_id, letter);
    printf("%s[\"%s\", \"%s\"]", is_first ? "" : ", ", id, letter);
}

/* Writes the cases, and says every so many of them. */
static void fill(struct rows *rows, size_t n)
{
    static struct block b;
    struct lk_error err;
    size_t every = n / N_SAMPLES > 0 ? n / N_SAMPLES : 1;
    b.rows = rows;
    for (size_t done = 0; done < n; done += b.n) {
        b.n = n - done < BLOCK ? n - done : BLOCK;
        must(store_write(rows->r->store, write_block, &b, &err), &err);
        for (size_t i = 0; i < b.n; i++)
            if ((done + i) % every == 0)
                say_pair(&b.made[i], done + i == 0);
    }
}

int main(int argc, char **argv)
{
    static struct rows rows;
    struct staff_welcome welcome;
    char token[STAFF_TOKEN_CHARS + 1];
    size_t n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    if (n == 0) {
        fprintf(stderr, "usage: fill DIR N_CASES\n");
        return 2;
    }
    struct clock clock = clock_real();
    int64_t start_ns = clock_monotonic_ns();
    rows.r = open_registry(argv[1]);
    rows.now_ms = clock_now_ms(&clock);
    add_staff(&rows, &welcome);
    rows_begin(&rows);
    printf("{\"cases\": [");
    fill(&rows, n);
    rows_end(&rows);
    sign_in(rows.r, &welcome, token);
    printf("], \"session\": \"%s\"}\n", token);
    registry_close(rows.r);
    fprintf(stderr, "fill: %zu cases in %.0f s\n", n,
            (double)(clock_monotonic_ns() - start_ns) / 1e9);
    return 0;
}
