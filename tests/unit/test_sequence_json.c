#include "../cmocka_all.h"

#include "exchange/sequence_json.h"

#define PRINT "f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static enum lk_status read_text(const char *text, struct lk_sequence *out, struct lk_error *err)
{
    struct json_tree *tree;
    enum lk_status status = json_tree_parse(text, strlen(text), &tree, err);
    if (status != LK_OK)
        return status;
    status = sequence_json_read(tree, &arena, out, err);
    json_tree_free(tree);
    return status;
}

static void what_was_written_reads_back_the_same(void **state)
{
    (void)state;
    struct lk_record records[2] = {
        {.kind = LK_WHOLE, .front_end = LK_SCALED, .quality = 97, .frame = {128, 128, 255, 5}},
        {.kind = LK_ANCHOR, .quality = 0, .frame = {0, 255, 17, 9}},
    };
    for (unsigned i = 0; i < 4; i++)
        records[1].print.w[i] = records[0].print.w[i] = 0x0123456789abcdefull * (i + 1);
    struct lk_sequence in = {.medium = LK_IMAGE, .records = records, .n_records = 2};
    in.n_digests = 3;
    in.digests[0].type = LK_DIGEST_MD5;
    in.digests[1].type = LK_DIGEST_KEYED_SHA256;
    memset(in.digests[0].bytes, 0xab, 16);
    in.digests[2].type = LK_DIGEST_SHA1;
    memset(in.digests[1].bytes, 0xcd, 32);
    memset(in.digests[2].bytes, 0xef, 20);

    struct buf text;
    buf_init(&text, lk_alloc_heap(), 1 << 16);
    struct json j;
    json_init(&j, &text);
    sequence_json_write(&j, &in);

    struct lk_sequence out;
    struct lk_error err = {0};
    assert_int_equal(read_text(buf_text(&text), &out, &err), LK_OK);
    buf_fini(&text);
    assert_int_equal(out.medium, LK_IMAGE);
    assert_int_equal(out.n_records, 2);
    assert_memory_equal(out.records, records, sizeof records);
    assert_int_equal(out.n_digests, 3);
    assert_memory_equal(out.digests, in.digests, 3 * sizeof in.digests[0]);
}

static void a_video_keeps_times_and_duration(void **state)
{
    (void)state;
    struct lk_sequence out;
    struct lk_error err = {0};
    assert_int_equal(read_text("{\"medium\":\"video\",\"duration_ms\":9000,\"records\":[{\"kind\":"
                               "\"frame\",\"front_end\":\"ref512\",\"quality\":1,\"time_ms\":"
                               "4294967295,\"print\":\"" PRINT "\"}]}",
                               &out, &err),
                     LK_OK);
    assert_int_equal(out.duration_ms, 9000);
    assert_int_equal(out.records[0].time_ms, 4294967295u);
    assert_int_equal(out.records[0].front_end, LK_REF512);
}

static void each_wrong_shape_is_refused_with_its_place(void **state)
{
    (void)state;
#define RECORD(members) "{\"medium\":\"image\",\"records\":[{" members "}]}"
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"[]", "sequence: a JSON object is expected"},
        {"{}", "medium is missing or not a name that is known"},
        {"{\"medium\":\"image\"}", "a sequence needs at least one record or digest"},
        {"{\"medium\":\"image\",\"records\":{}}", "records must be a list of at most 65535"},
        {"{\"medium\":\"image\",\"file\":\"x.jpg\"}", "sequence: the member 'file' is not known"},
        {RECORD("\"kind\":\"whole\""), "record 0: quality is missing"},
        {RECORD("\"kind\":\"whole\",\"quality\":101"),
         "record 0: quality must be a whole number from 0 to 100"},
        {RECORD("\"kind\":\"whole\",\"quality\":50.0"),
         "record 0: quality must be a whole number from 0 to 100"},
        {RECORD("\"kind\":\"whole\",\"quality\":50"), "record 0: print is missing or not a text"},
        {RECORD("\"kind\":\"whole\",\"quality\":50,\"print\":\"abc\""),
         "record 0: a print has 64 hexadecimal digits, not 3"},
        {RECORD("\"kind\":\"whole\",\"quality\":50,\"print\":\"" PRINT "\""),
         "record 0: front end 0 is not known"},
        {RECORD("\"kind\":\"sound\",\"quality\":50,\"print\":\"" PRINT "\""),
         "record 0: kind 'sound' does not belong to image"},
        {"{\"medium\":\"image\",\"digests\":[{\"type\":\"md5\",\"value\":\"00\"}]}",
         "the value of a digest of type md5 has 32 hexadecimal digits"},
        {"{\"medium\":\"image\",\"digests\":[{\"type\":\"sha1\",\"value\":\"00\"}]}",
         "the value of a digest of type sha1 has 40 hexadecimal digits"},
        {"{\"medium\":\"image\",\"digests\":[{\"type\":\"crc32\",\"value\":\"00\"}]}",
         "the type of a digest is md5, sha1 or keyed_sha256"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct lk_sequence out;
        struct lk_error err = {0};
        assert_int_equal(read_text(wrong[i].text, &out, &err), LK_INVALID);
        assert_string_equal(err.text, wrong[i].says);
    }
}

static void a_list_longer_than_the_limit_is_refused(void **state)
{
    (void)state;
    const char *text = "[{},{}]";
    struct json_tree *tree;
    struct lk_error err = {0};
    assert_int_equal(json_tree_parse(text, strlen(text), &tree, &err), LK_OK);
    struct lk_sequence *out;
    size_t n;
    assert_int_equal(sequence_json_read_list(tree, 1, &arena, &out, &n, &err), LK_LIMIT);
    assert_string_equal(err.text, "2 sequences; the limit is 1");
    assert_int_equal(sequence_json_read_list(tree, 2, &arena, &out, &n, &err), LK_INVALID);
    assert_string_equal(err.text, "sequence 0: medium is missing or not a name that is known");
    json_tree_free(tree);
}

static void the_arena_limit_is_an_error_not_a_crash(void **state)
{
    (void)state;
    struct arena small;
    arena_init(&small, lk_alloc_heap(), 8);
    const char *text = "{\"medium\":\"image\",\"records\":[{},{},{},{}]}";
    struct json_tree *tree;
    struct lk_error err = {0};
    struct lk_sequence out;
    assert_int_equal(json_tree_parse(text, strlen(text), &tree, &err), LK_OK);
    assert_int_equal(sequence_json_read(tree, &small, &out, &err), LK_NOMEM);
    json_tree_free(tree);
    arena_fini(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_reads_back_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_video_keeps_times_and_duration, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_wrong_shape_is_refused_with_its_place, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_list_longer_than_the_limit_is_refused, set_up, tear_down),
        cmocka_unit_test(the_arena_limit_is_an_error_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
