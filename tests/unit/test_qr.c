/* QR codes: read back as a telephone would, and the same in each of their forms. */
#include "../cmocka_all.h"

#include "sys/qr.h"

#include <stdio.h>

enum { VERSION_1 = 21, DATA_BYTES = 16, QUIET = 4 };

static bool dark(const struct qr *qr, unsigned x, unsigned y)
{
    return qr->is_dark[y * qr->side + x] != 0;
}

/* ---- a reader of version 1, level M, after ISO/IEC 18004 ---- */

static unsigned read_format(const struct qr *qr)
{
    static const uint8_t places[15][2] = {{0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8},
                                          {5, 8}, {7, 8}, {8, 8}, {8, 7}, {8, 5},
                                          {8, 4}, {8, 3}, {8, 2}, {8, 1}, {8, 0}};
    unsigned bits = 0;
    for (unsigned i = 0; i < 15; i++)
        bits = bits << 1 | dark(qr, places[i][0], places[i][1]);
    return bits ^ 0x5412;
}

static bool is_masked(unsigned mask, unsigned i, unsigned j)
{
    const bool by[8] = {(i + j) % 2 == 0,
                        i % 2 == 0,
                        j % 3 == 0,
                        (i + j) % 3 == 0,
                        (i / 2 + j / 3) % 2 == 0,
                        i * j % 2 + i * j % 3 == 0,
                        (i * j % 2 + i * j % 3) % 2 == 0,
                        ((i + j) % 2 + i * j % 3) % 2 == 0};
    return by[mask];
}

static bool is_pattern(unsigned x, unsigned y)
{
    return (x < 9 && y < 9) || (x >= 13 && y < 9) || (x < 9 && y >= 13) || x == 6 || y == 6;
}

/* The data codewords: two columns at a time from the right, up and down in turn. */
static void read_data(const struct qr *qr, unsigned mask, uint8_t data[DATA_BYTES])
{
    unsigned n = 0;
    bool up = true;
    memset(data, 0, DATA_BYTES);
    for (int right = VERSION_1 - 1; right > 0; right -= 2, up = !up) {
        right -= right == 6; /* the column of the timing pattern */
        for (unsigned step = 0; step < VERSION_1; step++) {
            unsigned y = up ? VERSION_1 - 1 - step : step;
            for (unsigned i = 0; i < 2; i++) {
                unsigned x = (unsigned)right - i;
                if (!is_pattern(x, y) && n < 8 * DATA_BYTES) {
                    bool bit = dark(qr, x, y) != is_masked(mask, y, x);
                    data[n / 8] |= (uint8_t)(bit << (7 - n % 8));
                    n++;
                }
            }
        }
    }
}

static void a_reader_finds_the_text(void **state)
{
    static const char *const texts[] = {"a", "otpauth://x/y", "HELLO 1234", "\xc3\xa9\xe2\x82\xac"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct qr qr;
        uint8_t data[DATA_BYTES];
        assert_int_equal(qr_make(texts[i], &qr, NULL), LK_OK);
        assert_int_equal(qr.side, VERSION_1);
        unsigned format = read_format(&qr);
        assert_int_equal(format >> 13, 0); /* M */
        read_data(&qr, format >> 10 & 7, data);
        assert_int_equal(data[0] >> 4, 4); /* bytes */
        size_t n = (size_t)(data[0] & 15) << 4 | data[1] >> 4;
        assert_int_equal(n, strlen(texts[i]));
        for (size_t k = 0; k < n; k++)
            assert_int_equal((uint8_t)(data[k + 1] << 4 | data[k + 2] >> 4), (uint8_t)texts[i][k]);
    }
}

/* ---- its forms ---- */

static const char address[] = "otpauth://totp/Desk:sam?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                              "&issuer=Desk&algorithm=SHA1&digits=6&period=30";

static void the_drawing_holds_the_same_modules(void **state)
{
    static struct qr qr, drawn;
    struct buf svg;
    unsigned whole = 0;
    (void)state;
    assert_int_equal(qr_make(address, &qr, NULL), LK_OK);
    buf_init(&svg, lk_alloc_heap(), QR_MAX_SVG_BYTES);
    qr_put_svg(&qr, &svg);
    const char *p = strstr(buf_text(&svg), "viewBox=\"0 0 ");
    assert_non_null(p);
    assert_int_equal(sscanf(p, "viewBox=\"0 0 %u", &whole), 1);
    assert_int_equal(whole, qr.side + 2 * QUIET);
    drawn.side = qr.side;
    for (p = strstr(p, "d=\"") + 3; *p == 'M';) {
        unsigned x, y, n, back;
        int used = 0;
        assert_int_equal(sscanf(p, "M%u %uh%uv1h-%uz%n", &x, &y, &n, &back, &used), 4);
        assert_int_equal(n, back);
        for (unsigned i = 0; i < n; i++)
            drawn.is_dark[(y - QUIET) * qr.side + x - QUIET + i] = 1;
        p += used;
    }
    assert_string_equal(p, "\"/></svg>");
    assert_memory_equal(drawn.is_dark, qr.is_dark, qr.side * qr.side);
    buf_fini(&svg);
}

static void the_lines_hold_the_same_modules_and_a_quiet_zone(void **state)
{
    static struct qr qr;
    struct buf text;
    (void)state;
    assert_int_equal(qr_make(address, &qr, NULL), LK_OK);
    buf_init(&text, lk_alloc_heap(), 1 << 16);
    qr_put_text(&qr, &text);
    const char *p = buf_text(&text);
    unsigned whole = qr.side + 2 * QUIET;
    for (unsigned y = 0; y < whole; y += 2, p++) {
        for (unsigned x = 0; x < whole; x++) {
            bool upper = *p != ' ' && memcmp(p, "\u2584", 3) != 0;
            bool lower = *p != ' ' && memcmp(p, "\u2580", 3) != 0;
            p += *p == ' ' ? 1 : 3;
            bool inside = x >= QUIET && x < QUIET + qr.side;
            bool up_in = inside && y >= QUIET && y < QUIET + qr.side;
            bool down_in = inside && y + 1 >= QUIET && y + 1 < QUIET + qr.side;
            assert_int_equal(upper, !up_in || !dark(&qr, x - QUIET, y - QUIET));
            if (y + 1 < whole)
                assert_int_equal(lower, !down_in || !dark(&qr, x - QUIET, y + 1 - QUIET));
        }
        assert_int_equal(*p, '\n');
    }
    assert_int_equal(*p, '\0');
    buf_fini(&text);
}

static void no_text_and_too_much_of_it_are_refused(void **state)
{
    static char text[QR_MAX_TEXT_BYTES + 2];
    static struct qr qr;
    (void)state;
    assert_int_equal(qr_make("", &qr, NULL), LK_INVALID);
    memset(text, 'x', QR_MAX_TEXT_BYTES);
    assert_int_equal(qr_make(text, &qr, NULL), LK_OK);
    text[QR_MAX_TEXT_BYTES] = 'x';
    assert_int_equal(qr_make(text, &qr, NULL), LK_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_finds_the_text),
        cmocka_unit_test(the_drawing_holds_the_same_modules),
        cmocka_unit_test(the_lines_hold_the_same_modules_and_a_quiet_zone),
        cmocka_unit_test(no_text_and_too_much_of_it_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
