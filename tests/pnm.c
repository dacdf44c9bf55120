#include "pnm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(FILE *file, uint32_t *out)
{
    int c = fgetc(file);
    while (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '#') {
        if (c == '#')
            while (c != '\n' && c != EOF)
                c = fgetc(file);
        c = fgetc(file);
    }
    if (c < '0' || c > '9')
        return false;
    for (*out = 0; c >= '0' && c <= '9'; c = fgetc(file))
        *out = *out * 10 + (uint32_t)(c - '0');
    return true;
}

static bool read_picture(FILE *file, struct lk_pixels *px)
{
    uint32_t maximum;
    if (fgetc(file) != 'P')
        return false;
    int kind = fgetc(file);
    if ((kind != '5' && kind != '6') || !read_number(file, &px->width) ||
        !read_number(file, &px->height) || !read_number(file, &maximum) || maximum != 255)
        return false;
    px->channels = kind == '6' ? 3 : 1;
    px->stride_bytes = (size_t)px->width * px->channels;
    size_t n = px->stride_bytes * px->height;
    uint8_t *data = malloc(n);
    if (!data || fread(data, 1, n, file) != n) {
        free(data);
        return false;
    }
    px->data = data;
    return true;
}

bool pnm_read(const char *path, struct lk_pixels *pixels)
{
    *pixels = (struct lk_pixels){0};
    size_t n = strlen(path);
    if (n < 3 || strcmp(path + n - 3, ".gz") != 0) {
        FILE *file = fopen(path, "rb");
        bool ok = file && read_picture(file, pixels);
        if (file)
            fclose(file);
        return ok;
    }
    char command[600];
    if (strchr(path, '\'') ||
        snprintf(command, sizeof command, "gzip -dc '%s'", path) >= (int)sizeof command)
        return false;
    FILE *pipe = popen(command, "r");
    bool ok = pipe && read_picture(pipe, pixels);
    if (pipe)
        pclose(pipe);
    return ok;
}
