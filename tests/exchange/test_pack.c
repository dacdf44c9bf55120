/* exchange/tar.h and exchange/pack.h. Other programs read what is made here in test_pack.py. */
#include "../cmocka_all.h"
#include "base/hex.h"
#include "exchange/tar.h"
#include "pack_sample.h"
#include "sys/json_read.h"

#include <stdlib.h>

enum { BUF_MAX = 4 << 20 };

static struct buf new_buf(void)
{
    struct buf b;
    buf_init(&b, lk_alloc_heap(), BUF_MAX);
    return b;
}

/* ---- archives ---- */

static void names_are_plain(void **state)
{
    (void)state;
    static const char *const fit[] = {"a", "README.txt", "notices/001.txt", "a/b/c-d_e.f"};
    static const char *const unfit[] = {"",     "/a",   "a/",       "a//b",   ".",    "..",
                                        ".a",   "../a", "a/..",     "a/../b", "a/.b", "a b",
                                        "a\\b", "a:b",  "\xc3\xa9", "a\n",    "a\x7f"};
    for (size_t i = 0; i < sizeof fit / sizeof *fit; i++)
        assert_true(tar_name_is_fit(fit[i], strlen(fit[i])));
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        if (tar_name_is_fit(unfit[i], strlen(unfit[i])))
            fail_msg("number %zu", i);
    char name[TAR_MAX_NAME_BYTES + 1];
    memset(name, 'a', sizeof name);
    assert_true(tar_name_is_fit(name, TAR_MAX_NAME_BYTES));
    assert_false(tar_name_is_fit(name, TAR_MAX_NAME_BYTES + 1));
}

static void an_archive_gives_back_its_files(void **state)
{
    (void)state;
    struct buf out = new_buf();
    struct tar_file file;
    bool more;
    size_t at = 0;
    char bytes[1025];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    static const size_t sizes[] = {0, 1, 511, 512, 513, 1024, 1025};
    for (size_t i = 0; i < 7; i++)
        tar_put(&out, "some/file", bytes, sizes[i], 1795516200 + (int64_t)i);
    tar_end(&out);
    assert_int_equal(out.n % 512, 0);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(tar_take(out.p, out.n, &at, &file, &more, NULL), LK_OK);
        assert_true(more);
        assert_string_equal(file.name, "some/file");
        assert_int_equal(file.n, sizes[i]);
        assert_int_equal(file.time_s, 1795516200 + (int64_t)i);
        assert_memory_equal(file.bytes, bytes, sizes[i]);
    }
    assert_int_equal(tar_take(out.p, out.n, &at, &file, &more, NULL), LK_OK);
    assert_false(more);
    buf_fini(&out);
}

static enum lk_status walk(const char *archive, size_t n)
{
    struct tar_file file;
    size_t at = 0;
    bool more = true;
    while (more)
        if (tar_take(archive, n, &at, &file, &more, NULL) != LK_OK)
            return LK_CORRUPT;
    return LK_OK;
}

/* Content may be anything; every other byte has one value. */
static void an_archive_has_one_form(void **state)
{
    (void)state;
    struct buf out = new_buf();
    tar_put(&out, "a", "content", 7, 1795516200);
    tar_end(&out);
    assert_int_equal(walk(out.p, out.n), LK_OK);
    for (size_t i = 0; i < out.n; i++) {
        bool is_free = i == 0 || (i >= 136 && i < 147) || (i >= 512 && i < 519);
        for (int bit = 0; bit < 8 && !is_free; bit++) {
            out.p[i] ^= (char)(1 << bit);
            if (walk(out.p, out.n) == LK_OK)
                fail_msg("byte %zu, bit %d", i, bit);
            out.p[i] ^= (char)(1 << bit);
        }
    }
    for (size_t n = 0; n < out.n; n++)
        assert_int_equal(walk(out.p, n), LK_CORRUPT);
    buf_char(&out, 0);
    assert_int_equal(walk(out.p, out.n), LK_CORRUPT);
    buf_fini(&out);
}

