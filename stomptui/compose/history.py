"""The drafts that were sent, kept on disk as JSON lines that only their owner can read."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.paths import open_private, write_private
from stomptui.config.secret_names import MASK, is_secret

LIMIT = 200
"""Drafts kept."""
LARGEST_BODY = 256 << 10
"""A body of more characters or bytes than this is kept for the session but not on disk."""


class History:
    """Sent drafts, oldest first, at most `limit` of them.

    Values of headers that are secrets go to the disk masked, and `Draft.validate` asks for them again.
    Reading and writing block: call `load` and `add` off the event loop.

    Args:
        path: The file, made with its directory when something is kept; None keeps nothing on disk.
        limit: How many drafts are kept.
    """

    def __init__(self, path: Path | None = None, limit: int = LIMIT) -> None:
        self.path = path
        self.limit = limit
        self.drafts: list[Draft] = []
        self._lines = 0

    def load(self) -> list[str]:
        """Read the file.

        Returns:
            What could not be read, in words; the rest is there all the same.
        """
        if self.path is None:
            return []
        faults: list[str] = []
        drafts: list[Draft] = []
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            return [f"the history of sent messages cannot be read: {error.strerror}: {self.path}"]
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                kept = json.loads(line)
                drafts.append(_draft(kept))
                if isinstance(kept["body"], dict) and "left-out" in kept["body"]:
                    faults.append(f"line {number} of {self.path}: the body was too large to be kept")
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                faults.append(f"line {number} of {self.path} is no draft: left out")
        self._lines = len(lines)
        self.drafts = drafts[-self.limit :]
        return faults

    def add(self, draft: Draft) -> str:
        """Keep a draft that was sent. The same as the last one again is kept once.

        Returns:
            Why it could not be kept on disk, or "".
        """
        if self.drafts and self.drafts[-1] == draft:
            return ""
        self.drafts.append(draft.copy())
        del self.drafts[: -self.limit]
        if self.path is None:
            return ""
        try:
            if self._lines >= 2 * self.limit:
                write_private(self.path, b"".join(_line(kept) for kept in self.drafts))
                self._lines = len(self.drafts)
            else:
                open_private(self.path)
                # One write in append mode, so that two consoles at once do not cut each other's lines.
                with self.path.open("ab", buffering=0) as file:
                    file.write(_line(draft))
                self._lines += 1
        except OSError as error:
            return f"the history of sent messages cannot be written: {error.strerror}: {self.path}"
        return ""


def without_secrets(draft: Draft) -> Draft:
    """A copy with the values of secret headers masked."""
    lines = [replace(line, value=MASK) if is_secret(line.name) and line.value else line for line in draft.headers]
    return replace(draft, headers=lines)


def _line(draft: Draft) -> bytes:
    draft = without_secrets(draft)
    body: Any = draft.body
    if len(draft.body) > LARGEST_BODY:
        body = {"left-out": len(draft.body)}
    elif isinstance(draft.body, bytes):
        body = {"base64": base64.b64encode(draft.body).decode()}
    kept = {
        "destination": draft.destination,
        "headers": [[line.name, line.value, line.enabled] for line in draft.headers],
        "body": body,
        "body-file": None if draft.body_file is None else str(draft.body_file),
        "receipt": draft.receipt,
        "content-length": draft.content_length,
    }
    # ASCII only, so that half a character survives as well.
    return json.dumps(kept, ensure_ascii=True).encode() + b"\n"


def _draft(kept: Any) -> Draft:
    """The draft of one line.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: It is none.
    """
    body = kept["body"]
    if isinstance(body, dict):
        body = base64.b64decode(body["base64"], validate=True) if "base64" in body else ""
    file = kept.get("body-file")
    draft = Draft(
        kept["destination"],
        [HeaderLine(name, value, enabled) for name, value, enabled in kept["headers"]],
        body,
        None if file is None else Path(file),
        kept["receipt"],
        kept["content-length"],
    )
    texts = [draft.destination, *(text for line in draft.headers for text in (line.name, line.value))]
    flags = [draft.receipt, draft.content_length, *(line.enabled for line in draft.headers)]
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(flag, bool) for flag in flags):
        raise TypeError("not the parts of a draft")
    if not isinstance(draft.body, (str, bytes)):
        raise TypeError("not a body")
    return draft
