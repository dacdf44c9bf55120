/* Who does the work: a thread of the bank's own, or whoever asks for it. */
#include "bank_inside.h"
#include "base/err.h"

#include <errno.h>
#include <time.h>

enum { RETRY_S = 1, LONGEST_RETRY_S = 64, LOOK_EVERY_S = 60 };

/* What failed for want of space or memory is tried again after a while, or when something changes.
 */
static void sleep_until_work(struct bank *bank)
{
    struct timespec until;
    unsigned s = LOOK_EVERY_S;
    if (bank->n_failures > 0) {
        s = RETRY_S << (bank->n_failures < 7 ? bank->n_failures - 1 : 6);
        s = s < LONGEST_RETRY_S ? s : LONGEST_RETRY_S;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += s;
    while (!bank->work_due && !atomic_load(&bank->stop))
        if (pthread_cond_timedwait(&bank->wake, &bank->signal, &until) == ETIMEDOUT)
            break;
}

/* Works until nothing is left or something fails. */
static enum lk_status work_through(struct bank *bank, bool all, struct lk_error *err)
{
    bool did = true;
    enum lk_status status = LK_OK;
    while (did && status == LK_OK && !(bank->has_thread && atomic_load(&bank->stop))) {
        pthread_mutex_lock(&bank->work);
        status = bank_work(bank, all, &did, err);
        pthread_mutex_unlock(&bank->work);
        all = false;
        pthread_mutex_lock(&bank->signal);
        bank->n_failures = status == LK_OK ? 0 : bank->n_failures + 1;
        pthread_cond_broadcast(&bank->idle);
        pthread_mutex_unlock(&bank->signal);
    }
    return status;
}

static void *run(void *ctx)
{
    struct bank *bank = ctx;
    pthread_mutex_lock(&bank->signal);
    while (!atomic_load(&bank->stop)) {
        bank->work_due = false;
        bank->working = true;
        pthread_mutex_unlock(&bank->signal);
        enum lk_status status = work_through(bank, false, NULL);
        if (status == LK_OK)
            status = bank_verify_some(bank, false, NULL);
        pthread_mutex_lock(&bank->signal);
        bank->working = false;
        pthread_cond_broadcast(&bank->idle);
        if (status != LK_OK)
            bank->work_due = false; /* whatever arose meanwhile would fail alike */
        sleep_until_work(bank);
    }
    pthread_mutex_unlock(&bank->signal);
    return NULL;
}

void bank_work_arose(struct bank *bank)
{
    pthread_mutex_lock(&bank->signal);
    bank->work_due = true;
    if (!bank->by_caller && !bank->has_thread && !atomic_load(&bank->stop))
        bank->has_thread = pthread_create(&bank->thread, NULL, run, bank) == 0;
    pthread_cond_signal(&bank->wake);
    pthread_mutex_unlock(&bank->signal);
}

void bank_work_end(struct bank *bank)
{
    pthread_mutex_lock(&bank->signal);
    atomic_store(&bank->stop, true);
    bool has_thread = bank->has_thread;
    pthread_cond_broadcast(&bank->wake);
    pthread_cond_broadcast(&bank->idle);
    pthread_mutex_unlock(&bank->signal);
    if (has_thread)
        pthread_join(bank->thread, NULL);
    bank->has_thread = false;
    atomic_store(&bank->stop, false);
}

static enum lk_status check_mode(const struct bank *bank, struct lk_error *err)
{
    return bank->mode == BANK_WRITE ? LK_OK
                                    : FAIL(err, LK_DENIED, "the bank is open for reading only");
}

static enum lk_status freeze(struct bank *bank, struct lk_error *err)
{
    pthread_mutex_lock(&bank->change);
    enum lk_status status = bank_may_change(bank, err);
    if (status == LK_OK)
        status = bank_freeze(bank, err);
    pthread_mutex_unlock(&bank->change);
    return status;
}

enum lk_status bank_flush(struct bank *bank, struct lk_error *err)
{
    TRY(check_mode(bank, err));
    TRY(freeze(bank, err));
    bool did = true;
    enum lk_status status = LK_OK;
    size_t n_tables = 2;
    pthread_mutex_lock(&bank->work);
    while (n_tables > 1 && did && status == LK_OK) {
        struct bank_reader reader = views_enter(&bank->views);
        n_tables = reader.view->n_tables;
        views_leave(&bank->views, reader);
        if (n_tables > 1)
            status = bank_work(bank, false, &did, err);
    }
    pthread_mutex_unlock(&bank->work);
    return status;
}

enum lk_status bank_maintain(struct bank *bank, struct lk_error *err)
{
    TRY(check_mode(bank, err));
    return work_through(bank, false, err);
}

enum lk_status bank_compact(struct bank *bank, struct lk_error *err)
{
    TRY(check_mode(bank, err));
    return work_through(bank, true, err);
}

enum lk_status bank_settle(struct bank *bank, struct lk_error *err)
{
    TRY(check_mode(bank, err));
    pthread_mutex_lock(&bank->signal);
    while (bank->has_thread && !atomic_load(&bank->stop) && bank->n_failures == 0 &&
           (bank->work_due || bank->working))
        pthread_cond_wait(&bank->idle, &bank->signal);
    bool by_hand = !bank->has_thread || bank->n_failures > 0;
    pthread_mutex_unlock(&bank->signal);
    return by_hand ? work_through(bank, false, err) : LK_OK;
}

enum lk_status bank_verify(struct bank *bank, struct lk_error *err)
{
    pthread_mutex_lock(&bank->notes_lock);
    bank->n_notes = bank->n_left_out; /* what verification finds is found again */
    pthread_mutex_unlock(&bank->notes_lock);
    return bank_verify_some(bank, true, err);
}

void bank_close_table(struct bank *bank)
{
    const struct table *t = views_now(&bank->views)->tables[0]->table;
    uint64_t n_prints = 0;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        n_prints += atomic_load(&t->n_prints[kind]);
    bool is_large = n_prints >= bank->limits.close_prints ||
                    atomic_load(&t->n_slots) >= bank->limits.close_prints ||
                    views_now(&bank->views)->n_tables > 1;
    /* What fails here is done at the next opening: the logs have everything. */
    enum lk_status status = is_large ? bank_flush(bank, NULL) : LK_OK;
    if (status == LK_OK && bank->dir->manifest.cursor != bank_cursor(bank) &&
        bank_may_change(bank, NULL) == LK_OK) {
        struct manifest m;
        bool placed;
        bank_manifest_of(bank, views_now(&bank->views), &m);
        status = dir_replace(bank->dir, &m, &placed, NULL);
    }
    if (bank->dir->unsure)
        status = dir_settle(bank->dir, NULL);
}
