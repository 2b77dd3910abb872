"""What the server answers with: the page of the console and its files, and plain pages of a sentence.

All of it is read once, from this package and from textual-serve, and nothing on it leads to another machine. The
content security policy has the browser hold that too.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

TYPES: Mapping[str, str] = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
}
"""Media types of files, by how their names end."""
OWN = ("console.css", "console.js", "icon.svg")
"""Files of this package."""
BORROWED: Mapping[str, str] = {
    "textual.js": "js/textual.js",
    "xterm.css": "css/xterm.css",
    "RobotoMono.ttf": "fonts/RobotoMono-VariableFont_wght.ttf",
    "RobotoMono-Italic.ttf": "fonts/RobotoMono-Italic-VariableFont_wght.ttf",
}
"""Files of textual-serve, by the name they have here."""
HEADERS: Mapping[str, str] = {
    "Server": "stomptui",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer."""


@dataclass(frozen=True)
class Page:
    """A body and its media type."""

    body: bytes
    media_type: str


def console_page() -> Page:
    """The page with the terminal."""
    return _own("console.html")


def static_files() -> dict[str, Page]:
    """The files that it needs, by name.

    Raises:
        OSError: One is missing.
    """
    shipped = files("textual_serve") / "static"
    borrowed = {name: Page((shipped / place).read_bytes(), _type(name)) for name, place in BORROWED.items()}
    return {**borrowed, **{name: _own(name) for name in OWN}}


def plain_page(text: str) -> Page:
    """A page of one sentence."""
    return _plain(html.escape(text), "")


def entrance(place: str) -> Page:
    """A page that leads to another one of this server, and is not kept in the browser's history.

    A redirect would not do: it counts as coming from wherever the link was clicked, and a browser that comes from
    another site sends no cookie that is SameSite=Strict.
    """
    place = html.escape(place)
    return _plain(f'<a href="{place}">Open the console</a>', f'<meta http-equiv="refresh" content="0; url={place}" />')


def content_policy(host: str) -> str:
    """The content security policy of every page; `host` is a `Host` header that was checked."""
    # Not every browser takes a WebSocket for the origin of its page.
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; "
        f"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _plain(text: str, head: str) -> Page:
    page = _own("plain.html")
    return Page(page.body.replace(b"@HEAD@", head.encode()).replace(b"@TEXT@", text.encode()), page.media_type)


def _own(name: str) -> Page:
    return Page((files("stomptui.web") / "page" / name).read_bytes(), _type(name))


def _type(name: str) -> str:
    return TYPES[name.rpartition(".")[2]]
