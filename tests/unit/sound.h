/* tests/unit/sound.h - sound for tests: something like a voice, made of nothing but arithmetic.
 *
 * Syllables of 80 to 250 ms with pauses between some, each a buzz of falling harmonics through two
 * resonances of its own. Another seed says something else. */
#ifndef TESTS_UNIT_SOUND_H
#define TESTS_UNIT_SOUND_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

struct sound {
    uint64_t state;
    uint32_t rate_hz;
    double phase, pitch_hz, formant_hz[2], y[2][2];
    double left_s, length_s;
    int is_pause;
};

static inline uint32_t sound_random(struct sound *s)
{
    s->state = s->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(s->state >> 33);
}

static inline double sound_between(struct sound *s, double a, double b)
{
    return a + (b - a) * (sound_random(s) / 2147483648.0);
}

static inline void sound_init(struct sound *s, uint64_t seed, uint32_t rate_hz)
{
    *s = (struct sound){.state = seed * 7919 + 1, .rate_hz = rate_hz};
}

static inline void sound_syllable(struct sound *s)
{
    s->is_pause = !s->is_pause && sound_random(s) % 4 == 0;
    s->length_s = s->left_s = sound_between(s, 0.08, 0.25);
    s->pitch_hz = sound_between(s, 90, 220);
    s->formant_hz[0] = sound_between(s, 300, 900);
    s->formant_hz[1] = sound_between(s, 900, 2800);
}

static inline float sound_next(struct sound *s)
{
    if (s->left_s <= 0)
        sound_syllable(s);
    s->left_s -= 1.0 / s->rate_hz;
    s->phase += s->pitch_hz / s->rate_hz;
    double x = 0, out = 0;
    if (s->phase >= 1) {
        s->phase -= 1;
        x = s->is_pause ? 0 : sin(M_PI * s->left_s / s->length_s);
    }
    for (int i = 0; i < 2; i++) { /* resonances 100 Hz wide */
        const double r = exp(-M_PI * 100 / s->rate_hz);
        const double y = x + 2 * r * cos(2 * M_PI * s->formant_hz[i] / s->rate_hz) * s->y[i][0] -
                         r * r * s->y[i][1];
        s->y[i][1] = s->y[i][0];
        s->y[i][0] = y;
        out += y * 0.1;
    }
    return (float)(out + (sound_random(s) % 2001 - 1000.0) * 1e-6);
}

static inline void sound_fill(uint64_t seed, uint32_t rate_hz, float *out, size_t n)
{
    struct sound s;
    sound_init(&s, seed, rate_hz);
    for (size_t i = 0; i < n; i++)
        out[i] = sound_next(&s);
}

#endif
