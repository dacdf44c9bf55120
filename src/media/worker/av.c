/* The one file that includes FFmpeg. One pass from the first packet to the last, in one thread:
 *
 *   descriptor -> demuxer -> packets -> decoders -> luma    -> lk_video
 *      (pread)                                   \-> samples -> lk_audio
 *
 * FFmpeg may use the demuxers and decoders named below and nothing else: no protocol, no second
 * file. Presentation times count from the beginning of the file. What cannot be decoded is counted,
 * and the rest goes on. */
#include "av.h"

#include "samples.h"
#include "sequence_join.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <likeness/audio.h>
#include <likeness/video.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { IO_BYTES = 1 << 16, SHORT_BY_MS = 2000, GAP_MS = 100, MAX_CHANNELS = 64, US_PER_MS = 1000 };

static const char demuxers[] = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,gif,mp3,aac,ogg,"
                               "flac,wav,amr";
static const char decoders[] =
    "h264,hevc,vp8,vp9,libdav1d,av1,mpeg4,msmpeg4v2,msmpeg4,mpeg2video,mpeg1video,mjpeg,h263,"
    "theora,prores,dvvideo,ffv1,rawvideo,gif,"
    "aac,aac_latm,mp3float,mp3,mp2float,mp2,opus,vorbis,flac,alac,ac3,eac3,amrnb,amrwb,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,"
    "pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,adpcm_ima_wav,adpcm_ms,adpcm_ima_qt,gsm_ms,gsm";

/* One of the two streams that are read. */
struct track {
    AVStream *stream; /* NULL: none, or given up */
    AVCodecContext *codec;
};

struct av {
    const struct wire_job *job;
    av_progress *progress;
    void *progress_ctx;
    struct av_prints *out;

    int fd;
    int64_t at, size;
    bool read_failed; /* the machine's fault, not the file's */
    AVFormatContext *format;
    AVIOContext *io;
    AVPacket *packet;
    AVFrame *frame;
    struct track pictures, sound;
    struct SwsContext *scaler;
    uint8_t *grey; /* a frame's luma where it must be made */
    size_t grey_bytes;

    struct lk_video *video;
    struct lk_audio *audio;
    uint8_t orientation;
    int rate, channels; /* of the sound, from its first frame on */
    float *samples;
    size_t n_samples; /* room */
    int64_t sound_us; /* so much sound was handed over */
    int64_t last_us;  /* the latest time seen */
    int64_t lasts_us; /* as the file says; 0: it does not */
    int64_t start_us; /* presentation time of the beginning */
    unsigned percent;
    uint32_t n_frames;
    enum wire_reason reason;
};

/* ---- bytes ---- */

static int read_bytes(void *opaque, uint8_t *to, int n)
{
    struct av *av = opaque;
    const ssize_t got = pread(av->fd, to, (size_t)n, av->at);
    if (got == 0)
        return AVERROR_EOF;
    if (got < 0) {
        av->read_failed = true;
        return AVERROR(EIO);
    }
    av->at += got;
    return (int)got;
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence)
{
    struct av *av = opaque;
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE)
        return av->size;
    const int64_t base = whence == SEEK_SET   ? 0
                         : whence == SEEK_CUR ? av->at
                         : whence == SEEK_END ? av->size
                                              : -1;
    if (base < 0 || offset < -base || offset > INT64_MAX - base)
        return AVERROR(EINVAL);
    av->at = base + offset;
    return av->at;
}

/* A file that names another one does not get it. */
static int open_nothing(AVFormatContext *s, AVIOContext **pb, const char *url, int flags,
                        AVDictionary **options)
{
    (void)s, (void)url, (void)flags, (void)options;
    *pb = NULL;
    return AVERROR(EACCES);
}

/* ---- opening ---- */

static const struct {
    const char *name; /* the first of FFmpeg's */
    uint8_t format;
} formats[] = {
    {"mov", WIRE_MP4},   {"matroska", WIRE_WEBM}, {"avi", WIRE_AVI}, {"mpegts", WIRE_MPEG_TS},
    {"gif", WIRE_GIF},   {"mp3", WIRE_MP3},       {"aac", WIRE_AAC}, {"ogg", WIRE_OGG},
    {"flac", WIRE_FLAC}, {"wav", WIRE_WAV},       {"amr", WIRE_AMR},
};

