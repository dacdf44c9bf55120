/* paper/paper.h and the runner of helpers, sys/proc.h. What likeness-paper makes of descriptions is
 * in tests/paper. */
#include "../cmocka_all.h"
#include "paper/paper.h"
#include "sys/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUF_MAX = 1 << 20 };

static struct buf described(const char *text)
{
    struct buf out;
    buf_init(&out, lk_alloc_heap(), BUF_MAX);
    paper_begin(&out, "7d1f", 0);
    paper_lang(&out, "en", DOC_LTR);
    paper_put(&out, DOC_PARAGRAPH, text, NULL);
    buf_text(&out);
    return out;
}

static void assert_described(const char *text, const char *lines)
{
    struct buf out = described(text);
    static const char head[] =
        "likeness-paper 1\nid 7d1f\nmade 1970-01-01T00:00:00Z\nlang en ltr\nparagraph\n";
    assert_memory_equal(out.p, head, sizeof head - 1);
    assert_string_equal(out.p + sizeof head - 1, lines);
    buf_fini(&out);
}

static void each_line_of_a_text_is_marked(void **state)
{
    (void)state;
    assert_described("one", ">one\n");
    assert_described("one\n\npage\r\n=two", ">one\n>\n>page\n>=two\n");
    assert_described("a\xe2\x80\xa8"
                     "b\xc2\x85"
                     "c",
                     ">a\n>b\n>c\n");
    assert_described("", "");
}

static void what_is_no_text_is_replaced(void **state)
{
    (void)state;
    assert_described("a\x1b[31mb\tc", ">a\xef\xbf\xbd[31mb c\n");
    assert_described("\xff\xc3(", ">\xef\xbf\xbd\xef\xbf\xbd(\n");
}

static void what_turns_the_direction_of_others_is_shown(void **state)
{
    (void)state;
    assert_described("https://example.org/\xe2\x80\xae"
                     "gpj.exe\xe2\x81\xa6",
                     ">https://example.org/[U+202e]gpj.exe[U+2066]\n");
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct buf out = described("first\nsecond");
    struct arena arena;
    struct doc doc;
    struct lk_error err = {0};
    paper_lang(&out, "ar", DOC_RTL);
    paper_put(&out, DOC_ROW, "key", "value\nof two lines");
    paper_put(&out, DOC_PAGE, NULL, NULL);
    paper_put(&out, DOC_ROW, "", "no key");
    arena_init(&arena, lk_alloc_heap(), BUF_MAX);
    if (doc_parse(&arena, out.p, out.n, &doc, &err) != LK_OK)
        fail_msg("%s", err.text);
    assert_string_equal(doc.id, "7d1f");
    assert_int_equal(doc.n_blocks, 4);
    assert_string_equal(doc.blocks[0].text, "first\nsecond");
    assert_string_equal(doc.blocks[1].lang, "ar");
    assert_string_equal(doc.blocks[1].value, "value\nof two lines");
    assert_int_equal(doc.blocks[1].dir, DOC_RTL);
    assert_int_equal(doc.blocks[2].kind, DOC_PAGE);
    assert_string_equal(doc.blocks[3].text, "");
    assert_string_equal(doc.blocks[3].value, "no key");
    assert_false(doc.is_rtl);
    arena_fini(&arena);
    buf_fini(&out);
}

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    static const char text[] = "likeness-paper 1\nlang en ltr\nparagraph\n>x\npicture\n";
    struct arena arena;
    struct doc doc;
    struct lk_error err;
    arena_init(&arena, lk_alloc_heap(), BUF_MAX);
    assert_int_equal(doc_parse(&arena, text, sizeof text - 1, &doc, &err), LK_INVALID);
    assert_string_equal(err.text, "line 5 of the document: neither a block nor text");
    arena_fini(&arena);
}

/* ---- helpers ---- */

struct script {
    char path[64];
};

static struct script write_script(const char *body)
{
    struct script s = {"/tmp/likeness_proc_XXXXXX"};
    int fd = mkstemp(s.path);
    assert_true(fd >= 0);
    assert_int_equal(dprintf(fd, "#!/bin/sh\n%s\n", body), (int)strlen(body) + 11);
    assert_int_equal(fchmod(fd, 0700), 0);
    close(fd);
    return s;
}

struct run {
    struct buf out, said;
    enum lk_status status;
    int exit_code;
};

