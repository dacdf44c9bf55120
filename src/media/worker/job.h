/* worker/job.h - one decode, from inside the child. */
#ifndef WORKER_JOB_H
#define WORKER_JOB_H

#include "jail.h"

/* Jails itself, decodes the input, writes the answer, exits. Called in a fresh fork. */
_Noreturn void job_run(const struct jail *jail, const struct wire_job *job, int input_fd,
                       int output_fd);

#endif
