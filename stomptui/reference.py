"""The reference, `reference.md`: what few people need, for `stomptui reference` and the screen of that name."""

from __future__ import annotations

from importlib.resources import files


def reference() -> str:
    """The whole text, in Markdown. Reads a file of the package."""
    return (files("stomptui") / "reference.md").read_text(encoding="utf-8")
