/* The archive, by name as tar programs sort:
 *
 *     README.txt  case.json  made/NNN.txt  manifest.json  manifest.sig  notices/NNN.txt summary.pdf
 *
 * The manifest lists the digests of all others, and the signature is over the manifest's bytes. */
#include "exchange/pack_inside.h"

#include "base/err.h"
#include "base/json.h"
#include "exchange/tar.h"
#include "paper/paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PARTS = TAR_MAX_FILES };

static const char *const for_names[PACK_N_FOR] = {
    [PACK_POLICE] = "police", [PACK_REGULATOR] = "regulator", [PACK_PERSON] = "person"};

const char *pack_for_name(unsigned whom)
{
    return whom > 0 && whom < PACK_N_FOR ? for_names[whom] : "unknown";
}

unsigned pack_for_of(const char *name)
{
    for (unsigned i = 1; name != NULL && i < PACK_N_FOR; i++)
        if (strcmp(for_names[i], name) == 0)
            return i;
    return 0;
}

void pack_letter_name(size_t i, char name[PACK_NAME_BYTES])
{
    snprintf(name, PACK_NAME_BYTES, "notices/%03zu.txt", i + 1);
}

void pack_made_name(size_t i, char name[PACK_NAME_BYTES])
{
    snprintf(name, PACK_NAME_BYTES, "made/%03zu.txt", i + 1);
}

struct part {
    char name[PACK_NAME_BYTES];
    struct buf bytes;
};

struct making {
    const struct pack_order *order;
    const struct pack_source *source;
    struct part *parts;
    size_t n;
    uint8_t sign_key[SEAL_SIGN_KEY_BYTES];
    size_t n_missing;
};

static struct buf *new_part(struct making *m, const char *name)
{
    struct part *part = &m->parts[m->n++];
    snprintf(part->name, sizeof part->name, "%s", name);
    buf_init(&part->bytes, lk_alloc_heap(), PACK_MAX_BYTES);
    return &part->bytes;
}

static void gather_texts(struct making *m)
{
    char name[PACK_NAME_BYTES];
    if (m->order->without_texts)
        return;
    for (size_t i = 0; i < m->source->n_made; i++) {
        pack_made_name(i, name);
        buf_str(new_part(m, name), m->source->made[i].text);
    }
    for (size_t i = 0; i < m->source->n_letters; i++) {
        pack_letter_name(i, name);
        pack_put_letter(&m->source->letters[i], new_part(m, name));
    }
}

static enum lk_status gather_summary(struct making *m, struct lk_error *err)
{
    struct buf description;
    buf_init(&description, lk_alloc_heap(), DOC_MAX_BYTES);
    pack_put_summary(m->order, m->source, m->order->sign_seed != NULL ? m->sign_key : NULL,
                     &description);
    struct buf *pdf = new_part(m, PACK_SUMMARY);
    pdf->max = PAPER_MAX_PDF_BYTES;
    enum lk_status status = paper_set(&description, m->order->paper, pdf, &m->n_missing, err);
    buf_fini(&description);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct part *)a)->name, ((const struct part *)b)->name);
}

