/* Evidence packs: asked for on the page of a case, made when a second person allows, and taken by
 * whoever asked or by the member of the police to whom they are addressed. */
#include "service/pages/desk/packs.h"

#include "base/err.h"
#include "base/hex.h"
#include "exchange/pack.h"
#include "exchange/pack_collect.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "sys/rand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 64 << 20, MAX_SEALED_BYTES = 80 << 20 };

static enum lk_status make(struct service *service, const struct staff_hand *by,
                           const struct desk_pack_wish *wish, struct arena *arena, struct buf *out,
                           struct lk_error *err)
{
    struct registry *r = service_registry(service);
    struct desk_view view;
    struct pack_source source;
    uint8_t id[PACK_ID_CHARS / 2];
    struct pack_order order = {.whom = (enum pack_for)wish->whom,
                               .made_ms = registry_now_ms(r),
                               .tool_version = LIKENESS_VERSION,
                               .speech = pack_english(),
                               .without_texts = wish->without_texts,
                               .sign_seed = registry_pack_seed(r)};
    TRY(desk_case_open(r, by, wish->case_id, arena, &view, err));
    rand_bytes(id, sizeof id);
    hex_encode(id, sizeof id, order.id);
    TRY(pack_collect(arena, &view, order.made_ms, &service->config->registry.sender, &source, err));
    return pack_write(&order, &source, &wish->recipient, 1, out, NULL, err);
}

enum lk_status packs_make(void *ctx, const struct staff_hand *by, const struct desk_pack_wish *wish,
                          struct buf *out, struct lk_error *err)
{
    struct arena arena;
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = make(ctx, by, wish, &arena, out, err);
    arena_fini(&arena);
    return status;
}

enum lk_status packs_add_liaisons(const struct page *page, struct lk_error *err)
{
    struct staff_member *members;
    size_t n = 0, n_shown = 0;
    TRY(staff_list(service_registry(page->service), page->req->arena, &members, &n, err));
    view_list(page->view, "liaisons");
    for (size_t i = 0; i < n; i++) {
        if (members[i].role != STAFF_POLICE || members[i].has_ended)
            continue;
        view_text(view_add(page->view, "liaisons"), "name", members[i].name);
        n_shown++;
    }
    view_flag(page->view, "has_liaisons", n_shown > 0);
    return LK_OK;
}

enum lk_status desk_pack_ask_for(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    struct lk_error why;
    struct page page;
    const struct form *form = &req->form;
    unsigned whom = pack_for_of(form_get(form, "whom"));
    enum lk_status status =
        whom == 0 ? FAIL(&why, LK_INVALID, "a pack is for the police, a regulator or the person")
                  : desk_pack_ask(service_registry(service), req->hand, req->params[0], whom,
                                  form_get(form, "without_texts") != NULL,
                                  form_get(form, "recipient"), form_get(form, "liaison"), &why);
    if (status == LK_OK)
        return desk_go(req, res, err, "/desk/requests");
    desk_begin(&page, service, req, res, N_("Evidence pack"));
    return desk_show_problem(&page, &why, err);
}

enum lk_status desk_packs_page(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    struct page page;
    struct desk_pack *packs;
    size_t n = 0;
    desk_begin(&page, service, req, res, N_("Evidence packs"));
    TRY(desk_packs(service_registry(service), req->hand, req->arena, &packs, &n, err));
    view_list(page.view, "packs");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "packs");
        view_u64(v, "pack", (uint64_t)packs[i].request);
        view_text(v, "until", page_time(&page, packs[i].until_ms));
    }
    view_flag(page.view, "is_empty", n == 0);
    return page_send(&page, "desk_packs", err);
}

enum lk_status desk_pack_download(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct lk_error why;
    struct page page;
    int64_t request = strtoll(req->params[0], NULL, 10);
    res->body.max = MAX_SEALED_BYTES;
    if (desk_pack_take(service_registry(service), req->hand, request, &res->body, &why) == LK_OK) {
        char name[80];
        snprintf(name, sizeof name, "attachment; filename=\"pack-%lld.tar.age\"",
                 (long long)request);
        res->content_type = "application/octet-stream";
        response_header(res, "Content-Disposition", arena_copy(req->arena, name, strlen(name)));
        return LK_OK;
    }
    desk_begin(&page, service, req, res, N_("Evidence pack"));
    return desk_show_problem(&page, &why, err);
}
