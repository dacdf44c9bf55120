#include "inspect.h"

#include "inspect/c2pa/c2pa.h"
#include "inspect/file/file.h"

#include <string.h>

static enum inspect_format format_of(struct span head)
{
    static const struct {
        const char *mark;
        size_t at, n;
        enum inspect_format format;
    } marks[] = {
        {"\xff\xd8\xff", 0, 3, INSPECT_JPEG}, {"\x89PNG\r\n\x1a\n", 0, 8, INSPECT_PNG},
        {"WEBP", 8, 4, INSPECT_WEBP},         {"WAVE", 8, 4, INSPECT_WAV},
        {"GIF8", 0, 4, INSPECT_GIF},          {"II\x2a\0", 0, 4, INSPECT_TIFF},
        {"MM\0\x2a", 0, 4, INSPECT_TIFF},     {"ftyp", 4, 4, INSPECT_BMFF},
        {"moov", 4, 4, INSPECT_BMFF},         {"wide", 4, 4, INSPECT_BMFF},
        {"mdat", 4, 4, INSPECT_BMFF},         {"ID3", 0, 3, INSPECT_MP3},
        {"\xff\xfb", 0, 2, INSPECT_MP3},      {"\xff\xf3", 0, 2, INSPECT_MP3},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (!span_begins(span_after(head, marks[i].at), marks[i].mark, marks[i].n))
            continue;
        if (marks[i].at == 8 && !span_begins(head, "RIFF", 4))
            continue;
        return marks[i].format;
    }
    return INSPECT_UNKNOWN;
}

static void (*walker_of(enum inspect_format format))(struct job *)
{
    switch (format) {
    case INSPECT_JPEG:
        return jpeg_walk;
    case INSPECT_PNG:
        return png_walk;
    case INSPECT_WEBP:
    case INSPECT_WAV:
        return riff_walk;
    case INSPECT_GIF:
        return gif_walk;
    case INSPECT_TIFF:
        return tiff_walk;
    case INSPECT_BMFF:
        return bmff_walk;
    case INSPECT_MP3:
        return id3_walk;
    default:
        return NULL;
    }
}

void inspect_read(const struct inspect_source *source, const struct inspect_options *options,
                  struct arena *arena, struct inspect_report *report)
{
    uint8_t head[12];
    size_t n = source->size < sizeof head ? (size_t)source->size : sizeof head;
    *report = (struct inspect_report){0};
    struct job job = {.source = source, .arena = arena, .report = report};
    if (!source_get(source, 0, head, n)) {
        job_note(&job, INSPECT_NOTE_UNREADABLE);
        return;
    }
    report->format = format_of((struct span){head, n});
    void (*walk)(struct job *) = walker_of(report->format);
    if (walk == NULL) {
        job_note(&job, INSPECT_NOTE_UNKNOWN);
        return;
    }
    walk(&job);
    if (job.manifest.n > 0)
        c2pa_read(&job, options);
}
