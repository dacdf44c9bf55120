/* inspect/generator.h - what programs that make media with AI leave in files: their names, and
 * their settings with the prompt. All of it can be written by anybody, and taken out by anybody. */
#ifndef INSPECT_GENERATOR_H
#define INSPECT_GENERATOR_H

#include "inspect/job.h"

/* The name, as we write it, of a program or service that makes media with AI and that the text
 * names as whole words; NULL: none that is known here. Names that are also ordinary words or those
 * of people ("Sora") count only at the front, or behind "with". Constant. */
const char *generator_named(const char *text);

/* The same for a text that may name people: without those names. */
const char *generator_credited(const char *text);

/* If the text has the form in which a known generator writes its settings, adds them as facts (the
 * text itself is the prompt) and returns true. Else it may be anybody's words, and is left alone.
 */
bool generator_settings(struct job *job, const char *where, struct span text);

/* A comment: settings as above, or a program that names itself, else somebody's own words, which
 * are left alone. */
void generator_comment(struct job *job, const char *where, struct span text);

#endif
