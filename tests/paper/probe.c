/* What a process in the jail of likeness-paper can still do: one word a line. */
#include "paper/worker/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell(const char *what, int result)
{
    printf("%s %s\n", what, result >= 0 ? "allowed" : errno == EPERM ? "forbidden" : "refused");
}

int main(void)
{
    char *argv[] = {"true", NULL};
    struct stat st;
    int error = jail_enter();
    if (error != 0) {
        printf("not in the jail: %d\n", error);
        return 1;
    }
    tell("fonts", open("/usr/share/fonts", O_RDONLY | O_DIRECTORY));
    tell("socket", socket(AF_INET, SOCK_STREAM, 0));
    tell("exec", execv("/bin/true", argv));
    tell("kill", kill(getppid(), 0));
    bool has_landlock = open("/etc/passwd", O_RDONLY) < 0;
    printf("files %s\n", has_landlock ? "refused" : "allowed");
    tell("write", open("/tmp/likeness-paper-probe", O_WRONLY | O_CREAT, 0600));
    tell("stat", stat("/usr/share", &st));
    fflush(stdout);
    _exit(0); /* what a sanitizer does at the end of a program, the jail forbids */
}
