#include "base/civil.h"

#include <stddef.h>

enum { DAYS_IN_ERA = 146097, YEARS_IN_ERA = 400, DAYS_TO_1970 = 719468 /* from 0000-03-01 */ };

/* Division that rounds down, for any sign of a. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool civil_is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_days_in_month(int year, int month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && civil_is_leap(year) ? 29 : days[month - 1];
}

bool civil_is_date(struct civil_date date)
{
    return date.year >= CIVIL_FIRST_YEAR && date.year <= CIVIL_LAST_YEAR && date.month >= 1 &&
           date.month <= 12 && date.day >= 1 &&
           date.day <= civil_days_in_month(date.year, date.month);
}

int64_t civil_day(struct civil_date date)
{
    int64_t year = (int64_t)date.year - (date.month <= 2);
    int64_t era = floor_div(year, YEARS_IN_ERA);
    int64_t of_era = year - era * YEARS_IN_ERA;
    int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int64_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * DAYS_IN_ERA + day_of_era - DAYS_TO_1970;
}

struct civil_date civil_date_of(int64_t day)
{
    int64_t from = day + DAYS_TO_1970;
    int64_t era = floor_div(from, DAYS_IN_ERA);
    int64_t of_era = from - era * DAYS_IN_ERA;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march = (5 * of_year + 2) / 153; /* 0: March */
    int month = (int)(march < 10 ? march + 3 : march - 9);
    return (struct civil_date){
        .year = (int)(year_of_era + era * YEARS_IN_ERA + (month <= 2)),
        .month = month,
        .day = (int)(of_year - (153 * march + 2) / 5 + 1),
    };
}

enum civil_weekday civil_weekday_of(int64_t day)
{
    int64_t from_sunday = (day + CIVIL_THURSDAY) % 7; /* 1970-01-01 was a Thursday */
    return (enum civil_weekday)(from_sunday < 0 ? from_sunday + 7 : from_sunday);
}

struct civil_date civil_add_months(struct civil_date date, int months)
{
    int64_t month = (int64_t)date.year * 12 + (date.month - 1) + months;
    struct civil_date out = {
        .year = (int)floor_div(month, 12),
        .month = (int)(month - floor_div(month, 12) * 12) + 1,
        .day = date.day,
    };
    int last = civil_days_in_month(out.year, out.month);
    if (out.day > last)
        out.day = last;
    return out;
}

int64_t civil_seconds(const struct civil_time *time)
{
    return civil_day(time->date) * CIVIL_DAY_S + time->hour * 3600 + time->minute * 60 +
           time->second;
}

struct civil_time civil_time_of(int64_t seconds)
{
    int64_t day = floor_div(seconds, CIVIL_DAY_S);
    int of_day = (int)(seconds - day * CIVIL_DAY_S);
    return (struct civil_time){
        .date = civil_date_of(day),
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
        .second = of_day % 60,
    };
}

/* n digits as a number; -1 when there is another character. */
static int digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool civil_parse_date(const char *text, struct civil_date *out)
{
    struct civil_date date;
    if ((date.year = digits(text, 4)) < 0 || text[4] != '-' ||
        (date.month = digits(text + 5, 2)) < 0 || text[7] != '-' ||
        (date.day = digits(text + 8, 2)) < 0 || text[10] != '\0' || !civil_is_date(date))
        return false;
    *out = date;
    return true;
}
