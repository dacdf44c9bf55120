#include "../cmocka_all.h"
#include "law/help.h"

#include <string.h>

struct fixture {
    struct arena arena;
    struct law_help_list list;
};

static int set_up(void **state)
{
    static struct fixture f;
    arena_init(&f.arena, lk_alloc_heap(), 1 << 20);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_fini(&((struct fixture *)*state)->arena);
    return 0;
}

static void ask(struct fixture *f, const char *country, enum law_ages ages)
{
    struct lk_error err = {0};
    assert_int_equal(law_help(&f->arena, country, ages, &f->list, &err), LK_OK);
}

static const struct law_help *find(const struct fixture *f, const char *url)
{
    for (size_t i = 0; i < f->list.n; i++) {
        if (strcmp(f->list.entries[i].url, url) == 0)
            return &f->list.entries[i];
    }
    return NULL;
}

static void children_get_the_tools_for_children_in_every_country(void **state)
{
    struct fixture *f = *state;
    struct law_country country;
    size_t n = 0;
    for (; law_country_at(n, &country); n++) {
        ask(f, country.code, LAW_UNDER_18);
        assert_non_null(find(f, "https://takeitdown.ncmec.org/"));
        assert_non_null(find(f, "https://www.inhope.org/"));
        assert_null(find(f, "https://stopncii.org/"));
        assert_non_null(country.emergency_number);
    }
    assert_true(n >= 30);
}

static void adults_get_no_child_hotline(void **state)
{
    struct fixture *f = *state;
    ask(f, "gb", LAW_ADULT);
    assert_non_null(find(f, "https://revengepornhelpline.org.uk/"));
    assert_non_null(find(f, "https://stopncii.org/"));
    assert_null(find(f, "https://www.childline.org.uk/remove"));
}

static void a_phone_number_is_given_only_when_it_was_verified(void **state)
{
    struct fixture *f = *state;
    ask(f, "gb", LAW_ADULT);
    assert_string_equal(find(f, "https://revengepornhelpline.org.uk/")->phone, "+44 345 6000 459");
    assert_null(find(f, "https://www.samaritans.org/")->phone);
    assert_false(find(f, "https://www.samaritans.org/")->is_checked);
}

static void members_of_the_union_get_its_lines_too(void **state)
{
    struct fixture *f = *state;
    ask(f, "de", LAW_UNDER_18);
    const struct law_help *line = find(f, "https://www.childhelplineinternational.org/");
    assert_non_null(line);
    assert_int_equal(line->reach, LAW_REGIONAL);
    assert_int_equal(f->list.entries[0].reach, LAW_NATIONAL);
    assert_true(f->list.entries[0].is_for_age);
}

static void an_unknown_country_gets_what_is_worldwide(void **state)
{
    struct fixture *f = *state;
    ask(f, "zz", LAW_ADULT);
    assert_true(f->list.n > 0);
    for (size_t i = 0; i < f->list.n; i++)
        assert_int_equal(f->list.entries[i].reach, LAW_WORLDWIDE);
    struct law_country country;
    assert_false(law_country_find("eu", &country));
    assert_false(law_country_find(NULL, &country));
    assert_true(law_country_find("us", &country));
}

static void an_address_is_never_listed_twice(void **state)
{
    struct fixture *f = *state;
    ask(f, "us", LAW_ADULT);
    for (size_t i = 0; i < f->list.n; i++) {
        assert_ptr_equal(find(f, f->list.entries[i].url), &f->list.entries[i]);
        assert_true(strncmp(f->list.entries[i].url, "https://", 8) == 0);
    }
}

static void too_little_memory_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct arena small;
    struct lk_error err = {0};
    arena_init(&small, lk_alloc_heap(), 4096);
    assert_int_equal(law_help(&small, "us", LAW_ADULT, &f->list, &err), LK_NOMEM);
    arena_fini(&small);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(children_get_the_tools_for_children_in_every_country),
        TEST(adults_get_no_child_hotline),
        TEST(a_phone_number_is_given_only_when_it_was_verified),
        TEST(members_of_the_union_get_its_lines_too),
        TEST(an_unknown_country_gets_what_is_worldwide),
        TEST(an_address_is_never_listed_twice),
        TEST(too_little_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("help", tests, NULL, NULL);
}
