#include "exchange/arf.h"

#include "sys/clock.h"

#include <stdio.h>
#include <string.h>

enum { MAX_LINE = 998 };

/* Printable ASCII as it is, anything else as %XX: an address stays the same address. */
static void put_uri(struct buf *out, const char *url)
{
    size_t length = strlen("Reported-URI: ");
    for (const char *p = url; *p != '\0'; p++)
        length += *p > ' ' && *p <= '~' ? 1 : 3;
    if (length > MAX_LINE)
        return;
    buf_str(out, "Reported-URI: ");
    for (const char *p = url; *p != '\0'; p++) {
        if (*p > ' ' && *p <= '~')
            buf_char(out, *p);
        else
            mime_put_octet(out, '%', (unsigned char)*p);
    }
    buf_str(out, "\r\n");
}

void arf_put(struct buf *out, const struct mime_mail *mail)
{
    char time[32];
    clock_format_time(mail->date_ms, time);
    buf_str(out, "Feedback-Type: xarf\r\nUser-Agent: Likeness/1\r\nVersion: 1\r\n");
    buf_fmt(out, "Arrival-Date: %s\r\n", time);
    for (size_t i = 0; i < mail->n_urls; i++)
        put_uri(out, mail->urls[i]);
}
