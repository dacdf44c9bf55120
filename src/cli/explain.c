#include "explain.h"

#include "base/err.h"
#include "cases/match_evidence.h"
#include "exchange/drawing.h"
#include "exchange/evidence_json.h"
#include "sys/file.h"

enum { DRAWING_BYTES = 1 << 16, MODE = 0644 };

enum lk_status explain_write(const char *path, const struct lk_verdict *verdict,
                             const struct lk_sequence *query, const struct lk_frame *entry_whole,
                             struct lk_error *err)
{
    const struct lk_frame query_whole = match_whole_frame(query);
    struct buf svg;
    buf_init(&svg, lk_alloc_heap(), DRAWING_BYTES);
    if (evidence_lasts(verdict))
        drawing_time_svg(&svg, verdict, NULL);
    else
        drawing_svg(&svg, verdict, &query_whole, entry_whole, NULL);
    enum lk_status status = buf_status(&svg, "drawing", err);
    if (status == LK_OK)
        status = file_replace(path, svg.p, svg.n, MODE, err);
    buf_fini(&svg);
    return status;
}
