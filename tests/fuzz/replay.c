/* Runs every file of the directories given through the fuzz target it is linked with, so that a
 * corpus is an ordinary test in every build. Speaks TAP; a crash ends the plan early. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return -1;
    /* Exactly as large as the input, so that a sanitizer sees the first byte behind it. */
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    uint8_t *bytes = n < 0 ? NULL : malloc((size_t)n);
    size_t got = bytes == NULL ? 0 : fread(bytes, 1, (size_t)n, f);
    fclose(f);
    int result = n > 0 && got != (size_t)n ? -1 : LLVMFuzzerTestOneInput(bytes, got);
    free(bytes);
    return result;
}

int main(int argc, char **argv)
{
    int n_tests = 0, n_failed = 0;
    for (int i = 1; i < argc; i++) {
        struct dirent **names;
        int n = scandir(argv[i], &names, is_visible, alphasort);
        for (int k = 0; k < n; k++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], names[k]->d_name);
            int failed = replay(path);
            n_failed += failed != 0;
            printf("%sok %d - %s\n", failed ? "not " : "", ++n_tests, names[k]->d_name);
            fflush(stdout);
            free(names[k]);
        }
        if (n >= 0)
            free(names);
    }
    printf("1..%d\n", n_tests);
    return n_failed > 0 || n_tests == 0;
}
