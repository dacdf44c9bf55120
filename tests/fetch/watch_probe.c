/* A case with the prints of one picture, another case with those of a second, a page that the first
 * watches, two rounds of looks, and what is proposed then.
 * usage: watch_probe ADDRESS:PORT PICTURE OTHER URL; the address is allowed. */
#include "../store/kit.h"

#include "cases/desk.h"
#include "cases/proposal.h"
#include "service/watcher.h"
#include "sys/file.h"

#include <likeness/fingerprint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARENA = 16 << 20 };

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status == LK_OK)
        return;
    printf("error %s\n", err->text);
    exit(1);
}

static void open_case_of(struct kit *kit, struct media *media, const char *path,
                         const struct case_typed *texts, size_t n_texts)
{
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
    const struct media_request request = {.front_end = LK_SCALED};
    const struct lk_fingerprint_options how = {.purpose = LK_REGISTRATION, .front_end = LK_SCALED};
    struct lk_sequence sequence = {.medium = LK_IMAGE, .records = records};
    struct lk_image_prints prints;
    struct media_image image;
    struct case_opened opened;
    struct lk_error err;
    int fd = -1;
    must(file_open(path, O_RDONLY, 0, &fd, &err), &err);
    must(media_decode(media, fd, &request, &image, &err), &err);
    close(fd);
    must(lk_image_fingerprint(lk_alloc_heap(), &image.pixels, &how, &prints, records,
                              &sequence.n_records, &err),
         &err);
    media_image_fini(&image);
    const struct case_request wanted = {
        .sequences = &sequence, .n_sequences = 1, .texts = texts, .n_texts = n_texts};
    must(case_open(kit->r, &wanted, &opened, &err), &err);
}

static void run_round(struct kit *kit, const struct watcher_config *config)
{
    struct watcher_counts counts;
    struct lk_error err;
    must(watcher_round(config, &counts, &err), &err);
    printf("round pages %zu unreadable %zu media %zu found %zu\n", counts.n_pages,
           counts.n_unreadable, counts.n_media, counts.n_found);
    kit->now_ms += 3600000;
}

int main(int argc, char **argv)
{
    struct kit kit;
    struct arena arena;
    struct media *media;
    struct proposal *list;
    struct lk_error err;
    size_t n = 0;
    struct desk_case *cases;
    if (argc < 5)
        return 1;
    /* The desk sees the case that has something for it. */
    const struct case_typed text = {.kind = CASE_LOCATION, .text = argv[4], .n = strlen(argv[4])};
    const char *const allow[] = {argv[1]};
    must(media_open(NULL, NULL, &media, &err), &err);
    kit_init(&kit);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    open_case_of(&kit, media, argv[2], &text, 1);
    open_case_of(&kit, media, argv[3], NULL, 0);
    must(desk_list(kit.r, &arena, &cases, &n, &err), &err);
    if (n != 1)
        return 1;
    const char *id = cases[0].id;
    const struct watcher_config config = {
        .registry = kit.r, .media = media, .fetch = {.allow = allow, .n_allow = 1}};
    must(watch_add(kit.r, id, argv[4], 3600000, &err), &err);
    run_round(&kit, &config);
    run_round(&kit, &config);
    must(proposal_list(kit.r, id, &arena, &list, &n, &err), &err);
    for (size_t i = 0; i < n; i++)
        printf("found %s grade %u entry %lld on %s\n", list[i].url, list[i].grade,
               (long long)list[i].entry, list[i].note);
    arena_fini(&arena);
    kit_fini(&kit);
    media_close(media);
    return 0;
}
