"""Times in words, as they stand on the screen and in reports: one place for each form that they have."""

from __future__ import annotations

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))


def elapsed(seconds: float) -> str:
    """A time that something took, in at most six cells below 1,000 s: "3 ms", "1.2 s", "75 s"."""
    if seconds < 0.9995:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"


def since_before(seconds: float) -> str:
    """The time since what was before, in at most eight cells: "+3 ms", "+1.2 s", "+4 min"."""
    if seconds < 0:
        return "0 ms"
    if seconds < 99.5:
        return f"+{elapsed(seconds)}" if seconds >= 0.0005 else "+0 ms"
    minutes = seconds / 60
    return f"+{minutes:.0f} min" if minutes < 99.5 else f"+{minutes / 60:.0f} h"


def round_trip(seconds: float) -> str:
    """The time until an answer, in milliseconds however long it took: "1.3 ms", "240 ms", "1,200 ms"."""
    taken = seconds * 1000
    return f"{taken:,.1f} ms" if taken < 10 else f"{taken:,.0f} ms"


def rough_age(seconds: float) -> str:
    """How old something is that is refreshed soon: "0 s", "75 s", "4 min"."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def age(seconds: float) -> str:
    """How old something is that may be very old: "12 s", "3 h 12 min", "5 d 2 h"."""
    seconds = max(0, int(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if hours < 24 else f"{days:,} d {hours % 24} h"


def limit(milliseconds: int) -> str:
    """A time limit exactly, in seconds from one on: "500 ms", "1.5 s", "86,400 s"."""
    return f"{milliseconds:,} ms" if milliseconds < 1000 else f"{milliseconds / 1000:,g} s"


def limit_in_units(milliseconds: int) -> str:
    """A time limit exactly, in the largest unit that it is a whole number of: "1 d", "90 s", "1,500 ms"."""
    for size, unit in _UNITS:
        if milliseconds >= size and milliseconds % size == 0:
            return f"{milliseconds // size:,} {unit}"
    return f"{milliseconds:,} ms"
