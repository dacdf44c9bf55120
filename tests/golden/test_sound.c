/* Prints of recordings, kept as lines of text, so that none changes unnoticed, whatever the
 * compiler and the processor.
 *
 * usage: test_sound DIRECTORY [write]
 * DIRECTORY has NAME.wav (16 bits, one channel, 16,000 samples a second) and NAME.lines */
#include "../cmocka_all.h"
#include "sound_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAV_HEADER_BYTES = 44, MAX_BYTES = 1 << 20 };
static const char *directory;
static bool writing;
static char lines[MAX_BYTES], kept[MAX_BYTES];
static int16_t pcm[MAX_BYTES / 2];

static FILE *open_file(const char *name, const char *suffix, const char *mode)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s%s", directory, name, suffix);
    FILE *f = fopen(path, mode);
    if (f == NULL)
        fail_msg("%s cannot be opened", path);
    return f;
}

static void check(const char *name)
{
    uint8_t header[WAV_HEADER_BYTES];
    FILE *f = open_file(name, ".wav", "rb");
    assert_int_equal(fread(header, 1, sizeof header, f), sizeof header);
    assert_memory_equal(header, "RIFF", 4);
    assert_memory_equal(header + 36, "data", 4);
    const size_t n = fread(pcm, sizeof *pcm, sizeof pcm / sizeof *pcm, f);
    assert_int_equal(fclose(f), 0);
    const size_t n_bytes = sound_lines(lk_alloc_heap(), pcm, n, lines, sizeof lines);
    assert_true(n_bytes > 0);
    f = open_file(name, ".lines", writing ? "wb" : "rb");
    if (writing)
        assert_int_equal(fwrite(lines, 1, n_bytes, f), n_bytes);
    else {
        assert_int_equal(fread(kept, 1, sizeof kept, f), n_bytes);
        for (size_t i = 0, line = 1; i < n_bytes; line += lines[i++] == '\n')
            if (kept[i] != lines[i])
                fail_msg("%s.lines differs in line %zu", name, line);
    }
    assert_int_equal(fclose(f), 0);
}

static void a_reading_keeps_its_prints_at_every_rate(void **state)
{
    (void)state;
    check("leisure");
}

static void another_reading_keeps_its_prints_at_every_rate(void **state)
{
    (void)state;
    check("ill_disposed");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    directory = argv[1];
    writing = argc > 2 && strcmp(argv[2], "write") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_keeps_its_prints_at_every_rate),
        cmocka_unit_test(another_reading_keeps_its_prints_at_every_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
