/* core/image/scale_space.h - a picture at many degrees of blur.
 *
 * Octave o is the picture at 1/2^o of its size; its level i has a blur of 1.6 * 2^(i / 4) of its
 * own pixels. Differences of neighbouring levels are where blobs are looked for (Lindeberg 1998;
 * Lowe 2004, section 3), levels are what patches are sampled from. Floats, each pixel summed in one
 * order, so the same everywhere. */
#ifndef CORE_IMAGE_SCALE_SPACE_H
#define CORE_IMAGE_SCALE_SPACE_H

#include "core/image/work.h"

enum {
    SCALE_PER_OCTAVE = 4,
    SCALE_LEVELS = SCALE_PER_OCTAVE + 3,
    SCALE_MAX_OCTAVES = 5,
    SCALE_MIN_SIDE = 12, /* of an octave */
};

struct scale_plane {
    uint32_t width, height;
    float *at; /* [height][width] */
};

struct scale_space {
    unsigned n_octaves;         /* 0 for a picture under SCALE_MIN_SIDE */
    struct scale_plane picture; /* as it is, unblurred */
    struct scale_plane level[SCALE_MAX_OCTAVES][SCALE_LEVELS];
    float *block; /* all planes, and one plane of scratch */
    size_t n_bytes;
};

/* Takes the memory (about 45 bytes a pixel) and the picture, and makes no octave yet.
 * scale_space_fini() gives it back. Errors: LK_NOMEM. */
enum lk_status scale_space_init(struct scale_space *space, const struct lk_alloc *alloc,
                                const struct work *work, struct lk_error *err) LK_MUST_CHECK;
void scale_space_fini(struct scale_space *space, const struct lk_alloc *alloc);

/* Makes octave o; those before it must have been made. */
void scale_space_octave(struct scale_space *space, unsigned o);

/* Blur of level i of octave o, in pixels of the picture. */
float scale_space_sigma(unsigned o, unsigned i);

#endif
