/* Writes banks for the second reader: entries of every medium, in logs and in segments, some of
 * them withdrawn or of another tier; and beside each, in NAME.txt, what is in force.
 *
 * usage: write_banks DIRECTORY KEY_HEX */
#include "bank/bank.h"
#include "base/hex.h"
#include "listing.h"

#include <stdlib.h>
#include <string.h>

enum { N_ENTRIES = 60, N_RECORDS = 3 };

struct sample {
    struct lk_record records[N_RECORDS];
    struct bank_entry entry;
};

static void die(const char *what)
{
    fprintf(stderr, "write_banks: %s\n", what);
    exit(1);
}

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status != LK_OK)
        die(err->text);
}

static unsigned kind_of(unsigned medium, unsigned i)
{
    static const uint8_t kinds[4][N_RECORDS] = {{0},
                                                {LK_WHOLE, LK_WHOLE, LK_ANCHOR},
                                                {LK_FRAME, LK_SOUND, LK_FRAME},
                                                {LK_SOUND, LK_SOUND, LK_SOUND}};
    return kinds[medium][i];
}

static void make(unsigned number, struct sample *s)
{
    unsigned medium = 1 + number % 3;
    memset(s, 0, sizeof *s);
    for (unsigned i = 0; i < N_RECORDS; i++) {
        struct lk_record *r = &s->records[i];
        r->kind = (uint8_t)kind_of(medium, i);
        r->front_end = r->kind == LK_WHOLE || r->kind == LK_FRAME ? LK_REF512 : 0;
        r->quality = (uint8_t)(number + i);
        r->frame = (struct lk_frame){128, 128, 255, (uint8_t)(medium == LK_IMAGE ? i : 0)};
        r->time_ms = medium == LK_IMAGE ? 0 : i * 1000 + number;
        for (unsigned w = 0; w < 4; w++)
            r->print.w[w] = (number * 16u + i * 4 + w + 1) * 0x9e3779b97f4a7c15u;
    }
    s->entry = (struct bank_entry){.tier = (uint8_t)(LK_TIER_SELF + number % 3),
                                   .scope = number * 1000003u,
                                   .sequence = {.medium = (uint8_t)medium,
                                                .n_digests = number % 4 == 0,
                                                .duration_ms = medium == LK_IMAGE ? 0 : 5000,
                                                .records = s->records,
                                                .n_records = 1 + number % N_RECORDS}};
    struct lk_digest *digest = &s->entry.sequence.digests[0];
    digest->type = LK_DIGEST_MD5;
    memset(digest->bytes, (int)number + 1, 16);
    for (unsigned i = 0; i < BANK_ID_BYTES; i++)
        s->entry.id[i] = (uint8_t)(number * 41 + i * number + 1);
}

static void add(struct bank *bank, unsigned from, unsigned to)
{
    struct lk_error err;
    static struct sample samples[N_ENTRIES];
    static struct bank_entry entries[N_ENTRIES];
    for (unsigned i = from; i < to; i++) {
        make(i, &samples[i]);
        entries[i - from] = samples[i].entry;
    }
    must(bank_add(bank, entries, to - from, 100 + to, &err), &err);
}

static void withdraw(struct bank *bank, unsigned number)
{
    struct lk_error err;
    struct sample s;
    make(number, &s);
    must(bank_remove(bank, (const void *)s.entry.id, 1, &err), &err);
}

static void set_tier(struct bank *bank, unsigned number, unsigned tier)
{
    struct lk_error err;
    struct sample s;
    make(number, &s);
    must(bank_set_tier(bank, s.entry.id, tier, &err), &err);
}

static enum lk_status list_entry(void *ctx, const struct bank_entry *e, struct lk_error *err)
{
    static const char *const tiers[] = {
        [LK_TIER_SELF] = "self", [LK_TIER_CHECKED] = "checked", [LK_TIER_CONFIRMED] = "confirmed"};
    FILE *out = ctx;
    (void)err;
    list_hex(out, e->id, sizeof e->id);
    fprintf(out, " %s %u %u %u", tiers[e->tier], e->scope, e->sequence.duration_ms,
            e->sequence.medium);
    for (size_t i = 0; i < e->sequence.n_records; i++)
        list_record(out, &e->sequence.records[i]);
    for (unsigned i = 0; i < e->sequence.n_digests; i++)
        list_digest(out, &e->sequence.digests[i]);
    fputc('\n', out);
    return LK_OK;
}

/* Two segments and a log, changed in each; the second generation of an id that was withdrawn. */
static void fill(struct bank *bank)
{
    struct lk_error err;
    add(bank, 0, 20);
    withdraw(bank, 3);
    must(bank_flush(bank, &err), &err);
    add(bank, 20, 45);
    must(bank_flush(bank, &err), &err);
    add(bank, 45, N_ENTRIES);
    for (unsigned i = 0; i < N_ENTRIES; i += 20) {
        withdraw(bank, i);
        withdraw(bank, i + 7);
        set_tier(bank, i + 1, LK_TIER_CONFIRMED);
        set_tier(bank, i + 6, LK_TIER_SELF);
    }
    add(bank, 7, 8);
}

static void write_bank(const char *dir, const char *name, const uint8_t *key,
                       const uint8_t *print_seed)
{
    char path[480], list[512];
    struct lk_error err;
    struct bank *bank;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    snprintf(list, sizeof list, "%s.txt", path);
    struct bank_config config = {
        .mode = BANK_WRITE, .key = key, .print_seed = print_seed, .by_caller = true};
    must(bank_create_keyed(path, key, print_seed, &err), &err);
    must(bank_open(path, &config, &bank, &err), &err);
    fill(bank);
    FILE *out = fopen(list, "w");
    if (out == NULL)
        die("cannot write a list");
    must(bank_each(bank, list_entry, out, &err), &err);
    fclose(out);
    bank_close(bank);
}

int main(int argc, char **argv)
{
    uint8_t key[BANK_KEY_BYTES];
    if (argc != 3 || strlen(argv[2]) != 2 * sizeof key || !hex_decode(argv[2], key, sizeof key))
        die("usage: write_banks DIRECTORY KEY_HEX");
    write_bank(argv[1], "plain", NULL, NULL);
    write_bank(argv[1], "sealed", key, NULL);
    write_bank(argv[1], "keyed", NULL, key);
    return 0;
}
