#include "../cmocka_all.h"

#include "exchange/url_list.h"

#include <stdio.h>

struct seen {
    char text[512], unknown[128];
};

static enum lk_status see(void *ctx, const struct url_line *line, struct lk_error *err)
{
    struct seen *s = ctx;
    size_t n = strlen(s->text);
    (void)err;
    snprintf(s->text + n, sizeof s->text - n, "%d %s|%s|%s|%s|%s\n", (int)line->line, line->url,
             line->case_id, line->platform, line->note, line->found);
    return LK_OK;
}

static void see_unknown(void *ctx, const char *heading)
{
    struct seen *s = ctx;
    size_t n = strlen(s->unknown);
    snprintf(s->unknown + n, sizeof s->unknown - n, "%s,", heading);
}

static enum lk_status read_list(const char *text, struct seen *s, struct lk_error *err)
{
    struct url_list list = {.take = see, .unknown = see_unknown, .ctx = s};
    *s = (struct seen){.text = ""};
    url_list_init(&list);
    enum lk_status status = url_list_feed(&list, text, strlen(text), err);
    if (status == LK_OK)
        status = url_list_end(&list, err);
    url_list_fini(&list);
    return status;
}

static void columns_are_found_by_their_headings_in_any_order(void **state)
{
    struct seen s;
    (void)state;
    assert_int_equal(read_list("Found;NOTE; Case ;Link;platform\n"
                               "2026-11-24;seen;c1; https://a.example/1 ;A\n"
                               ";;c2\n",
                               &s, NULL),
                     LK_OK);
    assert_string_equal(s.text, "2 https://a.example/1|c1|A|seen|2026-11-24\n3 |c2|||\n");
    assert_string_equal(s.unknown, "");
}

static void columns_nobody_knows_are_told_and_passed_over(void **state)
{
    struct seen s;
    (void)state;
    assert_int_equal(read_list("score,url,case,Title\n0.9,u,c,t\n", &s, NULL), LK_OK);
    assert_string_equal(s.text, "2 u|c|||\n");
    assert_string_equal(s.unknown, "score,Title,");
}

static void a_list_without_its_headings_is_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } lists[] = {
        {"", "no line of headings"},
        {"case,note\n", "headed url, link or address"},
        {"https://a.example/,c\n", "headed url, link or address"},
        {"url,note\n", "headed case"},
        {"url,case,link\n", "two columns say the same"},
        {"url2,case\n", "headed url, link or address"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct seen s;
        struct lk_error err = {0};
        assert_int_equal(read_list(lists[i].text, &s, &err), LK_INVALID);
        assert_non_null(strstr(err.text, lists[i].why));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_their_headings_in_any_order),
        cmocka_unit_test(columns_nobody_knows_are_told_and_passed_over),
        cmocka_unit_test(a_list_without_its_headings_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
