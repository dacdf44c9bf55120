/* IPTC-IIM 4.2: of record 2, data sets 65 originating program, 110 credit, 120 caption. */
#include "file.h"

#include "base/be.h"
#include "inspect/generator.h"

void iptc_read(struct job *job, struct span records)
{
    enum {
        MARK = 0x1c,
        APPLICATION = 2,
        PROGRAM = 65,
        CREDIT = 110,
        CAPTION = 120,
        LONG_FORM = 0x8000
    };
    while (records.n >= 5 && records.p[0] == MARK) {
        unsigned record = records.p[1], set = records.p[2], n = be_get16(records.p + 3);
        records = span_after(records, 5);
        if ((n & LONG_FORM) != 0 || n > records.n) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        struct span data = {records.p, n};
        if (record == APPLICATION && set == PROGRAM)
            job_fact(job, INSPECT_TOOL, "IPTC Originating Program", data);
        else if (record == APPLICATION && set == CREDIT)
            job_fact(job, INSPECT_CREDIT, "IPTC Credit", data);
        else if (record == APPLICATION && set == CAPTION)
            (void)generator_settings(job, "IPTC Caption", data);
        records = span_after(records, n);
    }
}
