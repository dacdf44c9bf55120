/* The filter forbids by name and is written out, where that of likeness-decode allows by name:
 * pango and fontconfig look for files, map them and start threads, and which calls that takes
 * differs from version to version. A forbidden call fails with EPERM, and the library lives.
 *
 *     another architecture            -> the process dies
 *     one of the calls below          -> EPERM
 *     everything else                 -> allowed; files are Landlock's matter */
#include "jail.h"

#include "sys/wall.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#else
#error "name the architecture of the system call filter"
#endif

static const uint32_t forbidden[] = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_sendto,
    SYS_sendmsg,
    SYS_sendmmsg,
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_kill,
    SYS_tkill,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_open,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_io_uring_setup,
    SYS_userfaultfd,
    SYS_add_key,
    SYS_keyctl,
    SYS_request_key,
    SYS_open_by_handle_at,
    SYS_init_module,
    SYS_finit_module,
    SYS_kexec_load,
    SYS_personality,
};
enum { N_FORBIDDEN = sizeof forbidden / sizeof *forbidden };

static int enter_filter(void)
{
    struct sock_filter program[8 + N_FORBIDDEN];
    unsigned short n = 0;
    program[n++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    program[n++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    /* x86-64's other set of numbers for the same calls */
    program[n++] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, N_FORBIDDEN + 1, 0);
    for (unsigned i = 0; i < N_FORBIDDEN; i++)
        program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, forbidden[i],
                                                    (uint8_t)(N_FORBIDDEN - i), 0);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    const struct sock_fprog filter = {.len = n, .filter = program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0 ? 0 : errno;
}

#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 }; /* AddressSanitizer maps terabytes that it never touches */
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) };
#else
enum { IS_SANITIZED = 0 };
#endif

int jail_enter(void)
{
    static const char *const fonts[] = {"/usr/share", "/usr/local/share", "/etc/fonts",
                                        "/var/cache/fontconfig"};
    static const uint64_t memory = UINT64_C(3) << 30, file = 64 << 20;
    int error = wall_enter(fonts, sizeof fonts / sizeof *fonts, NULL);
    if (error == 0)
        error = wall_limit(RLIMIT_CPU, 60);
    if (error == 0)
        error = wall_limit(RLIMIT_FSIZE, file);
    if (error == 0)
        error = wall_limit(RLIMIT_NOFILE, 64);
    if (error == 0 && !IS_SANITIZED)
        error = wall_limit(RLIMIT_AS, memory);
    if (error == 0)
        error = enter_filter();
    return error;
}
