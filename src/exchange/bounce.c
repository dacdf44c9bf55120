#include "exchange/bounce.h"

#include "base/hex.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Does text[0..n) begin with that word, in either case? */
static bool begins(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);
    if (n < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (lower(text[i]) != word[i])
            return false;
    return true;
}

static bool holds(const char *text, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (begins(text + i, n - i, word))
            return true;
    return false;
}

/* Copies count digits; false: one of them is none. */
static bool take_digits(const char *text, size_t n, size_t count, char *out)
{
    if (n < count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (hex_digit(text[i]) < 0)
            return false;
    for (size_t i = 0; i < count; i++)
        out[i] = lower(text[i]);
    out[count] = '\0';
    return true;
}

static bool take_address(const char *text, size_t n, struct bounce *out)
{
    const size_t letter = 1, dash = letter + BOUNCE_LETTER_CHARS, token = dash + 1;
    const size_t at = token + BOUNCE_TOKEN_CHARS;
    struct bounce found;
    if (n <= at || text[0] != '+' || text[dash] != '-' || text[at] != '@' ||
        !take_digits(text + letter, n - letter, BOUNCE_LETTER_CHARS, found.letter) ||
        !take_digits(text + token, n - token, BOUNCE_TOKEN_CHARS, found.token))
        return false;
    memcpy(out->letter, found.letter, sizeof out->letter);
    memcpy(out->token, found.token, sizeof out->token);
    return true;
}

static bool take_message_id(const char *text, size_t n, struct bounce *out)
{
    static const char start[] = "<letter.";
    const size_t at = sizeof start - 1 + BOUNCE_LETTER_CHARS;
    char letter[BOUNCE_LETTER_CHARS + 1];
    if (n <= at || !begins(text, n, start) || text[at] != '@' ||
        !take_digits(text + sizeof start - 1, n - (sizeof start - 1), BOUNCE_LETTER_CHARS, letter))
        return false;
    memcpy(out->letter, letter, sizeof out->letter);
    return true;
}

static void read_names(const char *line, size_t n, struct bounce *out)
{
    for (size_t i = 0; i < n && out->token[0] == '\0'; i++)
        if (!take_address(line + i, n - i, out) && out->letter[0] == '\0')
            (void)take_message_id(line + i, n - i, out);
}

/* What the lines say besides the letter. */
struct signs {
    bool failed, delayed, other; /* of a status */
    bool is_by_system, is_reply;
};

static void read_line(const char *line, size_t n, struct signs *signs)
{
    static const char status[] = "status:", from[] = "from:", reply[] = "auto-submitted:";
    if (begins(line, n, from))
        signs->is_by_system |= holds(line, n, "mailer-daemon") || holds(line, n, "postmaster@");
    if (begins(line, n, reply))
        signs->is_reply |= holds(line, n, "auto-replied");
    if (!begins(line, n, status))
        return;
    size_t i = sizeof status - 1;
    while (i < n && (line[i] == ' ' || line[i] == '\t'))
        i++;
    if (i + 1 >= n || line[i + 1] != '.')
        return;
    signs->failed |= line[i] == '5';
    signs->delayed |= line[i] == '4';
    signs->other |= line[i] == '2';
}

void bounce_read(const char *text, size_t n, struct bounce *out)
{
    struct signs signs = {0};
    *out = (struct bounce){0};
    if (n > BOUNCE_MAX_BYTES)
        n = BOUNCE_MAX_BYTES;
    for (size_t at = 0; at < n;) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t length = end == NULL ? n - at : (size_t)(end - (text + at));
        read_line(text + at, length, &signs);
        read_names(text + at, length, out);
        at += length + 1;
    }
    bool has_status = signs.failed || signs.delayed || signs.other;
    out->is_failure = signs.failed || (!has_status && signs.is_by_system && !signs.is_reply);
    out->is_delay = signs.delayed && !signs.failed;
}
