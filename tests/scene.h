/* tests/scene.h - a grey picture that no one owns: a slope of light, and discs with soft edges,
 * many small ones and few large ones. Each seed gives another; the same on every machine. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <stdint.h>

static inline uint32_t scene_below(uint64_t *state, uint32_t n)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)((*state >> 32) % n);
}

/* Adds `rise` within `radius` of (cx, cy), fading over the outer half. Lengths in quarter pixels.
 */
static inline void scene_disc(int *grey, int width, int height, int cx, int cy, int radius,
                              int rise)
{
    const int64_t outer = (int64_t)radius * radius, inner = outer / 4;
    for (int y = (cy - radius) / 4; y <= (cy + radius) / 4; y++)
        for (int x = (cx - radius) / 4; x <= (cx + radius) / 4; x++) {
            const int64_t dx = 4 * x - cx, dy = 4 * y - cy, d = dx * dx + dy * dy;
            if (x >= 0 && y >= 0 && x < width && y < height && d < outer)
                grey[y * width + x] +=
                    d <= inner ? rise : (int)(rise * (outer - d) / (outer - inner));
        }
}

/* Draws into luma [height][width]; grey is scratch of as many. */
static inline void scene_draw(uint64_t seed, int width, int height, int *grey, uint8_t *luma)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    const int slope = 20 + (int)scene_below(&state, 60);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            grey[y * width + x] = 90 + slope * (x + 2 * y) / (width + 2 * height);
    for (int i = 0; i < 260; i++) {
        const int radius = (int)(4 * (3 + scene_below(&state, i < 12 ? 70 : i < 60 ? 26 : 10)));
        const int rise = (int)(20 + scene_below(&state, 60));
        const int x = (int)scene_below(&state, 4 * (uint32_t)width);
        const int y = (int)scene_below(&state, 4 * (uint32_t)height);
        scene_disc(grey, width, height, x, y, radius, scene_below(&state, 2) ? rise : -rise);
    }
    for (int i = 0; i < width * height; i++)
        luma[i] = (uint8_t)(grey[i] < 0 ? 0 : grey[i] > 255 ? 255 : grey[i]);
}

#endif
