"""What `stomptui drain` and `stomptui refill` have in common on the command line: URL, queue and file told apart."""

from __future__ import annotations

import argparse
from pathlib import Path

from stomptui.cli.parser import Parser

FILE_FORMAT = """\
file:
  One message a line, as JSON:
  {"destination": "/queue/test", "headers": [["app-id", "A"]], "body": "text"}
  with "body_base64" instead of "body" where the body is not text.
"""
"""For the notes of both."""


def usage(places: str) -> tuple[str, ...]:
    """The forms of usage: with a URL before `places`, or with a profile or STOMPTUI_URL instead of it."""
    return f"[options] URL {places}", f"[options] --profile NAME {places}"


def add_places(parser: argparse.ArgumentParser, places: str, about: str) -> None:
    """Add the positional arguments: a URL, unless a profile or STOMPTUI_URL stands for it, and `places`.

    Args:
        parser: Of the command.
        places: The names of the others, with blanks between them.
        about: A line for each of them, with its name and what it is.
    """
    parser.add_argument("places", nargs="+", metavar=f"URL {places}", help=argparse.SUPPRESS)
    url = "URL    the broker, as in stomp://guest@127.0.0.1:61613/; not with --profile or STOMPTUI_URL"
    parser.add_argument_group("arguments", f"{url}\n{about}")


def read_places(parser: Parser, given: argparse.Namespace, places: str) -> None:
    """Tell URL, queue and file apart: sets `url` (None if it is not given), `queue` if it is one of `places`, `file`
    and `standard`, whether the file is `-`.

    Raises:
        SystemExit: There are more or fewer; status 2.
    """
    names = places.split()
    found = list(given.places)
    given.url = found.pop(0) if len(found) > len(names) and not given.profile else None
    if len(found) != len(names) or (given.url is None and "://" in found[0]):
        parser.error(f"what is needed is {'' if given.profile else 'URL '}{places}")
    # A file of that name is ./-, which a Path would not tell from it.
    given.standard = found[-1] == "-"
    given.file = Path(found[-1])
    if len(found) > 1:
        given.queue = found[0]
