#include "../cmocka_all.h"

#include "exchange/html_media.h"

#include <stdio.h>
#include <stdlib.h>

struct seen {
    char text[1024]; /* each with a line break */
    size_t n, most;
};

static bool see(void *ctx, const char *address)
{
    struct seen *s = ctx;
    size_t n = strlen(s->text);
    snprintf(s->text + n, sizeof s->text - n, "%s\n", address);
    return ++s->n < s->most;
}

static void assert_found(const char *html, const char *expected)
{
    struct seen s = {.most = 100};
    size_t n = html_media_scan(html, strlen(html), see, &s);
    assert_string_equal(s.text, expected);
    assert_int_equal(n, s.n);
}

static void media_of_a_page_are_found_in_its_order(void **state)
{
    (void)state;
    assert_found("<!doctype html><html><head><meta property=\"og:image\" content=\"/o.jpg\">"
                 "<meta content='t.png' name='Twitter:Image'><meta name=viewport content=x></head>"
                 "<body><IMG alt='a > b' SRC=a.jpg><img src = \"b.jpg\"/><img/src='c.jpg'>"
                 "<video poster=p.jpg src=v.mp4><source src=w.webm></video>"
                 "<audio><source src='s.mp3'></audio><a href=page.html>x</a>"
                 "<a href='full.JPEG?x=1#y'>y</a><img data-src=lazy.jpg src=data:image/gif,x>",
                 "/o.jpg\nt.png\na.jpg\nb.jpg\nc.jpg\nv.mp4\np.jpg\nw.webm\ns.mp3\n"
                 "full.JPEG?x=1#y\nlazy.jpg\n");
}

static void a_set_of_sizes_is_many_addresses(void **state)
{
    (void)state;
    assert_found("<img srcset='a.jpg 1x, b.jpg 2x,c,d.jpg 100w'>", "a.jpg\nb.jpg\nc,d.jpg\n");
    assert_found("<source srcset=' a.jpg, b.jpg ,, '>", "a.jpg\nb.jpg\n");
}

static void references_are_undone(void **state)
{
    (void)state;
    assert_found("<img src='a?b=1&amp;c=2&#38;d=&#x26;e&nbsp;&#0;&#10;&#300;&#x'>",
                 "a?b=1&c=2&d=&e&nbsp;&#0;&#10;&#300;&#x\n");
    assert_found("<img src='java&#115;cript:x'>", "javascript:x\n");
}

static void comments_scripts_and_styles_are_passed_over(void **state)
{
    (void)state;
    assert_found("<!-- <img src=a> --><script>'<img src=b>'</script><style><img src=c></style>"
                 "<imgx src=d></img src=e><img src=f>",
                 "f\n");
    assert_found("<!-- <img src=a>", "");
    assert_found("<script><img src=a>", "");
}

static void what_is_cut_off_is_no_harm(void **state)
{
    static const char page[] =
        "<img alt='x' src=\"a.jpg\" srcset='b.jpg 1x'><meta property=og:image "
        "content=c.jpg><!-- x --><script>x</script>&#x26;";
    (void)state;
    for (size_t n = 0; n < sizeof page; n++) {
        struct seen s = {.most = 100};
        char *exact = malloc(n + 1);
        assert_non_null(exact);
        memcpy(exact, page, n);
        assert_in_range(html_media_scan(exact, n, see, &s), 0, 3);
        free(exact);
    }
}

static void there_is_a_limit_to_one_address_and_to_all(void **state)
{
    static char page[HTML_MEDIA_MAX_BYTES + 100], many[HTML_MEDIA_MAX * 12 + 100];
    struct seen s = {.most = 100000};
    (void)state;
    memset(page, 'a', sizeof page - 1);
    memcpy(page, "<img src=", 9);
    page[sizeof page - 2] = '>';
    assert_found(page, "");
    for (size_t i = 0; i + 12 < sizeof many; i += 12)
        memcpy(many + i, "<img src='a'>", 12);
    for (size_t i = 11; i < sizeof many; i += 12)
        many[i] = '>';
    for (size_t i = 0; i + 12 < sizeof many; i += 12)
        memcpy(many + i, "<img src=a >", 12);
    assert_int_equal(html_media_scan(many, sizeof many, see, &s), HTML_MEDIA_MAX);
    s = (struct seen){.most = 2};
    assert_int_equal(html_media_scan(many, sizeof many, see, &s), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(media_of_a_page_are_found_in_its_order),
        cmocka_unit_test(a_set_of_sizes_is_many_addresses),
        cmocka_unit_test(references_are_undone),
        cmocka_unit_test(comments_scripts_and_styles_are_passed_over),
        cmocka_unit_test(what_is_cut_off_is_no_harm),
        cmocka_unit_test(there_is_a_limit_to_one_address_and_to_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
