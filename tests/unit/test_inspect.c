/* The pieces of src/inspect that samples do not reach: hashes, unpacking, XMP in odd shapes, CBOR
 * that lies, signatures of another kind. */
#include "../cmocka_all.h"

#include "base/sha256.h"
#include "inspect/c2pa/cbor.h"
#include "inspect/generator.h"
#include "inspect/inflate.h"
#include "inspect/inspect.h"
#include "inspect/xmp.h"
#include "sys/signature.h"

#include <sodium.h>
#include <stdio.h>

static void sha256_gives_the_digests_of_fips_180(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned times;
        const char *digest;
    } vectors[] = {
        {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct sha256 h;
        uint8_t digest[SHA256_BYTES];
        char hex[2 * SHA256_BYTES + 1];
        sha256_init(&h);
        for (unsigned k = 0; k < vectors[i].times; k++)
            sha256_add(&h, vectors[i].text, strlen(vectors[i].text));
        sha256_end(&h, digest);
        for (size_t k = 0; k < sizeof digest; k++)
            snprintf(hex + 2 * k, 3, "%02x", digest[k]);
        assert_string_equal(hex, vectors[i].digest);
    }
}

static void sha256_agrees_with_libsodium_at_every_length_in_any_pieces(void **state)
{
    (void)state;
    uint8_t bytes[300], ours[SHA256_BYTES], theirs[SHA256_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 151 + i / 7);
    for (size_t n = 0; n <= sizeof bytes; n++)
        for (size_t piece = 1; piece < 130; piece += 43) {
            struct sha256 h;
            sha256_init(&h);
            for (size_t at = 0; at < n; at += piece)
                sha256_add(&h, bytes + at, n - at < piece ? n - at : piece);
            sha256_end(&h, ours);
            crypto_hash_sha256(theirs, bytes, n);
            assert_memory_equal(ours, theirs, sizeof ours);
        }
}

static const uint8_t dynamic_bytes[] = {
    0x78, 0xda, 0x9d, 0x94, 0x4d, 0x0a, 0x02, 0x31, 0x0c, 0x85, 0xf7, 0x9e, 0x22, 0x07, 0x70, 0xd1,
    0xb4, 0xe9, 0x1f, 0x9e, 0x66, 0x84, 0x0e, 0x0e, 0x14, 0x15, 0x27, 0x0b, 0xbd, 0xbd, 0x38, 0x37,
    0xf0, 0x5b, 0x95, 0x42, 0x1f, 0xaf, 0x49, 0xbe, 0xbc, 0xb9, 0xdd, 0x87, 0x04, 0x79, 0xac, 0xb2,
    0x88, 0x8f, 0xb7, 0x8b, 0xdf, 0x16, 0x97, 0xd7, 0x78, 0x8e, 0xc5, 0x77, 0xd9, 0x7c, 0x1f, 0x73,
    0x3d, 0xcb, 0xfc, 0xbd, 0xba, 0x7e, 0x8e, 0xf3, 0x72, 0x3a, 0x6e, 0x0a, 0x34, 0x06, 0x34, 0x9d,
    0xfc, 0xad, 0x00, 0x51, 0xcc, 0x40, 0x94, 0x88, 0x93, 0x91, 0x9a, 0x0a, 0x69, 0x5e, 0x23, 0x53,
    0xd2, 0x80, 0x78, 0x88, 0xc8, 0xcb, 0x0c, 0xcd, 0x17, 0x51, 0xd1, 0x11, 0x16, 0x88, 0x8b, 0x98,
    0x91, 0x57, 0x23, 0x75, 0xa5, 0x68, 0x88, 0x5c, 0xb4, 0xc1, 0x88, 0x0d, 0x33, 0xe4, 0xd5, 0x48,
    0x5d, 0x39, 0x92, 0x1e, 0xe6, 0x4a, 0xe6, 0x55, 0x10, 0x1b, 0x05, 0x79, 0x55, 0x54, 0x57, 0x45,
    0x3d, 0x6c, 0x68, 0x5e, 0x1d, 0xb1, 0xd1, 0x0b, 0xcb, 0x28, 0x04, 0xbd, 0x06, 0xb4, 0x61, 0xaa,
    0x68, 0x9d, 0x95, 0x65, 0x87, 0x46, 0x14, 0x54, 0x9a, 0x58, 0x2a, 0x1a, 0x8b, 0xe0, 0xfc, 0x6f,
    0xde, 0x7f, 0x01, 0x42, 0x74, 0xd9, 0xfb,
};
static const uint8_t fixed_bytes[] = {
    0x78, 0x01, 0x4b, 0x4c, 0x4a, 0x4e, 0x84, 0x21, 0x1d, 0x85, 0xc4, 0xbc, 0x14, 0x05,
    0x20, 0x43, 0x21, 0x31, 0x3d, 0x31, 0x33, 0x0f, 0x00, 0x86, 0x9e, 0x09, 0x7e,
};
static const uint8_t stored_bytes[] = {
    0x78, 0x01, 0x01, 0x06, 0x00, 0xf9, 0xff, 0x73, 0x74,
    0x6f, 0x72, 0x65, 0x64, 0x09, 0x3c, 0x02, 0x92,
};

