/* Lists of hashes of others: golden files (tests/golden/foreign), and the ways in which what is
 * sent in the world departs from them. */
#include "../cmocka_all.h"

#include "exchange/ncmec.h"
#include "exchange/stopncii.h"
#include "exchange/threat_updates.h"
#include "sys/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PDQ  "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
#define MD5  "00112233445566778899aabbccddeeff"
#define SHA1 MD5 "00112233"

static struct arena arena;
static struct buf text;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, lk_alloc_heap(), 1 << 22);
    buf_init(&text, lk_alloc_heap(), 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&text);
    arena_fini(&arena);
    return 0;
}

static struct foreign_print print_of(unsigned type, const char *hex)
{
    struct foreign_print print;
    assert_true(foreign_print_read(type, hex, &print));
    return print;
}

/* The file without its last line break where what we write has none. */
static const char *golden(const char *name)
{
    char path[4096];
    struct buf file;
    snprintf(path, sizeof path, "%s/tests/golden/foreign/%s", getenv("SOURCE_ROOT"), name);
    buf_init(&file, &arena.alloc, 1 << 16);
    assert_int_equal(file_read_all(path, &file, NULL), LK_OK);
    if (strstr(name, ".json") != NULL)
        file.p[--file.n] = '\0';
    return buf_text(&file);
}

static void assert_same_record(const struct foreign_record *a, const struct foreign_record *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->owner, b->owner);
    assert_int_equal(a->is_video, b->is_video);
    assert_int_equal(a->is_withdrawn, b->is_withdrawn);
    assert_int_equal(a->modified_s, b->modified_s);
    assert_int_equal(a->n_prints, b->n_prints);
    assert_memory_equal(a->prints, b->prints, sizeof a->prints);
    assert_int_equal(a->n_tags, b->n_tags);
    for (size_t i = 0; i < a->n_tags; i++)
        assert_string_equal(a->tags[i], b->tags[i]);
}

static void assert_same_page(const struct foreign_page *a, const struct foreign_page *b)
{
    assert_int_equal(a->n_records, b->n_records);
    for (size_t i = 0; i < a->n_records; i++)
        assert_same_record(&a->records[i], &b->records[i]);
    assert_int_equal(a->has_more, b->has_more);
    assert_int_equal(a->until_s, b->until_s);
    assert_int_equal(a->next == NULL, b->next == NULL);
    if (a->next != NULL)
        assert_string_equal(a->next, b->next);
    assert_int_equal(b->n_dropped, 0);
}

static void a_page_of_stopncii_is_the_golden_file_both_ways(void **state)
{
    (void)state;
    struct foreign_record records[2] = {
        {.id = "", .owner = "", .modified_s = 1700000100, .n_prints = 1},
        {.id = "",
         .owner = "",
         .modified_s = 1700000300,
         .n_prints = 1,
         .is_video = true,
         .is_withdrawn = true}};
    records[0].prints[0] = print_of(FOREIGN_PDQ, PDQ);
    records[1].prints[0] = print_of(FOREIGN_MD5, MD5);
    struct foreign_page page = {records, 2, 0, true, "5a", 1700000300}, back;
    stopncii_page_write(&text, &page);
    assert_string_equal(buf_text(&text), golden("stopncii_page.json"));
    assert_int_equal(stopncii_page_read(text.p, text.n, &arena, &back, NULL), LK_OK);
    assert_same_page(&page, &back);
}

#define RECORD(type, hash, status)                                                                 \
    "{\"lastModtimestamp\":5,\"signalType\":\"" type "\",\"hashValue\":\"" hash                    \
    "\",\"hashStatus\":\"" status "\",\"caseNumbers\":{\"x\":\"Active\"},\"hashRegions\":[]}"
#define PAGE(rest, records)                                                                        \
    "{\"count\":1,\"nextSetTimestamp\":9,\"hasMoreRecords\":false" rest                            \
    ",\"hashRecords\":[" records "]}"

