/* paper/said.h - how likeness-paper ends, for whoever started it. */
#ifndef PAPER_SAID_H
#define PAPER_SAID_H

enum {
    SAID_OK = 0,
    SAID_BAD_DOC = 3,  /* the description is not one */
    SAID_TOO_LONG = 4, /* more input, pages or output than allowed */
    SAID_BROKEN = 5,   /* the jail, memory, or a library */
};

/* On standard error, followed by how many letters had no font. */
#define SAID_MISSING "letters without a font: "

#endif
