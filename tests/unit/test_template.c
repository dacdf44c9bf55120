#include "../cmocka_all.h"
#include "service/template.h"

#include <string.h>

struct fixture {
    struct arena arena;
    struct buf out;
    struct view *view;
    struct lk_error err;
};

static int set_up(void **state)
{
    static struct fixture f;
    memset(&f, 0, sizeof f);
    arena_init(&f.arena, lk_alloc_heap(), 1 << 16);
    buf_init(&f.out, lk_alloc_heap(), 1 << 16);
    f.view = view_new(&f.arena);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_fini(&f->arena);
    buf_fini(&f->out);
    return 0;
}

static enum lk_status render(struct fixture *f, const char *text)
{
    struct template_text texts[] = {
        {"page", text, strlen(text)},
        {"part", "<b>{{name}}</b>", 15},
        {"loop", "{{>loop}}", 9},
    };
    struct template_set set = {texts, 3};
    buf_clear(&f->out);
    return template_render(&set, "page", f->view, locale_find("es"), &f->out, &f->err);
}

static void check(struct fixture *f, const char *text, const char *expected)
{
    assert_int_equal(render(f, text), LK_OK);
    assert_string_equal(buf_text(&f->out), expected);
}

static void check_error(struct fixture *f, const char *text, const char *piece)
{
    assert_int_equal(render(f, text), LK_INTERNAL);
    assert_non_null(strstr(f->err.text, piece));
}

static void markup_is_written_as_it_is_only_where_both_sides_say_so(void **state)
{
    struct fixture *f = *state;
    view_text(f->view, "name", "<b>");
    view_markup(f->view, "drawing", "<svg></svg>");
    check(f, "<p>{{=drawing}}</p>{{name}}", "<p><svg></svg></p>&lt;b&gt;");
    check_error(f, "{{=name}}", "name");
    check_error(f, "{{drawing}}", "drawing");
    check_error(f, "{{_ a %drawing% b}}", "drawing");
    check_error(f, "{{=nothing}}", "nothing");
    view_text(f->view, "drawing", "<i>");
    check_error(f, "{{=drawing}}", "drawing");
}

static void values_are_escaped_in_text_and_in_attributes(void **state)
{
    struct fixture *f = *state;
    view_text(f->view, "name", "<script>alert(\"a\" + 'b')</script> & co");
    check(f, "<p title=\"{{name}}\">{{name}}</p>",
          "<p title=\"&lt;script&gt;alert(&quot;a&quot; + &#39;b&#39;)&lt;/script&gt; &amp; co\">"
          "&lt;script&gt;alert(&quot;a&quot; + &#39;b&#39;)&lt;/script&gt; &amp; co</p>");
}

static void bytes_that_are_not_utf8_are_replaced(void **state)
{
    struct fixture *f = *state;
    view_text(f->view, "name", "a\xff\xc0<z");
    check(f, "{{name}}", "a\xef\xbf\xbd\xef\xbf\xbd&lt;z");
}

static void values_inside_messages_and_partials_are_escaped_too(void **state)
{
    struct fixture *f = *state;
    view_text(f->view, "name", "<i>");
    check(f, "{{_ Found at %name%, 5 % off}}|{{>part}}",
          "Found at &lt;i&gt;, 5 % off|<b>&lt;i&gt;</b>");
}

static void there_is_no_form_that_leaves_a_value_as_it_is(void **state)
{
    struct fixture *f = *state;
    view_text(f->view, "name", "<i>");
    check_error(f, "{{{name}}}", "unknown tag");
    check_error(f, "{{&name}}", "unknown tag");
    check_error(f, "{{!name}}", "unknown tag");
}

static void a_section_repeats_for_every_element_and_sees_the_values_around(void **state)
{
    struct fixture *f = *state;
    view_text(f->view, "outer", "o");
    view_list(f->view, "none");
    for (uint64_t i = 1; i <= 3; i++)
        view_u64(view_add(f->view, "list"), "i", i);
    check(f, "{{#list}}{{i}}{{outer}} {{/list}}{{#none}}x{{/none}}{{^none}}nothing{{/none}}",
          "1o 2o 3o nothing");
}

static void a_section_shows_for_a_flag_or_a_text_that_is_not_empty(void **state)
{
    struct fixture *f = *state;
    view_flag(f->view, "yes", true);
    view_flag(f->view, "no", false);
    view_text(f->view, "text", "t");
    view_text(f->view, "empty", NULL);
    check(f, "{{#yes}}1{{#text}}{{text}}{{/text}}{{/yes}}{{#no}}2{{/no}}{{^empty}}3{{/empty}}",
          "1t3");
}

