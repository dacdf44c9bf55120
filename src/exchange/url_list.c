#include "exchange/url_list.h"

#include "base/err.h"

#include <string.h>

static const struct {
    const char *heading;
    enum url_column column;
} headings[] = {
    {"url", URL_COLUMN_ADDRESS}, {"link", URL_COLUMN_ADDRESS},      {"address", URL_COLUMN_ADDRESS},
    {"case", URL_COLUMN_CASE},   {"platform", URL_COLUMN_PLATFORM}, {"note", URL_COLUMN_NOTE},
    {"found", URL_COLUMN_FOUND},
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Without blanks around it; in place. */
static char *trim(char *field)
{
    while (is_blank(*field))
        field++;
    size_t n = strlen(field);
    while (n > 0 && is_blank(field[n - 1]))
        n--;
    field[n] = '\0';
    return field;
}

static bool is_heading(const char *text, const char *heading)
{
    for (; *text != '\0' && *heading != '\0'; text++, heading++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + ('a' - 'A')) : *text;
        if (c != *heading)
            return false;
    }
    return *text == *heading;
}

static enum lk_status read_heading(struct url_list *list, char *field, int number,
                                   struct lk_error *err)
{
    const char *text = trim(field);
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
        if (!is_heading(text, headings[i].heading))
            continue;
        int *column = &list->columns[headings[i].column];
        if (*column != 0)
            return FAIL(err, LK_INVALID, "two columns say the same: '%s' is the second",
                        headings[i].heading);
        *column = number;
        return LK_OK;
    }
    if (list->unknown != NULL)
        list->unknown(list->ctx, text);
    return LK_OK;
}

static enum lk_status read_headings(struct url_list *list, const struct csv_row *row,
                                    struct lk_error *err)
{
    for (size_t i = 0; i < row->n_fields; i++)
        TRY(read_heading(list, row->fields[i], (int)i + 1, err));
    list->has_headings = true;
    if (list->columns[URL_COLUMN_ADDRESS] == 0)
        return FAIL(err, LK_INVALID, "no column is headed url, link or address");
    if (list->columns[URL_COLUMN_CASE] == 0)
        return FAIL(err, LK_INVALID, "no column is headed case");
    return LK_OK;
}

static const char *column_of(const struct url_list *list, const struct csv_row *row,
                             enum url_column column)
{
    int number = list->columns[column];
    return number > 0 && (size_t)number <= row->n_fields ? trim(row->fields[number - 1]) : "";
}

static enum lk_status take_row(void *ctx, const struct csv_row *row, struct lk_error *err)
{
    struct url_list *list = ctx;
    if (!list->has_headings)
        return read_headings(list, row, err);
    const struct url_line line = {
        .line = row->line,
        .url = column_of(list, row, URL_COLUMN_ADDRESS),
        .case_id = column_of(list, row, URL_COLUMN_CASE),
        .platform = column_of(list, row, URL_COLUMN_PLATFORM),
        .note = column_of(list, row, URL_COLUMN_NOTE),
        .found = column_of(list, row, URL_COLUMN_FOUND),
    };
    return list->take(list->ctx, &line, err);
}

void url_list_init(struct url_list *list)
{
    memset(list->columns, 0, sizeof list->columns);
    list->has_headings = false;
    csv_init(&list->csv, take_row, list);
}

void url_list_fini(struct url_list *list)
{
    csv_fini(&list->csv);
}

enum lk_status url_list_feed(struct url_list *list, const void *bytes, size_t n,
                             struct lk_error *err)
{
    return csv_feed(&list->csv, bytes, n, err);
}

enum lk_status url_list_end(struct url_list *list, struct lk_error *err)
{
    TRY(csv_end(&list->csv, err));
    return list->has_headings ? LK_OK : FAIL(err, LK_INVALID, "the list has no line of headings");
}
