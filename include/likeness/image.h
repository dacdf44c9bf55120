/* likeness/image.h - from pixels to image prints.
 *
 * The whole-image print is PDQ, bit for bit as the reference computes it from the same pixels, on
 * every processor and in WebAssembly (no fused multiply-add, sums in the stated order). */
#ifndef LIKENESS_IMAGE_H
#define LIKENESS_IMAGE_H

#include <likeness/alloc.h>
#include <likeness/print.h>

/* Eight-bit pixels, row after row. Borrowed. */
struct lk_pixels {
    const uint8_t *data;
    uint32_t width, height; /* 1 .. LK_MAX_SIDE */
    size_t stride_bytes;    /* from one row to the next, >= width * channels */
    uint8_t channels;       /* 1: luma; 3: red, green, blue */
    uint8_t reduced_by;     /* 0 or 1: the whole picture. 2, 4, 8: a decoder has already made it
                               smaller by lk_image_reduction(), for LK_SCALED alone */
};
#define LK_MAX_SIDE 65535u

/* The eight dihedral forms of a picture, in the order of the reference's tables. A turn is
 * anticlockwise; flip X exchanges top and bottom, flip Y left and right, the last two mirror on a
 * diagonal. */
enum lk_turn {
    LK_TURN_0 = 0,
    LK_TURN_90,
    LK_TURN_180,
    LK_TURN_270,
    LK_FLIP_X,
    LK_FLIP_Y,
    LK_FLIP_PLUS_1,
    LK_FLIP_MINUS_1,
    LK_N_TURNS
};

/* The whole-image prints of one picture. */
struct lk_image_prints {
    struct lk_print turn[LK_N_TURNS]; /* turn[LK_TURN_0] is the print of the picture as it is */
    uint16_t n_clear;  /* 0..256: frequencies that stand clear of the median; see below */
    uint8_t quality;   /* 0..100; below 50 a print finds little and errs much */
    uint8_t front_end; /* enum lk_front_end */
};

/* The reduction s that the front end LK_SCALED has for a whole picture of this size: the largest of
 * 1, 2, 4, 8 that leaves both sides at least 512 (min(width, height) / s, rounded down). A decoder
 * may reduce by s itself (ceil(width / s) x ceil(height / s), libjpeg's scale 1/s, luma alone) and
 * say so in reduced_by; what it hands over is not reduced again. With s = 1 the print is that of
 * LK_FULLRES, bit for bit. */
uint32_t lk_image_reduction(uint32_t width, uint32_t height);

/* Computes the prints of `pixels`. A picture under 5 pixels on a side, or without any structure,
 * gives what the reference gives: the zero print, quality 0. Such a picture must be refused with
 * lk_image_refusal() before it is registered or searched.
 * LK_SCALED from pixels that were not reduced while decoding reduces them here, by the mean of
 * squares of luma.
 * Memory: about width * (height / 32 + 64) bytes of scratch from `alloc`, given back before
 * returning. Cost: under 1 ms a megapixel with AVX2, 4 ms at most in plain C.
 * Errors: LK_INVALID (sizes, channels, stride, reduced pixels for another front end), LK_NOMEM.
 * Threads: any. */
enum lk_status lk_image_print(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                              enum lk_front_end front_end, struct lk_image_prints *out,
                              struct lk_error *err) LK_MUST_CHECK;

/* Says whether these prints may be registered or searched: LK_OK, or LK_INVALID with the reason.
 *
 * Quality does not answer this: a picture half black and half white has quality 71 and a print that
 * is rounding noise, and a real photograph taken in the dark has quality 0. What makes a print
 * worth keeping is that its bits are decided by the picture. Bits are signs of 256 frequencies
 * against their median; a frequency within a quarter of a grey level of it may fall to either side
 * when the picture is saved again. Refused are: no print at all (a side under 5 pixels), fewer than
 * 64 frequencies that stand clear, and what lk_print_refusal() refuses. Of 362 photographs this
 * refuses none, none with an eighth of their brightness, and one with a thirtieth. */
enum lk_status lk_image_refusal(const struct lk_image_prints *prints,
                                struct lk_error *err) LK_MUST_CHECK;

/* The part of that which the print alone shows, for whole prints that were made elsewhere: a
 * healthy one has 128 bits set, give or take ties around the median; flat pictures have ties
 * everywhere (the reference gives 0, 60 and 80 for one grey) and would match every other flat
 * picture in the world. Errors: LK_INVALID when fewer than 96 or more than 160 bits are set. */
enum lk_status lk_print_refusal(const struct lk_print *print, struct lk_error *err) LK_MUST_CHECK;

/* The records of an image for registration (all eight turns) or for a query (the first alone).
 * records has room for LK_N_TURNS; returns how many were written. */
size_t lk_image_records(const struct lk_image_prints *prints, bool registration,
                        struct lk_record records[LK_N_TURNS]);

#endif
