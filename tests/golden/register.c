/* Registers pictures as the page does, but natively, to be compared with likeness.wasm.
 *
 * usage: register FILE.ppm...
 * Prints for each file the photograph in it, x,y,width,height (0 where it is all), and the binary
 * forms in hexadecimal: of that part, and of all; "refused" where it may not be registered; and the
 * milliseconds of CPU time that the last took. */
#include "../pnm.h"

#include <likeness/fingerprint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void print_form(const struct lk_record *records, size_t n)
{
    const struct lk_sequence seq = {.medium = LK_IMAGE, .records = records, .n_records = n};
    uint8_t *bytes = malloc(lk_sequence_encoded_bytes(&seq));
    if (bytes == NULL)
        abort();
    size_t n_bytes = lk_sequence_encode(&seq, bytes);
    for (size_t i = 0; i < n_bytes; i++)
        printf("%02x", bytes[i]);
    free(bytes);
}

static void print_registration(const struct lk_pixels *pixels, struct lk_rect part)
{
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
    const struct lk_fingerprint_options options = {
        .purpose = LK_REGISTRATION, .front_end = LK_FULLRES, .part = part};
    struct lk_image_prints whole;
    struct lk_error err;
    size_t n = 0;
    if (lk_image_fingerprint(lk_alloc_heap(), pixels, &options, &whole, records, &n, &err) !=
            LK_OK ||
        lk_image_refusal(&whole, &err) != LK_OK)
        printf(" refused");
    else {
        printf(" ");
        print_form(records, n);
    }
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool print_picture(const char *path)
{
    struct lk_pixels pixels;
    struct lk_rect part;
    struct lk_error err;
    if (!pnm_read(path, &pixels) ||
        lk_image_photograph(lk_alloc_heap(), &pixels, &part, &err) != LK_OK)
        return false;
    if (part.width == pixels.width && part.height == pixels.height)
        part = (struct lk_rect){0};
    printf("%u,%u,%u,%u", part.x, part.y, part.width, part.height);
    print_registration(&pixels, part);
    double before = cpu_ms();
    print_registration(&pixels, (struct lk_rect){0});
    printf(" %.2f\n", cpu_ms() - before);
    free((void *)pixels.data);
    return true;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!print_picture(argv[i])) {
            fprintf(stderr, "register: cannot read '%s'\n", argv[i]);
            return 1;
        }
    return 0;
}
