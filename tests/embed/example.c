/* Reads prints, 64 hexadecimal digits a line, and says which lines before are near each. */
#include <inttypes.h>
#include <likeness/likeness.h>
#include <stdio.h>
#include <string.h>

/* Tells what is near, then adds the print, so that the next line can be near it. */
static enum lk_status look_and_add(struct lk_index *index, const char *hex, uint64_t line,
                                   struct lk_error *err)
{
    struct lk_print print;
    struct lk_hit hits[10];
    size_t n_hits = 0;
    enum lk_status status = lk_print_from_hex(&print, hex, strcspn(hex, "\n"), err);
    if (status == LK_OK)
        status = lk_index_search(index, &print, 31, hits, 10, &n_hits, NULL, err);
    for (size_t i = 0; i < n_hits; i++)
        printf("%" PRIu64 " is %d bits from %" PRIu64 "\n", line, hits[i].dist_bits, hits[i].label);
    return status == LK_OK ? lk_index_insert(index, &print, &line, 1, err) : status;
}

int main(void)
{
    struct lk_error err;
    struct lk_index *index = NULL;
    enum lk_status status = lk_index_new(lk_alloc_heap(), LK_WHOLE, &index, &err);
    char hex[LK_PRINT_HEX_CHARS + 2];
    for (uint64_t line = 1; status == LK_OK && fgets(hex, sizeof hex, stdin) != NULL; line++)
        status = look_and_add(index, hex, line, &err);
    if (status != LK_OK)
        fprintf(stderr, "%s\n", err.text);
    lk_index_free(index);
    return lk_status_exit(status);
}