static void put_manifest(const struct making *m, struct buf *out)
{
    struct json j;
    char made[32];
    uint8_t digest[32];
    clock_format_time(m->order->made_ms, made);
    json_init(&j, out);
    json_object(&j);
    json_put_text(&j, "schema", PACK_SCHEMA);
    json_put_text(&j, "pack", m->order->id);
    json_put_text(&j, "made_at", made);
    json_put_text(&j, "for", pack_for_name(m->order->whom));
    json_key(&j, "tool");
    json_object(&j);
    json_put_text(&j, "name", "likeness");
    json_put_text(&j, "version", m->order->tool_version);
    json_end_object(&j);
    json_put_text(&j, "law_date", m->source->law_date);
    json_key(&j, "signed_by");
    if (m->order->sign_seed != NULL)
        json_hex(&j, m->sign_key, sizeof m->sign_key);
    else
        json_null(&j);
    json_key(&j, "files");
    json_array(&j);
    for (size_t i = 0; i < m->n; i++) {
        const struct buf *bytes = &m->parts[i].bytes;
        seal_sha256(&(struct seal_part){bytes->p, bytes->n}, 1, digest);
        json_object(&j);
        json_put_text(&j, "name", m->parts[i].name);
        json_put_u64(&j, "size", bytes->n);
        json_key(&j, "sha256");
        json_hex(&j, digest, sizeof digest);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    buf_char(out, '\n');
}

static enum lk_status seal_manifest(struct making *m, struct lk_error *err)
{
    uint8_t signature[SEAL_SIGNATURE_BYTES];
    struct buf manifest;
    buf_init(&manifest, lk_alloc_heap(), PACK_MAX_BYTES);
    qsort(m->parts, m->n, sizeof *m->parts, by_name);
    put_manifest(m, &manifest);
    enum lk_status status = buf_status(&manifest, "the manifest", err);
    if (status == LK_OK && m->order->sign_seed != NULL) {
        seal_sign(m->order->sign_seed, manifest.p, manifest.n, signature);
        buf_put(new_part(m, PACK_SIGNED), signature, sizeof signature);
    }
    buf_put(new_part(m, PACK_MANIFEST), manifest.p, manifest.n);
    buf_fini(&manifest);
    qsort(m->parts, m->n, sizeof *m->parts, by_name);
    return status;
}

static enum lk_status make(struct making *m, struct buf *out, struct lk_error *err)
{
    if (m->order->sign_seed != NULL)
        seal_sign_public(m->order->sign_seed, m->sign_key);
    pack_put_readme(m->order, new_part(m, PACK_README));
    pack_put_case(m->order, m->source, new_part(m, PACK_CASE));
    gather_texts(m);
    TRY(gather_summary(m, err));
    for (size_t i = 0; i < m->n; i++)
        TRY(buf_status(&m->parts[i].bytes, "a file of the pack", err));
    TRY(seal_manifest(m, err));
    for (size_t i = 0; i < m->n; i++) {
        TRY(buf_status(&m->parts[i].bytes, "a file of the pack", err));
        tar_put(out, m->parts[i].name, m->parts[i].bytes.p, m->parts[i].bytes.n,
                m->order->made_ms / 1000);
    }
    tar_end(out);
    return buf_status(out, "the pack", err);
}

enum lk_status pack_make(const struct pack_order *order, const struct pack_source *source,
                         struct buf *out, size_t *n_missing, struct lk_error *err)
{
    enum { ALWAYS = 5 }; /* README, case, summary, manifest, signature */
    struct making m = {.order = order, .source = source};
    TRY(seal_init(err));
    if (source->n_made + source->n_letters > MAX_PARTS - ALWAYS)
        return FAIL(err, LK_LIMIT, "a pack holds at most %d files", MAX_PARTS);
    m.parts = calloc(source->n_made + source->n_letters + ALWAYS, sizeof *m.parts);
    if (m.parts == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a pack");
    enum lk_status status = make(&m, out, err);
    for (size_t i = 0; i < m.n; i++) {
        if (m.parts[i].bytes.p != NULL)
            seal_wipe(m.parts[i].bytes.p, m.parts[i].bytes.cap);
        buf_fini(&m.parts[i].bytes);
    }
    free(m.parts);
    if (n_missing != NULL)
        *n_missing = m.n_missing;
    return status;
}

enum lk_status pack_write(const struct pack_order *order, const struct pack_source *source,
                          const struct age_recipient *recipients, size_t n_recipients,
                          struct buf *out, size_t *n_missing, struct lk_error *err)
{
    struct buf plain;
    buf_init(&plain, lk_alloc_heap(), PACK_MAX_BYTES);
    enum lk_status status = pack_make(order, source, &plain, n_missing, err);
    if (status == LK_OK)
        status = age_seal(recipients, n_recipients, plain.p, plain.n, out, err);
    if (plain.p != NULL)
        seal_wipe(plain.p, plain.cap);
    buf_fini(&plain);
    return status;
}
