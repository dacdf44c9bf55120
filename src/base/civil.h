/* base/civil.h - days of the calendar: arithmetic of dates, without zones and without a clock.
 *
 * The proleptic Gregorian calendar: its rule of leap years holds for all years. A day is counted
 * from 1970-01-01, which is day 0. All functions are exact for the years 1 to 9999. After H.
 * Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that begin on the first
 * of March, so that the day of a leap year comes last. Threads: any. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define CIVIL_DAY_S      INT64_C(86400)
#define CIVIL_FIRST_YEAR 1
#define CIVIL_LAST_YEAR  9999

struct civil_date {
    int year;  /* 1..9999 */
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

/* A reading of a calendar and a clock on a wall. */
struct civil_time {
    struct civil_date date;
    int hour, minute, second; /* 0..23, 0..59, 0..59 */
};

enum civil_weekday {
    CIVIL_SUNDAY,
    CIVIL_MONDAY,
    CIVIL_TUESDAY,
    CIVIL_WEDNESDAY,
    CIVIL_THURSDAY,
    CIVIL_FRIDAY,
    CIVIL_SATURDAY
};

bool civil_is_leap(int year);

/* 28..31. month: 1..12. */
int civil_days_in_month(int year, int month);

/* Is there such a day, in the years 1 to 9999? */
bool civil_is_date(struct civil_date date);

/* The day that a date is, and the date of a day. */
int64_t civil_day(struct civil_date date);
struct civil_date civil_date_of(int64_t day);

enum civil_weekday civil_weekday_of(int64_t day);

/* The same day so many months later (or earlier); where that month is shorter, its last day. */
struct civil_date civil_add_months(struct civil_date date, int months);

/* Seconds from 1970-01-01 00:00 on the same wall, and back. */
int64_t civil_seconds(const struct civil_time *time);
struct civil_time civil_time_of(int64_t seconds);

/* Reads "2026-11-24". false when it is not exactly that, or no such day. */
bool civil_parse_date(const char *text, struct civil_date *out);

#endif
