/* The prints of a recording in WebAssembly, for tests and for measuring; imports nothing.
 *
 *   p = sound_alloc(n)                room for samples or for text
 *   sound_text(pcm, n, out, cap)      the lines of sound_lines.h -> bytes
 *   sound_run(x, n, rate, purpose)    prints of n floats -> records; below 0: minus enum lk_status
 */
#include "sound_lines.h"

#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))

static void *heap_alloc(void *ctx, size_t n_bytes)
{
    (void)ctx;
    return malloc(n_bytes);
}

static void *heap_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    return realloc(p, new_bytes);
}

static void heap_free(void *ctx, void *p, size_t n_bytes)
{
    (void)ctx;
    (void)n_bytes;
    free(p);
}

static const struct lk_alloc heap = {NULL, heap_alloc, heap_resize, heap_free};

EXPORT("sound_alloc") void *sound_alloc(size_t n_bytes);
EXPORT("sound_text") size_t sound_text(const int16_t *pcm, size_t n, char *out, size_t cap);
EXPORT("sound_run") int sound_run(const float *x, size_t n, uint32_t rate_hz, uint8_t purpose);

void *sound_alloc(size_t n_bytes)
{
    return malloc(n_bytes);
}

size_t sound_text(const int16_t *pcm, size_t n, char *out, size_t cap)
{
    return sound_lines(&heap, pcm, n, out, cap);
}

int sound_run(const float *x, size_t n, uint32_t rate_hz, uint8_t purpose)
{
    const struct lk_audio_options options = {
        .purpose = purpose, .channels = 1, .sample_rate_hz = rate_hz};
    struct lk_audio *a = NULL;
    size_t n_records = 0;
    enum lk_status status = lk_audio_new(&heap, &options, &a, NULL);
    if (status == LK_OK)
        status = lk_audio_put(a, x, n, NULL);
    if (status == LK_OK)
        status = lk_audio_end(a, NULL);
    if (status == LK_OK)
        lk_audio_records(a, &n_records);
    lk_audio_free(a);
    return status == LK_OK ? (int)n_records : -(int)status;
}
