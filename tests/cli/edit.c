/* Writes an edited copy of a picture as PPM, for tests: edit FROM TO EDIT...
 *
 *   crop LEFT TOP WIDTH HEIGHT   a part, in percent
 *   mirror, quarter              left for right; turned clockwise by 90 degrees
 *   scale PERCENT                smaller, by the mean of what falls on a pixel
 *   screen WIDTH HEIGHT          in the middle of an app's light screen with bars and lines */
#include "media/media.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct picture {
    uint8_t *p; /* three channels, without padding */
    uint32_t width, height;
};

static struct picture make(uint32_t width, uint32_t height)
{
    struct picture out = {calloc((size_t)width * height, 3), width, height};
    if (out.p == NULL || width == 0 || height == 0)
        exit(3);
    return out;
}

static uint8_t *at(const struct picture *p, uint32_t x, uint32_t y)
{
    return p->p + ((size_t)y * p->width + x) * 3;
}

static struct picture load(const char *path)
{
    struct lk_error err;
    struct media *media;
    struct media_image image;
    const struct media_request request = {.front_end = LK_FULLRES};
    FILE *file = fopen(path, "rb");
    if (file == NULL || media_open(NULL, NULL, &media, &err) != LK_OK ||
        media_decode(media, fileno(file), &request, &image, &err) != LK_OK)
        exit(3);
    const struct lk_pixels *from = &image.pixels;
    struct picture out = make(from->width, from->height);
    for (uint32_t y = 0; y < out.height; y++)
        for (uint32_t x = 0; x < out.width; x++)
            for (unsigned c = 0; c < 3; c++)
                at(&out, x, y)[c] = from->data[y * from->stride_bytes + x * from->channels +
                                               (from->channels == 3 ? c : 0)];
    media_image_fini(&image);
    media_close(media);
    fclose(file);
    return out;
}

static void save(const struct picture *p, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fprintf(file, "P6\n%u %u\n255\n", p->width, p->height) < 0 ||
        fwrite(p->p, 3, (size_t)p->width * p->height, file) != (size_t)p->width * p->height ||
        fclose(file) != 0)
        exit(4);
}

static struct picture crop(const struct picture *from, uint32_t left, uint32_t top, uint32_t width,
                           uint32_t height)
{
    uint32_t x0 = from->width * left / 100, y0 = from->height * top / 100;
    struct picture out = make(from->width * width / 100, from->height * height / 100);
    if (x0 + out.width > from->width || y0 + out.height > from->height)
        exit(2);
    for (uint32_t y = 0; y < out.height; y++)
        memcpy(at(&out, 0, y), at(from, x0, y0 + y), (size_t)out.width * 3);
    return out;
}

static struct picture mirror(const struct picture *from)
{
    struct picture out = make(from->width, from->height);
    for (uint32_t y = 0; y < out.height; y++)
        for (uint32_t x = 0; x < out.width; x++)
            memcpy(at(&out, x, y), at(from, out.width - 1 - x, y), 3);
    return out;
}

static struct picture quarter(const struct picture *from)
{
    struct picture out = make(from->height, from->width);
    for (uint32_t y = 0; y < out.height; y++)
        for (uint32_t x = 0; x < out.width; x++)
            memcpy(at(&out, x, y), at(from, y, out.width - 1 - x), 3);
    return out;
}

static uint8_t mean(const struct picture *p, uint32_t x0, uint32_t x1, uint32_t y0, uint32_t y1,
                    unsigned channel)
{
    uint32_t sum = 0, n = 0;
    for (uint32_t y = y0; y < y1; y++)
        for (uint32_t x = x0; x < x1; x++, n++)
            sum += at(p, x, y)[channel];
    return (uint8_t)((sum + n / 2) / n);
}

static struct picture scale(const struct picture *from, uint32_t percent)
{
    struct picture out = make(from->width * percent / 100, from->height * percent / 100);
    if (percent > 100)
        exit(2);
    for (uint32_t y = 0; y < out.height; y++)
        for (uint32_t x = 0; x < out.width; x++)
            for (unsigned c = 0; c < 3; c++)
                at(&out, x, y)[c] =
                    mean(from, from->width * x / out.width, from->width * (x + 1) / out.width,
                         from->height * y / out.height, from->height * (y + 1) / out.height, c);
    return out;
}

static void fill(struct picture *p, uint32_t x0, uint32_t y0, uint32_t x1, uint32_t y1,
                 uint8_t value)
{
    for (uint32_t y = y0; y < y1 && y < p->height; y++)
        for (uint32_t x = x0; x < x1 && x < p->width; x++)
            memset(at(p, x, y), value, 3);
}

/* A bar with a round mark above, short lines of text and buttons below. */
static struct picture screen(const struct picture *from, uint32_t width, uint32_t height)
{
    struct picture out = make(width, height);
    if (from->width > width || from->height > height)
        exit(2);
    fill(&out, 0, 0, width, height, 250);
    fill(&out, 0, 0, width, height / 12, 225);
    fill(&out, width / 40, height / 60, width / 40 + height / 20, height / 60 + height / 20, 90);
    for (uint32_t line = 0; line < 4; line++)
        fill(&out, width / 20, height * (88 + 3 * line) / 100, width * (9 - 2 * line) / 10,
             height * (88 + 3 * line) / 100 + height / 90, 120);
    uint32_t x0 = (width - from->width) / 2, y0 = (height - from->height) / 2;
    for (uint32_t y = 0; y < from->height; y++)
        memcpy(at(&out, x0, y0 + y), at(from, 0, y), (size_t)from->width * 3);
    return out;
}

/* The number behind an edit's name; *argv is moved onto it. */
static uint32_t next(char ***argv)
{
    if (*++*argv == NULL)
        exit(2);
    return (uint32_t)strtoul(**argv, NULL, 10);
}

static struct picture edit(const struct picture *from, char ***argv)
{
    const char *name = **argv;
    uint32_t v[4];
    if (strcmp(name, "mirror") == 0)
        return mirror(from);
    if (strcmp(name, "quarter") == 0)
        return quarter(from);
    v[0] = next(argv);
    if (strcmp(name, "scale") == 0)
        return scale(from, v[0]);
    v[1] = next(argv);
    if (strcmp(name, "screen") == 0)
        return screen(from, v[0], v[1]);
    v[2] = next(argv);
    v[3] = next(argv);
    if (strcmp(name, "crop") != 0)
        exit(2);
    return crop(from, v[0], v[1], v[2], v[3]);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    struct picture picture = load(argv[1]);
    for (char **arg = argv + 3; *arg != NULL; arg++) {
        struct picture edited = edit(&picture, &arg);
        free(picture.p);
        picture = edited;
    }
    save(&picture, argv[2]);
    free(picture.p);
    return 0;
}
