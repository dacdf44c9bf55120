/* The public face of fingerprinting (include/likeness/fingerprint.h): stages, one small piece of
 * work at a time, so that whoever shows progress can look in between. */
#include "base/err.h"
#include "core/image/background.h"
#include "core/image/patch.h"
#include "core/image/pdq.h"
#include "core/image/photograph.h"
#include "core/image/variants.h"

#include <likeness/fingerprint.h>
#include <likeness/match.h>
#include <string.h>

enum {
    REGISTERED_ANCHORS = 64,
    QUERIED_ANCHORS = 96,
    ANCHORED_FROM_SIDE = 160, /* in smaller pictures too few blobs can be found again */
    MIN_PATCH_QUALITY = 8,
    TURNS = 3,
    FORMS = 2 * TURNS,      /* of a registered anchor */
    QUERIED_IN_FORMS = 6,   /* the strongest of each range of sizes: their queries are also for */
                            /* copies turned by quarters and with tones inverted */
    QUARTERS = LK_TURN_270, /* besides none */
    REPEATED = 3,           /* other anchors of a picture that look alike */
};

enum stage { VARIANTS, SPACE, DETECT, CHOOSE, PRINTS, ORDER, DONE, N_STAGES };

struct lk_fingerprint {
    const struct lk_alloc *alloc;
    struct lk_fingerprint_options options;
    struct lk_image_prints whole;
    struct work work;      /* of the part */
    struct lk_rect framed; /* of the working copy: where anchors are taken from */
    struct scale_space space;
    struct anchor_list found;
    struct anchor chosen[QUERIED_ANCHORS];
    size_t n_chosen;
    enum stage stage;
    unsigned next; /* within the stage */
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    size_t n_whole, n_records;
};

/* ---- beginning ---- */

static bool is_all(const struct lk_rect *r)
{
    return r->width == 0 && r->height == 0 && r->x == 0 && r->y == 0;
}

static enum lk_status part_of(const struct lk_pixels *pixels, const struct lk_rect *part,
                              struct lk_pixels *out, struct lk_error *err)
{
    *out = *pixels;
    if (is_all(part))
        return LK_OK;
    if (part->width < 1 || part->height < 1 || part->width > pixels->width ||
        part->x > pixels->width - part->width || part->height > pixels->height ||
        part->y > pixels->height - part->height)
        return FAIL(err, LK_INVALID, "a part of %u x %u at %u, %u is not inside %u x %u pixels",
                    part->width, part->height, part->x, part->y, pixels->width, pixels->height);
    out->data += (size_t)part->y * pixels->stride_bytes + (size_t)part->x * pixels->channels;
    out->width = part->width;
    out->height = part->height;
    return LK_OK;
}

/* The picture around a part that is most of it may come back as it is. */
static enum lk_status add_surrounding(struct lk_fingerprint *f, const struct lk_pixels *pixels,
                                      const struct lk_pixels *part, struct lk_error *err)
{
    const uint64_t all = (uint64_t)pixels->width * pixels->height;
    const uint64_t inside = (uint64_t)part->width * part->height;
    if (f->options.purpose != LK_REGISTRATION || inside == all || inside < all / 2)
        return LK_OK;
    struct lk_image_prints prints;
    TRY(lk_image_print(f->alloc, pixels, (enum lk_front_end)f->options.front_end, &prints, err));
    f->n_records +=
        variants_whole(&prints, pixels->width, pixels->height, true, &f->records[f->n_records]);
    return LK_OK;
}

static enum lk_status begin(struct lk_fingerprint *f, const struct lk_pixels *pixels,
                            struct lk_error *err)
{
    struct lk_pixels part;
    TRY(part_of(pixels, &f->options.part, &part, err));
    TRY(lk_image_print(f->alloc, &part, (enum lk_front_end)f->options.front_end, &f->whole, err));
    f->n_records = variants_whole(&f->whole, part.width, part.height,
                                  f->options.purpose == LK_REGISTRATION, f->records);
    TRY(add_surrounding(f, pixels, &part, err));
    if (f->options.purpose == LK_QUERY)
        f->records[f->n_records++] = variants_inverted(&f->records[0]);
    TRY(work_init(&f->work, f->alloc, &part, err));
    f->framed = (struct lk_rect){0, 0, f->work.width, f->work.height};
    if (f->work.width < ANCHORED_FROM_SIDE && f->work.height < ANCHORED_FROM_SIDE)
        return LK_OK;
    TRY(scale_space_init(&f->space, f->alloc, &f->work, err));
    return anchor_list_init(&f->found, f->alloc, &f->work, err);
}

