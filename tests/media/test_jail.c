/* The jail holds, and the helper process survives what happens to it.
 *
 * argv[2]: tests/media/probe.c, a decoder that has been taken over. */
#include "media_test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *probe;

static int run_probe(const char *profile, const char *deed)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl(probe, probe, profile, deed, (char *)NULL);
        _exit(127);
    }
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    return how;
}

static void a_decoder_taken_over_dies_of_its_first_deed(void **state)
{
    (void)state;
    static const char *const profiles[] = {"plain", "heif"};
    static const char *const deeds[] = {"open", "socket", "execve", "fork", "mmap", "mprotect",
                                        "read", "kill",   "ptrace", "dup",  "write"};
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
            int how = run_probe(profiles[p], deeds[i]);
            if (!WIFSIGNALED(how) || WTERMSIG(how) != SIGSYS)
                fail_msg("%s, %s: wait status %x", profiles[p], deeds[i], (unsigned)how);
        }
}

static void one_that_does_nothing_lives(void **state)
{
    (void)state;
    int how = run_probe("plain", "nothing");
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    how = run_probe("heif", "nothing");
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

/* The first child of `parent`, whose name begins with `name`; 0 when there is none. */
static pid_t child_of(pid_t parent, const char *name)
{
    pid_t found = 0;
    DIR *dir = opendir("/proc");
    assert_non_null(dir);
    for (struct dirent *e; found == 0 && (e = readdir(dir)) != NULL;) {
        char path[64], called[32], state;
        int pid, ppid;
        snprintf(path, sizeof path, "/proc/%.20s/stat", e->d_name);
        FILE *f = fopen(path, "r");
        if (f == NULL)
            continue;
        if (fscanf(f, "%d (%31[^)]) %c %d", &pid, called, &state, &ppid) == 4 && ppid == parent &&
            strncmp(called, name, strlen(name)) == 0)
            found = pid;
        fclose(f);
    }
    closedir(dir);
    return found;
}

static unsigned count_fds(pid_t pid)
{
    char path[64];
    unsigned n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *dir = opendir(path);
    if (dir == NULL)
        return 0;
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

static void a_killed_helper_is_started_again(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    struct file_bytes file = test_file("plain.jpg");
    struct media *m = test_media(NULL);
    pid_t zygote = child_of(getpid(), "likeness-decode");
    assert_int_not_equal(zygote, 0);
    assert_int_equal(kill(zygote, SIGKILL), 0);
    /* It may die under the job that is just being sent, but not under the one after. */
    enum lk_status status = test_decode(m, file, &image, &err);
    if (status == LK_OK)
        media_image_fini(&image);
    else
        assert_int_equal(status, LK_INTERNAL);
    assert_int_equal(test_decode(m, file, &image, &err), LK_OK);
    media_image_fini(&image);
    media_close(m);
    free(file.bytes);
}

static void a_decoder_that_dies_is_named_with_its_signal(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    const struct media_request req = {.front_end = LK_FULLRES};
    struct media *m = test_media(NULL);
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t zygote = child_of(getpid(), "likeness-decode");
    pid_t killer = fork();
    if (killer == 0) { /* ends the child while it waits for its input */
        pid_t child = 0;
        for (int i = 0; i < 2000 && child == 0; i++, usleep(1000))
            child = child_of(zygote, "likeness-decode");
        _exit(child != 0 && kill(child, SIGUSR1) == 0 ? 0 : 1);
    }
    assert_int_equal(media_decode(m, ends[0], &req, &image, &err), LK_INTERNAL);
    assert_non_null(strstr(err.text, "died of signal 10 (SIGUSR1)"));
    int how;
    assert_int_equal(waitpid(killer, &how, 0), killer);
    assert_int_equal(how, 0);
    close(ends[0]);
    close(ends[1]);
    test_still_decodes(m);
}

/* The client gives up by its own clock; who ends the child is the helper, by its. */
static void a_decode_that_takes_too_long_leaves_no_process_behind(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    const struct media_limits limits = {.timeout_ms = 100};
    const struct media_request req = {.front_end = LK_FULLRES};
    struct media *m = test_media(&limits);
    pid_t zygote = child_of(getpid(), "likeness-decode");
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(media_decode(m, ends[0], &req, &image, &err), LK_TIMEOUT);
    for (int i = 0; i < 2000 && child_of(zygote, "likeness-decode") != 0; i++)
        usleep(1000);
    assert_int_equal(child_of(zygote, "likeness-decode"), 0);
    close(ends[0]);
    close(ends[1]);
    media_close(m);
}

static void closing_leaves_no_process_behind(void **state)
{
    (void)state;
    struct media *m = test_media(NULL);
    pid_t zygote = child_of(getpid(), "likeness-decode");
    media_close(m);
    assert_int_equal(kill(zygote, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void two_hundred_decodes_leak_nothing(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    struct file_bytes good = test_file("plain.jpg");
    struct file_bytes bad = {good.bytes, good.n / 2};
    struct media *m = test_media(NULL);
    assert_int_equal(test_decode(m, good, &image, &err), LK_OK);
    media_image_fini(&image);
    unsigned n_fds = count_fds(getpid());
    for (int i = 0; i < 100; i++) {
        assert_int_equal(test_decode(m, good, &image, &err), LK_OK);
        media_image_fini(&image);
        assert_int_equal(test_decode(m, bad, &image, &err), LK_CORRUPT);
    }
    assert_int_equal(count_fds(getpid()), n_fds);
    /* The last children may still be on their way out. */
    pid_t zygote = child_of(getpid(), "likeness-decode");
    for (int i = 0; i < 2000 && child_of(zygote, "likeness-decode") != 0; i++)
        usleep(1000);
    assert_int_equal(child_of(zygote, "likeness-decode"), 0);
    media_close(m);
    free(good.bytes);
}

struct crew {
    struct media *media;
    struct file_bytes file;
    int n_wrong;
};

static void *decode_some(void *ctx)
{
    struct crew *crew = ctx;
    for (int i = 0; i < 20; i++) {
        struct lk_error err;
        struct media_image image;
        if (test_decode(crew->media, crew->file, &image, &err) != LK_OK)
            __atomic_add_fetch(&crew->n_wrong, 1, __ATOMIC_SEQ_CST);
        else
            media_image_fini(&image);
    }
    return NULL;
}

static void many_threads_share_one_client(void **state)
{
    (void)state;
    struct crew crew = {.media = test_media(NULL), .file = test_file("plain.png")};
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, decode_some, &crew), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crew.n_wrong, 0);
    media_close(crew.media);
    free(crew.file.bytes);
}

static void a_missing_decoder_says_where_it_was_looked_for(void **state)
{
    (void)state;
    struct lk_error err;
    struct media *m;
    assert_int_equal(media_open("/nonexistent/likeness-decode", NULL, &m, &err), LK_NOT_FOUND);
    assert_null(m);
    assert_non_null(strstr(err.text, "/nonexistent/likeness-decode"));
    assert_int_equal(media_open("/bin/true", NULL, &m, &err), LK_INTERNAL);
    assert_non_null(strstr(err.text, "did not come up"));
    char *kept = strdup(getenv("LIKENESS_DECODE"));
    unsetenv("LIKENESS_DECODE");
    assert_int_equal(media_open(NULL, NULL, &m, &err), LK_NOT_FOUND);
    assert_non_null(strstr(err.text, "looked for likeness-decode and ../libexec/likeness/"));
    assert_non_null(strstr(err.text, "LIKENESS_DECODE"));
    setenv("LIKENESS_DECODE", kept, 1);
    free(kept);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    test_dir_set(argv[1]);
    probe = argv[2];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decoder_taken_over_dies_of_its_first_deed),
        cmocka_unit_test(one_that_does_nothing_lives),
        cmocka_unit_test(a_killed_helper_is_started_again),
        cmocka_unit_test(a_decoder_that_dies_is_named_with_its_signal),
        cmocka_unit_test(a_decode_that_takes_too_long_leaves_no_process_behind),
        cmocka_unit_test(closing_leaves_no_process_behind),
        cmocka_unit_test(two_hundred_decodes_leak_nothing),
        cmocka_unit_test(many_threads_share_one_client),
        cmocka_unit_test(a_missing_decoder_says_where_it_was_looked_for),
    };
    return cmocka_run_group_tests_name("jail", tests, NULL, NULL);
}
