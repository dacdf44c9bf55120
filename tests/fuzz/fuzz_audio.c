/* Samples of any bits, at any rate, cut anywhere, with gaps: no byte outside is touched, records
 * are always such that may be stored, and the cut changes none of them.
 *
 * Bytes: rate (4), channels, purpose, seconds to skip (2), then samples of 4 bytes, repeated up to
 * 2 seconds. */
#include <likeness/audio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER_BYTES = 8, CHUNK_FLOATS = 2048 };

struct input {
    struct lk_audio_options options;
    uint32_t skip_ms;
    const uint8_t *samples;
    size_t n_samples;
};

static struct input read_input(const uint8_t *data, size_t size)
{
    struct input in = {.samples = data + HEADER_BYTES, .n_samples = (size - HEADER_BYTES) / 4};
    memcpy(&in.options.sample_rate_hz, data, 4);
    in.options.channels = data[4];
    in.options.purpose = data[5];
    in.options.max_records = 64;
    in.skip_ms = (uint32_t)(data[6] | data[7] << 8) * 1000;
    return in;
}

/* Two seconds, n_chunk floats at a time, with the gap in the middle. */
static struct lk_audio *make(const struct input *in, size_t n_chunk)
{
    static float x[CHUNK_FLOATS];
    struct lk_audio *a = NULL;
    if (lk_audio_new(lk_alloc_heap(), &in->options, &a, NULL) != LK_OK)
        return NULL;
    const uint32_t rate = in->options.sample_rate_hz;
    const size_t n_channels = in->options.channels;
    for (size_t done = 0, at = 0, n_all = 2 * (size_t)rate; done < n_all;) {
        size_t n = n_chunk / n_channels;
        if (n > n_all - done)
            n = n_all - done;
        if (done < rate && n > rate - done)
            n = rate - done;
        for (size_t i = 0; i < n * n_channels; i++, at++)
            memcpy(&x[i], in->samples + at % in->n_samples * 4, 4);
        if (lk_audio_put(a, x, n, NULL) != LK_OK)
            __builtin_trap();
        done += n;
        if (done == rate && lk_audio_skip(a, in->skip_ms, NULL) != LK_OK)
            __builtin_trap();
    }
    if (lk_audio_end(a, NULL) != LK_OK)
        __builtin_trap();
    return a;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEADER_BYTES + 4)
        return 0;
    const struct input in = read_input(data, size);
    struct lk_audio *a = make(&in, CHUNK_FLOATS);
    if (a == NULL)
        return 0;
    struct lk_audio *b = make(&in, in.options.channels + size % 101);
    struct lk_sequence seq = {.medium = LK_AUDIO}, cut = {.medium = LK_AUDIO};
    seq.records = lk_audio_records(a, &seq.n_records);
    cut.records = lk_audio_records(b, &cut.n_records);
    if (seq.n_records != cut.n_records)
        __builtin_trap();
    if (seq.n_records > 0 && lk_sequence_check(&seq, NULL) != LK_OK)
        __builtin_trap();
    for (size_t i = 0; i < seq.n_records; i++)
        if (lk_print_distance(&seq.records[i].print, &cut.records[i].print) != 0)
            __builtin_trap();
    lk_audio_free(a);
    lk_audio_free(b);
    return 0;
}
