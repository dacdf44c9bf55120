/* The sealed file that grows at its end, cut and damaged at every place. */
#include "../cmocka_all.h"

#include "base/err.h"
#include "node/journal.h"
#include "sys/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char head[JOURNAL_HEAD_BYTES] = {'T', 'E', 'S', 'T', 1};

struct place {
    char directory[64], path[96], key_path[96];
    struct keys *keys;
};

/* What was read: the records' texts, each behind a comma. */
struct seen {
    char text[256];
};

static enum lk_status see(void *ctx, const uint8_t *bytes, size_t n, struct lk_error *err)
{
    struct seen *seen = ctx;
    size_t at = strlen(seen->text);
    (void)err;
    assert_true(at + n + 2 < sizeof seen->text);
    seen->text[at] = ',';
    memcpy(seen->text + at + 1, bytes, n);
    seen->text[at + 1 + n] = '\0';
    return LK_OK;
}

static void open_place(struct place *p)
{
    struct lk_error err;
    strcpy(p->directory, "/tmp/likeness-journal-XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    snprintf(p->path, sizeof p->path, "%s/journal", p->directory);
    snprintf(p->key_path, sizeof p->key_path, "%s/key", p->directory);
    assert_int_equal(keys_load(p->key_path, true, &p->keys, &err), LK_OK);
}

static void close_place(struct place *p)
{
    keys_free(p->keys);
    unlink(p->path);
    unlink(p->key_path);
    assert_int_equal(rmdir(p->directory), 0);
}

static struct journal *open_journal(const struct place *p, struct seen *seen)
{
    struct journal *j;
    struct lk_error err;
    seen->text[0] = '\0';
    assert_int_equal(journal_open(p->path, head, p->keys, see, seen, &j, &err), LK_OK);
    return j;
}

static void add(struct journal *j, const char *text)
{
    journal_add(j, text, strlen(text));
}

static void commit(struct journal *j)
{
    struct lk_error err;
    assert_int_equal(journal_commit(j, &err), LK_OK);
}

static size_t read_bytes(const char *path, uint8_t *bytes, size_t room)
{
    struct lk_error err;
    size_t n = 0;
    int fd;
    assert_int_equal(file_open(path, O_RDONLY, 0, &fd, &err), LK_OK);
    assert_int_equal(file_read(fd, bytes, room, &n, &err), LK_OK);
    close(fd);
    return n;
}

static void write_bytes(const char *path, const uint8_t *bytes, size_t n)
{
    struct lk_error err;
    assert_int_equal(file_replace(path, bytes, n, 0600, &err), LK_OK);
}

static void what_was_committed_is_read_again_in_order(void **state)
{
    (void)state;
    struct place p;
    struct seen seen;
    open_place(&p);
    struct journal *j = open_journal(&p, &seen);
    add(j, "one");
    add(j, "two");
    commit(j);
    add(j, "three");
    commit(j);
    add(j, "dropped");
    journal_drop(j);
    commit(j);
    add(j, "never committed");
    journal_close(j);
    j = open_journal(&p, &seen);
    assert_string_equal(seen.text, ",one,two,three");
    add(j, "four");
    commit(j);
    journal_close(j);
    journal_close(open_journal(&p, &seen));
    assert_string_equal(seen.text, ",one,two,three,four");
    close_place(&p);
}

static void cut_off_anywhere_in_its_last_frame_it_has_what_came_before(void **state)
{
    (void)state;
    struct place p;
    struct seen seen;
    uint8_t bytes[1024];
    open_place(&p);
    struct journal *j = open_journal(&p, &seen);
    add(j, "kept");
    commit(j);
    size_t n_kept = read_bytes(p.path, bytes, sizeof bytes);
    add(j, "lost");
    add(j, "too");
    commit(j);
    journal_close(j);
    size_t n = read_bytes(p.path, bytes, sizeof bytes);
    for (size_t cut = n_kept; cut < n; cut++) {
        write_bytes(p.path, bytes, cut);
        j = open_journal(&p, &seen);
        assert_string_equal(seen.text, ",kept");
        add(j, "after");
        commit(j);
        journal_close(j);
        journal_close(open_journal(&p, &seen));
        assert_string_equal(seen.text, ",kept,after");
    }
    close_place(&p);
}

static void a_bit_that_changed_is_never_read_as_something_else(void **state)
{
    (void)state;
    struct place p;
    struct seen seen;
    uint8_t bytes[1024];
    open_place(&p);
    struct journal *j = open_journal(&p, &seen);
    add(j, "right");
    commit(j);
    journal_close(j);
    size_t n = read_bytes(p.path, bytes, sizeof bytes);
    for (size_t i = 0; i < n; i++) {
        struct lk_error err;
        bytes[i] ^= 1;
        write_bytes(p.path, bytes, n);
        seen.text[0] = '\0';
        enum lk_status status = journal_open(p.path, head, p.keys, see, &seen, &j, &err);
        assert_true(status == LK_OK || status == LK_CORRUPT);
        assert_string_equal(seen.text, "");
        if (status == LK_OK)
            journal_close(j);
        bytes[i] ^= 1;
    }
    close_place(&p);
}

static void another_key_opens_nothing(void **state)
{
    (void)state;
    struct place p, other;
    struct seen seen;
    struct lk_error err;
    struct journal *j;
    open_place(&p);
    open_place(&other);
    journal_close(open_journal(&p, &seen));
    assert_int_equal(journal_open(p.path, head, other.keys, see, &seen, &j, &err), LK_CORRUPT);
    close_place(&other);
    close_place(&p);
}

static void write_anew(void *ctx, struct journal *anew)
{
    add(anew, ctx);
}

static void written_anew_it_has_only_the_new_and_goes_on_growing(void **state)
{
    (void)state;
    struct place p;
    struct seen seen;
    struct lk_error err;
    char text[] = "all";
    open_place(&p);
    struct journal *j = open_journal(&p, &seen);
    add(j, "old");
    commit(j);
    assert_int_equal(journal_rewrite(j, write_anew, text, &err), LK_OK);
    add(j, "more");
    commit(j);
    journal_close(j);
    journal_close(open_journal(&p, &seen));
    assert_string_equal(seen.text, ",all,more");
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_committed_is_read_again_in_order),
        cmocka_unit_test(cut_off_anywhere_in_its_last_frame_it_has_what_came_before),
        cmocka_unit_test(a_bit_that_changed_is_never_read_as_something_else),
        cmocka_unit_test(another_key_opens_nothing),
        cmocka_unit_test(written_anew_it_has_only_the_new_and_goes_on_growing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
