"""What changed from one draft to the next, in a few words."""

from __future__ import annotations

from collections import Counter

from stomptui.compose.draft import Draft
from stomptui.config.secret_names import without_secrets

LONGEST = 24
"""Characters of a value that are told."""
LARGE = 64 << 10
"""Characters of a body above which only its size is compared."""


def draft_changes(before: Draft, after: Draft) -> list[str]:
    """What is different, the headers first: "priority: 4 → 9", "body: 3 lines". Secrets are masked."""
    told: list[str] = []
    old, new = _headers(before), _headers(after)
    for name in dict.fromkeys((*old, *new)):
        had, has = old.get(name, []), new.get(name, [])
        if had == has:
            continue
        if not has:
            told.append(f"without {name}")
        elif not had:
            told.append(f"{name}: {_short(name, has)}")
        else:
            was, now = _short(name, had), _short(name, has)
            told.append(f"{name}: {was} → {now}" if was != now else f"{name}: another value")
    if (body := _body(before, after)) is not None:
        told.append(body)
    for text, was_on, is_on in (
        ("receipt", before.receipt, after.receipt),
        ("content-length", before.content_length, after.content_length),
        ("variables", before.variables, after.variables),
    ):
        if was_on != is_on:
            told.append(f"{text} {'on' if is_on else 'off'}")
    if not told and _order(before) != _order(after):
        told.append("headers in another order")
    return told


def _order(draft: Draft) -> list[tuple[str, str]]:
    return [(line.name, line.value) for _, line in draft.lines()]


def _headers(draft: Draft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in _order(draft):
        found.setdefault(name, []).append(value)
    return found


def _short(name: str, values: list[str]) -> str:
    text = ", ".join(without_secrets(name, value) for value in values) or '""'
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _body(before: Draft, after: Draft) -> str | None:
    if before.body_file != after.body_file:
        return f"body: {'a file' if after.body_file is not None else 'no file'}"
    old, new = before.body, after.body
    if old == new or after.body_file is not None:
        return None
    if not new:
        return "no body"
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) <= LARGE:
        was, now = Counter(old.splitlines()), Counter(new.splitlines())
        lines = max(sum((was - now).values()), sum((now - was).values()))
        if lines:
            return f"body: {lines:,} line{'s' if lines > 1 else ''}"
        return "body: line ends or their order"
    if len(old) == len(new):
        return "body: other bytes" if isinstance(new, bytes) else "body: other text"
    unit = "bytes" if isinstance(new, bytes) else "characters"
    return f"body: {len(old):,} → {len(new):,} {unit}"
