#!/usr/bin/env python3
"""times.py - times of records and of clients, against those of Python.

    times.py COMMAND [COUNT [SEED]]

Random moments, in random zones, around the changes of their clocks, too, are
written in many forms; COMMAND (tests/tools/times) has to read what was meant.
"""

import datetime
import random
import subprocess
import sys
import zoneinfo

UTC = datetime.timezone.utc
FIRST = 86400 * 2
LAST = 7258118400 - 86400 * 400  # 2199, as record_time.h has it
DAY = 86400
ZONES = 60
MS = 1000

# A format of ours, what writes it, and what of a second it has.
MOMENTS = [  # with a zone, or since 1970
    ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z", 0),
    ("%Y-%m-%dT%H:%M:%S%f%z", "%Y-%m-%dT%H:%M:%S.%f%z", 6),
    ("[%d/%b/%Y:%H:%M:%S %z]", "[%d/%b/%Y:%H:%M:%S %z]", 0),
    ("%a, %d %b %Y %T %z", "%a, %d %b %Y %H:%M:%S %z", 0),
    ("%*\"time\":\"%FT%T%f%z\"", "{\"level\":3,\"time\":\"%Y-%m-%dT%H:%M:%S.%f%z\"}", 6),
]
GREENWICH = [
    ("%FT%TZ", "%Y-%m-%dT%H:%M:%SZ", 0),
    ("%F %T%f UTC", "%Y-%m-%d %H:%M:%S,%f UTC", 6),
    ("%I:%M:%S %p GMT, %d %B %Y", "%I:%M:%S %p GMT, %d %B %Y", 0),
]
LOCAL = [
    ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", 0),
    ("%F %T%f", "%Y-%m-%d %H:%M:%S.%f", 6),
    ("%a %b %e %H:%M:%S %Y", "%a %b %d %H:%M:%S %Y", 0),
    ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", 0),
    ("%d.%m.%Y, %R", "%d.%m.%Y, %H:%M", -60),
    ("%Y-%j %T", "%Y-%j %H:%M:%S", 0),
    ("%* %Y%m%d%H%M%S", "app[7]: %Y%m%d%H%M%S", 0),
]
NO_YEAR = [("%b %e %T", "%b %d %H:%M:%S"), ("%d/%m %T", "%d/%m %H:%M:%S")]
NO_DAY = [("%T", "%H:%M:%S"), ("%I:%M:%S %p", "%I:%M:%S %p")]
SINCE = [  # the last: local
    ("%Y-%m-%dT%H:%M:%S.%f%z", 6, False),
    ("%Y-%m-%d %H:%M:%S%z", 0, False),
    ("%Y-%m-%dT%H:%M:%S.%f", 6, True),
    ("%Y-%m-%d %H:%M:%S", 0, True),
    ("%Y-%m-%d %H:%M", -60, True),
    ("%Y-%m-%d", -DAY, True),
]


def cut(wall, digits):
    """What is left of it where only so much of it is written."""
    if digits == -DAY:
        return wall.replace(hour=0, minute=0, second=0, microsecond=0)
    if digits == -60:
        return wall.replace(second=0, microsecond=0)
    if digits == 0:
        return wall.replace(microsecond=0)
    return wall


def ms_of(wall):
    """Exact, and to the millisecond below."""
    delta = wall - datetime.datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * DAY + delta.seconds) * MS + delta.microseconds // 1000


def both(wall):
    """The moments that a local time may mean, the first one first."""
    return sorted(ms_of(wall.replace(fold=fold).astimezone(UTC)) for fold in (0, 1))


def changes(zone, rng):
    """Moments at which the clocks of a zone are put forward or back."""
    found = []
    at = rng.randrange(FIRST, FIRST + 30 * DAY)
    offset = None
    while at < 2145916800 and len(found) < 200:
        now = datetime.datetime.fromtimestamp(at, zone).utcoffset()
        if offset is not None and now != offset:
            found.append(at)
        offset = now
        at += 30 * DAY
    return [bisect(zone, at - 30 * DAY, at) for at in found]


