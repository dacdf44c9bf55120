#include "exchange/xarf.h"

#include "base/hex.h"
#include "base/json.h"
#include "base/url.h"
#include "sys/clock.h"
#include "sys/seal.h"

#include <stdio.h>
#include <string.h>

enum { ID_BYTES = 16, MAX_ORG_BYTES = 200 };

/* A UUID of version 4 in form; its bits come from what does not change between tries. */
static void put_report_id(struct json *j, const struct mime_mail *mail, size_t i)
{
    uint8_t id[ID_BYTES];
    char hex[2 * ID_BYTES + 1] = {0}, text[2 * ID_BYTES + 8], number[24];
    snprintf(number, sizeof number, "%zu", i);
    const struct seal_part parts[] = {SEAL_TEXT("likeness/xarf"), SEAL_TEXT(mail->message_id),
                                      SEAL_TEXT(number)};
    seal_hash(NULL, parts, 3, id, sizeof id);
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
    hex_encode(id, sizeof id, hex);
    snprintf(text, sizeof text, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    json_put_text(j, "report_id", text);
}

static void put_contact(struct json *j, const char *role, const struct mime_mail *mail)
{
    const char *address = mail->reply_to != NULL ? mail->reply_to : mail->from;
    const char *org = mail->organisation != NULL ? mail->organisation : address;
    json_key(j, role);
    json_object(j);
    json_key(j, "org");
    json_text_n(j, org, strnlen(org, MAX_ORG_BYTES));
    json_put_text(j, "contact", address);
    json_put_text(j, "domain", strchr(address, '@') + 1);
    json_end_object(j);
}

/* The name or number of the machine; the whole address, when it is none of the web. */
static void put_source(struct json *j, const char *url)
{
    struct buf room;
    size_t n = strlen(url), n_host = 0;
    buf_init(&room, j->out->alloc, URL_ROOM(n));
    char *normal = buf_room(&room, URL_ROOM(n));
    if (normal == NULL)
        j->out->status = room.status;
    else if (url_normalise(url, n, normal)) {
        url = url_host(normal, &n_host);
        n = n_host;
    }
    json_key(j, "source_identifier");
    json_text_n(j, url, n);
    buf_fini(&room);
}

static void put_word_list(struct json *j, const char *key, const char *word)
{
    json_key(j, key);
    json_array(j);
    json_text(j, word);
    json_end_array(j);
}

void xarf_put(struct buf *out, const struct mime_mail *mail, size_t i)
{
    struct json j;
    char time[32];
    clock_format_time(mail->date_ms, time);
    json_init(&j, out);
    json_object(&j);
    json_put_text(&j, "xarf_version", "4.0.0");
    put_report_id(&j, mail, i);
    json_put_text(&j, "timestamp", time);
    put_contact(&j, "reporter", mail);
    put_contact(&j, "sender", mail);
    put_source(&j, mail->urls[i]);
    json_put_text(&j, "category", "content");
    json_put_text(&j, "type", "exposed_data");
    json_put_text(&j, "url", mail->urls[i]);
    put_word_list(&j, "data_types", "other");
    json_put_text(&j, "exposure_method", "other");
    json_put_text(&j, "discovery_source", "user_report");
    json_put_text(&j, "evidence_source", "user_complaint");
    put_word_list(&j, "tags", "content:intimate-image-abuse");
    json_put_text(&j, "likeness_type", "intimate_image_abuse");
    if (mail->reference != NULL)
        json_put_text(&j, "likeness_reference", mail->reference);
    if (mail->contact != NULL)
        json_put_text(&j, "likeness_contact", mail->contact);
    json_end_object(&j);
}