static uint8_t format_of(const AVInputFormat *format)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strncmp(format->name, formats[i].name, strlen(formats[i].name)) == 0)
            return formats[i].format;
    return WIRE_UNKNOWN;
}

static enum wire_reason reason_of(int error)
{
    /* demuxers say EIO, too, of a file that ends early */
    return error == AVERROR(ENOMEM)                        ? WIRE_NO_MEMORY
           : error == AVERROR_EOF || error == AVERROR(EIO) ? WIRE_CUT_SHORT
                                                           : WIRE_DAMAGED;
}

static enum wire_reason open_format(struct av *av)
{
    uint8_t *buffer = av_malloc(IO_BYTES);
    av->io = buffer == NULL
                 ? NULL
                 : avio_alloc_context(buffer, IO_BYTES, 0, av, read_bytes, NULL, seek_bytes);
    av->format = avformat_alloc_context();
    if (av->io == NULL || av->format == NULL) {
        if (av->io == NULL)
            av_free(buffer);
        return WIRE_NO_MEMORY;
    }
    av->format->pb = av->io;
    av->format->flags |= AVFMT_FLAG_CUSTOM_IO;
    av->format->io_open = open_nothing;
    av->format->format_whitelist = av_strdup(demuxers);
    av->format->codec_whitelist = av_strdup(decoders);
    av->format->protocol_whitelist = av_strdup("none");
    av->format->max_streams = WIRE_MAX_STREAMS;
    const AVInputFormat *input = NULL; /* closing would run what was set but never opened */
    int error = av_probe_input_buffer2(av->io, &input, NULL, NULL, 0, 0);
    if (error < 0)
        return error == AVERROR(ENOMEM) ? WIRE_NO_MEMORY : WIRE_NO_FORMAT;
    av->out->answer.format = format_of(input);
    if (av->out->answer.format == WIRE_UNKNOWN)
        return WIRE_NO_FORMAT;
    error = avformat_open_input(&av->format, NULL, input, NULL);
    if (error >= 0)
        error = avformat_find_stream_info(av->format, NULL);
    if (error < 0) {
        const bool many = av->format != NULL && av->format->nb_streams >= WIRE_MAX_STREAMS;
        return many ? WIRE_TOO_MANY_STREAMS : reason_of(error);
    }
    return av->format->nb_streams > WIRE_MAX_STREAMS ? WIRE_TOO_MANY_STREAMS : WIRE_FINE;
}

static uint8_t orientation_of(const AVStream *stream)
{
    static const uint8_t of_signs[2][4] = {{1, 4, 2, 3}, {5, 8, 6, 7}}; /* see below */
    size_t n_bytes = 0;
    const int32_t *m =
        (const void *)av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &n_bytes);
    if (m == NULL || n_bytes < 9 * sizeof *m)
        return 1;
    /* x' = m0 x + m3 y, y' = m1 x + m4 y: either the diagonal is nearly zero, or the other one */
    const bool swaps = llabs((long long)m[1]) > llabs((long long)m[0]);
    if (swaps)
        return of_signs[1][(m[3] < 0) * 2 + (m[1] < 0)];
    return of_signs[0][(m[0] < 0) * 2 + (m[4] < 0)];
}

static enum wire_reason check_pixels(struct av *av, const AVCodecParameters *p)
{
    struct wire_prints *a = &av->out->answer;
    if (p->width <= 0 || p->height <= 0)
        return WIRE_FINE; /* the first frame will say */
    a->width = (uint32_t)p->width;
    a->height = (uint32_t)p->height;
    return (uint64_t)a->width * a->height > av->job->max_pixels ? WIRE_TOO_MANY_PIXELS : WIRE_FINE;
}

