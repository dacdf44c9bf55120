/* Keyed prints (docs/formats/print.md): the bits in another order, some of them turned over. What
 * is drawn comes from the key stream of ChaCha20 (RFC 8439: the seed is its key, nonce 0, blocks
 * from 0 on): 32 bytes are the mask, then Fisher-Yates orders take a byte for each step, and
 * another where a byte would favour some places over others.
 *
 * Only parts of 16 bits change places, two by two, and bits within a part:
 *
 *   print  | 0 . 1 | 2 . 3 | 4 . 5 | ... | 14 . 15 |     eight pairs of parts
 *   keyed  | 9 . 8 | 2 . 3 | 15. 14| ... |  4 . 5  |     and each part's bits in an order of its
 * own
 *
 * Anchored prints have their bits in such an order that those of a part have little to do with one
 * another; the index (core/index/plan.h) lives on that, and on which part stands beside which. With
 * all 256 bits in any order it has to look at up to twice as many prints. */
#include <likeness/print.h>
#include <string.h>

enum { BLOCK_WORDS = 16, BLOCK_BYTES = 64, DOUBLE_ROUNDS = 10, PARTS = 16, PART_BITS = 16 };

struct stream {
    uint32_t state[BLOCK_WORDS]; /* of the next block */
    uint8_t block[BLOCK_BYTES];
    unsigned n_used;
};

static uint32_t rotate(uint32_t v, unsigned by)
{
    return v << by | v >> (32 - by);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b;
    *d = rotate(*d ^ *a, 16);
    *c += *d;
    *b = rotate(*b ^ *c, 12);
    *a += *b;
    *d = rotate(*d ^ *a, 8);
    *c += *d;
    *b = rotate(*b ^ *c, 7);
}

static void next_block(struct stream *s)
{
    uint32_t x[BLOCK_WORDS];
    memcpy(x, s->state, sizeof x);
    for (int round = 0; round < DOUBLE_ROUNDS; round++) {
        for (int i = 0; i < 4; i++)
            quarter_round(&x[i], &x[4 + i], &x[8 + i], &x[12 + i]);
        for (int i = 0; i < 4; i++)
            quarter_round(&x[i], &x[4 + (i + 1) % 4], &x[8 + (i + 2) % 4], &x[12 + (i + 3) % 4]);
    }
    for (int i = 0; i < BLOCK_WORDS; i++) {
        uint32_t word = x[i] + s->state[i];
        for (int k = 0; k < 4; k++)
            s->block[4 * i + k] = (uint8_t)(word >> (8 * k));
    }
    s->state[12]++;
    s->n_used = 0;
}

static void stream_init(struct stream *s, const uint8_t seed[LK_PRINT_KEY_SEED_BYTES])
{
    static const uint32_t head[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    memset(s, 0, sizeof *s);
    memcpy(s->state, head, sizeof head);
    for (int i = 0; i < LK_PRINT_KEY_SEED_BYTES; i++)
        s->state[4 + i / 4] |= (uint32_t)seed[i] << (8 * (i % 4));
    s->n_used = BLOCK_BYTES;
}

static uint8_t stream_byte(struct stream *s)
{
    if (s->n_used == BLOCK_BYTES)
        next_block(s);
    return s->block[s->n_used++];
}

/* A number below n (2..256), all alike likely. */
static unsigned stream_below(struct stream *s, unsigned n)
{
    unsigned fair = 256 - 256 % n, byte;
    do
        byte = stream_byte(s);
    while (byte >= fair);
    return byte % n;
}

/* 0 .. n - 1 in any order. */
static void draw_order(struct stream *s, uint8_t *order, unsigned n)
{
    for (unsigned k = 0; k < n; k++)
        order[k] = (uint8_t)k;
    for (unsigned k = n - 1; k > 0; k--) {
        unsigned other = stream_below(s, k + 1);
        uint8_t moved = order[k];
        order[k] = order[other];
        order[other] = moved;
    }
}

void lk_print_key_init(struct lk_print_key *key, const uint8_t seed[LK_PRINT_KEY_SEED_BYTES])
{
    struct stream s;
    uint8_t mask[LK_PRINT_BYTES], pairs[PARTS / 2], bits[PART_BITS];
    stream_init(&s, seed);
    for (int i = 0; i < LK_PRINT_BYTES; i++)
        mask[i] = stream_byte(&s);
    lk_print_from_bytes(&key->mask, mask);
    draw_order(&s, pairs, PARTS / 2);
    for (unsigned pair = 0; pair < PARTS / 2; pair++) {
        unsigned first = stream_below(&s, 2);
        for (unsigned k = 0; k < 2; k++) {
            unsigned from = 2 * pairs[pair] + (first ^ k), to = 2 * pair + k;
            draw_order(&s, bits, PART_BITS);
            for (unsigned i = 0; i < PART_BITS; i++)
                key->place[PART_BITS * to + i] = (uint8_t)(PART_BITS * from + bits[i]);
        }
    }
}

struct lk_print lk_print_keyed(const struct lk_print_key *key, const struct lk_print *print)
{
    struct lk_print keyed = key->mask;
    for (unsigned k = 0; k < LK_PRINT_BITS; k++) {
        unsigned from = key->place[k];
        keyed.w[k / 64] ^= (print->w[from / 64] >> (from % 64) & 1) << (k % 64);
    }
    return keyed;
}
