/* A photograph is kept at half, quarter, ... of its size; a piece is sampled from the smallest form
 * that is still finer than the 64x64 pixels it becomes, and our own PDQ makes its prints. */
#include "photos.h"
#include "measure.h"

#include <dirent.h>
#include <likeness/image.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 64, MAX_FORMS = 8, MAX_PHOTOS = 1000, MIN_QUALITY = 50, MIN_PIECE = 160 };

struct form {
    uint32_t width, height;
    uint8_t *p;
};

struct photo {
    unsigned n;
    struct form form[MAX_FORMS];
};

struct photos {
    size_t n;
    struct photo photo[MAX_PHOTOS];
};

static bool form_load(struct form *form, const char *path)
{
    FILE *f = fopen(path, "rb");
    unsigned most;
    bool is_good = f != NULL && fscanf(f, "P5 %u %u %u", &form->width, &form->height, &most) == 3 &&
                   most == 255 && form->width >= 300 && form->height >= 300 && fgetc(f) != EOF;
    if (is_good) {
        size_t n = (size_t)form->width * form->height;
        form->p = must_alloc(n, 1);
        is_good = fread(form->p, 1, n, f) == n;
    }
    if (f != NULL)
        fclose(f);
    return is_good;
}

static void form_halve(const struct form *from, struct form *to)
{
    *to = (struct form){from->width / 2, from->height / 2, NULL};
    to->p = must_alloc((size_t)to->width * to->height, 1);
    for (size_t y = 0; y < to->height; y++)
        for (size_t x = 0; x < to->width; x++) {
            const uint8_t *p = from->p + 2 * y * from->width + 2 * x;
            to->p[y * to->width + x] =
                (uint8_t)((p[0] + p[1] + p[from->width] + p[from->width + 1] + 2) / 4);
        }
}

static void photos_load(struct photos *photos, const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[4096];
        const char *dot = strrchr(names[i]->d_name, '.');
        struct photo *photo = &photos->photo[photos->n];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
        if (dot != NULL && strcmp(dot, ".pgm") == 0 && photos->n < MAX_PHOTOS &&
            form_load(&photo->form[0], path)) {
            for (photo->n = 1; photo->n < MAX_FORMS; photo->n++) {
                const struct form *last = &photo->form[photo->n - 1];
                if (last->width < 2 * SIDE || last->height < 2 * SIDE)
                    break;
                form_halve(last, &photo->form[photo->n]);
            }
            photos->n++;
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    if (photos->n == 0)
        die("no PGM photographs of 300 pixels and more in '%s'", dir);
}

static double random_share(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* A rectangle of the photograph, in its pixels, turned about its centre. */
struct piece {
    double x, y, width, height, turn;
};

static struct piece piece_of(const struct form *whole, uint64_t *state)
{
    double side = whole->width < whole->height ? whole->width : whole->height;
    double size = exp(log(MIN_PIECE) + random_share(state) * log(side / MIN_PIECE));
    double aspect = exp((random_share(state) - 0.5) * 0.7);
    struct piece piece = {.width = fmin(size * sqrt(aspect), whole->width),
                          .height = fmin(size / sqrt(aspect), whole->height)};
    piece.x = random_share(state) * (whole->width - piece.width);
    piece.y = random_share(state) * (whole->height - piece.height);
    piece.turn = random_share(state) < 0.3 ? (random_share(state) - 0.5) * 0.6 : 0;
    return piece;
}

static uint8_t sample(const struct form *form, double x, double y)
{
    x = fmin(fmax(x, 0), form->width - 1.01);
    y = fmin(fmax(y, 0), form->height - 1.01);
    size_t left = (size_t)x, top = (size_t)y;
    double right = x - (double)left, down = y - (double)top;
    const uint8_t *p = form->p + top * form->width + left;
    return (uint8_t)((p[0] * (1 - right) + p[1] * right) * (1 - down) +
                     (p[form->width] * (1 - right) + p[form->width + 1] * right) * down + 0.5);
}

static void piece_sample(const struct photo *photo, const struct piece *piece,
                         uint8_t out[SIDE * SIDE])
{
    unsigned level = 0;
    double scale = fmax(piece->width, piece->height) / SIDE, shrink = 1;
    for (; level + 1 < photo->n && scale > 1.5; level++, scale /= 2)
        shrink /= 2;
    double c = cos(piece->turn), s = sin(piece->turn);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double u = (x + 0.5) / SIDE - 0.5, v = (y + 0.5) / SIDE - 0.5;
            double px = piece->x + piece->width * (c * u - s * v + 0.5);
            double py = piece->y + piece->height * (s * u + c * v + 0.5);
            out[y * SIDE + x] = sample(&photo->form[level], px * shrink - 0.5, py * shrink - 0.5);
        }
}

struct job {
    const struct photos *photos;
    struct lk_print *out;
    size_t n;
    unsigned n_turns;
    uint64_t state;
};

static void *job_run(void *ctx)
{
    struct job *job = ctx;
    for (size_t n = 0; n < job->n;) {
        struct lk_error err;
        struct lk_image_prints prints;
        uint8_t pixels[SIDE * SIDE];
        const struct photo *photo = &job->photos->photo[random_next(&job->state) % job->photos->n];
        struct piece piece = piece_of(&photo->form[0], &job->state);
        piece_sample(photo, &piece, pixels);
        struct lk_pixels view = {pixels, SIDE, SIDE, SIDE, 1, 0};
        must(lk_image_print(lk_alloc_heap(), &view, LK_FULLRES, &prints, &err), &err);
        if (prints.quality < MIN_QUALITY || lk_image_refusal(&prints, &err) != LK_OK)
            continue;
        for (unsigned t = 0; t < job->n_turns && n < job->n; t++)
            job->out[n++] = prints.turn[t];
    }
    return NULL;
}

void photos_write(const char *dir, size_t n, unsigned n_turns, uint64_t seed, const char *path)
{
    struct photos *photos = must_alloc(1, sizeof *photos);
    struct lk_print *out = must_alloc(n, sizeof *out);
    struct job job[2];
    pthread_t thread[2];
    photos_load(photos, dir);
    for (unsigned t = 0; t < 2; t++) {
        size_t from = n / 2 * t;
        job[t] = (struct job){photos, out + from, t ? n - from : n / 2, n_turns, seed * 2 + t};
        if (pthread_create(&thread[t], NULL, job_run, &job[t]) != 0)
            die("cannot start a thread");
    }
    for (int t = 0; t < 2; t++)
        pthread_join(thread[t], NULL);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(out, sizeof *out, n, f) != n || fclose(f) != 0)
        die("cannot write '%s'", path);
    printf("%zu prints of %zu photographs in '%s'\n", n, photos->n, path);
    free(out);
    for (size_t i = 0; i < photos->n; i++)
        for (unsigned k = 0; k < photos->photo[i].n; k++)
            free(photos->photo[i].form[k].p);
    free(photos);
}