/* Opens the decoder of the best stream of a kind; a warning where there is one that cannot be. */
static enum wire_reason open_track(struct av *av, enum AVMediaType type, struct track *track,
                                   uint32_t warning)
{
    const int i = av_find_best_stream(av->format, type, -1, -1, NULL, 0);
    if (i < 0 || (av->format->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0)
        return WIRE_FINE;
    AVStream *stream = av->format->streams[i];
    if (type == AVMEDIA_TYPE_VIDEO) {
        const enum wire_reason reason = check_pixels(av, stream->codecpar);
        if (reason != WIRE_FINE)
            return reason;
    }
    const AVCodec *decoder = avcodec_find_decoder(stream->codecpar->codec_id);
    track->codec = decoder == NULL ? NULL : avcodec_alloc_context3(decoder);
    if (track->codec == NULL) {
        av->out->answer.warnings |= warning;
        return WIRE_FINE;
    }
    track->codec->thread_count = 1;
    track->codec->codec_whitelist = av_strdup(decoders);
    track->codec->pkt_timebase = stream->time_base;
    track->codec->max_pixels =
        (int64_t)(av->job->max_pixels < INT64_MAX ? av->job->max_pixels : INT64_MAX);
    track->codec->skip_loop_filter = AVDISCARD_NONREF; /* what nothing is predicted from */
    if (type == AVMEDIA_TYPE_VIDEO && av->job->purpose == LK_QUERY)
        track->codec->skip_frame = AVDISCARD_NONREF;
    int error = avcodec_parameters_to_context(track->codec, stream->codecpar);
    if (error >= 0)
        error = avcodec_open2(track->codec, decoder, NULL);
    if (error == AVERROR(ENOMEM))
        return WIRE_NO_MEMORY;
    if (error < 0)
        av->out->answer.warnings |= warning;
    else
        track->stream = stream;
    return WIRE_FINE;
}

static enum wire_reason open_tracks(struct av *av)
{
    enum wire_reason reason =
        open_track(av, AVMEDIA_TYPE_VIDEO, &av->pictures, WIRE_WARN_NO_PICTURES);
    if (reason == WIRE_FINE)
        reason = open_track(av, AVMEDIA_TYPE_AUDIO, &av->sound, WIRE_WARN_NO_SOUND);
    if (reason != WIRE_FINE)
        return reason;
    if (av->pictures.stream == NULL && av->sound.stream == NULL)
        return WIRE_NO_TRACK;
    for (unsigned i = 0; i < av->format->nb_streams; i++) {
        AVStream *s = av->format->streams[i];
        s->discard =
            s == av->pictures.stream || s == av->sound.stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    av->start_us = av->format->start_time == AV_NOPTS_VALUE ? 0 : av->format->start_time;
    av->lasts_us = av->format->duration == AV_NOPTS_VALUE ? 0 : av->format->duration;
    if (av->pictures.stream != NULL && !av->job->ignore_orientation)
        av->orientation = orientation_of(av->pictures.stream);
    return WIRE_FINE;
}

/* ---- times ---- */

/* Presentation time of the frame from the beginning of the file; the latest seen where it has none.
 */
static int64_t time_of(const struct av *av, const AVStream *stream)
{
    const int64_t pts = av->frame->best_effort_timestamp;
    if (pts == AV_NOPTS_VALUE)
        return av->last_us;
    return av_rescale_q(pts, stream->time_base, AV_TIME_BASE_Q) - av->start_us;
}

static bool note_time(struct av *av, int64_t time_us)
{
    if (time_us <= av->last_us)
        return true;
    av->last_us = time_us;
    if (time_us / US_PER_MS > av->job->max_duration_ms) {
        av->out->answer.duration_ms =
            time_us / US_PER_MS > UINT32_MAX ? UINT32_MAX : (uint32_t)(time_us / US_PER_MS);
        av->reason = WIRE_TOO_LONG;
        return false;
    }
    const unsigned percent =
        av->lasts_us > time_us ? (unsigned)(time_us * 99 / av->lasts_us) : av->percent;
    if (percent > av->percent) {
        av->percent = percent;
        av->progress(av->progress_ctx, percent);
    }
    return true;
}

/* ---- pictures ---- */

static bool has_plain_luma(const AVFrame *f)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)f->format);
    return d != NULL && f->linesize[0] >= f->width && d->comp[0].plane == 0 &&
           d->comp[0].step == 1 && d->comp[0].offset == 0 && d->comp[0].depth == 8 &&
           (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                        AV_PIX_FMT_FLAG_HWACCEL)) == 0;
}

