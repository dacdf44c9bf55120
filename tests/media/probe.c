/* A decoder that has been taken over, for tests/media/test_jail.c: enters the jail that
 * likeness-decode enters, from the same source, and then does what was asked. The jail must kill
 * it; exit code 0 would mean that it did not.
 *
 * usage: probe plain|heif open|socket|execve|fork|mprotect|mmap|read|kill|ptrace|dup|write|nothing
 */
#include "media/worker/jail.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void do_mmap(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)p;
}

/* The address is right, so that only the jail can refuse. */
static void do_mprotect(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    syscall(SYS_mprotect, p, 4096, PROT_READ | PROT_EXEC);
}

static void do_execve(void)
{
    char *argv[] = {(char[]){"/bin/true"}, NULL};
    execve(argv[0], argv, NULL);
}

static void do_read(void)
{
    char c;
    syscall(SYS_read, JAIL_INPUT_FD, &c, 1);
}

static void act(const char *deed)
{
    if (strcmp(deed, "open") == 0)
        syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
    else if (strcmp(deed, "socket") == 0)
        socket(AF_INET, SOCK_STREAM, 0);
    else if (strcmp(deed, "execve") == 0)
        do_execve();
    else if (strcmp(deed, "fork") == 0)
        syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);
    else if (strcmp(deed, "mprotect") == 0)
        do_mprotect();
    else if (strcmp(deed, "mmap") == 0)
        do_mmap();
    else if (strcmp(deed, "read") == 0)
        do_read();
    else if (strcmp(deed, "kill") == 0)
        kill(1, 0);
    else if (strcmp(deed, "ptrace") == 0)
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    else if (strcmp(deed, "dup") == 0)
        syscall(SYS_dup, JAIL_OUTPUT_FD);
    else if (strcmp(deed, "write") == 0)
        syscall(SYS_write, 7, "x", 1);
}

int main(int argc, char **argv)
{
    const struct wire_job job = {.timeout_ms = 5000, .memory_bytes = 64 << 20};
    struct wire_ready ready;
    if (argc != 3)
        return 2;
    enum jail_profile profile = strcmp(argv[1], "heif") == 0 ? JAIL_HEIF : JAIL_PLAIN;
    struct jail *jail = jail_new();
    int in = open("/dev/null", O_RDONLY), out = open("/dev/null", O_WRONLY);
    if (jail == NULL || jail_enter_zygote(&ready) != 0 ||
        jail_enter_child(jail, &job, in, out) != 0 || jail_shut(jail, profile) != 0)
        return 3;
    act(argv[2]);
    _exit(0);
}
