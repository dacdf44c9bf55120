/* See jail.h; docs/internals/media.md says why each step is there. The filter's list was found by
 * running every decoder under it. */
#include "jail.h"

#include "sys/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

/* ---- filters ---- */

/* AddressSanitizer maps terabytes that it never touches, and asks for signal stacks and thread
 * numbers. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) };
#else
enum { IS_SANITIZED = 0 };
#endif

struct jail {
    struct sock_fprog program[JAIL_N_PROFILES];
    rlim_t mapped_bytes; /* by the zygote: shared libraries foremost; no job's fault */
};

static int allow_plain(scmp_filter_ctx f)
{
    static const int calls[] = {
        SCMP_SYS(exit),          SCMP_SYS(exit_group), SCMP_SYS(munmap), SCMP_SYS(mremap),
        SCMP_SYS(brk),           SCMP_SYS(madvise),    SCMP_SYS(futex),  SCMP_SYS(rt_sigreturn),
        SCMP_SYS(clock_gettime), SCMP_SYS(getrandom),
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, JAIL_OUTPUT_FD, 0));
    /* A library that complains on standard error finds it closed, and lives. */
    bad |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, STDERR_FILENO, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (IS_SANITIZED) {
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(sigaltstack), 0);
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(gettid), 0);
    }
    return bad;
}

static int allow_threads(scmp_filter_ctx f)
{
    static const int calls[] = {
        SCMP_SYS(rseq),         SCMP_SYS(set_robust_list),   SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigaction), SCMP_SYS(sched_getaffinity), SCMP_SYS(prctl),
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    bad |= seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    return bad;
}

/* The input at any place, and its size; nothing of it is mapped or changed. Names in transport
 * streams make the C library look for tables of characters: it finds none, and the names stay as
 * they are. */
static int allow_reading(scmp_filter_ctx f)
{
    int bad = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(pread64), 1,
                               SCMP_A0_32(SCMP_CMP_EQ, JAIL_INPUT_FD, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(fstat), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, JAIL_INPUT_FD, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, JAIL_INPUT_FD, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
    return bad;
}

/* libseccomp 2.5 writes its program to a file only. */
static bool take_program(scmp_filter_ctx f, struct sock_fprog *prog)
{
    struct stat st;
    int fd = memfd_create("filter", MFD_CLOEXEC);
    bool ok = fd >= 0 && seccomp_export_bpf(f, fd) == 0 && fstat(fd, &st) == 0 &&
              (size_t)st.st_size <= BPF_MAXINSNS * sizeof *prog->filter;
    if (ok) {
        prog->len = (unsigned short)((size_t)st.st_size / sizeof *prog->filter);
        prog->filter = malloc((size_t)st.st_size);
        ok = prog->filter != NULL && pread(fd, prog->filter, (size_t)st.st_size, 0) == st.st_size;
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool compile(enum jail_profile profile, struct sock_fprog *prog)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (f == NULL)
        return false;
    bool ok = allow_plain(f) == 0 && (profile != JAIL_HEIF || allow_threads(f) == 0) &&
              (profile != JAIL_AV || allow_reading(f) == 0) && take_program(f, prog);
    seccomp_release(f);
    return ok;
}

static bool measure_mapped(rlim_t *n_bytes)
{
    unsigned long long pages;
    FILE *f = fopen("/proc/self/statm", "re");
    bool ok = f != NULL && fscanf(f, "%llu", &pages) == 1;
    if (f != NULL)
        fclose(f);
    *n_bytes = ok ? (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
    return ok;
}

struct jail *jail_new(void)
{
    struct jail *jail = calloc(1, sizeof *jail);
    if (jail == NULL)
        return NULL;
    for (int i = 0; i < JAIL_N_PROFILES; i++)
        if (!compile((enum jail_profile)i, &jail->program[i])) {
            jail_free(jail);
            return NULL;
        }
    if (!measure_mapped(&jail->mapped_bytes)) {
        jail_free(jail);
        return NULL;
    }
    return jail;
}

void jail_free(struct jail *jail)
{
    if (jail == NULL)
        return;
    for (int i = 0; i < JAIL_N_PROFILES; i++)
        free(jail->program[i].filter);
    free(jail);
}

/* ---- the zygote's wall ---- */

int jail_enter_zygote(struct wire_ready *ready)
{
    /* No core file may hold a picture, no debugger look at one. */
    struct wall wall;
    int error = wall_enter(NULL, 0, &wall);
    ready->has_namespaces = wall.has_namespaces;
    ready->landlock_abi = wall.landlock_abi;
    return error;
}

/* ---- the child's wall ---- */

static int set_limits(const struct jail *jail, const struct wire_job *job)
{
    rlim_t cpu_s = job->timeout_ms / 1000 + 1;
    const struct rlimit cpu = {cpu_s, cpu_s + 1}; /* first SIGXCPU, which tells why */
    int error = setrlimit(RLIMIT_CPU, &cpu) == 0 ? 0 : errno;
    if (error == 0)
        error = wall_limit(RLIMIT_FSIZE, 0);
    if (error == 0)
        error = wall_limit(RLIMIT_NOFILE, JAIL_OUTPUT_FD + 1);
    if (error == 0 && !IS_SANITIZED)
        error = wall_limit(RLIMIT_AS, jail->mapped_bytes + job->memory_bytes);
    return error;
}

int jail_enter_child(const struct jail *jail, const struct wire_job *job, int input_fd,
                     int output_fd)
{
    if (dup2(input_fd, JAIL_INPUT_FD) < 0 || dup2(output_fd, JAIL_OUTPUT_FD) < 0)
        return errno;
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    if (close_range(JAIL_OUTPUT_FD + 1, ~0u, 0) != 0)
        return errno;
    return set_limits(jail, job);
}

int jail_shut(const struct jail *jail, enum jail_profile profile)
{
    if (profile != JAIL_AV)
        close(JAIL_INPUT_FD);
    const struct sock_fprog *prog = &jail->program[profile];
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog, 0, 0) == 0 ? 0 : errno;
}
