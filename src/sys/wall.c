/* See wall.h; docs/internals/media.md says why each step is there. */
#include "wall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Landlock has no wrapper in this C library, and the headers may know less than the kernel: the
 * numbers are the kernel's interface (Documentation/userspace-api/landlock.rst). */
enum {
    CREATE_RULESET = 444,
    ADD_RULE = 445,
    RESTRICT_SELF = 446,
    VERSION = 1,
    PATH_BENEATH = 1,
    NET_ABI = 4,
    SCOPE_ABI = 6,
    READ_FILE_AND_DIR = 1 << 2 | 1 << 3
};

static void let_read(int ruleset, const char *path)
{
    struct {
        uint64_t allowed;
        int32_t fd;
    } __attribute__((packed)) rule = {.allowed = READ_FILE_AND_DIR};
    rule.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (rule.fd < 0)
        return;
    (void)syscall(ADD_RULE, ruleset, PATH_BENEATH, &rule, 0);
    close(rule.fd);
}

static uint32_t enter_landlock(const char *const *readable, size_t n_readable)
{
    static const uint8_t n_file_rights[] = {0, 13, 14, 15, 15, 16};
    struct {
        uint64_t files, net, scopes;
    } denied = {0};
    long abi = syscall(CREATE_RULESET, NULL, 0, VERSION);
    if (abi < 1)
        return 0;
    size_t known = sizeof n_file_rights - 1;
    denied.files = (UINT64_C(1) << n_file_rights[(size_t)abi < known ? (size_t)abi : known]) - 1;
    denied.net = abi >= NET_ABI ? 3 : 0;      /* bind and connect by TCP */
    denied.scopes = abi >= SCOPE_ABI ? 3 : 0; /* abstract sockets, signals */
    size_t n_bytes = abi >= SCOPE_ABI ? 24 : abi >= NET_ABI ? 16 : 8;
    int fd = (int)syscall(CREATE_RULESET, &denied, n_bytes, 0);
    if (fd < 0)
        return 0;
    for (size_t i = 0; i < n_readable; i++)
        let_read(fd, readable[i]);
    long refused = syscall(RESTRICT_SELF, fd, 0);
    close(fd);
    return refused == 0 ? (uint32_t)abi : 0;
}

/* A user namespace first: it is what lets an ordinary user have the others. */
static bool enter_namespaces(void)
{
    int rest = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS;
    return unshare(CLONE_NEWUSER | rest) == 0 || unshare(rest) == 0;
}

static int drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    for (int cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        continue; /* fails at the last one, or for whoever may not: then there are none */
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

int wall_limit(int which, uint64_t value)
{
    const struct rlimit limit = {(rlim_t)value, (rlim_t)value};
    return setrlimit(which, &limit) == 0 ? 0 : errno;
}

int wall_enter(const char *const *readable, size_t n_readable, struct wall *wall)
{
    struct wall got = {0};
    int error = wall_limit(RLIMIT_CORE, 0);
    if (error == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        error = errno;
    if (error == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        error = errno;
    got.has_namespaces = enter_namespaces();
    if (error == 0)
        error = drop_capabilities();
    got.landlock_abi = enter_landlock(readable, n_readable);
    if (wall != NULL)
        *wall = got;
    return error;
}
