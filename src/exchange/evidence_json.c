#include "evidence_json.h"

#include <math.h>

#define DEGREES_PER_RADIAN 57.29577951308232

double evidence_degrees(const struct lk_place *place)
{
    return atan2(place->b, place->a) * DEGREES_PER_RADIAN;
}

double evidence_scale(const struct lk_place *place)
{
    return hypot(place->a, place->b);
}

bool evidence_has_place(const struct lk_place *place)
{
    return place->a != 0 || place->b != 0;
}

static void write_frame(struct json *j, const char *key, const struct lk_frame *f)
{
    json_key(j, key);
    json_object(j);
    json_put_u64(j, "x", f->x);
    json_put_u64(j, "y", f->y);
    json_put_u64(j, "size", f->size);
    json_end_object(j);
}

static void write_place(struct json *j, const struct lk_place *place)
{
    json_object(j);
    json_key(j, "scale");
    json_fixed(j, evidence_scale(place), 3);
    json_key(j, "degrees");
    json_fixed(j, evidence_degrees(place), 1);
    json_put_bool(j, "mirrored", place->mirrored);
    json_end_object(j);
}

static void write_time(struct json *j, const struct lk_verdict *v)
{
    json_object(j);
    json_put_u64(j, "query_from_ms", v->query_from_ms);
    json_put_u64(j, "query_to_ms", v->query_to_ms);
    json_put_u64(j, "entry_from_ms", v->from_ms);
    json_put_u64(j, "entry_to_ms", v->to_ms);
    json_put_u64(j, "speed_percent", v->speed_percent);
    json_put_bool(j, "by_picture", v->by_picture);
    json_put_bool(j, "by_sound", v->by_sound);
    json_end_object(j);
}

bool evidence_lasts(const struct lk_verdict *verdict)
{
    return verdict->speed_percent > 0;
}

void evidence_json_write(struct json *j, const struct lk_verdict *verdict)
{
    json_object(j);
    json_put_bool(j, "shares_content", verdict->shares_content);
    json_put_u64(j, "upload_percent", verdict->query_percent);
    if (evidence_has_place(&verdict->place)) {
        json_key(j, "place");
        write_place(j, &verdict->place);
    }
    if (evidence_lasts(verdict)) {
        json_key(j, "time");
        write_time(j, verdict);
    }
    json_key(j, "agreeing");
    json_array(j);
    for (size_t i = 0; i < verdict->n_shown; i++) {
        json_object(j);
        write_frame(j, "query", &verdict->shown[i].query);
        write_frame(j, "entry", &verdict->shown[i].entry);
        json_put_u64(j, "distance", verdict->shown[i].dist_bits);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