static void unpacks(const uint8_t *bytes, size_t n, const char *want)
{
    uint8_t out[4096];
    bool whole;
    size_t got = inflate_zlib((struct span){bytes, n}, out, sizeof out, &whole);
    assert_true(whole);
    assert_int_equal(got, strlen(want));
    assert_memory_equal(out, want, got);
    for (size_t cut = 0; cut < n; cut++) {
        (void)inflate_zlib((struct span){bytes, cut}, out, sizeof out, &whole);
        assert_false(whole);
    }
    assert_int_equal(inflate_zlib((struct span){bytes, n}, out, got - 1, &whole), got - 1);
    assert_false(whole);
}

static void each_kind_of_block_is_unpacked_and_no_cut_one_taken_for_whole(void **state)
{
    (void)state;
    char text[4096];
    size_t n = 0;
    for (int i = 0; i < 40; i++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "line %d of a text that repeats itself, line by line;\n", i * i);
    unpacks(dynamic_bytes, sizeof dynamic_bytes, text);
    unpacks(fixed_bytes, sizeof fixed_bytes, "abcabcabcabc, and abc again");
    unpacks(stored_bytes, sizeof stored_bytes, "stored");
}

static void a_wrong_checksum_is_seen(void **state)
{
    (void)state;
    uint8_t bytes[sizeof stored_bytes], out[64];
    bool whole;
    memcpy(bytes, stored_bytes, sizeof bytes);
    bytes[sizeof bytes - 1] ^= 1;
    assert_int_equal(inflate_zlib((struct span){bytes, sizeof bytes}, out, sizeof out, &whole), 6);
    assert_false(whole);
}

/* --- XMP */

struct bench {
    struct arena arena;
    struct inspect_report report;
    struct job job;
};

static int bench_open(void **state)
{
    static struct bench bench;
    bench = (struct bench){0};
    arena_init(&bench.arena, lk_alloc_heap(), 1 << 22);
    bench.job = (struct job){.arena = &bench.arena, .report = &bench.report};
    *state = &bench;
    return 0;
}

static int bench_close(void **state)
{
    arena_fini(&((struct bench *)*state)->arena);
    return 0;
}

static void read_xmp(struct bench *bench, const char *packet)
{
    xmp_read(&bench->job, (struct span){(const uint8_t *)packet, strlen(packet)});
}

static const struct inspect_fact *fact(const struct bench *bench, unsigned i)
{
    const struct inspect_fact *f = bench->report.facts;
    for (; i > 0 && f != NULL; i--)
        f = f->next;
    return f;
}

static void is_fact(const struct bench *bench, unsigned i, enum inspect_kind kind, const char *text)
{
    assert_non_null(fact(bench, i));
    assert_int_equal(fact(bench, i)->kind, kind);
    assert_string_equal(fact(bench, i)->text, text);
}

#define RDF     "xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
#define IPTC    "xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
#define SOURCES "http://cv.iptc.org/newscodes/digitalsourcetype/"

static void names_are_told_by_their_spaces_not_by_their_prefixes(void **state)
{
    read_xmp(*state,
             "<a " RDF " " IPTC " xmlns:Iptc4xmpExt='http://else/'"
             " Iptc4xmpExt:DigitalSourceType='no' i:DigitalSourceType='" SOURCES "print'/>");
    is_fact(*state, 0, INSPECT_SOURCE, "print");
    assert_null(fact(*state, 1));
}

static void values_stand_in_lists_in_addresses_and_in_character_data(void **state)
{
    read_xmp(*state, "<a " RDF " " IPTC "><!-- <i:AISystemUsed>no</i:AISystemUsed> -->"
                     "<i:DigitalSourceType r:resource=\"" SOURCES "digitalArt\"/>"
                     "<i:AISystemUsed><r:Alt><r:li xml:lang='a>b'>One &lt;&#x41;&#66;&amp;</r:li>"
                     "\n <r:li>Two</r:li></r:Alt></i:AISystemUsed>"
                     "<i:AIPromptInformation><![CDATA[<b> & ]]></i:AIPromptInformation></a>");
    is_fact(*state, 0, INSPECT_SOURCE, "digitalArt");
    is_fact(*state, 1, INSPECT_MODEL, "One <AB& Two");
    is_fact(*state, 2, INSPECT_PROMPT, "<b> &");
    assert_null(fact(*state, 3));
}

