/* The prints of a recording in WebAssembly, for tests and for measuring; imports nothing.
 *
 *   p = lk_wasm_alloc(n)              room for samples or for text
 *   sound_text(pcm, n, out, cap)      the lines of sound_lines.h -> bytes
 *   sound_run(x, n, rate, purpose)    prints of n floats -> records; below 0: minus enum lk_status
 */
#include "sound_lines.h"

#include "media/wasm/heap.h"

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("sound_text") size_t sound_text(const int16_t *pcm, size_t n, char *out, size_t cap);
EXPORT("sound_run") int sound_run(const float *x, size_t n, uint32_t rate_hz, uint8_t purpose);

size_t sound_text(const int16_t *pcm, size_t n, char *out, size_t cap)
{
    return sound_lines(&wasm_heap, pcm, n, out, cap);
}

int sound_run(const float *x, size_t n, uint32_t rate_hz, uint8_t purpose)
{
    const struct lk_audio_options options = {
        .purpose = purpose, .channels = 1, .sample_rate_hz = rate_hz};
    struct lk_audio *a = NULL;
    size_t n_records = 0;
    enum lk_status status = lk_audio_new(&wasm_heap, &options, &a, NULL);
    if (status == LK_OK)
        status = lk_audio_put(a, x, n, NULL);
    if (status == LK_OK)
        status = lk_audio_end(a, NULL);
    if (status == LK_OK)
        lk_audio_records(a, &n_records);
    lk_audio_free(a);
    return status == LK_OK ? (int)n_records : -(int)status;
}