/* Luma of a frame in any other form. */
static bool make_grey(struct av *av, struct lk_luma *luma)
{
    const AVFrame *f = av->frame;
    const size_t n_bytes = (size_t)f->width * (size_t)f->height;
    if (av->grey_bytes < n_bytes) {
        uint8_t *more = realloc(av->grey, n_bytes);
        if (more == NULL)
            return false;
        av->grey = more;
        av->grey_bytes = n_bytes;
    }
    av->scaler =
        sws_getCachedContext(av->scaler, f->width, f->height, (enum AVPixelFormat)f->format,
                             f->width, f->height, AV_PIX_FMT_GRAY8, SWS_POINT, NULL, NULL, NULL);
    uint8_t *const planes[4] = {av->grey};
    const int strides[4] = {f->width};
    if (av->scaler == NULL || sws_scale(av->scaler, (const uint8_t *const *)f->data, f->linesize, 0,
                                        f->height, planes, strides) != f->height)
        return false;
    luma->data = av->grey;
    luma->stride_bytes = (size_t)f->width;
    return true;
}

static void take_picture(struct av *av)
{
    const AVFrame *f = av->frame;
    const int64_t time_us = time_of(av, av->pictures.stream);
    struct lk_error err;
    if (++av->n_frames > WIRE_MAX_FRAMES)
        av->reason = WIRE_TOO_MANY_FRAMES;
    if (av->reason != WIRE_FINE || !note_time(av, time_us) || !lk_video_wants(av->video, time_us))
        return;
    struct lk_luma luma = {.data = f->data[0],
                           .width = (uint32_t)f->width,
                           .height = (uint32_t)f->height,
                           .stride_bytes = (size_t)f->linesize[0],
                           .orientation = av->orientation};
    av->out->answer.width = luma.width;
    av->out->answer.height = luma.height;
    if (!has_plain_luma(f) && !make_grey(av, &luma)) {
        av->out->answer.warnings |= WIRE_WARN_DAMAGED;
        return;
    }
    if (lk_video_put(av->video, &luma, time_us, &err) == LK_NOMEM)
        av->reason = WIRE_NO_MEMORY;
}

/* ---- sound ---- */

static bool begin_sound(struct av *av)
{
    const AVFrame *f = av->frame;
    struct lk_error err;
    av->rate = f->sample_rate;
    av->channels = f->ch_layout.nb_channels;
    const struct lk_audio_options options = {.purpose = av->job->purpose,
                                             .sample_rate_hz = (uint32_t)av->rate,
                                             .channels = (uint8_t)av->channels};
    if (av->rate <= 0 || av->channels < 1 || av->channels > MAX_CHANNELS)
        return false;
    return lk_audio_new(lk_alloc_heap(), &options, &av->audio, &err) == LK_OK;
}

static bool samples_room(struct av *av, size_t n)
{
    if (n <= av->n_samples)
        return true;
    float *more = realloc(av->samples, n * sizeof *more);
    if (more == NULL)
        return false;
    av->samples = more;
    av->n_samples = n;
    return true;
}

static void take_sound(struct av *av)
{
    const AVFrame *f = av->frame;
    const int64_t time_us = time_of(av, av->sound.stream);
    struct lk_error err;
    if (!note_time(av, time_us))
        return;
    if (av->audio == NULL && !begin_sound(av)) {
        av->out->answer.warnings |= WIRE_WARN_NO_SOUND;
        av->sound.stream = NULL;
        return;
    }
    if (f->sample_rate != av->rate || f->ch_layout.nb_channels != av->channels) {
        av->out->answer.warnings |= WIRE_WARN_CHANGES;
        av->sound.stream = NULL;
        return;
    }
    size_t n = (size_t)f->nb_samples, channels = (size_t)av->channels, skip = 0;
    if (time_us < 0) { /* what comes before the beginning, an encoder's lead-in */
        const int64_t before = av_rescale(-time_us, av->rate, AV_TIME_BASE);
        skip = before < (int64_t)n ? (size_t)before : n;
    } else if (time_us - av->sound_us > GAP_MS * US_PER_MS) {
        const int64_t gap_ms = (time_us - av->sound_us) / US_PER_MS;
        if (lk_audio_skip(av->audio, (uint32_t)gap_ms, &err) == LK_NOMEM)
            av->reason = WIRE_NO_MEMORY;
        av->sound_us += gap_ms * US_PER_MS;
    }
    if (!samples_room(av, n * channels)) {
        av->reason = WIRE_NO_MEMORY;
        return;
    }
    if (!samples_interleave(f->format, f->extended_data, n, channels, av->samples)) {
        av->out->answer.warnings |= WIRE_WARN_NO_SOUND;
        av->sound.stream = NULL;
        return;
    }
    if (lk_audio_put(av->audio, av->samples + skip * channels, n - skip, &err) == LK_NOMEM)
        av->reason = WIRE_NO_MEMORY;
    av->sound_us += av_rescale((int64_t)(n - skip), AV_TIME_BASE, av->rate);
}

