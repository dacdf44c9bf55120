#include "exchange/ncmec.h"

#include "exchange/drawing.h"
#include "sys/clock.h"

static void begin(struct buf *out, const char *root)
{
    buf_fmt(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s xmlns=\"" NCMEC_NAMESPACE "\">",
            root);
}

/* Within an attribute in quotation marks. */
static void put_value(struct buf *out, const char *text)
{
    char one[2] = {0};
    for (; *text != '\0'; text++) {
        one[0] = *text;
        if (*text == '"')
            buf_str(out, "&quot;");
        else
            drawing_put_escaped(out, one);
    }
}

static void put_name(struct buf *out, const struct ncmec_name *name)
{
    buf_str(out, "<member id=\"");
    put_value(out, name->id);
    buf_str(out, "\">");
    drawing_put_escaped(out, name->name);
    buf_str(out, "</member>");
}

static void put_time(struct buf *out, const char *before, int64_t seconds, const char *after)
{
    char text[32];
    clock_format_time(seconds * 1000, text);
    buf_fmt(out, "%s%s%s", before, text, after);
}

static void put_prints(struct buf *out, const struct foreign_record *r)
{
    static const struct {
        const char *name;
        uint8_t type;
    } order[] = {{"md5", FOREIGN_MD5}, {"sha1", FOREIGN_SHA1}, {"pdq", FOREIGN_PDQ}};
    buf_str(out, "<fingerprints>");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct foreign_print *print = foreign_print_of(r, order[i].type);
        if (print == NULL)
            continue;
        buf_fmt(out, "<%s>", order[i].name);
        buf_hex(out, print->bytes, foreign_print_bytes(print->type));
        buf_fmt(out, "</%s>", order[i].name);
    }
    buf_str(out, "</fingerprints>");
}

static void put_record(struct buf *out, const struct foreign_record *r)
{
    const char *what = r->is_video ? "Video" : "Image", *item = r->is_video ? "video" : "image";
    const struct ncmec_name owner = {r->owner, r->owner};
    buf_fmt(out, r->is_withdrawn ? "<deleted%s>" : "<%s>", r->is_withdrawn ? what : item);
    put_name(out, &owner);
    buf_str(out, "<id>");
    drawing_put_escaped(out, r->id);
    buf_str(out, "</id>");
    put_time(out, "<timestamp>", r->modified_s, "</timestamp>");
    if (r->is_withdrawn) {
        buf_fmt(out, "</deleted%s>", what);
        return;
    }
    if (r->n_tags > 0) {
        buf_str(out, "<classification>");
        drawing_put_escaped(out, r->tags[0]);
        buf_str(out, "</classification>");
    }
    put_prints(out, r);
    buf_fmt(out, "<feedback/></%s>", item);
}

static void put_group(struct buf *out, const struct foreign_page *page, bool is_video)
{
    size_t n = 0;
    int64_t until_s = 0;
    for (size_t i = 0; i < page->n_records; i++)
        if (page->records[i].is_video == is_video) {
            n++;
            if (page->records[i].modified_s > until_s)
                until_s = page->records[i].modified_s;
        }
    const char *group = is_video ? "videos" : "images";
    buf_fmt(out, "<%s count=\"%zu\"", group, n);
    if (n > 0)
        put_time(out, " maxTimestamp=\"", until_s, "\"");
    buf_char(out, '>');
    for (size_t i = 0; i < page->n_records; i++)
        if (page->records[i].is_video == is_video)
            put_record(out, &page->records[i]);
    buf_fmt(out, "</%s>", group);
}

void ncmec_page_write(struct buf *out, const struct foreign_page *page)
{
    begin(out, "queryResult");
    put_group(out, page, false);
    put_group(out, page, true);
    if (page->has_more && page->next != NULL) {
        buf_str(out, "<paging><next>");
        drawing_put_escaped(out, page->next);
        buf_str(out, "</next></paging>");
    }
    buf_str(out, "</queryResult>\n");
}

void ncmec_status_write(struct buf *out, const char *user, const struct ncmec_name *member)
{
    begin(out, "status");
    buf_str(out, "<ipAddress/><username>");
    drawing_put_escaped(out, user);
    buf_str(out, "</username>");
    put_name(out, member);
    buf_str(out, "</status>\n");
}

void ncmec_members_write(struct buf *out, const struct ncmec_name *members, size_t n)
{
    begin(out, "members");
    for (size_t i = 0; i < n; i++)
        put_name(out, &members[i]);
    buf_str(out, "</members>\n");
}

void ncmec_reasons_write(struct buf *out, const struct ncmec_name *reasons, size_t n)
{
    begin(out, "availableFeedbackReasonsResult");
    buf_str(out, "<availableFeedbackReasons>");
    for (size_t i = 0; i < n; i++) {
        buf_str(out, "<reason guid=\"");
        put_value(out, reasons[i].id);
        buf_str(out, "\" name=\"");
        put_value(out, reasons[i].name);
        buf_str(out, "\"/>");
    }
    buf_str(out, "</availableFeedbackReasons></availableFeedbackReasonsResult>\n");
}

void ncmec_feedback_write(struct buf *out, const struct foreign_feedback *feedback)
{
    begin(out, "feedbackSubmission");
    if (feedback->opinion == FOREIGN_AGREES) {
        buf_str(out, "<affirmative/>");
    } else {
        buf_str(out, "<negative><reasonIds>");
        for (size_t i = 0; i < feedback->n_tags; i++) {
            buf_str(out, "<guid>");
            drawing_put_escaped(out, feedback->tags[i]);
            buf_str(out, "</guid>");
        }
        buf_str(out, "</reasonIds></negative>");
    }
    buf_str(out, "</feedbackSubmission>\n");
}
