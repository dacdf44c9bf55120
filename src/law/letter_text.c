#include "law/letter_text.h"

#include "law/letter.h"
#include "law/letter_texts.h"

#include <stdio.h>
#include <string.h>

static int compare(const struct letter_text *text, const char *lang, const char *key)
{
    int order = strcmp(text->lang, lang);
    return order != 0 ? order : strcmp(text->key, key);
}

const char *letter_text_find(const char *lang, const char *first, const char *second,
                             const char *third)
{
    char key[96];
    int n = snprintf(key, sizeof key, "%s%s%s", first, second, third);
    if (n < 0 || (size_t)n >= sizeof key)
        return NULL;
    size_t low = 0, high = n_letter_texts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(&letter_texts[middle], lang, key);
        if (order == 0)
            return letter_texts[middle].text;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const char *value_of(const char *name, size_t n, const struct letter_slot *slots,
                            size_t n_slots)
{
    for (size_t i = 0; i < n_slots; i++)
        if (strlen(slots[i].name) == n && memcmp(slots[i].name, name, n) == 0)
            return slots[i].value == NULL ? "" : slots[i].value;
    return "";
}

void letter_text_fill(struct buf *out, const char *text, const struct letter_slot *slots,
                      size_t n_slots)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "{");
        buf_put(out, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        size_t n = strcspn(text, "}");
        const char *value = value_of(text + 1, n - 1, slots, n_slots);
        buf_str(out, value);
        text += n + (text[n] == '}');
        if (*value == '\0' && *text == ' ')
            text++;
    }
    while (out->n > 0 && out->p[out->n - 1] == ' ')
        out->n--;
}

const char *law_letter_lang_at(size_t i)
{
    for (size_t k = 0; k < n_letter_texts; k++) {
        if (k > 0 && strcmp(letter_texts[k].lang, letter_texts[k - 1].lang) == 0)
            continue;
        if (i-- == 0)
            return letter_texts[k].lang;
    }
    return NULL;
}

bool law_letter_has_lang(const char *lang)
{
    return letter_text_find(lang, "to", "", "") != NULL;
}