/* ---- one pass ---- */

/* Hands a packet (NULL: no more) to a decoder and takes what comes out. */
static void decode(struct av *av, struct track *track, const AVPacket *packet)
{
    int error = avcodec_send_packet(track->codec, packet);
    if (error < 0 && error != AVERROR_EOF)
        av->out->answer.warnings |= WIRE_WARN_DAMAGED;
    while (error >= 0 && av->reason == WIRE_FINE && track->stream != NULL) {
        error = avcodec_receive_frame(track->codec, av->frame);
        if (error < 0)
            break;
        if ((av->frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 || av->frame->decode_error_flags != 0)
            av->out->answer.warnings |= WIRE_WARN_DAMAGED;
        if (track == &av->pictures)
            take_picture(av);
        else
            take_sound(av);
        av_frame_unref(av->frame);
    }
    if (error == AVERROR(ENOMEM))
        av->reason = WIRE_NO_MEMORY;
    else if (error < 0 && error != AVERROR(EAGAIN) && error != AVERROR_EOF)
        av->out->answer.warnings |= WIRE_WARN_DAMAGED;
}

static void read_all(struct av *av)
{
    int error = 0;
    while (av->reason == WIRE_FINE) {
        error = av_read_frame(av->format, av->packet);
        if (error < 0)
            break;
        struct track *tracks[] = {&av->pictures, &av->sound};
        for (int i = 0; i < 2; i++)
            if (tracks[i]->stream != NULL && tracks[i]->stream->index == av->packet->stream_index)
                decode(av, tracks[i], av->packet);
        av_packet_unref(av->packet);
    }
    if (av->pictures.stream != NULL)
        decode(av, &av->pictures, NULL);
    if (av->sound.stream != NULL)
        decode(av, &av->sound, NULL);
    const int64_t end_us = av->last_us > av->sound_us ? av->last_us : av->sound_us;
    if ((error < 0 && error != AVERROR_EOF) ||
        av->lasts_us - end_us > SHORT_BY_MS * US_PER_MS + av->lasts_us / 20)
        av->out->answer.warnings |= WIRE_WARN_CUT_SHORT;
}

/* ---- what came of it ---- */

static const struct lk_record *end_video(struct av *av, size_t *n)
{
    struct wire_prints *a = &av->out->answer;
    struct lk_error unheard;
    *n = 0;
    lk_video_end(av->video, 0);
    const struct lk_video_report r = lk_video_report(av->video);
    a->n_frames = av->n_frames;
    a->n_used = r.n_used;
    a->n_flat = r.n_flat;
    a->n_kept = r.n_kept;
    a->is_static = r.is_static;
    if (av->pictures.stream == NULL)
        return NULL;
    if (lk_video_refusal(&r, &unheard) != LK_OK) {
        a->warnings |= WIRE_WARN_FLAT;
        return NULL;
    }
    return lk_video_records(av->video, n);
}

static const struct lk_record *end_audio(struct av *av, size_t *n)
{
    struct wire_prints *a = &av->out->answer;
    struct lk_error err;
    *n = 0;
    if (av->audio == NULL)
        return NULL;
    if (lk_audio_end(av->audio, &err) != LK_OK) {
        av->reason = WIRE_NO_MEMORY;
        return NULL;
    }
    const struct lk_audio_report r = lk_audio_report(av->audio);
    a->sound_ms = r.duration_ms;
    a->active_ms = r.active_ms < r.duration_ms ? r.active_ms : r.duration_ms;
    a->n_blocks = r.n_blocks;
    a->n_gated = r.n_gated;
    if (av->job->purpose == LK_REGISTRATION && lk_audio_refusal(&r, &err) != LK_OK) {
        a->warnings |= WIRE_WARN_QUIET;
        return NULL;
    }
    const struct lk_record *records = lk_audio_records(av->audio, n);
    if (*n == 0)
        a->warnings |= WIRE_WARN_QUIET;
    return records;
}

static void conclude(struct av *av)
{
    struct wire_prints *a = &av->out->answer;
    size_t n_frames, n_sounds;
    if (av->reason == WIRE_FINE && a->format == WIRE_GIF && av->n_frames <= 1)
        av->reason = WIRE_ONE_PICTURE;
    const struct lk_record *frames = end_video(av, &n_frames);
    const struct lk_record *sounds = end_audio(av, &n_sounds);
    const int64_t end_us = av->last_us > av->sound_us ? av->last_us : av->sound_us;
    if (av->reason != WIRE_FINE)
        return;
    if (n_frames + n_sounds == 0) {
        const bool read_nothing = a->n_used == 0 && a->n_blocks == 0;
        av->reason = read_nothing && (a->warnings & WIRE_WARN_DAMAGED) != 0 ? WIRE_DAMAGED
                                                                            : WIRE_SAYS_NOTHING;
        return;
    }
    a->duration_ms = (uint32_t)(end_us / US_PER_MS);
    av->out->sequence.medium = av->pictures.stream != NULL && n_frames > 0 ? LK_VIDEO : LK_AUDIO;
    av->out->sequence.duration_ms = a->duration_ms;
    if (!sequence_join(frames, n_frames, sounds, n_sounds, &av->out->records,
                       &av->out->sequence.n_records)) {
        av->reason = WIRE_NO_MEMORY;
        return;
    }
    av->out->sequence.records = av->out->records;
}

static void close_all(struct av *av)
{
    struct track *tracks[] = {&av->pictures, &av->sound};
    for (int i = 0; i < 2; i++)
        avcodec_free_context(&tracks[i]->codec);
    avformat_close_input(&av->format);
    if (av->io != NULL)
        av_freep(&av->io->buffer);
    avio_context_free(&av->io);
    av_packet_free(&av->packet);
    av_frame_free(&av->frame);
    sws_freeContext(av->scaler);
    lk_video_free(av->video);
    lk_audio_free(av->audio);
    free(av->grey);
    free(av->samples);
}

static enum wire_reason open_all(struct av *av)
{
    const struct lk_video_options options = {.purpose = av->job->purpose,
                                             .query_interval_ms = av->job->query_interval_ms};
    struct lk_error err;
    struct stat st;
    av->packet = av_packet_alloc();
    av->frame = av_frame_alloc();
    if (av->packet == NULL || av->frame == NULL ||
        lk_video_new(lk_alloc_heap(), &options, &av->video, &err) != LK_OK)
        return WIRE_NO_MEMORY;
    if (fstat(av->fd, &st) != 0)
        return WIRE_READ_FAILED;
    av->size = st.st_size;
    if (av->size == 0)
        return WIRE_EMPTY;
    if ((uint64_t)av->size > av->job->max_bytes)
        return WIRE_TOO_MANY_BYTES;
    const enum wire_reason reason = open_format(av);
    return reason == WIRE_FINE ? open_tracks(av) : reason;
}

void av_run(int fd, const struct wire_job *job, av_progress *progress, void *ctx,
            struct av_prints *out)
{
    struct av av = {.job = job,
                    .progress = progress,
                    .progress_ctx = ctx,
                    .out = out,
                    .fd = fd,
                    .orientation = 1};
    *out = (struct av_prints){0};
    av_log_set_level(AV_LOG_QUIET);
    av.reason = open_all(&av);
    if (av.reason == WIRE_FINE) {
        read_all(&av);
        conclude(&av);
    }
    close_all(&av);
    if (av.read_failed)
        av.reason = WIRE_READ_FAILED;
    if (av.reason != WIRE_FINE)
        av_prints_fini(out);
    out->answer.reason = av.reason;
    out->answer.percent = 100;
}

void av_prints_fini(struct av_prints *prints)
{
    free(prints->records);
    prints->records = NULL;
    prints->sequence = (struct lk_sequence){0};
}

void av_warm(void)
{
    void *at = NULL;
    av_log_set_level(AV_LOG_QUIET);
    tzset(); /* files carry dates */
    while (av_codec_iterate(&at) != NULL)
        continue;
}
