#include "sequence_join.h"

#include <stdlib.h>

bool sequence_join(const struct lk_record *frames, size_t n_frames, const struct lk_record *sounds,
                   size_t n_sounds, struct lk_record **out, size_t *n_out)
{
    if (n_frames > LK_MAX_RECORDS)
        n_frames = LK_MAX_RECORDS;
    if (n_sounds > LK_MAX_RECORDS - n_frames)
        n_sounds = LK_MAX_RECORDS - n_frames;
    struct lk_record *all = malloc((n_frames + n_sounds) * sizeof *all);
    if (all == NULL)
        return false;
    size_t i = 0, k = 0;
    while (i + k < n_frames + n_sounds) {
        const bool frame_next =
            k == n_sounds || (i < n_frames && frames[i].time_ms <= sounds[k].time_ms);
        all[i + k] = frame_next ? frames[i] : sounds[k];
        i += frame_next;
        k += !frame_next;
    }
    *out = all;
    *n_out = n_frames + n_sounds;
    return true;
}
