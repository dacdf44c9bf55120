/* inspect/made_text.h - a report as fixed words, in English: for the terminal, and as a block that
 * an evidence pack can hold as it is.
 *
 * The words never say real or fake and name no percentage: they say what stands in the file, what
 * of it was checked, and what that does not prove. */
#ifndef INSPECT_MADE_TEXT_H
#define INSPECT_MADE_TEXT_H

#include "base/buf.h"
#include "inspect/report.h"

/* Appends lines that begin with two spaces. Prompts and who wrote them are said to be there, and
 * shown only if asked for. */
void made_text(struct buf *out, const struct inspect_report *report, bool with_prompts);

/* Appends what no report can tell; once below all reports. */
void made_text_reminders(struct buf *out);

#endif