static void what_cannot_stand_in_an_archive_is_kept_as_a_failure(void **state)
{
    (void)state;
    struct buf out = new_buf();
    tar_put(&out, "../x", "", 0, 0);
    assert_int_equal(buf_status(&out, "archive", NULL), LK_LIMIT);
    buf_clear(&out);
    tar_put(&out, "x", "", 0, -1);
    assert_int_equal(buf_status(&out, "archive", NULL), LK_LIMIT);
    buf_fini(&out);
}

/* ---- packs ---- */

static struct buf made(const struct pack_order *order, const struct pack_source *source)
{
    struct lk_error err = {0};
    struct buf out = new_buf();
    if (pack_make(order, source, &out, NULL, &err) != LK_OK)
        fail_msg("%s", err.text);
    return out;
}

static struct buf made_sample(const uint8_t *seed)
{
    struct pack_order order = pack_sample_order(NULL);
    order.sign_seed = seed;
    return made(&order, &pack_sample);
}

/* The bytes of a file of a pack; fails when it has none of that name. */
static struct tar_file file_of(const struct buf *pack, const char *name)
{
    struct tar_file file = {.n = 0};
    bool more = true;
    for (size_t at = 0; more;) {
        assert_int_equal(tar_take(pack->p, pack->n, &at, &file, &more, NULL), LK_OK);
        if (more && strcmp(file.name, name) == 0)
            return file;
    }
    fail_msg("the pack has no %s", name);
    return file;
}

static bool holds(const struct buf *pack, const char *text)
{
    return memmem(pack->p, pack->n, text, strlen(text)) != NULL;
}

static void a_pack_is_what_was_asked_for(void **state)
{
    (void)state;
    struct buf pack = made_sample(NULL);
    struct pack_found found;
    assert_int_equal(pack_check(pack.p, pack.n, NULL, &found, NULL), LK_OK);
    assert_string_equal(found.id, "7d1f0c2a99b1e4f0");
    assert_string_equal(found.made_at, "2026-11-24T10:30:00Z");
    assert_int_equal(found.whom, PACK_POLICE);
    assert_int_equal(found.n_files, 6);
    assert_int_equal(found.signature, PACK_UNSIGNED);
    assert_memory_equal(file_of(&pack, "summary.pdf").bytes, "%PDF-", 5);
    assert_true(holds(&pack, "Our team finds this to be satire."));
    buf_fini(&pack);
}

static void equal_cases_give_equal_packs(void **state)
{
    (void)state;
    struct buf one = made_sample(pack_sample_seed), two = made_sample(pack_sample_seed);
    assert_int_equal(one.n, two.n);
    assert_memory_equal(one.p, two.p, one.n);
    buf_fini(&one);
    buf_fini(&two);
}

static void letters_stand_in_it_as_they_went(void **state)
{
    (void)state;
    struct buf pack = made_sample(NULL);
    struct tar_file letter = file_of(&pack, "notices/001.txt");
    const char *body = memmem(letter.bytes, letter.n, "\n\n", 2);
    assert_non_null(body);
    const char *sent = pack_sample.letters[0].body;
    assert_int_equal(letter.bytes + letter.n - (body + 2), strlen(sent) + 1);
    assert_memory_equal(body + 2, sent, strlen(sent));
    /* A subject of two lines is one field. */
    assert_null(memmem(letter.bytes, letter.n, "\nBcc:", 5));
    buf_fini(&pack);
}

