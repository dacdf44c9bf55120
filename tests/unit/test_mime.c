/* Mails as bytes: nothing can end a header, no line is too long, nothing is lost. */
#include "cases/letter_out.h"
#include "exchange/mime.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <string.h>

static struct mime_mail sample(void)
{
    return (struct mime_mail){
        .from = "desk@example.org",
        .to = "abuse@example.net",
        .message_id = "letter.12@example.org",
        .date_ms = INT64_C(1790000000000),
        .subject = "Request",
        .text = "One\n.\nFrom here = there \n",
        .lang = "en",
    };
}

static void write_text(const struct mime_mail *mail, struct buf *out)
{
    struct lk_error err = {0};
    buf_init(out, lk_alloc_heap(), 1 << 20);
    if (mime_write(out, mail, &err) != LK_OK)
        fail_msg("%s", err.text);
    (void)buf_text(out);
}

static void a_plain_mail_is_these_bytes(void **state)
{
    (void)state;
    struct buf out;
    const struct mime_mail mail = sample();
    write_text(&mail, &out);
    assert_string_equal(out.p, "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"
                               "From: <desk@example.org>\r\n"
                               "To: <abuse@example.net>\r\n"
                               "Message-ID: <letter.12@example.org>\r\n"
                               "Subject: Request\r\n"
                               "Content-Language: en\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: quoted-printable\r\n"
                               "\r\n"
                               "One\r\n"
                               "=2E\r\n"
                               "=46rom here =3D there=20\r\n");
    buf_fini(&out);
}

static void nothing_in_a_header_can_begin_another(void **state)
{
    (void)state;
    static const char evil[] = "a\r\nBcc: victim@example.com\r\n\r\nbody";
    struct buf out;
    struct mime_mail mail = sample();
    mail.subject = mail.organisation = mail.lang = evil;
    mail.is_host = true;
    mail.urls = (const char *const[]){evil};
    mail.n_urls = 1;
    write_text(&mail, &out);
    assert_null(strstr(out.p, "\nBcc"));
    buf_fini(&out);
}

static void an_address_that_is_more_than_one_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      "a",           "@b",      "a@",
                                      "a@b@c", "a@b\r\nX: y", "a@b,c@d", "<a@b>",
                                      "a b@c", "\xc3\xa9@b",  "a@b;c"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buf out;
        struct mime_mail mail = sample();
        mail.to = bad[i];
        buf_init(&out, lk_alloc_heap(), 1 << 20);
        assert_int_equal(mime_write(&out, &mail, NULL), LK_INVALID);
        buf_fini(&out);
    }
}

static void no_line_is_longer_than_76_characters(void **state)
{
    (void)state;
    char text[4000];
    struct buf out;
    struct mime_mail mail = sample();
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, i % 6 == 0 ? "ab" : "\xc3\xa9", 2);
    text[sizeof text - 2] = '\0';
    mail.subject = mail.text = mail.organisation = text;
    write_text(&mail, &out);
    for (const char *line = out.p; *line != '\0';) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_in_range((uintmax_t)(end - line), 0, 76);
        line = end + 2;
    }
    buf_fini(&out);
}

static void pauses_grow_to_eight_hours_and_last_about_three_days(void **state)
{
    (void)state;
    int64_t sum_ms = 0;
    assert_int_equal(letter_out_pause_ms(1), 60000);
    for (unsigned n = 1; n < LETTER_OUT_MAX_TRIES; n++) {
        assert_true(letter_out_pause_ms(n + 1) >= letter_out_pause_ms(n));
        sum_ms += letter_out_pause_ms(n);
    }
    assert_int_equal(letter_out_pause_ms(LETTER_OUT_MAX_TRIES), 8 * 3600000);
    assert_in_range(sum_ms / 3600000, 70, 76);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_mail_is_these_bytes),
        cmocka_unit_test(nothing_in_a_header_can_begin_another),
        cmocka_unit_test(an_address_that_is_more_than_one_is_refused),
        cmocka_unit_test(no_line_is_longer_than_76_characters),
        cmocka_unit_test(pauses_grow_to_eight_hours_and_last_about_three_days),
    };
    return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