def bisect(zone, low, high):
    before = datetime.datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def moment(rng, turns):
    """Any second; or one that is near to a change of the clocks."""
    if turns and rng.random() < 0.5:
        return rng.choice(turns) + rng.randrange(-3 * 3600, 3 * 3600)
    return rng.randrange(FIRST, LAST)


def latest(wall, now_ms, back):
    """The latest time with these fields that is not a day, or 5 minutes, ahead."""
    for step in range(9):
        try:
            try_ = back(wall, step)
        except ValueError:  # no such date: the 29th of February
            continue
        first, last = both(try_)
        limit = now_ms + (DAY if back is years_back else 300) * MS
        got = first if last > limit else last
        if got <= limit:
            return got
    return None


def years_back(wall, step):
    return wall.replace(year=wall.year - step)


def days_back(wall, step):
    return wall - datetime.timedelta(days=step)


def whole_minutes(wall):
    """Zones have seconds until 1972: no %z of strptime() has these."""
    return wall.utcoffset().total_seconds() % 60 == 0


def rows_of(name, rng, count):
    """(now, format, text, wanted milliseconds or None) in a zone."""
    zone = zoneinfo.ZoneInfo(name)
    turns = changes(zone, rng)
    far_ms = LAST * MS * 2
    for _ in range(count):
        at = datetime.datetime.fromtimestamp(moment(rng, turns), zone)
        at = at.replace(microsecond=rng.randrange(1000000))
        ours, form, digits = rng.choice(MOMENTS)
        if whole_minutes(at):
            wall = cut(at, digits)
            yield far_ms, ours, wall.strftime(form), ms_of(wall)
        ours, form, digits = rng.choice(GREENWICH)
        wall = cut(at.astimezone(UTC), digits)
        yield far_ms, ours, wall.strftime(form), ms_of(wall)
        # Where the clocks were put forward, it is a time that never was.
        wall = at + datetime.timedelta(minutes=rng.choice([0, 0, 0, 37]))
        ours, form, digits = rng.choice(LOCAL)
        local = cut(wall, digits)
        yield far_ms, ours, local.strftime(form), both(local)[1]
        form, digits, is_local = rng.choice(SINCE)
        since = cut(wall if is_local else at, digits)
        if is_local or whole_minutes(at):
            wanted = both(since)[0] if is_local else ms_of(since)
            yield far_ms, "since", since.strftime(form), wanted
        yield from short_rows(wall, zone, rng)


def short_rows(wall, zone, rng):
    """What has no year, or no day, is the latest such time."""
    now_s = moment(rng, [])
    now = datetime.datetime.fromtimestamp(now_s, zone)
    ours, form = rng.choice(NO_YEAR)
    wall = wall.replace(microsecond=0)
    text = wall.strftime(form)
    try:
        wanted = latest(wall.replace(year=now.year), now_s * MS, years_back)
    except ValueError:
        wanted = None  # a leap day, which is looked for below
        for year in range(now.year, now.year - 9, -1):
            if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
                wanted = both(wall.replace(year=year))[1]
                break
    if wanted is not None and wanted >= 0:
        yield now_s * MS, ours, text, wanted
    ours, form = rng.choice(NO_DAY)
    day = wall.replace(year=now.year, month=now.month, day=now.day)
    wanted = latest(day, now_s * MS, days_back)
    yield now_s * MS, ours, wall.strftime(form), wanted


def main():
    command = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20261130)
    names = [name for name in sorted(zoneinfo.available_timezones())
             if name not in ("localtime", "posixrules", "Factory")]
    if not names:
        print("no zones are installed")
        return 1
    rows = [(name, *row) for name in rng.sample(names, min(ZONES, len(names)))
            for row in rows_of(name, rng, max(1, count // ZONES))]
    text = "".join(f"{zone}\t{now}\t{form}\t{line}\n"
                   for zone, now, form, line, _ in rows)
    got = subprocess.run([command], input=text, capture_output=True, text=True,
                         check=True).stdout.split("\n")[:-1]
    wrong = [(row, one) for row, one in zip(rows, got) if str(row[4]) != one]
    for row, one in wrong[:20]:
        print(*row[:4], "is", row[4], "and was read as", one, sep="  ")
    print(f"{len(rows)} times, {len(wrong)} wrong")
    return 0 if len(got) == len(rows) and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
