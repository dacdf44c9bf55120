/* docs/effects.md says to integrators what lk_match_action() says to programs. */
#include "../cmocka_all.h"

#include "base/arena.h"
#include "base/buf.h"
#include "sys/file.h"

#include <likeness/match.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_cell(char *row, size_t n_row, unsigned grade, unsigned tier)
{
    enum lk_action one = lk_match_action(grade, tier, false),
                   two = lk_match_action(grade, tier, true);
    size_t n = strlen(row);
    if (one == two)
        snprintf(row + n, n_row - n, " %s |", lk_action_name(one));
    else
        snprintf(row + n, n_row - n, " %s; %s when two prints agree |", lk_action_name(one),
                 lk_action_name(two));
}

static void the_page_has_every_row_of_the_table(void **state)
{
    static const unsigned grades[] = {LK_EXACT, LK_NEAR, LK_PARTIAL, LK_REVIEW};
    char path[1024];
    struct buf page;
    struct lk_error err;
    (void)state;
    snprintf(path, sizeof path, "%s/docs/effects.md", getenv("SOURCE_ROOT"));
    buf_init(&page, lk_alloc_heap(), 1 << 20);
    assert_int_equal(file_read_all(path, &page, &err), LK_OK);
    for (size_t i = 0; i < sizeof grades / sizeof *grades; i++) {
        char row[200];
        snprintf(row, sizeof row, "\n| %s |", lk_grade_name(grades[i]));
        for (unsigned tier = LK_TIER_SELF; tier <= LK_TIER_CONFIRMED; tier++)
            put_cell(row, sizeof row, grades[i], tier);
        strcat(row, "\n");
        if (strstr(buf_text(&page), row) == NULL)
            fail_msg("docs/effects.md has not the row%s", row);
    }
    buf_fini(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_has_every_row_of_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
