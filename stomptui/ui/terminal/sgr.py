"""The shortest way from one style of text to the next, as a terminal takes it: SGR (ECMA-48, 8.3.117) and OSC 8."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

PLAIN = ""
"""The style of text that has none."""
_LINK = "\0"
"""Between the SGR codes of a style and its link, as an OSC 8 sequence begins it."""
_COLOURS = {"38": True, "48": False}
"""Codes that are followed by a colour, and whether it is that of the text."""


class Codes(NamedTuple):
    """The codes of a style, as they follow a reset."""

    attributes: tuple[str, ...]
    text: str
    background: str
    link: str


def style_codes(style: Style | None, colours: ColorSystem) -> str:
    """The codes of a style as a key: equal keys look the same, and `change` reads them."""
    if style is None:
        return PLAIN
    codes = Strip.render_ansi(style, colours)
    return f"{codes}{_LINK}id={style.link_id};{style.link}" if style.link else codes


@lru_cache(maxsize=4096)
def change(before: str, after: str) -> str:
    """What to write so that what follows is in another style.

    Args:
        before, after: From `style_codes`.
    """
    if before == after:
        return ""
    old, new = _read(before), _read(after)
    link = "" if old.link == new.link else f"\x1b]8;{new.link or ';'}\x1b\\"
    if not (new.attributes or new.text or new.background):
        return ("\x1b[0m" if old.attributes or old.text or old.background else "") + link
    codes = [code for code in new.attributes if code not in old.attributes]
    if new.text != old.text:
        codes.append(new.text or "39")
    if new.background != old.background:
        codes.append(new.background or "49")
    if not set(old.attributes) <= set(new.attributes):
        codes = ["0", *new.attributes, *filter(None, (new.text, new.background))]
    return (f"\x1b[{';'.join(codes)}m" if codes else "") + link


@lru_cache(maxsize=4096)
def _read(key: str) -> Codes:
    written, _, link = key.partition(_LINK)
    codes = iter(written.split(";") if written else ())
    attributes: list[str] = []
    text = background = ""
    for code in codes:
        colour = code
        if code in _COLOURS:
            kind = next(codes)
            colour = ";".join([code, kind, *(next(codes) for _ in range(3 if kind == "2" else 1))])
        number = int(code)
        if 30 <= number <= 39 or 90 <= number <= 97:
            text = colour
        elif 40 <= number <= 49 or 100 <= number <= 107:
            background = colour
        else:
            attributes.append(code)
    return Codes(tuple(attributes), text, background, link)
