#include "fmt.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct spec {
    bool zero;
    bool left;
    int width;
    int precision; /* -1: not given */
    int length;    /* 0: int, 1: long, 2: long long, 3: size_t */
};

static void put_padded(fmt_put *put, void *ctx, const struct spec *spec, const char *text, size_t n)
{
    size_t width = spec->width > 0 ? (size_t)spec->width : 0;
    if (!spec->left)
        for (size_t i = n; i < width; i++)
            put(ctx, spec->zero ? "0" : " ", 1);
    put(ctx, text, n);
    if (spec->left)
        for (size_t i = n; i < width; i++)
            put(ctx, " ", 1);
}

static char *digits_before(char *end, unsigned long long value, unsigned base)
{
    do {
        *--end = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    return end;
}

static void put_number(fmt_put *put, void *ctx, struct spec *spec, bool negative,
                       unsigned long long magnitude, unsigned base)
{
    char text[24];
    char *end = text + sizeof text;
    char *p = digits_before(end, magnitude, base);
    if (negative && spec->zero) {
        put(ctx, "-", 1);
        spec->width -= 1;
    } else if (negative) {
        *--p = '-';
    }
    put_padded(put, ctx, spec, p, (size_t)(end - p));
}

static void put_fixed(fmt_put *put, void *ctx, struct spec *spec, double value)
{
    if (value != value) {
        put_padded(put, ctx, spec, "nan", 3);
        return;
    }
    int decimals = spec->precision < 0 ? 6 : spec->precision > 9 ? 9 : spec->precision;
    unsigned long long scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    bool negative = value < 0;
    double magnitude = negative ? -value : value;
    if (magnitude >= 9.2e18) {
        put_padded(put, ctx, spec, negative ? "-inf" : "inf", negative ? 4 : 3);
        return;
    }
    unsigned long long whole = (unsigned long long)magnitude;
    unsigned long long part =
        (unsigned long long)((magnitude - (double)whole) * (double)scale + 0.5);
    if (part >= scale) {
        whole++;
        part -= scale;
    }
    char text[40];
    char *end = text + sizeof text;
    char *p = end;
    if (decimals > 0) {
        p = digits_before(end, part, 10);
        while (end - p < decimals)
            *--p = '0';
        *--p = '.';
    }
    p = digits_before(p, whole, 10);
    if (negative)
        *--p = '-';
    put_padded(put, ctx, spec, p, (size_t)(end - p));
}

static const char *read_spec(const char *p, struct spec *spec, va_list *args)
{
    *spec = (struct spec){.precision = -1};
    for (; *p == '0' || *p == '-'; p++) {
        spec->zero |= *p == '0';
        spec->left |= *p == '-';
    }
    for (; *p >= '0' && *p <= '9'; p++)
        spec->width = spec->width * 10 + (*p - '0');
    if (*p == '.') {
        p++;
        spec->precision = 0;
        if (*p == '*') {
            spec->precision = va_arg(*args, int);
            p++;
        }
        for (; *p >= '0' && *p <= '9'; p++)
            spec->precision = spec->precision * 10 + (*p - '0');
    }
    if (*p == 'z') {
        spec->length = 3;
        p++;
    }
    for (; *p == 'l' && spec->length < 2; p++)
        spec->length++;
    return p;
}

static unsigned long long take_unsigned(int length, va_list *args)
{
    switch (length) {
    case 1:
        return va_arg(*args, unsigned long);
    case 2:
        return va_arg(*args, unsigned long long);
    case 3:
        return va_arg(*args, size_t);
    default:
        return va_arg(*args, unsigned);
    }
}

static long long take_signed(int length, va_list *args)
{
    switch (length) {
    case 1:
        return va_arg(*args, long);
    case 2:
        return va_arg(*args, long long);
    case 3:
        return (long long)va_arg(*args, size_t);
    default:
        return va_arg(*args, int);
    }
}

static void put_string(fmt_put *put, void *ctx, struct spec *spec, const char *text)
{
    if (text == NULL)
        text = "(none)";
    size_t n = 0;
    while ((spec->precision < 0 || n < (size_t)spec->precision) && text[n] != '\0')
        n++;
    put_padded(put, ctx, spec, text, n);
}

void fmt_v(fmt_put *put, void *ctx, const char *format, va_list list)
{
    va_list args;
    va_copy(args, list);
    for (const char *p = format; *p != '\0';) {
        const char *percent = p;
        while (*percent != '\0' && *percent != '%')
            percent++;
        if (percent > p)
            put(ctx, p, (size_t)(percent - p));
        if (*percent == '\0')
            break;
        struct spec spec;
        p = read_spec(percent + 1, &spec, &args);
        switch (*p) {
        case 's':
            put_string(put, ctx, &spec, va_arg(args, const char *));
            break;
        case 'c': {
            char c = (char)va_arg(args, int);
            put_padded(put, ctx, &spec, &c, 1);
            break;
        }
        case 'd':
        case 'i': {
            long long value = take_signed(spec.length, &args);
            unsigned long long magnitude =
                value < 0 ? 0ull - (unsigned long long)value : (unsigned long long)value;
            put_number(put, ctx, &spec, value < 0, magnitude, 10);
            break;
        }
        case 'u':
            put_number(put, ctx, &spec, false, take_unsigned(spec.length, &args), 10);
            break;
        case 'x':
            put_number(put, ctx, &spec, false, take_unsigned(spec.length, &args), 16);
            break;
        case 'f':
            put_fixed(put, ctx, &spec, va_arg(args, double));
            break;
        case '%':
            put(ctx, "%", 1);
            break;
        case '\0':
            put(ctx, percent, (size_t)(p - percent));
            va_end(args);
            return;
        default:
            put(ctx, percent, (size_t)(p - percent) + 1);
            break;
        }
        p++;
    }
    va_end(args);
}
