/* likeness exchange: what comes from other machines, by other ways than HTTP. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/letter_bounce.h"
#include "exchange/bounce.h"
#include "sys/file.h"

static enum lk_status take_bounce(struct cli_call *call, struct registry *r,
                                  const struct bounce *bounce, struct lk_error *err)
{
    if (bounce->letter[0] == '\0')
        return FAIL(err, LK_NOT_FOUND, "the mail names no letter of this desk");
    if (!bounce->is_failure) {
        buf_str(&call->out,
                bounce->is_delay ? "delayed: nothing changes\n" : "no failure: nothing changes\n");
        return LK_OK;
    }
    TRY(letter_bounced(r, bounce->letter, bounce->token, err));
    buf_str(&call->out, "the letter came back\n");
    return LK_OK;
}

static int run_bounce(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct bounce bounce;
    struct buf mail;
    if (call->n_args != 0)
        return cli_usage(call,
                         "exchange bounce takes no arguments; the mail comes on standard input");
    buf_init(&mail, &call->arena.alloc, BOUNCE_MAX_BYTES);
    if (file_read_all("-", &mail, &err) != LK_OK)
        return cli_fail(&err);
    bounce_read(mail.p, mail.n, &bounce);
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = take_bounce(call, r, &bounce, &err);
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static const struct cli_option bounce_options[] = {
    HOME_OPTIONS, {"config", "FILE", "read settings from FILE"}, {NULL, NULL, NULL}};

const struct cli_command cmd_exchange_table[] = {
    {.name = "bounce",
     .arguments = "",
     .summary = "a letter of the desk came back (the mail on standard input)",
     .options = bounce_options,
     .run = run_bounce},
    {.name = NULL},
};
