/* After RFC 1951. A code is held as canonical Huffman codes are defined: how many codes there are
 * of each length, and the symbols in the order of their codes; decoding goes bit by bit. */
#include "inflate.h"

#include "base/be.h"

#include <string.h>

enum { MAX_BITS = 15, MAX_LITERALS = 288, MAX_DISTANCES = 32, END_OF_BLOCK = 256 };

struct code {
    uint16_t n_of_length[MAX_BITS + 1];
    uint16_t symbols[MAX_LITERALS];
};

struct inflate {
    struct span in;
    uint8_t *out;
    size_t n, max;
    uint32_t bits; /* n_bits of them wait, the next one lowest */
    unsigned n_bits;
    bool failed;
    struct code literals, distances;
};

static unsigned take_bits(struct inflate *z, unsigned n)
{
    while (z->n_bits < n) {
        if (z->in.n == 0) {
            z->failed = true;
            return 0;
        }
        z->bits |= (uint32_t)z->in.p[0] << z->n_bits;
        z->in = span_after(z->in, 1);
        z->n_bits += 8;
    }
    unsigned v = z->bits & ((1u << n) - 1);
    z->bits >>= n;
    z->n_bits -= n;
    return v;
}

static unsigned take_symbol(struct inflate *z, const struct code *code)
{
    unsigned value = 0, first = 0, index = 0;
    for (unsigned length = 1; length <= MAX_BITS && !z->failed; length++) {
        unsigned n = code->n_of_length[length];
        value |= take_bits(z, 1);
        if (value < first + n)
            return code->symbols[index + (value - first)];
        index += n;
        first = (first + n) << 1;
        value <<= 1;
    }
    z->failed = true;
    return 0;
}

static void make_code(struct inflate *z, struct code *code, const uint8_t *lengths, unsigned n)
{
    uint16_t at[MAX_BITS + 2] = {0};
    memset(code, 0, sizeof *code);
    for (unsigned i = 0; i < n; i++)
        code->n_of_length[lengths[i]]++;
    code->n_of_length[0] = 0;
    int left = 1;
    for (unsigned length = 1; length <= MAX_BITS; length++) {
        left = 2 * left - code->n_of_length[length];
        if (left < 0) {
            z->failed = true; /* more codes than there can be */
            return;
        }
        at[length + 1] = (uint16_t)(at[length] + code->n_of_length[length]);
    }
    for (unsigned i = 0; i < n; i++)
        if (lengths[i] != 0)
            code->symbols[at[lengths[i]]++] = (uint16_t)i;
}

static void put_byte(struct inflate *z, uint8_t byte)
{
    if (z->n == z->max)
        z->failed = true;
    else
        z->out[z->n++] = byte;
}

static void stored_block(struct inflate *z)
{
    z->bits = 0;
    z->n_bits = 0; /* fewer than 8 bits wait: they belong to a byte that is done */
    if (z->in.n < 4) {
        z->failed = true;
        return;
    }
    size_t n = (size_t)(z->in.p[0] | z->in.p[1] << 8);
    z->in = span_after(z->in, 4);
    if (n > z->in.n)
        z->failed = true;
    for (size_t i = 0; i < n && !z->failed; i++)
        put_byte(z, z->in.p[i]);
    z->in = span_after(z->in, n);
}

static void fixed_codes(struct inflate *z)
{
    uint8_t lengths[MAX_LITERALS];
    for (unsigned i = 0; i < MAX_LITERALS; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    make_code(z, &z->literals, lengths, MAX_LITERALS);
    memset(lengths, 5, 30);
    make_code(z, &z->distances, lengths, 30);
}

static void read_codes(struct inflate *z)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[MAX_LITERALS + MAX_DISTANCES + 138] = {0};
    unsigned n_literals = take_bits(z, 5) + 257, n_distances = take_bits(z, 5) + 1;
    unsigned n_lengths = take_bits(z, 4) + 4;
    if (n_literals > 286 || n_distances > 30)
        z->failed = true;
    for (unsigned i = 0; i < n_lengths; i++)
        lengths[order[i]] = (uint8_t)take_bits(z, 3);
    make_code(z, &z->literals, lengths, 19);
    memset(lengths, 0, sizeof lengths);
    for (unsigned i = 0; i < n_literals + n_distances && !z->failed;) {
        unsigned symbol = take_symbol(z, &z->literals);
        if (symbol < 16) {
            lengths[i++] = (uint8_t)symbol;
            continue;
        }
        if (symbol == 16 && i == 0) {
            z->failed = true;
            return;
        }
        uint8_t length = symbol == 16 ? lengths[i - 1] : 0;
        unsigned n = symbol == 16   ? 3 + take_bits(z, 2)
                     : symbol == 17 ? 3 + take_bits(z, 3)
                                    : 11 + take_bits(z, 7);
        for (; n > 0; n--)
            lengths[i++] = length;
    }
    if (z->failed)
        return;
    uint8_t distances[MAX_DISTANCES];
    memcpy(distances, lengths + n_literals, sizeof distances);
    make_code(z, &z->literals, lengths, n_literals);
    make_code(z, &z->distances, distances, n_distances);
}

static void copy_back(struct inflate *z, unsigned symbol)
{
    static const uint16_t length_base[29] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                             15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                             67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint16_t distance_base[30] = {
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    unsigned of_length = symbol - 257;
    if (of_length >= 29) {
        z->failed = true;
        return;
    }
    unsigned extra = of_length < 8 || of_length == 28 ? 0 : of_length / 4 - 1;
    unsigned length = length_base[of_length] + take_bits(z, extra);
    unsigned of_distance = take_symbol(z, &z->distances);
    if (of_distance >= 30) {
        z->failed = true;
        return;
    }
    size_t distance =
        distance_base[of_distance] + take_bits(z, of_distance < 4 ? 0 : of_distance / 2 - 1);
    if (distance > z->n)
        z->failed = true;
    for (; length > 0 && !z->failed; length--)
        put_byte(z, z->out[z->n - distance]);
}

static void coded_block(struct inflate *z)
{
    while (!z->failed) {
        unsigned symbol = take_symbol(z, &z->literals);
        if (z->failed || symbol == END_OF_BLOCK)
            return;
        if (symbol < END_OF_BLOCK)
            put_byte(z, (uint8_t)symbol);
        else
            copy_back(z, symbol);
    }
}

static uint32_t adler32(const uint8_t *p, size_t n)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < n; i++) {
        a = (a + p[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

size_t inflate_zlib(struct span in, uint8_t *out, size_t max, bool *whole)
{
    struct inflate z = {.in = span_after(in, 2), .out = out, .max = max};
    *whole = false;
    if (in.n < 2 || (in.p[0] & 15) != 8 || (in.p[0] << 8 | in.p[1]) % 31 != 0 ||
        (in.p[1] & 32) != 0)
        return 0;
    for (bool last = false; !last && !z.failed;) {
        last = take_bits(&z, 1) != 0;
        unsigned type = take_bits(&z, 2);
        if (z.failed || type == 3) {
            z.failed = true;
        } else if (type == 0) {
            stored_block(&z);
        } else {
            if (type == 1)
                fixed_codes(&z);
            else
                read_codes(&z);
            coded_block(&z);
        }
    }
    *whole = !z.failed && z.in.n >= 4 && be_get32(z.in.p) == adler32(out, z.n);
    return z.n;
}