static void without_texts_it_says_only_who_did_what_and_when(void **state)
{
    (void)state;
    struct pack_order order = pack_sample_order(NULL);
    order.without_texts = true;
    struct buf pack = made(&order, &pack_sample);
    struct pack_found found;
    assert_int_equal(pack_check(pack.p, pack.n, NULL, &found, NULL), LK_OK);
    assert_int_equal(found.n_files, 3);
    static const char *const texts[] = {"83921",   "@somebody",        "satire.\"", "Ticket",
                                        "To whom", "automated system", "c2pa"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(holds(&pack, texts[i]));
    assert_true(holds(&pack, "satire_or_art"));
    assert_true(holds(&pack, "Example Platform"));
    buf_fini(&pack);
}

static void an_empty_case_gives_a_pack(void **state)
{
    (void)state;
    static const struct pack_source nothing = {.state = 1};
    struct pack_order order = pack_sample_order(NULL);
    order.whom = PACK_PERSON;
    struct buf pack = made(&order, &nothing);
    struct pack_found found;
    assert_int_equal(pack_check(pack.p, pack.n, NULL, &found, NULL), LK_OK);
    assert_int_equal(found.whom, PACK_PERSON);
    buf_fini(&pack);
}

static const char *in_brackets(const void *ctx, const char *english)
{
    (void)ctx;
    return strcmp(english, "Notice to %name%") == 0 ? "<%name%> was told" : english;
}

static void it_speaks_the_language_asked_for(void **state)
{
    (void)state;
    struct pack_order order = pack_sample_order(NULL);
    order.speech = (struct pack_speech){.lang = "ar", .is_rtl = true, .say = in_brackets};
    struct buf pack = made(&order, &pack_sample);
    struct tar_file readme = file_of(&pack, "README.txt");
    /* In another language the English follows. */
    const char *first = memmem(readme.bytes, readme.n, "This is an evidence pack", 24);
    assert_ptr_equal(first, readme.bytes);
    assert_non_null(memmem(readme.bytes + 24, readme.n - 24, "This is an evidence pack", 24));
    buf_fini(&pack);
}

/* ---- signatures ---- */

static void a_signed_pack_names_its_key(void **state)
{
    (void)state;
    struct buf pack = made_sample(pack_sample_seed), plain = made_sample(NULL);
    struct pack_found found;
    uint8_t key[32], other[32] = {9};
    seal_sign_public(pack_sample_seed, key);
    assert_int_equal(pack_check(pack.p, pack.n, key, &found, NULL), LK_OK);
    assert_int_equal(found.signature, PACK_SIGNED_BY_KEY);
    assert_memory_equal(found.signed_by, key, 32);
    assert_int_equal(pack_check(pack.p, pack.n, NULL, &found, NULL), LK_OK);
    assert_int_equal(found.signature, PACK_SIGNED_UNKNOWN);
    assert_int_equal(pack_check(pack.p, pack.n, other, &found, NULL), LK_DENIED);
    assert_int_equal(pack_check(plain.p, plain.n, key, &found, NULL), LK_DENIED);
    buf_fini(&pack);
    buf_fini(&plain);
}

static void every_changed_byte_of_a_signed_pack_is_noticed(void **state)
{
    (void)state;
    struct buf pack = made_sample(pack_sample_seed);
    struct pack_found found;
    uint8_t key[32];
    seal_sign_public(pack_sample_seed, key);
    for (size_t i = 0; i < pack.n; i += i < 16384 ? 1 : 101) {
        pack.p[i] ^= 4;
        if (pack_check(pack.p, pack.n, key, &found, NULL) == LK_OK)
            fail_msg("byte %zu", i);
        pack.p[i] ^= 4;
    }
    assert_int_equal(pack_check(pack.p, pack.n, key, &found, NULL), LK_OK);
    for (size_t n = 0; n < pack.n; n += 509)
        assert_int_not_equal(pack_check(pack.p, n, key, &found, NULL), LK_OK);
    buf_fini(&pack);
}

/* The pack again, with one file left out, or another put in, or another content. */
static struct buf rewritten(const struct buf *pack, const char *without, const char *extra,
                            const char *manifest)
{
    struct buf out = new_buf();
    struct tar_file file;
    bool more = true, is_put = extra == NULL;
    for (size_t at = 0;;) {
        assert_int_equal(tar_take(pack->p, pack->n, &at, &file, &more, NULL), LK_OK);
        if (!is_put && (!more || strcmp(file.name, extra) > 0)) {
            tar_put(&out, extra, "x", 1, PACK_SAMPLE_MS / 1000);
            is_put = true;
        }
        if (!more)
            break;
        bool is_new = manifest != NULL && strcmp(file.name, "manifest.json") == 0;
        if (without == NULL || strcmp(without, file.name) != 0)
            tar_put(&out, file.name, is_new ? manifest : file.bytes,
                    is_new ? strlen(manifest) : file.n, file.time_s);
    }
    tar_end(&out);
    return out;
}

static void missing_and_added_files_are_noticed(void **state)
{
    (void)state;
    static const char *const names[] = {"README.txt",    "case.json",    "made/001.txt",
                                        "manifest.json", "manifest.sig", "notices/001.txt",
                                        "summary.pdf"};
    static const char *const extras[] = {"aaa", "manifest.tx", "notices/003.txt", "zzz"};
    struct buf pack = made_sample(pack_sample_seed);
    struct pack_found found;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buf less = rewritten(&pack, names[i], NULL, NULL);
        assert_int_equal(pack_check(less.p, less.n, NULL, &found, NULL), LK_CORRUPT);
        buf_fini(&less);
    }
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++) {
        struct buf more = rewritten(&pack, NULL, extras[i], NULL);
        assert_int_equal(pack_check(more.p, more.n, NULL, &found, NULL), LK_CORRUPT);
        buf_fini(&more);
    }
    buf_fini(&pack);
}

