#include "law/workday.h"

#include <string.h>

bool law_is_workday(const struct law_calendar *calendar, int64_t day)
{
    const struct law_holidays *holidays = calendar->holidays;
    if (calendar->weekend >> civil_weekday_of(day) & 1)
        return false;
    for (size_t i = 0; holidays != NULL && i < holidays->n; i++)
        if (holidays->list[i].day == day &&
            strcmp(holidays->list[i].country, calendar->country) == 0)
            return false;
    return true;
}

int64_t law_workday_from(const struct law_calendar *calendar, int64_t day)
{
    while (!law_is_workday(calendar, day))
        day++;
    return day;
}

int64_t law_add_workdays(const struct law_calendar *calendar, int64_t day, unsigned n)
{
    for (; n > 0; n--)
        day = law_workday_from(calendar, day + 1);
    return day;
}
