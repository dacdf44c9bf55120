/* likeness partner protocols, submitted: lists of hashes by the protocols of others. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "base/json.h"
#include "cases/listing.h"

#include <string.h>

const char cmd_partner_protocols_notes[] =
    "Such lists say a withdrawal by the hash: while anybody has one, the print of what was "
    "withdrawn "
    "is\n"
    "kept, sealed, for 100 days. The feed (docs/formats/feed.md) needs none of that.";

const struct cli_option cmd_partner_protocols_options[] = {
    {"allow", "LIST", "stopncii, ncmec, threatexchange, with commas; or none"},
    {"tier", "TIER", "the least that is listed: self (default), checked or confirmed"},
    {"json", NULL, "one JSON object"},
    HOME_OPTIONS,
    {"config", "FILE", "read settings from FILE"},
    {NULL, NULL, NULL}};

static enum lk_status read_list(const char *text, unsigned *out, struct lk_error *err)
{
    *out = 0;
    if (strcmp(text, "none") == 0)
        return LK_OK;
    while (true) {
        size_t n = strcspn(text, ",");
        unsigned protocol = listing_protocol_from_name(text, n);
        if (protocol == 0)
            return FAIL(err, LK_INVALID,
                        "'%.*s' is no protocol: stopncii, ncmec, threatexchange, or none", (int)n,
                        text);
        *out |= protocol;
        if (text[n] == '\0')
            return LK_OK;
        text += n + 1;
    }
}

static enum lk_status set(struct cli_call *call, struct registry *r, struct lk_error *err)
{
    unsigned protocols = 0, tier = LK_TIER_SELF;
    if (cli_has(call, "tier"))
        tier = lk_tier_from_name(cli_value(call, "tier"), strlen(cli_value(call, "tier")));
    if (tier == 0)
        return FAIL(err, LK_INVALID, "--tier is self, checked or confirmed, not '%.40s'",
                    cli_value(call, "tier"));
    TRY(read_list(cli_value(call, "allow"), &protocols, err));
    return listing_allow(r, call->args[0], protocols, tier, err);
}

static void print_human(struct cli_call *call, const struct listing_summary *s)
{
    bool any = false;
    for (unsigned bit = LISTING_STOPNCII; bit <= LISTING_THREATEXCHANGE; bit *= 2)
        if (s->protocols & bit) {
            buf_fmt(&call->out, "%s%s", any ? ", " : "", listing_protocol_name(bit));
            any = true;
        }
    if (!any)
        buf_str(&call->out, "none");
    else
        buf_fmt(&call->out, "; entries from tier %s on", lk_tier_name(s->least_tier));
    buf_fmt(&call->out, "\nagrees with %zu entries, disagrees with %zu; handed in %zu hashes\n",
            s->n_by[2], s->n_by[3], s->n_submitted);
}

static void print_json(struct cli_call *call, const struct listing_summary *s)
{
    struct json j;
    json_init(&j, &call->out);
    json_object(&j);
    json_key(&j, "protocols");
    json_array(&j);
    for (unsigned bit = LISTING_STOPNCII; bit <= LISTING_THREATEXCHANGE; bit *= 2)
        if (s->protocols & bit)
            json_text(&j, listing_protocol_name(bit));
    json_end_array(&j);
    json_put_text(&j, "tier", s->protocols == 0 ? NULL : lk_tier_name(s->least_tier));
    json_put_u64(&j, "agrees", s->n_by[2]);
    json_put_u64(&j, "disagrees", s->n_by[3]);
    json_put_u64(&j, "submitted", s->n_submitted);
    json_end_object(&j);
    buf_char(&call->out, '\n');
}

int cmd_partner_protocols(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    struct listing_summary summary = {0};
    if (call->n_args != 1)
        return cli_usage(call, "partner protocols takes one NAME");
    if (cli_has(call, "tier") && !cli_has(call, "allow"))
        return cli_usage(call, "--tier goes with --allow");
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = cli_has(call, "allow") ? set(call, r, &err) : LK_OK;
    if (status == LK_OK)
        status = listing_summary(r, &partner, &summary, &err);
    registry_close(r);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status != LK_OK)
        return cli_fail(&err);
    if (cli_has(call, "json"))
        print_json(call, &summary);
    else
        print_human(call, &summary);
    return CLI_OK;
}

static enum lk_status print_submitted(void *ctx, const struct listing_submitted *one,
                                      struct lk_error *err)
{
    static const char *const types[] = {"", "pdq", "md5", "sha1"};
    static const size_t n_bytes[] = {0, 32, 16, 20};
    struct cli_call *call = ctx;
    unsigned type = one->print.type <= LISTING_SHA1 ? one->print.type : 0;
    if (!cli_has(call, "json")) {
        buf_fmt(&call->out, "%-4s  ", types[type]);
        buf_hex(&call->out, one->print.bytes, n_bytes[type]);
        buf_char(&call->out, '\n');
        return buf_status(&call->out, "the list", err);
    }
    char time[32];
    struct json j;
    clock_format_time(one->at_ms, time);
    json_init(&j, &call->out);
    json_object(&j);
    json_put_text(&j, "type", types[type]);
    json_key(&j, "hash");
    json_hex(&j, one->print.bytes, n_bytes[type]);
    json_put_text(&j, "medium", one->is_video ? "video" : "image");
    json_put_text(&j, "at", time);
    json_end_object(&j);
    buf_char(&call->out, '\n');
    return buf_status(&call->out, "the list", err);
}

int cmd_partner_submitted(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    if (call->n_args != 1)
        return cli_usage(call, "partner submitted takes one NAME");
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = listing_each_submitted(r, &partner, print_submitted, call, &err);
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}
