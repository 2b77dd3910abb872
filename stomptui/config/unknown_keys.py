"""Unknown keys in profiles.toml and settings.toml, each with the known name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

MAX_NAMED = 5
"""Keys that a warning names; it counts the others."""
SIMILARITY = 0.7
"""How similar two names must be for one to count as a misspelling of the other, from 0 to 1."""


def unknown_keys(
    whose: str, given: Iterable[str], known: Collection[str], meant: Mapping[str, str] | None = None
) -> str:
    """One sentence about the keys that are not known, "" if all are.

    Args:
        whose: What has them, as the subject of the sentence.
        given: The keys of the file, repeats included.
        known: The keys that are read.
        meant: Advice for other names of known keys, by their letters and digits in lower case.
    """
    unknown = list(dict.fromkeys(key for key in given if key not in known))
    if not unknown:
        return ""
    if len(unknown) == 1:
        advice = _advice(unknown[0], known, meant or {})
        return f"{whose} has an unknown key '{unknown[0]}'{': ' if advice else ', which nothing reads'}{advice or ''}"
    parts = []
    for key in unknown[:MAX_NAMED]:
        advice = _advice(key, known, meant or {})
        parts.append(f"'{key}'{f' ({advice})' if advice else ''}")
    if (more := len(unknown) - MAX_NAMED) > 0:
        parts.append(f"and {more:,} more")
    return f"{whose} has unknown keys: {', '.join(parts)}"


def nearest(key: str, known: Collection[str]) -> str | None:
    """The known name that a key is probably meant to be, None if none is near."""
    spelt = {_normalised(name): name for name in known}
    letters = _normalised(key)
    if letters in spelt:
        return spelt[letters]
    # management_url, connect_timeout, header
    inside = [name for name in spelt if len(name) > 3 and (name in letters or (len(letters) > 3 and letters in name))]
    if inside:
        return spelt[min(inside, key=lambda name: abs(len(name) - len(letters)))]
    close = get_close_matches(letters, list(spelt), 1, SIMILARITY)
    return spelt[close[0]] if close else None


def _normalised(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _advice(key: str, known: Collection[str], meant: Mapping[str, str]) -> str | None:
    if advice := meant.get(_normalised(key)):
        return advice
    near = nearest(key, known)
    return f"did you mean '{near}'?" if near else None
