"""The messages of a library: listing, opening, saving, renaming, copying and deleting them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from stomptui.compose.draft import EDITED, Draft
from stomptui.compose.library.file_names import file_name, folder_name, free_name, same_file
from stomptui.compose.library.files import ENDING, LARGEST, LARGEST_BODY, Folder, digest
from stomptui.compose.library.message_file import parse, write
from stomptui.compose.library.saved_message import ChangedOnDisk, Entry, LibraryError, SavedMessage
from stomptui.compose.library.value_sets import FILE
from stomptui.compose.saved_at import SavedAt
from stomptui.config.files.locks import locked
from stomptui.config.files.paths import make_private_dir, messages_dir

INLINE = 16 << 10
"""Bytes of a text that is written into the file of its message; a longer one has a file of its own."""
NOT_MESSAGES = (FILE,)
"""Files in the directory itself that are something else."""
_ENDINGS = (("json", ".json"), ("xml", ".xml"), ("html", ".html"), ("text/", ".txt"))


@dataclass(frozen=True)
class Deleted:
    """A message that was deleted, for bringing it back."""

    title: str
    files: tuple[tuple[Path, bytes], ...]


class Library:
    """Saved messages in a directory. Everything here blocks: call it off the event loop.

    Values of headers that are secrets are left out, and have to be typed again.

    Args:
        root: The directory; made when something is saved. The person's own by default.
    """

    def __init__(self, root: Path | None = None) -> None:
        own = messages_dir()
        self.root = own if root is None else Path(os.path.abspath(root))
        self.own = self.root == own
        """Whether it is the person's own directory, which nobody else writes into."""
        self._folder = Folder(self.root, self.own)
        self._busy = threading.Lock()
        self._read: dict[Path, tuple[tuple[int, int], Entry]] = {}

    def entries(self) -> list[Entry]:
        """Every message by folder and name; what cannot be read is among them, with the reason.

        Raises:
            LibraryError: The directory cannot be read.
        """
        with self._busy:
            try:
                paths = [path for path in self._folder.files() if not self._is_other(path)]
                found = [self._entry(path) for path in paths]
            except OSError as error:
                raise LibraryError(f"{error.strerror}: {self.root}") from error
        return sorted(found, key=lambda entry: (same_file(entry.folder), same_file(entry.name), str(entry.path)))

    def folders(self, entries: Iterable[Entry]) -> list[str]:
        """The folders that have messages."""
        return sorted({entry.folder for entry in entries if entry.folder}, key=same_file)

    def open(self, path: Path) -> SavedMessage:
        """A message, whose draft knows where it is saved.

        Raises:
            LibraryError: It cannot be read.
        """
        try:
            data = self._folder.read(path)
            parsed = parse(data, path.stem, self._folder_of(path))
            message, body = parsed.message, None
            draft = message.draft
            if parsed.body_file:
                file = self._body_path(path, parsed.body_file)
                body = self._folder.read(file, LARGEST_BODY)
                _take_body(draft, body, file)
        except OSError as error:
            raise LibraryError(f"{error.strerror}: {error.filename or path}") from error
        draft.saved = SavedAt(self.root, path, digest(data, body), message.title)
        return message

    def save(self, message: SavedMessage, over: SavedAt | None = None, like: Path | None = None) -> SavedAt:
        """Write a message.

        Args:
            message: The message.
            over: Where it is written over what is there, if that is what it was; None for a file of its own.
            like: The file whose comments and further keys a new one gets.

        Returns:
            Where it is now.

        Raises:
            ChangedOnDisk: What is there was changed.
            LibraryError: It cannot be written.
        """
        try:
            message = replace(message, draft=message.draft.with_bytes())
        except ValueError as error:
            raise LibraryError(f"the body cannot be encoded: {error}") from None
        except OSError:
            # Whatever is wrong with its file is said below.
            pass
        try:
            with self._busy:
                self._make_root()
                with locked(self.root / "messages"):
                    return self._save(message, over, like)
        except OSError as error:
            raise LibraryError(f"{error.strerror}: {error.filename or self.root}") from error

    def again(self, draft: Draft, over: SavedAt, whatever_is_there: bool = False) -> SavedAt:
        """Save a draft to where it came from, with the name and description that it has there.

        Args:
            draft: The draft.
            over: Where it came from.
            whatever_is_there: Whether it is written though the file was changed or deleted.

        Raises:
            ChangedOnDisk: What is there was changed or deleted.
            LibraryError: It cannot be written.
        """
        name, description = over.name.rpartition("/")[2], ""
        if over.path.exists():
            try:
                there = parse(self._folder.read(over.path), over.path.stem).message
                name, description = there.name, there.description
            except (OSError, LibraryError):
                if not whatever_is_there:
                    raise ChangedOnDisk("it was changed on disk, and cannot be read any more") from None
        if whatever_is_there:
            over = replace(over, digest="")
        return self.save(SavedMessage(name, draft, self._folder_of(over.path), description), over)

    def rename(self, path: Path, name: str, folder: str, description: str) -> SavedAt:
        """Give a message another name, folder and description.

        Raises:
            LibraryError: It cannot be done; nothing was changed then.
        """
        message = self.open(path)
        moved = replace(message, name=name, folder=_folder(folder), description=description)
        if (moved.folder, file_name(name)) == (message.folder, file_name(message.name)):
            return self.save(moved, message.draft.saved)
        there = self.save(moved, like=path)
        try:
            self.delete(path)
        except LibraryError:
            self.delete(there.path)
            raise
        return there

    def duplicate(self, path: Path, name: str, folder: str, description: str) -> SavedAt:
        """Save a copy with a body of its own. Raises `LibraryError`."""
        copy = replace(self.open(path), name=name, folder=_folder(folder), description=description)
        return self.save(copy, like=path)

    def delete(self, path: Path) -> Deleted:
        """Delete a message, and its body's file if no other message has it.

        Raises:
            LibraryError: It cannot be deleted.
        """
        entry = self._entry(path)
        try:
            with self._busy, locked(self.root / "messages"):
                files = [(path, self._folder.read(path))]
                if entry.body_file is not None and entry.body_file.exists() and not self._is_shared(entry):
                    files.append((entry.body_file, self._folder.read(entry.body_file, LARGEST_BODY)))
                for each, _ in files:
                    self._folder.remove(each)
        except OSError as error:
            raise LibraryError(f"{error.strerror}: {error.filename or path}") from error
        return Deleted(entry.title, tuple(files))

    def bring_back(self, deleted: Deleted) -> None:
        """Undo a deletion.

        Raises:
            LibraryError: It cannot be written, or something else has its name now.
        """
        try:
            with self._busy:
                self._make_root()
                with locked(self.root / "messages"):
                    for path, data in deleted.files:
                        if path.exists() and self._folder.read(path, LARGEST_BODY) != data:
                            raise LibraryError(f"something else is there now: {path}")
                    for path, data in reversed(deleted.files):
                        self._folder.write(path, data)
        except OSError as error:
            raise LibraryError(f"{error.strerror}: {error.filename or self.root}") from error

    # -- parts ----------------------------------------------------------------------------------------------------

    def _save(self, message: SavedMessage, over: SavedAt | None, like: Path | None = None) -> SavedAt:
        folder = self._place(message.folder) if over is None else over.path.parent
        before = before_body = old_body = None
        if over is not None and over.path.exists():
            path = over.path
            before = self._folder.read(path)
            old_body = self._entry(path).body_file
            if old_body is not None and old_body.exists():
                before_body = self._folder.read(old_body, LARGEST_BODY)
        elif over is not None:
            path = over.path
        else:
            path = folder / f"{free_name(file_name(message.name), _stems(folder))}{ENDING}"
        if over is not None and over.digest and (before is None or digest(before, before_body) != over.digest):
            raise ChangedOnDisk("it was deleted on disk" if before is None else "it was changed on disk")
        body, file = self._body_of(message.draft, path, old_body)
        written = "" if file is None else os.path.relpath(file, path.parent).replace(os.sep, "/")
        example = self._folder.read(like) if before is None and like is not None else before
        data = write(message, written, example)
        if len(data) > LARGEST:
            raise LibraryError(f"its headers are larger than {LARGEST:,} bytes")
        if file is not None and body is not None and body != before_body:
            self._folder.write(file, body)
        if data != before:
            self._folder.write(path, data)
        if old_body is not None and file is None and not self._is_shared(Entry(path, None, body_file=old_body)):
            self._folder.remove(old_body)
        if file is not None and body is None:
            body = self._folder.read(file, LARGEST_BODY)
        return SavedAt(self.root, path, digest(data, body), replace(message, folder=self._folder_of(path)).title)

    def _body_of(self, draft: Draft, path: Path, old: Path | None) -> tuple[bytes | None, Path | None]:
        """The bytes that the body's file gets, and where it is; (None, None) for a body in the message's file."""
        if draft.body_file is not None:
            if old is not None and os.path.realpath(draft.body_file) == os.path.realpath(old):
                return None, old
            if (size := draft.body_size()) > LARGEST_BODY:
                raise LibraryError(f"a body of {size:,} bytes is not copied into a library: at most {LARGEST_BODY:,}")
            body = draft.body_bytes()
        else:
            try:
                body = draft.body_bytes()
            except ValueError:
                raise LibraryError("the body has half a character in it") from None
            if isinstance(draft.body, str) and len(body) <= INLINE and (old is None or not body):
                return None, None
            if len(body) > LARGEST_BODY:
                raise LibraryError(f"a body of {len(body):,} bytes is too large: at most {LARGEST_BODY:,}")
        if old is not None and not self._is_shared(Entry(path, None, body_file=old)):
            return body, old
        known = [stem for stem in _stems(path.parent) if stem != path.stem] if old is None else _stems(path.parent)
        return body, path.with_name(free_name(path.stem, known) + _ending(draft))

    def _entry(self, path: Path) -> Entry:
        folder = self._folder_of(path)
        try:
            about = path.stat()
            mark = (about.st_mtime_ns, about.st_size)
            if (known := self._read.get(path)) is not None and known[0] == mark:
                return known[1]
            parsed = parse(self._folder.read(path), path.stem, folder)
            file = self._body_path(path, parsed.body_file) if parsed.body_file else None
            entry = Entry(path, parsed.message, folder, file, note=parsed.note)
        except OSError as error:
            return Entry(path, None, folder, problem=error.strerror or str(error))
        except LibraryError as error:
            return Entry(path, None, folder, problem=str(error))
        self._read[path] = (mark, entry)
        return entry

    def _body_path(self, path: Path, written: str) -> Path:
        """Where the body of a message is.

        Raises:
            LibraryError: It is not in the library.
        """
        file = path.parent / written
        try:
            self._folder.inside(file)
        except (OSError, ValueError) as error:
            raise LibraryError(f"body-file: {getattr(error, 'strerror', None) or error}") from None
        return file

    def _is_shared(self, entry: Entry) -> bool:
        """Whether another message has the same file as its body."""
        if entry.body_file is None:
            return False
        file = os.path.realpath(entry.body_file)
        others = (self._entry(path).body_file for path in self._folder.files() if path != entry.path)
        return any(other is not None and os.path.realpath(other) == file for other in others)

    def _folder_of(self, path: Path) -> str:
        folder = path.parent.relative_to(self.root).as_posix()
        return "" if folder == "." else folder

    def _place(self, folder: str) -> Path:
        """The directory for a folder: one that is there already, whatever its capital letters."""
        place = self.root
        for part in _folder(folder).split("/"):
            there = [each.name for each in place.iterdir() if each.is_dir()] if place.is_dir() else []
            place /= next((each for each in there if same_file(each) == same_file(part)), part)
        return place

    def _is_other(self, path: Path) -> bool:
        return path.parent == self.root and path.name in NOT_MESSAGES

    def _make_root(self) -> None:
        if self.own:
            make_private_dir(self.root)
        else:
            self.root.mkdir(parents=True, exist_ok=True)


def _folder(folder: str) -> str:
    try:
        return folder_name(folder)
    except ValueError as error:
        raise LibraryError(str(error)) from None


def _stems(folder: Path) -> list[str]:
    return [path.stem for path in folder.iterdir()] if folder.is_dir() else []


def _take_body(draft: Draft, body: bytes, file: Path) -> None:
    """Give a draft the body of a file: as text if it can be edited."""
    if len(body) <= EDITED and b"\0" not in body:
        try:
            draft.body = body.decode("utf-8")
            return
        except UnicodeDecodeError:
            pass
    draft.body_file = file


def _ending(draft: Draft) -> str:
    kind = draft.content_type.casefold()
    binary = isinstance(draft.body, bytes) or draft.body_file is not None
    return next((ending for word, ending in _ENDINGS if word in kind), ".bin" if binary else ".txt")
