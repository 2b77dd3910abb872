"""The history: drafts that were sent, kept on disk as JSON lines that only their owner can read."""

from __future__ import annotations

import codecs
import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from stomptui.compose.draft import Draft
from stomptui.compose.draft_json import draft_line, draft_of, is_cut
from stomptui.compose.sent_draft import Became, Sending, SentDraft, again_line, change, sent_of, settled_line
from stomptui.config.files.locks import locked
from stomptui.config.files.paths import is_null, make_folder_of, open_private, write_private
from stomptui.config.files.regular_files import open_regular
from stomptui.config.settings import DraftsKept, days_of_bodies, keeps_bodies

LIMIT = 200
"""Drafts kept."""
MORE = 6
"""Lines of the file, as many times the drafts that are kept: what became of one is a line as well."""
_NO_DRAFT = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What a line raises that describes none."""
LARGEST_FILE = 512 << 20
"""Bytes of a file that is read: twice as many drafts as are kept, of the largest bodies, are fewer."""


class History:
    """Sent drafts, oldest first, at most `limit` of them; those of other consoles that use the file come with `add`.

    Values of headers that are secrets go to the disk masked, and `checks.problems` asks for them again.
    Reading and writing block: call `load` and `add` off the event loop.

    Args:
        path: The file, made with its directory when something is kept; None keeps nothing on disk.
        limit: How many drafts are kept.
        wish: Returns what is kept of a draft on disk.
        profile_wish: Returns what the profile of now says of that, None if nothing.
    """

    def __init__(
        self,
        path: Path | None = None,
        limit: int = LIMIT,
        wish: Callable[[], DraftsKept] = lambda: "whole",
        profile_wish: Callable[[], DraftsKept | None] = lambda: None,
    ) -> None:
        self.path = path
        self.wish = wish
        self.profile_wish = profile_wish
        self.limit = limit
        self.entries: list[SentDraft] = []
        self._early: dict[str, tuple[Became, str]] = {}
        """What became of drafts that were not added yet."""
        self._busy = threading.Lock()
        self._file = 0
        """Which file was read, as the system numbers them: another takes its place when it is shortened."""
        self._read = self._lines = self._drafts = 0
        """How much of it, in bytes, in lines, and in lines that are drafts."""
        self._known: set[bytes] = set()
        """The lines that were read or written, so that none is taken for another console's."""

    def wish_now(self) -> DraftsKept:
        """What is kept of what is sent now."""
        return self.profile_wish() or self.wish()

    @property
    def drafts(self) -> list[Draft]:
        """The drafts themselves, oldest first."""
        return [entry.draft for entry in list(self.entries)]

    def destinations(self) -> list[str]:
        """Where drafts were sent to, the newest first."""
        return list(dict.fromkeys(draft.destination for draft in self.drafts[::-1]))

    def load(self) -> list[str]:
        """Read the file.

        Returns:
            What could not be read, in one line of words at most; the rest is there all the same.
        """
        if self.path is None or is_null(self.path):
            return []
        try:
            self._age(self.path)
            with self._busy, os.fdopen(open_regular(self.path), "rb") as file:
                faults: list[str] = []
                self.entries = self._others(file, faults)[-self.limit :]
                return faults if len(faults) < 2 else [f"{faults[0]}, and {len(faults) - 1:,} more like it"]
        except FileNotFoundError:
            return []
        except OSError as error:
            return [f"the history of sent messages cannot be read: {error.strerror}: {self.path}"]

    def add(self, draft: Draft, sending: Sending | None = None) -> str | None:
        """Keep a draft that was sent. The same as the last one again is kept once.

        Args:
            draft: The draft.
            sending: When and where; None if nobody knows.

        Returns:
            Why it could not be kept on disk, None if it was.
        """
        with self._busy:
            last = self.entries[-1] if self.entries else None
            again = last is not None and last.draft == draft and (bool(last.sending.id) or sending is None)
            new = SentDraft(draft.copy(), sending or Sending(when=None, id=""))
            early = self._early.pop(new.sending.id, None)
            if last is None or not again:
                if early is not None:
                    new.settle(*early)
                new.days = days_of_bodies(self.profile_wish() or "whole")
                problem = self._keep(new, lambda bodies: draft_line(draft, bodies, new.marks))
                self.entries.append(new)
                del self.entries[: -self.limit]
                return problem
            if sending is None:
                return None
            line = _dumped(again_line(last.sending.id, sending))
            last.again(sending)
            if early is not None:
                line += _dumped(settled_line(sending.id, *early))
                last.settle(*early)
            return self._keep(last, lambda bodies: line) if last.on_disk else None

    def settle(self, sending: Sending, became: Became, words: str = "") -> str | None:
        """Say what became of a draft that was added.

        Returns:
            Why it could not be kept on disk, None if it was, or if it is no longer in the history.
        """
        with self._busy:
            entry = next((entry for entry in reversed(self.entries) if entry.sending.id == sending.id), None)
            if entry is None:
                # The answer can be here before the one who sent says so.
                self._early[sending.id] = (became, words)
                if len(self._early) > self.limit:
                    del self._early[next(iter(self._early))]
                return None
            entry.settle(became, words)
            line = _dumped(settled_line(sending.id, became, words))
            return self._keep(entry, lambda bodies: line) if entry.on_disk else None

    def _keep(self, entry: SentDraft, line: Callable[[bool], bytes]) -> str | None:
        """Write a line about a draft, if anything is written; what others wrote meanwhile is known then."""
        try:
            if self.path is not None and not is_null(self.path) and (wish := self.wish_now()) != "not at all":
                self.entries += self._write(self.path, line(keeps_bodies(wish)))
                entry.on_disk = True
        except OSError as error:
            return f"the history of sent messages cannot be written: {error.strerror}: {self.path}"
        return None

    def _write(self, path: Path, line: bytes) -> list[SentDraft]:
        """Add a line at the end of the file; returns the drafts that others added before it."""
        make_folder_of(path)
        with locked(path):
            open_private(path)
            with os.fdopen(open_regular(path, os.O_RDWR | os.O_APPEND), "r+b", buffering=0) as file:
                found = self._others(file, [])
                size = os.fstat(file.fileno()).st_size
                # A console that died while it wrote left a line without its end.
                file.seek(max(0, size - 1))
                begin = b"" if file.read(1) in (b"", b"\n") else b"\n"
                try:
                    _write_all(file, begin + line)
                except OSError:
                    file.truncate(size)
                    raise
                self._read, self._lines = size + len(begin + line), self._lines + line.count(b"\n")
                self._drafts += not _is_about(line)
                self._known.update(map(_digest, line.splitlines()))
                shortened = self._shortened(file) if self._is_long else None
            if shortened is not None:
                write_private(path, shortened)
                about = path.stat()
                self._file, self._read = about.st_ino, about.st_size
                self._lines = self._drafts = shortened.count(b"\n")
        return found

    def _age(self, path: Path) -> None:
        """Take the bodies out of the file that were kept long enough."""
        general = days_of_bodies(self.wish())
        if not path.exists():
            return
        with self._busy, locked(path):
            with os.fdopen(open_regular(path), "rb") as file:
                if os.fstat(file.fileno()).st_size > LARGEST_FILE:
                    return
                lines = file.read().splitlines()
            aged = [_aged_line(line, general) for line in lines]
            if aged != lines:
                write_private(path, b"".join(line + b"\n" for line in aged))

    @property
    def _is_long(self) -> bool:
        return self._drafts > 2 * self.limit or self._lines > MORE * self.limit

    def _shortened(self, file: BinaryIO) -> bytes:
        """The last drafts, whoever wrote them, each with what became of it in its own line."""
        file.seek(0)
        lines: list[bytes] = []
        places: dict[str, int] = {}
        found: dict[int, SentDraft] = {}
        for line in file.read().splitlines():
            try:
                kept = json.loads(line)
                if isinstance(kept, dict) and "of" in kept:
                    if (place := places.get(kept["of"])) is not None:
                        sent = found[place]
                        change(sent, kept)
                        places[sent.sending.id] = place
                        lines[place] = _dumped({**json.loads(lines[place]), **sent.marks}).rstrip(b"\n")
                    continue
                sent = sent_of(kept, draft_of(kept))
                places[sent.sending.id] = len(lines)
                found[len(lines)] = sent
            except _NO_DRAFT:
                pass
            lines.append(line)
        last = lines[-self.limit :]
        self._known.update(map(_digest, last))
        return b"".join(line + b"\n" for line in last)

    def _others(self, file: BinaryIO, faults: list[str]) -> list[SentDraft]:
        """The drafts of lines that were not read before; what such lines say of those that are known is taken over."""
        about = os.fstat(file.fileno())
        known: set[bytes] = set()
        if about.st_ino != self._file or about.st_size < self._read:
            self._file, self._read, self._lines, self._drafts = about.st_ino, 0, 0, 0
            known = set(self._known)
        if about.st_size - self._read > LARGEST_FILE:
            raise OSError(errno.EINVAL, f"it is larger than {LARGEST_FILE:,} bytes")
        file.seek(self._read)
        data = file.read()
        if not self._read:
            # A Windows editor puts it there.
            self._read, data = len(data), data.removeprefix(codecs.BOM_UTF8)
        else:
            self._read += len(data)
        drafts: list[SentDraft] = []
        by_id = {entry.sending.id: entry for entry in self.entries if entry.sending.id}
        for line in data.splitlines():
            self._lines += 1
            self._drafts += not _is_about(line)
            digest = _digest(line)
            if not line.strip() or digest in known:
                continue
            self._known.add(digest)
            place = f"line {self._lines} of {self.path}"
            try:
                kept = json.loads(line)
                if isinstance(kept, dict) and "of" in kept:
                    if (known_one := by_id.get(kept["of"])) is not None:
                        change(known_one, kept)
                        by_id[known_one.sending.id] = known_one
                    continue
                sent = sent_of(kept, draft_of(kept))
                if (known_one := by_id.get(sent.sending.id)) is not None:
                    # It was written anew, with what became of it.
                    known_one.became, known_one.words, known_one.times = sent.became, sent.words, sent.times
                    continue
                sent.on_disk = True
                drafts.append(sent)
                if sent.sending.id:
                    by_id[sent.sending.id] = sent
                if is_cut(kept):
                    faults.append(f"{place}: the body was too large to be kept")
            except _NO_DRAFT:
                faults.append(f"{place} is no draft: left out")
        return drafts


def _write_all(file: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _aged_line(line: bytes, general: int | None) -> bytes:
    """A line of the file without its body, if that was kept for as many days as it is to be."""
    if general is None and b'"days":' not in line:
        return line
    try:
        kept = json.loads(line)
        if _is_about(line) or not kept["body"] or (isinstance(kept["body"], dict) and "left-out" in kept["body"]):
            return line
        sent = sent_of(kept, draft_of(kept))
    except _NO_DRAFT:
        return line
    days = general if sent.days is None else sent.days
    if days is None or (sent.sending.when is not None and not sent.is_older(days)):
        return line
    return _dumped({**kept, "body": {"left-out": len(sent.draft.body)}}).rstrip(b"\n")


def _is_about(line: bytes) -> bool:
    """Whether a line says something of a draft before it."""
    return line.startswith(b'{"of":')


def _dumped(kept: dict[str, Any]) -> bytes:
    return json.dumps(kept, ensure_ascii=True).encode() + b"\n"


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line.strip()).digest()