static enum lk_status check_manifest(const struct buf *pack, const char *manifest)
{
    struct pack_found found;
    struct buf changed = rewritten(pack, NULL, NULL, manifest);
    enum lk_status status = pack_check(changed.p, changed.n, NULL, &found, NULL);
    buf_fini(&changed);
    return status;
}

static void manifests_of_another_form_are_refused(void **state)
{
    (void)state;
    struct buf pack = made_sample(NULL);
    assert_int_equal(check_manifest(&pack, ""), LK_CORRUPT);
    assert_int_equal(check_manifest(&pack, "[]"), LK_CORRUPT);
    assert_int_equal(check_manifest(&pack, "{\"schema\":\"likeness-pack-2\"}"), LK_UNSUPPORTED);
    assert_int_equal(check_manifest(&pack, "{\"schema\":\"likeness-pack-1\"}"), LK_CORRUPT);
    assert_int_equal(check_manifest(&pack, "{\"schema\":\"likeness-pack-1\",\"x\":1}"), LK_CORRUPT);
    buf_fini(&pack);
}

/* ---- sealed ---- */

static void a_sealed_pack_opens_for_its_recipients(void **state)
{
    (void)state;
    struct age_identity identities[2], stranger;
    struct age_recipient recipients[2];
    struct pack_order order = pack_sample_order(NULL);
    struct buf sealed = new_buf(), opened = new_buf();
    struct pack_found found;
    for (int i = 0; i < 2; i++) {
        age_identity_new(&identities[i]);
        age_identity_recipient(&identities[i], &recipients[i]);
    }
    age_identity_new(&stranger);
    assert_int_equal(pack_write(&order, &pack_sample, recipients, 2, &sealed, NULL, NULL), LK_OK);
    assert_false(holds(&sealed, "Example"));
    for (int i = 0; i < 2; i++) {
        buf_clear(&opened);
        assert_int_equal(age_open(&identities[i], 1, sealed.p, sealed.n, &opened, NULL), LK_OK);
        assert_int_equal(pack_check(opened.p, opened.n, NULL, &found, NULL), LK_OK);
    }
    assert_int_equal(age_open(&stranger, 1, sealed.p, sealed.n, &opened, NULL), LK_DENIED);
    assert_int_equal(pack_write(&order, &pack_sample, recipients, 0, &opened, NULL, NULL),
                     LK_INVALID);
    buf_fini(&sealed);
    buf_fini(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_plain),
        cmocka_unit_test(an_archive_gives_back_its_files),
        cmocka_unit_test(an_archive_has_one_form),
        cmocka_unit_test(what_cannot_stand_in_an_archive_is_kept_as_a_failure),
        cmocka_unit_test(a_pack_is_what_was_asked_for),
        cmocka_unit_test(equal_cases_give_equal_packs),
        cmocka_unit_test(letters_stand_in_it_as_they_went),
        cmocka_unit_test(without_texts_it_says_only_who_did_what_and_when),
        cmocka_unit_test(an_empty_case_gives_a_pack),
        cmocka_unit_test(it_speaks_the_language_asked_for),
        cmocka_unit_test(a_signed_pack_names_its_key),
        cmocka_unit_test(every_changed_byte_of_a_signed_pack_is_noticed),
        cmocka_unit_test(missing_and_added_files_are_noticed),
        cmocka_unit_test(manifests_of_another_form_are_refused),
        cmocka_unit_test(a_sealed_pack_opens_for_its_recipients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
