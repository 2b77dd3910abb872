"""Drafts that are being written, kept on disk: a crash, a kill or a restart loses none of them.

Each console has a file of its own. A console that starts takes up the drafts of those that are gone.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import time
from typing import Any, get_args

from stomptui.compose.draft import Draft
from stomptui.compose.draft_json import draft_line, draft_of
from stomptui.compose.kept_bodies import KeptBodies, read_body, remove_bodies
from stomptui.config.files.locks import locked
from stomptui.config.files.own_file import OwnFile, remove
from stomptui.config.files.regular_files import read_regular
from stomptui.config.settings import DraftsKept, days_of_bodies, keeps_bodies

LARGEST = 64 << 20
"""Bytes of a file that is read."""
MOST = 50
"""Drafts that a console keeps: those that are open and the newest of those set aside."""


@dataclass(frozen=True)
class KeptDraft:
    """A draft as it is kept."""

    draft: Draft
    open: bool = False
    """Whether it is in a tab, and not set aside."""
    active: bool = False
    """Whether its tab is the one that is edited."""
    sent: bool = False
    """Whether it was sent, and is only kept since its tab is open."""
    since: float | None = field(default=None, compare=False)
    """When it was changed last, in seconds since 1970; None if nobody knows."""
    wish: DraftsKept | None = None
    """What is kept of it, None for what the person wants now."""
    cut: bool = False
    """Whether it had a body that was not kept."""


class KeptDrafts:
    """The unsent drafts of one console. Everything here blocks: call it off the event loop.

    Values of headers that are secrets are kept masked, see `draft_line`; large bodies are in files of their own.

    Args:
        folder: Where the files are, made when something is kept; None keeps nothing.
        wish: Returns what is kept of a draft.

    Attributes:
        problems: What could not be read when drafts were taken up.
    """

    def __init__(self, folder: Path | None, wish: Callable[[], DraftsKept] = lambda: "whole") -> None:
        self._folder = folder
        self.wish = wish
        self._busy = threading.Lock()
        self._file = OwnFile(folder or Path(), ".jsonl")
        self._bodies = KeptBodies(folder or Path(), self._file.name)
        self.problems: list[str] = []

    def take_up(self) -> list[KeptDraft]:
        """The drafts of consoles that are gone, those in tabs last; they are this console's from now on.

        Raises:
            OSError: The folder cannot be read.
        """
        if self._folder is None or not self._folder.is_dir():
            return []
        found: list[tuple[float, list[KeptDraft], Path]] = []
        with self._busy, locked(self._folder / "drafts"):
            for path in self._file.others():
                try:
                    if self._file.is_left(path):
                        found.append((path.stat().st_mtime, _read(path), path))
                except OSError as error:
                    # It stays there, and keeps no other draft from coming back.
                    self.problems.append(f"unsent messages cannot be read: {error.strerror}: {path}")
            found.sort(key=lambda item: item[0])
            general = self.wish()
            drafts = sorted((draft for _, each, _ in found for draft in each), key=lambda each: each.open)
            drafts = [_aged(draft, draft.wish or general) for draft in drafts]
            # They are in this console's file before those of the others go.
            self._write(drafts)
            for _, _, path in found:
                _remove(path)
        return drafts

    def keep(self, drafts: Sequence[KeptDraft]) -> str | None:
        """Keep these drafts instead of those kept before; none leaves nothing behind.

        Args:
            drafts: Those set aside, then those in tabs, in their order.

        Returns:
            Why they could not be kept, None if they were.
        """
        if self._folder is None:
            return None
        try:
            with self._busy:
                self._write(drafts)
        except OSError as error:
            return f"what you write is not kept on disk: {error.strerror}: {self._folder}"
        return None

    def close(self) -> None:
        """Let go of the file; what is in it is taken up by the next console."""
        with self._busy:
            if self._file.close():
                remove_bodies(self._file.path.parent, self._file.name)

    def _write(self, drafts: Sequence[KeptDraft]) -> None:
        general = self.wish()
        kept = [(each, wish) for each in drafts[-MOST:] if (wish := each.wish or general) != "not at all"]
        if not kept and self._file.empty:
            return
        self._file.write(b"".join(_line(each, wish, self._bodies) for each, wish in kept))
        self._bodies.forget_others()


def _line(kept: KeptDraft, wish: DraftsKept, elsewhere: KeptBodies) -> bytes:
    """A line of the file: that of a draft, and how it was kept."""
    marks: dict[str, Any] = {name: True for name in ("open", "active", "sent") if getattr(kept, name)}
    marks |= {name: value for name in ("since", "wish") if (value := getattr(kept, name)) is not None}
    return draft_line(kept.draft, keeps_bodies(wish) and not _is_old(kept, wish), marks, elsewhere.keep)


def _aged(kept: KeptDraft, wish: DraftsKept) -> KeptDraft:
    """A draft without its body if that was kept long enough."""
    return replace(kept, draft=replace(kept.draft, body=""), cut=bool(kept.draft.body)) if _is_old(kept, wish) else kept


def _is_old(kept: KeptDraft, wish: DraftsKept) -> bool:
    days = days_of_bodies(wish)
    return days is not None and kept.since is not None and kept.since < time() - days * 86_400


def _read(path: Path) -> list[KeptDraft]:
    drafts: list[KeptDraft] = []
    written = path.stat().st_mtime
    marked = False
    for line in read_regular(path, LARGEST).splitlines():
        # A line that is no draft was not written by a console.
        with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            made = json.loads(line)
            marks = {name: made.get(name) is True for name in ("open", "active", "sent")}
            marked = marked or any(marks.values())
            since, wish = made.get("since"), made.get("wish")
            since = since if isinstance(since, (int, float)) and not isinstance(since, bool) else written
            wish = wish if wish in get_args(DraftsKept) else None
            if (body := read_body(path.parent, path.stem, made["body"])) is not None:
                made["body"] = ""
            draft = draft_of(made)
            cut = body is None and isinstance(made["body"], dict) and not draft.body
            draft = draft if body is None else replace(draft, body=body)
            drafts.append(KeptDraft(draft, **marks, since=since, wish=wish, cut=cut))
    if drafts and not marked:
        # The file of a console without tabs, or of one with nothing but drafts set aside.
        drafts[-1] = replace(drafts[-1], open=True, active=True)
    return drafts


def _remove(path: Path) -> None:
    remove_bodies(path.parent, path.stem)
    remove(path)
