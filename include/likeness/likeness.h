/* likeness/likeness.h - the public C interface, all of it. */
#ifndef LIKENESS_LIKENESS_H
#define LIKENESS_LIKENESS_H

#include <likeness/alloc.h>
#include <likeness/audio.h>
#include <likeness/fingerprint.h>
#include <likeness/image.h>
#include <likeness/index.h>
#include <likeness/match.h>
#include <likeness/print.h>
#include <likeness/status.h>

#endif
