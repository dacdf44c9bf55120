#include "law/clock.h"

#include "base/err.h"
#include "law/law_file.h"

#include <string.h>

static bool find_regime(const struct json_tree *file, const char *id, struct law_clock *out)
{
    const struct json_tree *regimes = json_get(file, "regimes");
    for (size_t i = 0; i < json_array_length(regimes); i++) {
        const struct json_tree *v = json_at(regimes, i);
        if (!law_text_is(v, "id", id))
            continue;
        const struct json_tree *notice = json_get(v, "notice");
        int64_t hours = 0;
        (void)json_as_int(json_get(notice, "deadline_hours"), 1, 100000, &hours);
        out->hours = (unsigned)hours;
        out->runs = hours > 0 && law_text_is(v, "status", "in_force") &&
                    law_text_is(notice, "recipient", "platform") &&
                    law_is_checked(notice, "deadline_confidence");
        return true;
    }
    return false;
}

enum lk_status law_clock_of(const char *regime, struct law_clock *out, struct lk_error *err)
{
    *out = (struct law_clock){0};
    for (size_t i = 0; i < n_law_files; i++) {
        struct json_tree *tree;
        size_t n = strlen(law_files[i].code);
        if (strncmp(law_files[i].code, regime, n) != 0 || regime[n] != '-')
            continue;
        TRY(json_tree_parse(law_files[i].json, law_files[i].n, &tree, err));
        bool found = find_regime(tree, regime, out);
        json_tree_free(tree);
        if (found)
            return LK_OK;
    }
    return FAIL(err, LK_INVALID, "there is no regime of that id in data/law");
}