static enum lk_status read_stopncii(const char *json, struct foreign_page *page,
                                    struct lk_error *err)
{
    return stopncii_page_read(json, strlen(json), &arena, page, err);
}

static void a_record_that_is_not_known_is_dropped_and_the_page_kept(void **state)
{
    (void)state;
    struct foreign_page page;
    const char *json = PAGE("", RECORD("Undefined", PDQ, "Active") ","                          //
                            RECORD("VideoTMK", PDQ, "Active") ","                               //
                            RECORD("ImagePDQ", PDQ, "Unknown") ","                              //
                            RECORD("ImagePDQ", MD5, "Active") ","                               //
                                                              "{\"lastModtimestamp\":\"5\"},7," //
                            RECORD("ImagePDQ", PDQ, "Received"));
    assert_int_equal(read_stopncii(json, &page, NULL), LK_OK);
    assert_int_equal(page.n_records, 1);
    assert_int_equal(page.n_dropped, 6);
    assert_false(page.records[0].is_withdrawn);
}

static void withdrawn_and_deleted_are_read_from_the_status(void **state)
{
    (void)state;
    struct foreign_page page;
    const char *json =
        PAGE("", RECORD("ImagePDQ", PDQ, "Withdrawn") "," RECORD("VideoMD5", MD5, "Deleted"));
    assert_int_equal(read_stopncii(json, &page, NULL), LK_OK);
    assert_true(page.records[0].is_withdrawn);
    assert_true(page.records[1].is_withdrawn);
    assert_true(page.records[1].is_video);
}

static void the_token_of_a_page_may_be_null_or_missing_and_numbers_are_numbers(void **state)
{
    (void)state;
    struct foreign_page page;
    struct lk_error err;
    assert_int_equal(read_stopncii(PAGE(",\"nextPageToken\":null", ""), &page, NULL), LK_OK);
    assert_null(page.next);
    assert_int_equal(page.until_s, 9);
    assert_int_equal(read_stopncii(PAGE("", ""), &page, NULL), LK_OK);
    assert_null(page.next);
    assert_int_equal(read_stopncii(PAGE(",\"nextPageToken\":5", ""), &page, &err), LK_INVALID);
    assert_string_equal(err.text, "nextPageToken is neither a text nor null");
    assert_int_equal(read_stopncii("{\"count\":\"1\"}", &page, &err), LK_INVALID);
    assert_string_equal(err.text, "count is missing or not a number");
    assert_int_equal(read_stopncii("{\"count\":0,\"hashRecords\":[],\"nextSetTimestamp\":1.5,"
                                   "\"hasMoreRecords\":false}",
                                   &page, &err),
                     LK_INVALID);
    assert_string_equal(err.text, "nextSetTimestamp is missing or not a number");
}

static void what_is_handed_in_to_stopncii_may_name_the_enum(void **state)
{
    (void)state;
    struct foreign_page page;
    const char *json =
        "{\"count\":1,\"hashRecords\":[{\"lastModtimestamp\":5,\"signalType\":"
        "\"StopNCIISignalType.ImagePDQ\",\"hashValue\":\"" PDQ
        "\",\"CSPFeedbacks\":[{\"tags\":[\"a\",3],\"feedbackValue\":\"Blocked\"}]}]}";
    assert_int_equal(stopncii_hashes_read(json, strlen(json), &arena, &page, NULL), LK_OK);
    assert_int_equal(page.n_records, 1);
    assert_int_equal(page.records[0].opinion, FOREIGN_AGREES);
    assert_int_equal(page.records[0].n_tags, 1);
    assert_string_equal(page.records[0].tags[0], "a");
    const char *const tags[] = {"nude"};
    struct foreign_record r = {.modified_s = 1700000100,
                               .n_prints = 1,
                               .opinion = FOREIGN_AGREES,
                               .tags = tags,
                               .n_tags = 1};
    r.prints[0] = print_of(FOREIGN_PDQ, PDQ);
    stopncii_hashes_write(&text, &r, 1);
    assert_string_equal(buf_text(&text), golden("stopncii_hashes.json"));
}

