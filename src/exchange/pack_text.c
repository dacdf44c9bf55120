/* The plain texts of a pack: letters as they went, and what the pack is. */
#include "exchange/pack_inside.h"

#include "cases/letter.h"

#include <string.h>

/* One line, whatever the text holds: a subject must not look like a further line. */
static void put_field(struct buf *out, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    buf_fmt(out, "%s: ", name);
    for (const char *c = value; *c != '\0'; c++)
        buf_char(out, *c == '\n' || *c == '\r' ? ' ' : *c);
    buf_char(out, '\n');
}

void pack_put_letter(const struct pack_letter *letter, struct buf *out)
{
    char made[32];
    clock_format_time(letter->made_ms, made);
    put_field(out, "To", letter->recipient);
    put_field(out, "Address", letter->address);
    put_field(out, "Subject", letter->subject);
    put_field(out, "Reference", letter->id);
    put_field(out, "Regime", letter->regime);
    put_field(out, "Law-date", letter->law_date);
    put_field(out, "Language", letter->lang);
    put_field(out, "Channel", letter_channel_name(letter->channel));
    put_field(out, "State", letter_state_name(letter->state));
    put_field(out, "Made", made);
    buf_char(out, '\n');
    if (letter->body != NULL) {
        buf_str(out, letter->body);
        buf_char(out, '\n');
    }
}

static const char *const readme[] = {
    N_("This is an evidence pack. It says what was demanded about a case of harmful pictures, "
       "videos or recordings, of whom, when, and what was answered."),
    N_("It holds no picture, no video, no recording and no fingerprint of one."),
    N_("It does not say who is guilty. It is not proof that something is nowhere else: only what "
       "was found and said is in it."),
    N_("summary.pdf is for people, case.json says the same for programs. The folder notices has "
       "the letters as they went."),
    N_("All times are in UTC. A deadline is set when a notice goes out and is not moved later."),
    N_("To check the pack, run verify_pack.py on the archive. It needs only Python, and comes "
       "with the software."),
    N_("It compares each file with the digest in manifest.json (SHA-256)."),
    N_("If manifest.sig is there, the digests are signed. Ask the organisation for its key in "
       "another way than this pack, and compare."),
    N_("Keep the pack as you received it, and work on a copy."),
};

void pack_put_readme(const struct pack_order *order, struct buf *out)
{
    for (size_t i = 0; i < sizeof readme / sizeof *readme; i++)
        buf_fmt(out, "%s%s\n", i > 0 ? "\n" : "", pack_say(order, readme[i]));
    if (strcmp(order->speech.lang, "en") == 0)
        return;
    for (size_t i = 0; i < sizeof readme / sizeof *readme; i++)
        buf_fmt(out, "\n%s\n", readme[i]);
}