static void messages_are_looked_up_with_white_space_made_single(void **state)
{
    struct fixture *f = *state;
    check(f, "{{_ Start}}|{{_\n   Start }}|{{_ never  translated\n  text}}",
          "Empezar|Empezar|never translated text");
}

static void a_name_that_nobody_set_is_an_error(void **state)
{
    struct fixture *f = *state;
    check_error(f, "{{name}}", "nobody set the text 'name'");
    check_error(f, "{{#name}}{{/name}}", "nobody set 'name'");
    check_error(f, "{{_ at %name%}}", "nobody set the text 'name'");
    view_flag(f->view, "flag", true);
    check_error(f, "{{flag}}", "nobody set the text 'flag'");
}

static void wrong_syntax_is_an_error(void **state)
{
    struct fixture *f = *state;
    view_flag(f->view, "a", true);
    view_flag(f->view, "b", true);
    check_error(f, "{{#a}}{{#b}}{{/a}}{{/b}}", "another name: 'b'");
    check_error(f, "{{#a}}", "does not end: 'a'");
    check_error(f, "{{/a}}", "did not begin: 'a'");
    check_error(f, "text {{a", "does not end");
    check_error(f, "{{>missing}}", "no template 'missing'");
    check_error(f, "{{>loop}}", "nested too deeply");
    check_error(f, "{{}}", "unknown tag");
    check_error(f, "{{A b}}", "unknown tag");
}

static void our_own_templates_are_well_formed(void **state)
{
    struct fixture *f = *state;
    if (template_check(template_builtin(), &f->err) != LK_OK)
        fail_msg("%s", f->err.text);
    assert_true(template_builtin()->n >= 15);
}

static void running_out_of_memory_is_told_when_rendering(void **state)
{
    struct fixture *f = *state;
    struct arena small;
    arena_init(&small, lk_alloc_heap(), 2048);
    f->view = view_new(&small);
    for (int i = 0; i < 100; i++)
        (void)view_add(f->view, "list");
    assert_int_equal(render(f, "{{#list}}x{{/list}}"), LK_NOMEM);
    arena_fini(&small);
}

static void the_browser_chooses_the_language(void **state)
{
    (void)state;
    assert_string_equal(locale_accept(NULL, NULL)->code, "en");
    assert_string_equal(locale_accept("", NULL)->code, "en");
    assert_string_equal(locale_accept("es", NULL)->code, "es");
    assert_string_equal(locale_accept("es-MX,es;q=0.9,en;q=0.8", NULL)->code, "es");
    assert_string_equal(locale_accept("xx, en;q=0.3, ES-419;q=0.7", NULL)->code, "es");
    assert_string_equal(locale_accept("en-GB, es;q=0.9", NULL)->code, "en");
    assert_string_equal(locale_accept("xx;q=,;;,,es;q=0", NULL)->code, "en");
    assert_string_equal(locale_accept("es;q=0.001", NULL)->code, "es");
    assert_string_equal(locale_accept("es", "en")->code, "en");
    assert_string_equal(locale_accept("es", "fr es")->code, "es");
    assert_string_equal(locale_accept("es", "en,es")->code, "es");
    assert_int_equal(locale_check_list("en,es", NULL), LK_OK);
    assert_int_equal(locale_check_list("en,klingon", NULL), LK_INVALID);
    assert_string_equal(locale_find("ES")->code, "es");
    assert_null(locale_find("esx"));
    assert_null(locale_find(NULL));
    assert_string_equal(locale_text(locale_find("es"), "Start"), "Empezar");
    assert_string_equal(locale_text(locale_find("es"), "zzz"), "zzz");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(markup_is_written_as_it_is_only_where_both_sides_say_so),
        TEST(values_are_escaped_in_text_and_in_attributes),
        TEST(bytes_that_are_not_utf8_are_replaced),
        TEST(values_inside_messages_and_partials_are_escaped_too),
        TEST(there_is_no_form_that_leaves_a_value_as_it_is),
        TEST(a_section_repeats_for_every_element_and_sees_the_values_around),
        TEST(a_section_shows_for_a_flag_or_a_text_that_is_not_empty),
        TEST(messages_are_looked_up_with_white_space_made_single),
        TEST(a_name_that_nobody_set_is_an_error),
        TEST(wrong_syntax_is_an_error),
        TEST(our_own_templates_are_well_formed),
        TEST(running_out_of_memory_is_told_when_rendering),
        TEST(the_browser_chooses_the_language),
    };
    return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