static void answers_to_stopncii_are_the_golden_file_both_ways(void **state)
{
    (void)state;
    const char *const tags[] = {"not it"};
    struct foreign_feedback one = {.print = print_of(FOREIGN_PDQ, PDQ),
                                   .opinion = FOREIGN_DISAGREES,
                                   .tags = tags,
                                   .n_tags = 1},
                            *back;
    size_t n, n_dropped;
    stopncii_feedback_write(&text, &one, 1);
    assert_string_equal(buf_text(&text), golden("stopncii_feedback.json"));
    assert_int_equal(stopncii_feedback_read(text.p, text.n, &arena, &back, &n, &n_dropped, NULL),
                     LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(n_dropped, 0);
    assert_int_equal(back->opinion, FOREIGN_DISAGREES);
    assert_memory_equal(&back->print, &one.print, sizeof one.print);
    assert_string_equal(back->tags[0], "not it");
}

static void a_page_of_ncmec_is_the_golden_file_both_ways(void **state)
{
    (void)state;
    const char *const class[] = {"A1"};
    struct foreign_record records[2] = {
        {.id = "a&b",
         .owner = "42",
         .modified_s = 1700000100,
         .n_prints = 3,
         .tags = class,
         .n_tags = 1},
        {.id = "gone", .owner = "42", .modified_s = 1700000300, .is_withdrawn = true}};
    records[0].prints[0] = print_of(FOREIGN_MD5, MD5);
    records[0].prints[1] = print_of(FOREIGN_SHA1, SHA1);
    records[0].prints[2] = print_of(FOREIGN_PDQ, PDQ);
    struct foreign_page page = {records, 2, 0, true, "/v2/entries?from=x&start=2", 1700000300},
                        back;
    ncmec_page_write(&text, &page);
    assert_string_equal(buf_text(&text), golden("ncmec_page.xml"));
    assert_int_equal(ncmec_page_read(text.p, text.n, &arena, &back, NULL), LK_OK);
    assert_same_page(&page, &back);
}

static enum lk_status read_ncmec(const char *xml, struct foreign_page *page, struct lk_error *err)
{
    return ncmec_page_read(xml, strlen(xml), &arena, page, err);
}

static void xml_of_any_namespace_is_read_and_what_has_no_known_fingerprint_dropped(void **state)
{
    (void)state;
    struct foreign_page page;
    assert_int_equal(
        read_ncmec("<h:queryResult xmlns:h='urn:x'><h:images maxTimestamp='2023-11-14T22:15:00.5Z'>"
                   "<h:image><h:member id='1'/><h:timestamp>2023-11-15T07:15:00+09:00"
                   "</h:timestamp><h:id>x</h:id><h:fingerprints><h:pdna>AA</h:pdna><h:md5>" MD5
                   "</h:md5></h:fingerprints></h:image>"
                   "<h:image><h:member id='1'/><h:timestamp>2023-11-14T22:15:00Z</h:timestamp>"
                   "<h:id>y</h:id><h:fingerprints><h:pdna>AA</h:pdna></h:fingerprints></h:image>"
                   "<h:unknown/></h:images></h:queryResult>",
                   &page, NULL),
        LK_OK);
    assert_int_equal(page.n_records, 1);
    assert_int_equal(page.n_dropped, 1);
    assert_int_equal(page.records[0].modified_s, 1700000100);
    assert_int_equal(page.until_s, 1700000100);
    assert_false(page.has_more);
}

static void empty_groups_need_no_time_and_others_do(void **state)
{
    (void)state;
    struct foreign_page page;
    struct lk_error err;
    assert_int_equal(read_ncmec("<queryResult><images count='0'/></queryResult>", &page, NULL),
                     LK_OK);
    assert_int_equal(page.n_records, 0);
    assert_int_equal(
        read_ncmec("<queryResult><images><image/></images></queryResult>", &page, &err),
        LK_INVALID);
    assert_string_equal(err.text, "images without maxTimestamp");
    assert_int_equal(read_ncmec("<html/>", &page, &err), LK_INVALID);
}

static void entities_and_depths_of_strangers_are_refused(void **state)
{
    (void)state;
    struct foreign_page page;
    struct lk_error err;
    assert_int_equal(
        read_ncmec("<!DOCTYPE q [<!ENTITY a 'aaaa'>]><queryResult>&a;</queryResult>", &page, &err),
        LK_INVALID);
    assert_string_equal(err.text, "XML, line 1: a document type is not accepted");
    buf_str(&text, "<queryResult>");
    for (int i = 0; i < 40; i++)
        buf_str(&text, "<a>");
    assert_int_equal(read_ncmec(buf_text(&text), &page, &err), LK_LIMIT);
    assert_int_equal(read_ncmec("<queryResult>", &page, &err), LK_INVALID);
}

static void feedback_and_members_of_ncmec_are_the_golden_files_both_ways(void **state)
{
    (void)state;
    const char *const reasons[] = {"01234567-0123-0123-0123-0123456789ab"};
    struct foreign_feedback no = {.opinion = FOREIGN_DISAGREES, .tags = reasons, .n_tags = 1}, back;
    ncmec_feedback_write(&text, &no);
    assert_string_equal(buf_text(&text), golden("ncmec_feedback.xml"));
    assert_int_equal(ncmec_feedback_read(text.p, text.n, &arena, &back, NULL), LK_OK);
    assert_int_equal(back.opinion, FOREIGN_DISAGREES);
    assert_int_equal(back.n_tags, 1);
    assert_string_equal(back.tags[0], reasons[0]);
    buf_clear(&text);
    const struct ncmec_name members[] = {{"1", "One & all"}, {"2", "Two"}};
    struct ncmec_name *got;
    size_t n;
    ncmec_members_write(&text, members, 2);
    assert_string_equal(buf_text(&text), golden("ncmec_members.xml"));
    assert_int_equal(ncmec_members_read(text.p, text.n, &arena, &got, &n, NULL), LK_OK);
    assert_int_equal(n, 2);
    assert_string_equal(got[0].name, "One & all");
    const char both[] = "<feedbackSubmission><affirmative/><negative/></feedbackSubmission>";
    assert_int_equal(ncmec_feedback_read(both, sizeof both - 1, &arena, &back, NULL), LK_INVALID);
}

static void a_page_of_threat_updates_is_the_golden_file_both_ways(void **state)
{
    (void)state;
    const char *const tags[] = {"ncii"};
    struct foreign_record records[2] = {{.id = "101",
                                         .owner = "7",
                                         .modified_s = 1700000100,
                                         .n_prints = 1,
                                         .tags = tags,
                                         .n_tags = 1},
                                        {.id = "102",
                                         .owner = "",
                                         .modified_s = 1700000200,
                                         .n_prints = 1,
                                         .is_video = true,
                                         .is_withdrawn = true}};
    records[0].prints[0] = print_of(FOREIGN_PDQ, PDQ);
    records[1].prints[0] = print_of(FOREIGN_MD5, MD5);
    struct foreign_page page = {records,   2, 0, true, "https://example.org/next?start_time=1",
                                1700000200},
                        back;
    threat_updates_write(&text, &page);
    assert_string_equal(buf_text(&text), golden("threat_updates.json"));
    assert_int_equal(threat_updates_read(text.p, text.n, &arena, &back, NULL), LK_OK);
    assert_same_page(&page, &back);
}

static void what_all_owners_call_harmless_is_withdrawn_and_tags_make_a_video(void **state)
{
    (void)state;
    struct foreign_page page;
#define ITEM(id, statuses)                                                                         \
    "{\"id\":\"" id "\",\"type\":\"HASH_MD5\",\"indicator\":\"" MD5                                \
    "\",\"last_updated\":3,\"descriptors\":{\"data\":[" statuses "]}}"
#define NO  "{\"status\":\"NON_MALICIOUS\"}"
#define YES "{\"status\":\"MALICIOUS\",\"tags\":{\"data\":[{\"text\":\"media_type_video\"}]}}"
    const char *json = "{\"data\":[" ITEM("1", NO "," NO) "," ITEM(
        "2", NO "," YES) ","
                         "{\"id\":\"3\",\"type\":\"URL\",\"indicator\":\"x\",\"last_updated\":4},"
                         "{\"id\":\"4\",\"last_updated\":5,\"should_delete\":true}]}";
    assert_int_equal(threat_updates_read(json, strlen(json), &arena, &page, NULL), LK_OK);
    assert_int_equal(page.n_records, 3);
    assert_int_equal(page.n_dropped, 1);
    assert_true(page.records[0].is_withdrawn);
    assert_false(page.records[0].is_video);
    assert_false(page.records[1].is_withdrawn);
    assert_true(page.records[1].is_video);
    assert_true(page.records[2].is_withdrawn);
    assert_int_equal(page.records[2].n_prints, 0);
    assert_int_equal(page.until_s, 5);
}

static void a_token_is_digits_a_bar_and_a_secret(void **state)
{
    (void)state;
    assert_string_equal(threat_updates_secret("12345678|abcdefghij_klmnop-qr"),
                        "abcdefghij_klmnop-qr");
    assert_null(threat_updates_secret("1234567|abcdefghij_klmnop-qr"));
    assert_null(threat_updates_secret("12345678|abcdefghij_klmnop-q"));
    assert_null(threat_updates_secret("12345678|abcdefghij_klmnop-q!"));
    assert_null(threat_updates_secret("12345678"));
}

static void times_are_read_to_the_second_and_wrong_ones_refused(void **state)
{
    (void)state;
    int64_t s;
    assert_true(foreign_time_read("1970-01-01T00:00:01Z", &s));
    assert_int_equal(s, 1);
    assert_true(foreign_time_read("2023-11-14T17:15:00.123-0500", &s));
    assert_int_equal(s, 1700000100);
    static const char *const wrong[] = {"",
                                        "2023-11-14",
                                        "2023-11-14T22:15:00",
                                        "2023-02-30T22:15:00Z",
                                        "2023-11-14T24:15:00Z",
                                        "2023-11-14T22:15:00Zx",
                                        "2023-11-14T22:15:00+",
                                        "2023-11-14T22:15:00+1",
                                        "2023-11-14T22:15:00+01:7"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(foreign_time_read(wrong[i], &s));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_page_of_stopncii_is_the_golden_file_both_ways),
        TEST(a_record_that_is_not_known_is_dropped_and_the_page_kept),
        TEST(withdrawn_and_deleted_are_read_from_the_status),
        TEST(the_token_of_a_page_may_be_null_or_missing_and_numbers_are_numbers),
        TEST(what_is_handed_in_to_stopncii_may_name_the_enum),
        TEST(answers_to_stopncii_are_the_golden_file_both_ways),
        TEST(a_page_of_ncmec_is_the_golden_file_both_ways),
        TEST(xml_of_any_namespace_is_read_and_what_has_no_known_fingerprint_dropped),
        TEST(empty_groups_need_no_time_and_others_do),
        TEST(entities_and_depths_of_strangers_are_refused),
        TEST(feedback_and_members_of_ncmec_are_the_golden_files_both_ways),
        TEST(a_page_of_threat_updates_is_the_golden_file_both_ways),
        TEST(what_all_owners_call_harmless_is_withdrawn_and_tags_make_a_video),
        TEST(a_token_is_digits_a_bar_and_a_secret),
        TEST(times_are_read_to_the_second_and_wrong_ones_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
