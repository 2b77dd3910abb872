"""The colours that tell subscriptions apart, taken from the theme."""

from __future__ import annotations

COUNT = 5
COLOURS = tuple(f"subscription--{index}" for index in range(COUNT))
"""Component classes, one a colour; a widget that uses them names them among its own."""

COLOURS_CSS = "\n".join(
    f"& > .{name} {{ color: {variable}; }}"
    for name, variable in zip(
        COLOURS,
        ("$text-success", "$text-accent", "$text-warning", "$text-primary", "$text-secondary"),
        strict=True,
    )
)
"""Nested rules for a widget's DEFAULT_CSS."""


def colour_class(index: int) -> str:
    """The component class for a subscription's colour number."""
    return COLOURS[index % COUNT]