enum lk_status lk_fingerprint_new(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                  const struct lk_fingerprint_options *options,
                                  struct lk_fingerprint **out, struct lk_error *err)
{
    if (options->purpose != LK_REGISTRATION && options->purpose != LK_QUERY)
        return FAIL(err, LK_INVALID, "purpose %u is not known", options->purpose);
    struct lk_fingerprint *f = alloc->alloc(alloc->ctx, sizeof *f);
    if (f == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a fingerprint");
    memset(f, 0, sizeof *f);
    f->alloc = alloc;
    f->options = *options;
    enum lk_status status = begin(f, pixels, err);
    if (status != LK_OK) {
        lk_fingerprint_free(f);
        return status;
    }
    *out = f;
    return LK_OK;
}

void lk_fingerprint_free(struct lk_fingerprint *f)
{
    if (f == NULL)
        return;
    anchor_list_fini(&f->found, f->alloc);
    scale_space_fini(&f->space, f->alloc);
    work_fini(&f->work, f->alloc);
    f->alloc->free(f->alloc->ctx, f, sizeof *f);
}

/* ---- whole prints of parts ---- */

/* Registration: one centre crop. Query: everything that looks like a photograph in a frame. */
static enum lk_status add_variants(struct lk_fingerprint *f, bool *more, struct lk_error *err)
{
    struct lk_record *to = &f->records[f->n_records];
    size_t n = 0;
    if (f->options.purpose == LK_REGISTRATION) {
        TRY(variants_crop(&f->work, f->alloc, f->next, to, &n, err));
        *more = f->next + 1 < VARIANTS_N_CROPS;
    } else {
        TRY(variants_inside(&f->work, f->alloc, &f->framed, to, &n, err));
        *more = false;
    }
    f->n_records += n;
    return LK_OK;
}

/* ---- anchors ---- */

static struct lk_record record_of(const struct lk_fingerprint *f, const struct anchor *a)
{
    const uint32_t side = f->work.width > f->work.height ? f->work.width : f->work.height;
    return (struct lk_record){.frame = {.x = (uint8_t)(a->x * 256 / (float)side),
                                        .y = (uint8_t)(a->y * 256 / (float)side),
                                        .size = (uint8_t)a->size},
                              .kind = LK_ANCHOR};
}

static void add_form(struct lk_fingerprint *f, struct lk_record r, unsigned turn)
{
    r.frame.turn = (uint8_t)turn;
    f->records[f->n_records++] = r;
}

/* Who turns a picture or inverts its tones, to hide it, and then crops it too. */
static void add_query_forms(struct lk_fingerprint *f, struct lk_record r, struct patch *patch)
{
    const struct lk_print print = r.print;
    r.print = patch_print_inverted(&print);
    add_form(f, r, LK_INVERTED);
    for (unsigned quarter = 1; quarter <= QUARTERS; quarter++) {
        struct patch turned;
        patch_turn(patch, &turned);
        *patch = turned;
        (void)patch_print(patch, &r.print);
        add_form(f, r, quarter);
    }
}

/* A mirrored picture that is turned one way shows the patch turned the other way; the matcher
 * knows. */
static void add_anchor(struct lk_fingerprint *f, const struct anchor *a)
{
    const uint32_t side = f->work.width > f->work.height ? f->work.width : f->work.height;
    const bool registration = f->options.purpose == LK_REGISTRATION;
    const float sigma = anchor_sigma(a->size, side);
    struct lk_record r = record_of(f, a);
    for (unsigned turn = 0; turn < (registration ? TURNS : 1); turn++) {
        struct patch patch;
        patch_sample(&f->space, a, sigma, (enum lk_small_turn)turn, &patch);
        const unsigned quality = patch_print(&patch, &r.print);
        if (turn == 0) {
            r.quality = (uint8_t)quality;
            if (quality < MIN_PATCH_QUALITY || background_has(&r.print))
                return;
        }
        add_form(f, r, turn << LK_SMALL_TURN_SHIFT);
        if (!registration && a->rank < QUERIED_IN_FORMS)
            add_query_forms(f, r, &patch);
        if (!registration)
            continue;
        r.print = patch_print_mirrored(&r.print);
        add_form(f, r, turn << LK_SMALL_TURN_SHIFT | LK_FLIP_Y);
    }
}

/* A pattern - dots, bricks, stripes, a page of text - shows the same patch again and again, and so
 * do unlike pictures that have such a pattern: its anchors say nothing. */
static void drop_repeated(struct lk_fingerprint *f)
{
    bool repeated[LK_MAX_IMAGE_RECORDS] = {false};
    struct lk_record *r = f->records;
    for (size_t i = f->n_whole; i < f->n_records; i++) {
        unsigned n_alike = 0;
        for (size_t k = f->n_whole; r[i].frame.turn == 0 && k < f->n_records; k++)
            n_alike += k != i && r[k].frame.turn == 0 &&
                       lk_print_distance(&r[i].print, &r[k].print) <= LK_ANCHOR_RADIUS;
        /* the forms of an anchor follow it */
        repeated[i] = r[i].frame.turn == 0 ? n_alike >= REPEATED : repeated[i - 1];
    }
    size_t n = f->n_whole;
    for (size_t i = f->n_whole; i < f->n_records; i++)
        if (!repeated[i])
            r[n++] = r[i];
    f->n_records = n;
}

static bool print_before(const struct lk_print *a, const struct lk_print *b)
{
    for (int i = 0; i < 4; i++)
        if (a->w[i] != b->w[i])
            return a->w[i] < b->w[i];
    return false;
}

/* By their first print, so that the order tells neither strength nor place. */
static void order_anchors(struct lk_fingerprint *f)
{
    const size_t group = f->options.purpose == LK_REGISTRATION ? FORMS : 1;
    struct lk_record *first = &f->records[f->n_whole], held[FORMS];
    for (size_t i = group; i + group <= f->n_records - f->n_whole; i += group) {
        size_t j = i;
        memcpy(held, &first[i], group * sizeof *held);
        for (; j > 0 && print_before(&held->print, &first[j - group].print); j -= group)
            memcpy(&first[j], &first[j - group], group * sizeof *held);
        memcpy(&first[j], held, group * sizeof *held);
    }
}

/* ---- the steps ---- */

static const uint8_t percent_at[N_STAGES + 1] = {0, 25, 50, 65, 70, 98, 100, 100};

/* One piece of the stage; *more: there is another. */
static enum lk_status work_on(struct lk_fingerprint *f, bool *more, struct lk_error *err)
{
    *more = false;
    switch (f->stage) {
    case VARIANTS:
        TRY(add_variants(f, more, err));
        f->n_whole = f->n_records;
        break;
    case SPACE:
        if (f->space.n_octaves > 0)
            scale_space_octave(&f->space, f->next);
        *more = f->next + 1 < f->space.n_octaves;
        break;
    case DETECT: /* the small octaves first: they have few, and all of theirs must find room */
        if (f->space.n_octaves > 0)
            anchors_detect(&f->space, f->space.n_octaves - 1 - f->next, &f->found);
        *more = f->next + 1 < f->space.n_octaves;
        break;
    case CHOOSE:
        f->n_chosen = anchors_choose(&f->found, &f->work, &f->framed,
                                     f->options.purpose == LK_REGISTRATION ? REGISTERED_ANCHORS
                                                                           : QUERIED_ANCHORS,
                                     f->chosen);
        break;
    case PRINTS:
        if (f->next < f->n_chosen)
            add_anchor(f, &f->chosen[f->next]);
        *more = f->next + 1 < f->n_chosen;
        break;
    case ORDER:
        drop_repeated(f);
        order_anchors(f);
        break;
    default:
        break;
    }
    return LK_OK;
}

enum lk_status lk_fingerprint_step(struct lk_fingerprint *f, unsigned *percent,
                                   struct lk_error *err)
{
    static const uint8_t pieces[N_STAGES] = {[VARIANTS] = VARIANTS_N_CROPS,
                                             [SPACE] = SCALE_MAX_OCTAVES,
                                             [DETECT] = SCALE_MAX_OCTAVES,
                                             [CHOOSE] = 1,
                                             [PRINTS] = QUERIED_ANCHORS,
                                             [ORDER] = 1,
                                             [DONE] = 1};
    bool more;
    TRY(work_on(f, &more, err));
    f->next = more ? f->next + 1 : 0;
    if (!more && f->stage < DONE)
        f->stage++;
    const unsigned from = percent_at[f->stage], to = percent_at[f->stage + 1];
    *percent = from + (to - from) * f->next / pieces[f->stage];
    return LK_OK;
}

const struct lk_record *lk_fingerprint_records(const struct lk_fingerprint *f, size_t *n)
{
    *n = f->n_records;
    return f->records;
}

const struct lk_image_prints *lk_fingerprint_whole(const struct lk_fingerprint *f)
{
    return &f->whole;
}

enum lk_status lk_image_fingerprint(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                    const struct lk_fingerprint_options *options,
                                    struct lk_image_prints *whole, struct lk_record *records,
                                    size_t *n_records, struct lk_error *err)
{
    struct lk_fingerprint *f = NULL;
    TRY(lk_fingerprint_new(alloc, pixels, options, &f, err));
    unsigned percent = 0;
    enum lk_status status = LK_OK;
    while (status == LK_OK && percent < 100)
        status = lk_fingerprint_step(f, &percent, err);
    if (status == LK_OK) {
        const struct lk_record *made = lk_fingerprint_records(f, n_records);
        memcpy(records, made, *n_records * sizeof *records);
        *whole = f->whole;
    }
    lk_fingerprint_free(f);
    return status;
}

enum lk_status lk_image_photograph(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                   struct lk_rect *out, struct lk_error *err)
{
    struct work work;
    TRY(pixels_check(pixels, pixels->reduced_by > 1 ? LK_SCALED : LK_FULLRES, err));
    TRY(work_init(&work, alloc, pixels, err));
    struct lk_rect r;
    enum lk_status status = photograph_find(alloc, work.luma, work.width, work.height, &r, err);
    if (status == LK_OK) {
        const uint32_t x1 = (uint32_t)((uint64_t)(r.x + r.width) * pixels->width / work.width);
        const uint32_t y1 = (uint32_t)((uint64_t)(r.y + r.height) * pixels->height / work.height);
        out->x = (uint32_t)((uint64_t)r.x * pixels->width / work.width);
        out->y = (uint32_t)((uint64_t)r.y * pixels->height / work.height);
        out->width = x1 - out->x;
        out->height = y1 - out->y;
    }
    work_fini(&work, alloc);
    return status;
}
