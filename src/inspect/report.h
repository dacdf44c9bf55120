/* inspect/report.h - how was this file made: what the file itself says, and what was checked of it.
 *
 * A file can hold *facts*, which anybody can write into it and anybody can take out, and
 * *credentials* (C2PA manifests), which are signed. Nothing here judges whether a picture is real:
 * a file that says nothing proves nothing, a fact can be forged, and a valid seal tells who sealed
 * a statement, not that it is true.
 *
 * All lists and texts live in the arena that the report was made with; texts are UTF-8 without
 * control characters and end with a NUL. */
#ifndef INSPECT_REPORT_H
#define INSPECT_REPORT_H

#include "inspect/source.h"

enum inspect_format {
    INSPECT_UNKNOWN,
    INSPECT_JPEG,
    INSPECT_PNG,
    INSPECT_WEBP,
    INSPECT_GIF,
    INSPECT_TIFF,
    INSPECT_BMFF, /* MP4, MOV, M4A, HEIC, AVIF */
    INSPECT_WAV,
    INSPECT_MP3,
    INSPECT_N_FORMATS
};

/* What a fact is about. */
enum inspect_kind {
    INSPECT_SOURCE, /* an IPTC digital source type: the last word of its address */
    INSPECT_TOOL,   /* a program that wrote or changed the file */
    INSPECT_MODEL,  /* an AI model */
    INSPECT_CAMERA, /* maker and type of a device */
    INSPECT_CREDIT, /* whom the file gives credit to */
    INSPECT_PROMPT, /* what somebody asked a generator for: may itself be abusive, show with care */
    INSPECT_PERSON, /* who wrote the prompt: show with care */
    INSPECT_N_KINDS
};

/* What a digital source type means. */
enum inspect_source_type {
    SOURCE_TYPE_OTHER,
    SOURCE_TYPE_AI,      /* made by trained AI */
    SOURCE_TYPE_AI_PART, /* edited by, or put together with what was made by, trained AI */
    SOURCE_TYPE_PROGRAM, /* made by a program that was not trained */
    SOURCE_TYPE_CAMERA,
    SOURCE_TYPE_PERSON, /* made or edited by a person */
    SOURCE_TYPE_SCREEN,
    SOURCE_TYPE_N
};

struct inspect_fact {
    struct inspect_fact *next;
    enum inspect_kind kind;
    const char *where; /* as the format calls it: "XMP CreatorTool" */
    const char *text;
    const char *ai; /* a program or service that makes media with AI and is named in it, or NULL */
};

enum inspect_check { INSPECT_NOT_CHECKED, INSPECT_HOLDS, INSPECT_FAILS, INSPECT_N_CHECKS };

/* Why something was not checked. */
enum inspect_reason {
    INSPECT_NO_REASON,
    INSPECT_ALGORITHM, /* a kind of signature or hash that is not known here */
    INSPECT_NO_KEY,    /* no certificate that can be read */
    INSPECT_BINDING,   /* a way of binding to the content that is not known here, or none */
    INSPECT_OLDER,     /* made for an earlier state of the file */
    INSPECT_DAMAGED,   /* cannot be read */
    INSPECT_TOO_LARGE, /* over a limit */
    INSPECT_N_REASONS
};

struct inspect_action {
    struct inspect_action *next;
    const char *name;   /* "c2pa.created" */
    const char *source; /* the last word of a digital source type, or NULL */
    const char *tool;   /* the program that did it, or NULL */
};

/* What a checker of signatures needs. Algorithms have their COSE numbers. */
struct inspect_seal {
    int64_t
        algorithm;   /* -7 ES256, -35 ES384, -36 ES512, -37 PS256, -38 PS384, -39 PS512, -8 EdDSA */
    struct span key; /* SubjectPublicKeyInfo, DER */
    struct span message;
    struct span signature; /* ECDSA: r and s side by side */
};

struct inspect_credential {
    struct inspect_credential *next;
    const char *generator; /* the program that made the claim */
    const char *signer;    /* as its certificate says, which nobody vouches for here */
    const char *issuer;    /* of that certificate */
    const char *signed_at; /* "2026-11-01T10:00:00Z" as a time stamp says, unchecked; or NULL */
    struct inspect_action *actions;
    unsigned n_ingredients, n_assertions, n_wrong;
    bool is_active; /* the last: the one about the file as it is */
    enum inspect_check signature, assertions, content;
    enum inspect_reason signature_why, assertions_why, content_why;
    uint64_t
        uncovered_bytes; /* of the file outside the manifest, that the content hash leaves out */
    struct inspect_seal seal; /* signature.n is 0: there is nothing to check */
};

/* Things that kept the reader from reading all. */
enum {
    INSPECT_NOTE_DAMAGED = 1,    /* a part that breaks the rules of its format */
    INSPECT_NOTE_TOO_LARGE = 2,  /* a part over a limit */
    INSPECT_NOTE_UNKNOWN = 4,    /* a kind of file that is not read here */
    INSPECT_NOTE_UNREADABLE = 8, /* a piece of the file could not be had */
};

struct inspect_report {
    enum inspect_format format;
    struct inspect_fact *facts;
    struct inspect_credential *credentials;
    unsigned notes;
    unsigned n_facts;
    bool has_prompt;
};

enum inspect_outcome {
    INSPECT_FOUND_SIGNED,
    INSPECT_FOUND_UNSIGNED,
    INSPECT_NOT_FOUND,
    INSPECT_CANNOT_TELL
};

/* The fixed words: signed only if a seal was checked and fits the signer's key, the statements and
 * this content; cannot tell if nothing was found and something could not be read. */
enum inspect_outcome inspect_outcome(const struct inspect_report *report);

/* Whether the seal of the file as it is was checked and does not fit. */
bool inspect_seal_is_broken(const struct inspect_report *report);

/* Whether anything in the report says that AI made the file or a part of it, or names such a tool.
 */
bool inspect_says_ai(const struct inspect_report *report);

enum inspect_source_type inspect_source_type(const char *word);

/* Stable names for JSON. Never NULL. */
const char *inspect_outcome_name(enum inspect_outcome outcome);
const char *inspect_format_name(enum inspect_format format);
const char *inspect_kind_name(enum inspect_kind kind);
const char *inspect_check_name(enum inspect_check check);
const char *inspect_reason_name(enum inspect_reason reason);
const char *inspect_source_type_name(enum inspect_source_type type);

#endif
