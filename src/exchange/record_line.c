/* Words are taken from the left one by one; whatever is wrong is named by its word. */
#include "record_line.h"

#include "base/err.h"

#include <string.h>

enum { MIDDLE = 128, WHOLE_SIZE = 255, MAX_QUALITY = 100 };

bool record_line_can_name(const char *path)
{
    return path[0] != '\0' && strpbrk(path, "\t\n") == NULL;
}

void record_line_write(struct buf *out, unsigned medium, const struct lk_record *record,
                       const char *path)
{
    char hex[LK_PRINT_HEX_CHARS + 1];
    lk_print_to_hex(&record->print, hex);
    buf_fmt(out, "%s %u %s %s %u %u %u %u", hex, record->quality, lk_kind_name(record->kind),
            record->front_end != 0 ? lk_front_end_name(record->front_end) : "-", record->frame.x,
            record->frame.y, record->frame.size, record->frame.turn);
    if (medium != LK_IMAGE)
        buf_fmt(out, " %u", record->time_ms);
    buf_fmt(out, "\t%s\n", path);
}

/* What is left to read. */
struct rest {
    const char *p;
    size_t n;
};

struct word {
    const char *p;
    size_t n;
};

/* The bytes up to the next blank, which is passed over. */
static struct word next_word(struct rest *rest)
{
    const char *blank = rest->n > 0 ? memchr(rest->p, ' ', rest->n) : NULL;
    struct word word = {rest->p, blank != NULL ? (size_t)(blank - rest->p) : rest->n};
    size_t used = word.n + (blank != NULL);
    rest->p += used;
    rest->n -= used;
    return word;
}

static enum lk_status large_number(struct rest *rest, const char *name, uint32_t high,
                                   uint32_t *out, struct lk_error *err)
{
    struct word word = next_word(rest);
    uint64_t value = 0;
    bool is_number = word.n >= 1 && word.n <= 10;
    for (size_t i = 0; is_number && i < word.n; i++) {
        is_number = word.p[i] >= '0' && word.p[i] <= '9';
        value = value * 10 + (unsigned)(word.p[i] - '0');
    }
    if (!is_number || value > high)
        return FAIL(err, LK_INVALID, "%s must be a whole number from 0 to %u", name, high);
    *out = (uint32_t)value;
    return LK_OK;
}

static enum lk_status number(struct rest *rest, const char *name, uint8_t high, uint8_t *out,
                             struct lk_error *err)
{
    uint32_t value;
    TRY(large_number(rest, name, high, &value, err));
    *out = (uint8_t)value;
    return LK_OK;
}

static enum lk_status kind_and_front_end(struct rest *rest, struct lk_record *r,
                                         struct lk_error *err)
{
    struct word kind = next_word(rest), front_end = next_word(rest);
    r->kind = (uint8_t)lk_kind_from_name(kind.p, kind.n);
    if (r->kind == 0)
        return FAIL(err, LK_INVALID, "the third word must be a kind (whole, anchor, frame, sound)");
    bool has_none = front_end.n == 1 && front_end.p[0] == '-';
    r->front_end = has_none ? 0 : (uint8_t)lk_front_end_from_name(front_end.p, front_end.n);
    if (r->front_end == 0 && !has_none)
        return FAIL(err, LK_INVALID,
                    "the fourth word must be a front end (fullres, ref512, scaled, trimmed) or -");
    return LK_OK;
}

static enum lk_status frame(struct rest *rest, struct lk_frame *frame, struct lk_error *err)
{
    TRY(number(rest, "x", 255, &frame->x, err));
    TRY(number(rest, "y", 255, &frame->y, err));
    TRY(number(rest, "size", 255, &frame->size, err));
    return number(rest, "turn", 255, &frame->turn, err);
}

/* The ninth word, if there is one, makes it something that lasts. */
static enum lk_status time_of(struct rest *rest, struct lk_record *r, unsigned *medium,
                              struct lk_error *err)
{
    if (rest->n == 0)
        return LK_OK;
    TRY(large_number(rest, "time", UINT32_MAX, &r->time_ms, err));
    *medium = r->kind == LK_SOUND ? LK_AUDIO : LK_VIDEO;
    if (rest->n > 0)
        return FAIL(err, LK_INVALID, "eight words or nine are expected before the tab");
    return LK_OK;
}

enum lk_status record_line_read(const char *line, size_t n, struct lk_record *record,
                                unsigned *medium, size_t *path, struct lk_error *err)
{
    const char *tab = n > 0 ? memchr(line, '\t', n) : NULL;
    struct rest rest = {line, tab != NULL ? (size_t)(tab - line) : n};
    struct lk_record r = {
        .frame = {MIDDLE, MIDDLE, WHOLE_SIZE, 0}, .kind = LK_WHOLE, .front_end = LK_FULLRES};
    unsigned of = LK_IMAGE;
    struct word hex = next_word(&rest);
    TRY(lk_print_from_hex(&r.print, hex.p, hex.n, err));
    TRY(number(&rest, "quality", MAX_QUALITY, &r.quality, err));
    if (tab != NULL && rest.n > 0) {
        TRY(kind_and_front_end(&rest, &r, err));
        TRY(frame(&rest, &r.frame, err));
        TRY(time_of(&rest, &r, &of, err));
    }
    if (tab != NULL)
        rest = (struct rest){tab + 1, n - (size_t)(tab + 1 - line)};
    if (rest.n == 0 || memchr(rest.p, '\0', rest.n) != NULL)
        return FAIL(err, LK_INVALID, "a path is expected at the end");
    const struct lk_sequence alone = {.medium = (uint8_t)of, .records = &r, .n_records = 1};
    TRY(lk_sequence_check(&alone, err));
    *record = r;
    *medium = of;
    *path = (size_t)(rest.p - line);
    return LK_OK;
}
