/* Videos and recordings through the jailed decoder: every container and codec gives the prints of
 * the same clip; what is cut short or damaged gives what could be read and says so; limits are
 * named. tests/media/timed/make.sh made the clips. */
#include "media_test.h"

#include <fcntl.h>
#include <likeness/match.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_EVIDENCE = 1 << 16 };

static struct media *media;
static struct lk_error err;

static int open_media(void **state)
{
    (void)state;
    media = test_media(NULL);
    return 0;
}

static int close_media(void **state)
{
    (void)state;
    media_close(media);
    return 0;
}

static enum lk_status prints_of_fd(struct media *m, int fd, unsigned purpose,
                                   struct media_prints *out)
{
    const struct media_prints_request request = {.purpose = (uint8_t)purpose};
    enum lk_status status = media_prints(m, fd, &request, out, &err);
    close(fd);
    return status;
}

static enum lk_status prints_of(const char *name, unsigned purpose, struct media_prints *out)
{
    int fd = open(test_path(name), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return prints_of_fd(media, fd, purpose, out);
}

static enum lk_status prints_of_bytes(const uint8_t *bytes, size_t n, struct media_prints *out)
{
    int fd = memfd_create("clip", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    return prints_of_fd(media, fd, LK_QUERY, out);
}

/* The verdict on all pairs of prints within reach. */
static struct lk_verdict judge(const struct media_prints *query, const struct media_prints *entry)
{
    struct lk_evidence *evidence = calloc(MAX_EVIDENCE, sizeof *evidence);
    size_t n = 0;
    assert_non_null(evidence);
    for (size_t i = 0; i < query->sequence.n_records; i++)
        for (size_t k = 0; k < entry->sequence.n_records; k++) {
            const struct lk_record *q = &query->records[i], *e = &entry->records[k];
            const unsigned d = lk_print_distance(&q->print, &e->print);
            if (q->kind == e->kind && d <= LK_FRAME_RADIUS && n < MAX_EVIDENCE)
                evidence[n++] = (struct lk_evidence){q, e, (uint16_t)d};
        }
    const struct lk_verdict v =
        lk_match_judge_timed(&query->sequence, &entry->sequence, evidence, n);
    free(evidence);
    return v;
}

static void every_format_gives_the_prints_of_the_clip(void **state)
{
    (void)state;
    static const struct {
        const char *name, *format;
        uint8_t medium;
        bool has_sound;
    } clips[] = {
        {"timed/h264_aac.mp4", "mp4", LK_VIDEO, true},
        {"timed/h264_aac.mkv", "webm", LK_VIDEO, true},
        {"timed/h264_aac.ts", "mpeg-ts", LK_VIDEO, true},
        {"timed/fast.mov", "mp4", LK_VIDEO, true},
        {"timed/vp9_opus.webm", "webm", LK_VIDEO, true},
        {"timed/vp8_vorbis.webm", "webm", LK_VIDEO, true},
        {"timed/mpeg4_mp3.avi", "avi", LK_VIDEO, true},
        {"timed/mpeg2_mp2.ts", "mpeg-ts", LK_VIDEO, true},
        {"timed/ten_bit.mp4", "mp4", LK_VIDEO, false},
        {"timed/variable.mp4", "mp4", LK_VIDEO, false},
        {"timed/turned.mp4", "mp4", LK_VIDEO, false},
        {"timed/animated.gif", "gif", LK_VIDEO, false},
        {"timed/edit_list.mp4", "mp4", LK_VIDEO, true},
        {"timed/sound.mp3", "mp3", LK_AUDIO, true},
        {"timed/sound.ogg", "ogg", LK_AUDIO, true},
        {"timed/sound.flac", "flac", LK_AUDIO, true},
        {"timed/sound.wav", "wav", LK_AUDIO, true},
        {"timed/sound.aac", "aac", LK_AUDIO, true},
        {"timed/six.m4a", "mp4", LK_AUDIO, true},
        {"timed/adpcm.wav", "wav", LK_AUDIO, true},
    };
    struct media_prints entry, query;
    unsigned n_wrong = 0;
    assert_int_equal(prints_of("timed/h264_aac.mp4", LK_REGISTRATION, &entry), LK_OK);
    for (size_t i = 0; i < sizeof clips / sizeof *clips; i++) {
        if (prints_of(clips[i].name, LK_QUERY, &query) != LK_OK) {
            print_message("# %s: %s\n", clips[i].name, err.text);
            n_wrong++;
            continue;
        }
        const struct lk_verdict v = judge(&query, &entry);
        const bool good = strcmp(query.format, clips[i].format) == 0 &&
                          query.sequence.medium == clips[i].medium && v.grade >= LK_EXACT &&
                          v.grade <= LK_PARTIAL && v.by_sound == clips[i].has_sound &&
                          v.by_picture == (clips[i].medium == LK_VIDEO) && query.warnings == 0;
        if (!good)
            print_message("# %s: %s, %s, grade %u, picture %d, sound %d, warnings %x\n",
                          clips[i].name, query.format, lk_medium_name(query.sequence.medium),
                          v.grade, v.by_picture, v.by_sound, query.warnings);
        n_wrong += !good;
        media_prints_fini(&query);
    }
    media_prints_fini(&entry);
    assert_int_equal(n_wrong, 0);
}

static void times_count_from_where_playing_begins(void **state)
{
    (void)state;
    struct media_prints entry, cut;
    assert_int_equal(prints_of("timed/h264_aac.mp4", LK_REGISTRATION, &entry), LK_OK);
    assert_int_equal(prints_of("timed/edit_list.mp4", LK_QUERY, &cut), LK_OK);
    const struct lk_verdict v = judge(&cut, &entry);
    assert_in_range(v.from_ms - v.query_from_ms, 1100, 1400); /* it was cut at 1.25 s */
    assert_in_range(cut.sequence.duration_ms, 3500, 4000);
    media_prints_fini(&cut);
    media_prints_fini(&entry);
}

static void a_gif_of_one_picture_is_a_picture(void **state)
{
    (void)state;
    struct media_prints prints;
    assert_int_equal(prints_of("plain.gif", LK_QUERY, &prints), LK_UNSUPPORTED);
    assert_non_null(strstr(err.text, "single picture"));
}

static void what_shows_and_says_nothing_is_refused(void **state)
{
    (void)state;
    struct media_prints prints;
    assert_int_equal(prints_of("timed/flat.mp4", LK_REGISTRATION, &prints), LK_INVALID);
    assert_non_null(strstr(err.text, "flat, and it has no sound"));
}

/* Cut anywhere, it gives prints or an error that says why, and the decoder lives. */
static unsigned cut_everywhere(const char *name, unsigned *n_read)
{
    struct file_bytes file = test_file(name);
    unsigned n_wrong = 0;
    for (size_t n = 0; n < file.n; n += file.n / 25 + 1) {
        struct media_prints prints;
        enum lk_status status = prints_of_bytes(file.bytes, n, &prints);
        if (status == LK_OK) {
            ++*n_read;
            media_prints_fini(&prints);
        } else if (status != LK_CORRUPT && status != LK_UNSUPPORTED && status != LK_INVALID) {
            print_message("# %s cut to %zu bytes: %s\n", name, n, err.text);
            n_wrong++;
        }
    }
    free(file.bytes);
    return n_wrong;
}

static void a_file_cut_short_gives_what_could_be_read(void **state)
{
    (void)state;
    static const char *const names[] = {
        "timed/h264_aac.mp4",  "timed/h264_aac.mkv", "timed/mpeg2_mp2.ts", "timed/vp8_vorbis.webm",
        "timed/mpeg4_mp3.avi", "timed/sound.flac",   "timed/sound.mp3",    "timed/sound.ogg",
        "timed/animated.gif",  "timed/sound.wav"};
    unsigned n_wrong = 0, n_read = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        n_wrong += cut_everywhere(names[i], &n_read);
    assert_int_equal(n_wrong, 0);
    assert_true(n_read > 60);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    struct file_bytes file = test_file("timed/h264_aac.mkv");
    struct media_prints prints;
    assert_int_equal(prints_of_bytes(file.bytes, file.n / 3, &prints), LK_OK);
    uint32_t warnings = prints.warnings;
    const char *text = media_warning_text(&warnings);
    assert_non_null(text);
    assert_non_null(strstr(text, "cut short"));
    media_prints_fini(&prints);
    free(file.bytes);
}

static void a_damaged_file_never_harms_the_next(void **state)
{
    (void)state;
    static const char *const names[] = {"timed/h264_aac.mp4", "timed/vp9_opus.webm",
                                        "timed/mpeg2_mp2.ts", "timed/sound.ogg",
                                        "timed/mpeg4_mp3.avi"};
    uint64_t state_bits = 88172645463325252u;
    unsigned n_wrong = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int round = 0; round < 12; round++) {
            struct file_bytes file = test_file(names[i]);
            struct media_prints prints;
            for (int k = 0; k < 40; k++) {
                state_bits ^= state_bits << 13;
                state_bits ^= state_bits >> 7;
                state_bits ^= state_bits << 17;
                file.bytes[state_bits % file.n] = (uint8_t)(state_bits >> 40);
            }
            enum lk_status status = prints_of_bytes(file.bytes, file.n, &prints);
            if (status == LK_OK)
                media_prints_fini(&prints);
            if (status == LK_INTERNAL) {
                print_message("# %s, round %d: %s\n", names[i], round, err.text);
                n_wrong++;
            }
            free(file.bytes);
        }
    assert_int_equal(n_wrong, 0);
}

static void other_files_are_unsupported(void **state)
{
    (void)state;
    static const char text[] = "this is a text, no video, and it goes on for a little while";
    struct media_prints prints;
    assert_int_equal(prints_of_bytes((const uint8_t *)text, sizeof text, &prints), LK_UNSUPPORTED);
    assert_non_null(strstr(err.text, "in a format known here"));
    assert_int_equal(prints_of_bytes((const uint8_t *)"", 0, &prints), LK_CORRUPT);
    assert_string_equal(err.text, "the file is empty");
}

static void each_limit_of_a_video_is_named_with_its_value(void **state)
{
    (void)state;
    static const struct {
        struct media_limits limits;
        const char *text;
    } cases[] = {
        {{.prints_max_bytes = 1000}, "larger than the limit of 1000 bytes"},
        {{.max_pixels = 15000}, "144 x 108, more than the limit of 15000 pixels"},
        {{.max_duration_ms = 2000}, "the limit is 2 s (max_duration_ms)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct media *m = test_media(&cases[i].limits);
        struct media_prints prints;
        int fd = open(test_path("timed/h264_aac.mp4"), O_RDONLY | O_CLOEXEC);
        assert_int_equal(prints_of_fd(m, fd, LK_QUERY, &prints), LK_LIMIT);
        assert_non_null(strstr(err.text, cases[i].text));
        media_close(m);
    }
}

static void note_percent(void *ctx, unsigned percent)
{
    unsigned *last = ctx;
    assert_in_range(percent, *last + 1, 99);
    *last = percent;
}

static void progress_rises(void **state)
{
    (void)state;
    unsigned last = 0;
    struct media_prints prints;
    const struct media_prints_request request = {
        .purpose = LK_REGISTRATION, .progress = note_percent, .progress_ctx = &last};
    int fd = open(test_path("timed/mpeg4_mp3.avi"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(media_prints(media, fd, &request, &prints, &err), LK_OK);
    close(fd);
    assert_true(last > 50);
    media_prints_fini(&prints);
}

static void a_pipe_is_kept_in_memory(void **state)
{
    (void)state;
    int ends[2], copy;
    struct media_prints prints;
    struct file_bytes file = test_file("timed/sound.ogg");
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], file.bytes, file.n), file.n); /* fits a pipe's buffer */
    close(ends[1]);
    assert_int_equal(media_spool(ends[0], &copy, &err), LK_OK);
    close(ends[0]);
    assert_int_equal(prints_of_fd(media, copy, LK_QUERY, &prints), LK_OK);
    media_prints_fini(&prints);
    free(file.bytes);
}

static void formats_are_told_from_their_first_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum media_sort sort;
    } files[] = {
        {"plain.jpg", MEDIA_PICTURE},       {"plain.heic", MEDIA_PICTURE},
        {"plain.avif", MEDIA_PICTURE},      {"lossy.webp", MEDIA_PICTURE},
        {"plain.tif", MEDIA_PICTURE},       {"timed/h264_aac.mp4", MEDIA_TIMED},
        {"timed/h264_aac.ts", MEDIA_TIMED}, {"timed/h264_aac.mkv", MEDIA_TIMED},
        {"timed/sound.mp3", MEDIA_TIMED},   {"timed/sound.aac", MEDIA_TIMED},
        {"timed/sound.wav", MEDIA_TIMED},   {"timed/sound.flac", MEDIA_TIMED},
        {"animated.gif", MEDIA_TIMED},      {"make.sh", MEDIA_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct file_bytes file = test_file(files[i].name);
        assert_int_equal(
            media_sort_of(file.bytes, file.n < MEDIA_HEAD_BYTES ? file.n : MEDIA_HEAD_BYTES),
            files[i].sort);
        free(file.bytes);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_gives_the_prints_of_the_clip),
        cmocka_unit_test(times_count_from_where_playing_begins),
        cmocka_unit_test(a_gif_of_one_picture_is_a_picture),
        cmocka_unit_test(what_shows_and_says_nothing_is_refused),
        cmocka_unit_test(a_file_cut_short_gives_what_could_be_read),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(a_damaged_file_never_harms_the_next),
        cmocka_unit_test(other_files_are_unsupported),
        cmocka_unit_test(each_limit_of_a_video_is_named_with_its_value),
        cmocka_unit_test(progress_rises),
        cmocka_unit_test(a_pipe_is_kept_in_memory),
        cmocka_unit_test(formats_are_told_from_their_first_bytes),
    };
    test_dir_set(argc > 1 ? argv[1] : ".");
    return cmocka_run_group_tests(tests, open_media, close_media);
}