static struct run run_script(const char *body, const void *input, size_t n, size_t max,
                             int timeout_ms)
{
    struct script s = write_script(body);
    struct run r;
    buf_init(&r.out, lk_alloc_heap(), max);
    buf_init(&r.said, lk_alloc_heap(), 16);
    struct proc_filter p = {.path = s.path,
                            .input = input,
                            .n_input = n,
                            .timeout_ms = timeout_ms,
                            .out = &r.out,
                            .said = &r.said};
    r.status = proc_filter(&p, NULL);
    r.exit_code = p.exit_code;
    unlink(s.path);
    return r;
}

static void end_run(struct run *r)
{
    buf_fini(&r->out);
    buf_fini(&r->said);
}

static void a_helper_gets_its_input_and_gives_its_output(void **state)
{
    (void)state;
    size_t n = 600000;
    char *bytes = malloc(n);
    memset(bytes, 'x', n);
    struct run r = run_script("cat; echo said >&2; exit 7", bytes, n, BUF_MAX, 60000);
    assert_int_equal(r.status, LK_OK);
    assert_int_equal(r.exit_code, 7);
    assert_int_equal(r.out.n, n);
    assert_memory_equal(r.out.p, bytes, n);
    assert_string_equal(buf_text(&r.said), "said\n");
    end_run(&r);
    free(bytes);
}

static void a_helper_that_reads_nothing_is_no_error(void **state)
{
    (void)state;
    char bytes[300000] = {0};
    struct run r = run_script("exit 3", bytes, sizeof bytes, 100, 60000);
    assert_int_equal(r.status, LK_OK);
    assert_int_equal(r.exit_code, 3);
    end_run(&r);
}

static void a_helper_gets_no_environment(void **state)
{
    (void)state;
    setenv("LIKENESS_MASTER_KEY", "secret", 1);
    struct run r = run_script("echo \"[$LIKENESS_MASTER_KEY$HOME]\"", NULL, 0, 100, 60000);
    unsetenv("LIKENESS_MASTER_KEY");
    assert_string_equal(buf_text(&r.out), "[]\n");
    end_run(&r);
}

static void too_much_output_ends_a_helper(void **state)
{
    (void)state;
    struct run r = run_script("while :; do echo yes; done", NULL, 0, 1000, 60000);
    assert_int_equal(r.status, LK_LIMIT);
    end_run(&r);
    r = run_script("for i in 1 2 3 4 5 6 7 8 9; do echo complaint >&2; done", NULL, 0, 100, 60000);
    assert_int_equal(r.status, LK_OK);
    assert_int_equal(r.said.n, 16);
    end_run(&r);
}

static void a_helper_that_does_not_end_is_ended(void **state)
{
    (void)state;
    struct run r = run_script("exec sleep 100", NULL, 0, 100, 100);
    assert_int_equal(r.status, LK_BUSY);
    assert_int_equal(r.exit_code, -1);
    end_run(&r);
}

static void a_missing_helper_is_named(void **state)
{
    (void)state;
    struct lk_error err;
    char path[PROC_PATH_BYTES];
    unsetenv("LIKENESS_NO_SUCH");
    assert_int_equal(proc_find("likeness-no-such", "LIKENESS_NO_SUCH", path, &err), LK_NOT_FOUND);
    assert_non_null(strstr(err.text, "set LIKENESS_NO_SUCH to its path"));
    setenv("LIKENESS_NO_SUCH", "/nowhere/x", 1);
    assert_int_equal(proc_find("likeness-no-such", "LIKENESS_NO_SUCH", path, &err), LK_OK);
    struct buf description = described("x"), pdf;
    size_t n_missing;
    buf_init(&pdf, lk_alloc_heap(), 100);
    assert_int_equal(paper_set(&description, path, &pdf, &n_missing, &err), LK_NOT_FOUND);
    buf_fini(&description);
    unsetenv("LIKENESS_NO_SUCH");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_of_a_text_is_marked),
        cmocka_unit_test(what_is_no_text_is_replaced),
        cmocka_unit_test(what_turns_the_direction_of_others_is_shown),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_wrong_line_is_named),
        cmocka_unit_test(a_helper_gets_its_input_and_gives_its_output),
        cmocka_unit_test(a_helper_that_reads_nothing_is_no_error),
        cmocka_unit_test(a_helper_gets_no_environment),
        cmocka_unit_test(too_much_output_ends_a_helper),
        cmocka_unit_test(a_helper_that_does_not_end_is_ended),
        cmocka_unit_test(a_missing_helper_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
