"""Unknown keys in profiles.toml and settings.toml, each with the known name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

NAMED = 5
"""Keys that are named, each with what may be meant; the rest is counted."""
LIKE = 0.7
"""How much of two names has to be the same for one to be a slip of the other."""


def unknown_keys(
    whose: str, given: Iterable[str], known: Collection[str], meant: Mapping[str, str] | None = None
) -> str:
    """One sentence about the keys that are not known, "" if all are.

    Args:
        whose: What has them, as the subject of the sentence.
        given: The keys of the file, repeats included.
        known: Those that are read.
        meant: What to say of names that mean something known, by their letters and digits in lower case.
    """
    strangers = list(dict.fromkeys(key for key in given if key not in known))
    if not strangers:
        return ""
    if len(strangers) == 1:
        advice = _advice(strangers[0], known, meant or {})
        return f"{whose} has an unknown key '{strangers[0]}'{': ' if advice else ', which nothing reads'}{advice}"
    told = []
    for key in strangers[:NAMED]:
        advice = _advice(key, known, meant or {})
        told.append(f"'{key}'{f' ({advice})' if advice else ''}")
    if (more := len(strangers) - NAMED) > 0:
        told.append(f"and {more:,} more")
    return f"{whose} has unknown keys: {', '.join(told)}"


def nearest(key: str, known: Collection[str]) -> str:
    """The known name that a key is probably meant to be, "" if none is near."""
    spelt = {_letters(name): name for name in known}
    letters = _letters(key)
    if letters in spelt:
        return spelt[letters]
    # management_url, connect_timeout, header
    inside = [name for name in spelt if len(name) > 3 and (name in letters or (len(letters) > 3 and letters in name))]
    if inside:
        return spelt[min(inside, key=lambda name: abs(len(name) - len(letters)))]
    close = get_close_matches(letters, list(spelt), 1, LIKE)
    return spelt[close[0]] if close else ""


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _advice(key: str, known: Collection[str], meant: Mapping[str, str]) -> str:
    if advice := meant.get(_letters(key)):
        return advice
    near = nearest(key, known)
    return f"did you mean '{near}'?" if near else ""
