/* How was this file made, out of any bytes: the texts of the report are UTF-8 without controls,
 * JSON and words come out of it, and nothing outside of the bytes is read. */
#include "base/utf8.h"
#include "inspect/inspect.h"
#include "inspect/made_json.h"
#include "inspect/made_text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    if (text == NULL)
        return;
    if (!utf8_valid(text, strlen(text)))
        __builtin_trap();
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f)
            __builtin_trap();
}

static void check_report(const struct inspect_report *report)
{
    for (const struct inspect_fact *f = report->facts; f != NULL; f = f->next) {
        check_text(f->where);
        check_text(f->text);
    }
    for (const struct inspect_credential *c = report->credentials; c != NULL; c = c->next) {
        check_text(c->generator);
        check_text(c->signer);
        check_text(c->issuer);
        check_text(c->signed_at);
        if (c->signature != INSPECT_NOT_CHECKED)
            __builtin_trap(); /* nobody has */
        for (const struct inspect_action *a = c->actions; a != NULL; a = a->next) {
            check_text(a->name);
            check_text(a->source);
            check_text(a->tool);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct inspect_options options = {.max_hashed_bytes = 1 << 20};
    const struct span bytes = {data, size};
    const struct inspect_source source = source_of_memory(&bytes);
    struct inspect_report report;
    struct arena arena;
    struct buf out;
    struct json j;
    arena_init(&arena, lk_alloc_heap(), 64 << 20);
    buf_init(&out, lk_alloc_heap(), 16 << 20);
    inspect_read(&source, &options, &arena, &report);
    check_report(&report);
    json_init(&j, &out);
    json_object(&j);
    made_json(&j, &report, true);
    json_end_object(&j);
    made_text(&out, &report, true);
    buf_fini(&out);
    arena_fini(&arena);
    return 0;
}