static void a_description_is_taken_only_if_a_generator_wrote_it(void **state)
{
    read_xmp(*state, "<a xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                     "<dc:description>my own words</dc:description></a>");
    assert_null(fact(*state, 0));
    read_xmp(*state, "<a xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                     "<dc:description>a cat --v 6 Job ID: 1</dc:description></a>");
    is_fact(*state, 1, INSPECT_PROMPT, "a cat --v 6 Job ID: 1");
}

static void a_packet_cut_anywhere_is_read_as_far_as_it_goes(void **state)
{
    static const char packet[] = "<?x?><a " RDF " " IPTC "><i:AISystemUsed><r:li a=\"b\">T &amp; "
                                 "U</r:li></i:AISystemUsed><![CDATA[x]]></a>";
    for (size_t cut = 0; cut < sizeof packet; cut++) {
        char exact[sizeof packet];
        memcpy(exact, packet, cut);
        struct bench *bench = *state;
        xmp_read(&bench->job, (struct span){(const uint8_t *)exact, cut});
        assert_true(bench->report.n_facts <= 1);
    }
    is_fact(*state, 0, INSPECT_MODEL, "T & U");
}

/* --- texts */

static void texts_are_utf8_without_controls_or_turns_of_direction(void **state)
{
    struct bench *bench = *state;
    static const char raw[] =
        " \x1b[31mred \xe9t\xc3\xa9 \xe2\x80\xaegnp.exe \xc2\x9b \xe2\x82\xac\n";
    const char *text = job_text(&bench->job, (struct span){(const uint8_t *)raw, sizeof raw - 1});
    assert_string_equal(text, " [31mred \xc3\xa9t\xc3\xa9  gnp.exe   \xe2\x82\xac");
}

static void a_long_text_is_cut_and_says_so(void **state)
{
    struct bench *bench = *state;
    static uint8_t raw[3 * JOB_MAX_SHOWN];
    memset(raw, 'x', sizeof raw);
    const char *text = job_text(&bench->job, (struct span){raw, sizeof raw});
    assert_int_equal(strlen(text), JOB_MAX_SHOWN + 4);
    assert_string_equal(text + JOB_MAX_SHOWN, " ...");
}

static void programs_are_named_by_whole_words(void **state)
{
    (void)state;
    assert_string_equal(generator_named("Made with MIDJOURNEY, v6"), "Midjourney");
    assert_string_equal(generator_named("sora"), "Sora");
    assert_null(generator_named("Consoran Soraya"));
    assert_null(generator_named("Adobe Photoshop 25.0 (Windows)"));
    assert_null(generator_named(""));
    assert_string_equal(generator_named("Sora 2"), "Sora");
    assert_null(generator_named("Editor de imagen"));
    assert_string_equal(generator_named("made with Runway Gen-3"), "Runway");
    assert_null(generator_credited("Sora Kim"));
    assert_string_equal(generator_credited("Made with Google AI"), "Google AI");
}

static void a_comment_is_taken_only_if_a_program_wrote_it(void **state)
{
    struct bench *bench = *state;
    static const char *const comments[] = {"for Mum, with love", "CREATOR: gd-jpeg v1.0",
                                           "Made with Suno"};
    for (size_t i = 0; i < 3; i++)
        generator_comment(&bench->job, "comment",
                          (struct span){(const uint8_t *)comments[i], strlen(comments[i])});
    is_fact(bench, 0, INSPECT_TOOL, comments[1]);
    is_fact(bench, 1, INSPECT_TOOL, comments[2]);
    assert_null(fact(bench, 2));
}

static void source_types_are_sorted_into_what_they_mean(void **state)
{
    (void)state;
    assert_int_equal(inspect_source_type("trainedAlgorithmicMedia"), SOURCE_TYPE_AI);
    assert_int_equal(inspect_source_type("compositeWithTrainedAlgorithmicMedia"),
                     SOURCE_TYPE_AI_PART);
    assert_int_equal(inspect_source_type("digitalCapture"), SOURCE_TYPE_CAMERA);
    assert_int_equal(inspect_source_type("digitalcapture"), SOURCE_TYPE_OTHER);
}

/* --- CBOR */

static bool takes(const char *bytes, size_t n, struct cbor *item)
{
    struct span rest = {(const uint8_t *)bytes, n};
    return cbor_take(&rest, item);
}

static void cbor_that_promises_more_than_there_is_is_refused(void **state)
{
    (void)state;
    struct cbor item;
    assert_false(takes("", 0, &item));
    assert_false(takes("\x43zz", 3, &item));
    assert_false(takes("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\0", 10, &item));
    assert_false(takes("\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 9, &item));
    assert_false(takes("\x9f\1\2", 3, &item));
    assert_false(takes("\xff", 1, &item));
    char deep[100];
    memset(deep, '\x81', sizeof deep);
    deep[sizeof deep - 1] = 0;
    assert_false(takes(deep, sizeof deep, &item));
    assert_true(takes(deep + sizeof deep - 20, 20, &item));
}

static void cbor_values_are_found_by_text_and_by_number(void **state)
{
    (void)state;
    struct cbor map, value;
    int64_t number;
    /* {"a": [1, {}], _ -7: "x"} in a map without a length, within a tag */
    static const char bytes[] = "\xd2\xbf\x61"
                                "a\x82\1\xa0\x26\x61x\xff";
    assert_true(takes(bytes, sizeof bytes - 1, &map));
    assert_true(cbor_find(&map, "a", &value));
    assert_int_equal(value.type, CBOR_ARRAY);
    assert_true(cbor_find_number(&map, -7, &value));
    assert_true(cbor_is_text(&value, "x"));
    assert_false(cbor_find(&map, "x", &value));
    assert_false(cbor_find_number(&map, 7, &value));
    assert_true(takes("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", 9, &value));
    assert_true(cbor_number(&value, &number) && number == INT64_MIN);
    assert_true(takes("\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9, &value));
    assert_false(cbor_number(&value, &number));
}

/* --- signatures: the right ones are in tests/inspect */

static void a_key_of_another_kind_than_the_algorithm_is_invalid(void **state)
{
    (void)state;
    static const uint8_t ed25519[] = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0xd7, 0x5a, 0x98,
        0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
        0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
    /* RFC 8032, 7.1, test 1: the empty message */
    static const uint8_t right[] = {
        0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80,
        0x6e, 0x82, 0x8a, 0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74, 0xd8, 0x73,
        0xe0, 0x65, 0x22, 0x49, 0x01, 0x55, 0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b,
        0xac, 0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b, 0xd2, 0x5b, 0xf5, 0xf0,
        0x59, 0x5b, 0xbe, 0x24, 0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b};
    struct lk_error err;
    struct signature s = {-8, ed25519, sizeof ed25519, "", 0, right, sizeof right};
    assert_int_equal(signature_check(&s, &err), LK_OK);
    s.message = "x", s.n_message = 1;
    assert_int_equal(signature_check(&s, &err), LK_DENIED);
    s.n_bytes = 0;
    assert_int_equal(signature_check(&s, &err), LK_DENIED);
    s.algorithm = -7;
    assert_int_equal(signature_check(&s, &err), LK_INVALID);
    s.algorithm = -257; /* RS256 */
    assert_int_equal(signature_check(&s, &err), LK_UNSUPPORTED);
    s.algorithm = -8, s.n_key = 20;
    assert_int_equal(signature_check(&s, &err), LK_INVALID);
}

/* --- the whole */

static bool no_read(void *ctx, uint64_t offset, void *bytes, size_t n)
{
    (void)ctx, (void)offset, (void)bytes, (void)n;
    return false;
}

static void a_file_that_cannot_be_read_or_is_empty_cannot_be_told(void **state)
{
    struct bench *bench = *state;
    const struct inspect_options options = {0};
    const struct span empty = {NULL, 0};
    const struct inspect_source sources[] = {{no_read, NULL, 1000}, source_of_memory(&empty)};
    for (size_t i = 0; i < 2; i++) {
        inspect_read(&sources[i], &options, &bench->arena, &bench->report);
        assert_int_equal(inspect_outcome(&bench->report), INSPECT_CANNOT_TELL);
    }
}

#define T(f) cmocka_unit_test(f)
#define B(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(sha256_gives_the_digests_of_fips_180),
        T(sha256_agrees_with_libsodium_at_every_length_in_any_pieces),
        T(each_kind_of_block_is_unpacked_and_no_cut_one_taken_for_whole),
        T(a_wrong_checksum_is_seen),
        B(names_are_told_by_their_spaces_not_by_their_prefixes),
        B(values_stand_in_lists_in_addresses_and_in_character_data),
        B(a_description_is_taken_only_if_a_generator_wrote_it),
        B(a_packet_cut_anywhere_is_read_as_far_as_it_goes),
        B(texts_are_utf8_without_controls_or_turns_of_direction),
        B(a_long_text_is_cut_and_says_so),
        T(programs_are_named_by_whole_words),
        B(a_comment_is_taken_only_if_a_program_wrote_it),
        T(source_types_are_sorted_into_what_they_mean),
        T(cbor_that_promises_more_than_there_is_is_refused),
        T(cbor_values_are_found_by_text_and_by_number),
        T(a_key_of_another_kind_than_the_algorithm_is_invalid),
        B(a_file_that_cannot_be_read_or_is_empty_cannot_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
