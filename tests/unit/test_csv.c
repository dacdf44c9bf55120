#include "../cmocka_all.h"

#include "exchange/csv.h"

#include <stdio.h>

struct seen {
    char text[512]; /* "line:[a][b]\n" a row */
    size_t n_rows;
};

static enum lk_status see(void *ctx, const struct csv_row *row, struct lk_error *err)
{
    struct seen *s = ctx;
    size_t n = strlen(s->text);
    (void)err;
    n += (size_t)snprintf(s->text + n, sizeof s->text - n, "%d:", (int)row->line);
    for (size_t i = 0; i < row->n_fields && n < sizeof s->text; i++)
        n += (size_t)snprintf(s->text + n, sizeof s->text - n, "[%s]", row->fields[i]);
    if (n < sizeof s->text)
        snprintf(s->text + n, sizeof s->text - n, "\n");
    s->n_rows++;
    return LK_OK;
}

static enum lk_status read_in_steps(const char *text, size_t n, size_t step, struct seen *s,
                                    struct lk_error *err)
{
    struct csv c;
    enum lk_status status = LK_OK;
    *s = (struct seen){.n_rows = 0};
    csv_init(&c, see, s);
    for (size_t at = 0; at < n && status == LK_OK; at += step)
        status = csv_feed(&c, text + at, n - at < step ? n - at : step, err);
    if (status == LK_OK)
        status = csv_end(&c, err);
    csv_fini(&c);
    return status;
}

static const struct {
    const char *text, *rows;
} tables[] = {
    {"", ""},
    {"a", "1:[a]\n"},
    {"a,b\nc,d\n", "1:[a][b]\n2:[c][d]\n"},
    {"a,b\r\nc,d", "1:[a][b]\n2:[c][d]\n"},
    {"a\rb\r", "1:[a]\n1:[b]\n"},
    {",\n", "1:[][]\n"},
    {"a,,\n\n\nb\n", "1:[a][][]\n4:[b]\n"},
    {"\"a\"\"b\",\"c,d\ne\"\nf\n", "1:[a\"b][c,d\ne]\n3:[f]\n"},
    {"\"\"\n", "1:[]\n"},
    {"a;b,c\nd;e,f\n", "1:[a][b,c]\n2:[d][e,f]\n"},
    {"a\tb\nc\td;e\n", "1:[a][b]\n2:[c][d;e]\n"},
    {"a\nb,c\n", "1:[a]\n2:[b,c]\n"},
    {"\"a;b\",c\n", "1:[a;b][c]\n"},
    {"\xef\xbb\xbf"
     "a,b\n",
     "1:[a][b]\n"},
    {" a , b \n", "1:[ a ][ b ]\n"},
};

static void a_table_is_read_alike_in_whatever_steps_it_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (size_t step = 1; step <= 4; step++) {
            struct seen s;
            struct lk_error err = {0};
            if (read_in_steps(tables[i].text, strlen(tables[i].text), step, &s, &err) != LK_OK)
                fail_msg("table %zu: %s", i, err.text);
            assert_string_equal(s.text, tables[i].rows);
        }
}

static void assert_refused(const char *text, size_t n, enum lk_status expected, const char *why)
{
    struct seen s;
    struct lk_error err = {0};
    assert_int_equal(read_in_steps(text, n, 7, &s, &err), expected);
    assert_non_null(strstr(err.text, why));
}

static void a_quotation_mark_out_of_place_is_named_with_its_line(void **state)
{
    (void)state;
    assert_refused("a\nb\"c\n", 6, LK_INVALID, "line 2: a field with a quotation mark");
    assert_refused("\"a\"b\n", 5, LK_INVALID, "line 1: a field with a quotation mark");
    assert_refused("x\ny\n\"a\n\n", 8, LK_INVALID, "line 3: a quotation mark is never closed");
    assert_refused("a\n\0", 3, LK_INVALID, "line 2: a zero byte");
}

static void a_row_is_bounded(void **state)
{
    static char text[CSV_MAX_ROW_BYTES + CSV_MAX_FIELDS + 2];
    struct seen s;
    (void)state;
    memset(text, 'a', sizeof text);
    assert_refused(text, sizeof text, LK_LIMIT, "line 1: a row holds at most 65536 bytes");
    assert_int_equal(read_in_steps(text, CSV_MAX_ROW_BYTES, 1000, &s, NULL), LK_OK);
    memset(text, ',', sizeof text);
    assert_refused(text, CSV_MAX_FIELDS, LK_LIMIT, "line 1: a row holds at most 64 fields");
    assert_int_equal(read_in_steps(text, CSV_MAX_FIELDS - 1, 1000, &s, NULL), LK_OK);
}

static void what_is_written_is_read_back_and_is_no_formula(void **state)
{
    static const char *const fields[] = {"a",  "a,b",      "say \"so\"", "two\nlines",
                                         "",   "tab\tbed", "=1",         "+1",
                                         "-1", "@x",       "a=1",        "https://x/?a=b"};
    struct seen s;
    struct buf out;
    char expected[512] = "1:";
    (void)state;
    buf_init(&out, lk_alloc_heap(), 4096);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        csv_put(&out, fields[i], i + 1 < sizeof fields / sizeof fields[0] ? ',' : '\n');
        size_t n = strlen(expected);
        snprintf(expected + n, sizeof expected - n, "[%s%s]", i >= 6 && i <= 9 ? "'" : "",
                 fields[i]);
    }
    strcat(expected, "\n");
    assert_int_equal(read_in_steps(buf_text(&out), out.n, 5, &s, NULL), LK_OK);
    assert_string_equal(s.text, expected);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read_alike_in_whatever_steps_it_comes),
        cmocka_unit_test(a_quotation_mark_out_of_place_is_named_with_its_line),
        cmocka_unit_test(a_row_is_bounded),
        cmocka_unit_test(what_is_written_is_read_back_and_is_no_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
