"""What a person does with saved messages, with the questions that come before it. The disk is used in threads."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from textual.screen import Screen

from stomptui.compose.draft import Draft
from stomptui.compose.library.file_names import folder_name, same_file
from stomptui.compose.library.importing import frames_of, import_messages
from stomptui.compose.library.library import Deleted, Library
from stomptui.compose.library.message_file import left_out
from stomptui.compose.library.saved_message import ChangedOnDisk, Entry, LibraryError, SavedMessage
from stomptui.compose.saved_at import SavedAt
from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import not_regular, unreachable
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.library.save_form import Named, SaveForm
from stomptui.ui.message_actions.saving import save_messages

Told = Callable[[str, bool], None]
"""Called with a sentence for the person, and whether it says that something failed."""
T = TypeVar("T")


class LibraryChanges:
    """Saves, renames, copies, deletes and brings back messages.

    Args:
        screen: Over which it is asked.
        library: Where the messages are.
    """

    def __init__(self, screen: Screen[Any], library: Library) -> None:
        self._screen = screen
        self.library = library
        self.deleted: list[Deleted] = []
        """What can be brought back, the last deleted last."""
        self._order = asyncio.Lock()

    async def entries(self, tell: Told) -> list[Entry]:
        """Every message; none, after saying why, if the directory cannot be read."""
        try:
            return await asyncio.to_thread(self.library.entries)
        except LibraryError as error:
            tell(f"the saved messages cannot be read: {error}", True)
            return []

    async def save(self, editing: Draft, tell: Told) -> bool:
        """Save a draft to where it came from; one that came from nowhere is given a name first.

        Args:
            editing: The draft as it is edited, which knows from then on where it is saved.
            tell: Told what came of it.
        """
        async with self._order:
            at = editing.saved
            if at is None or at.library != self.library.root:
                return await self._save_new(editing, tell)
            draft = editing.copy()
            try:
                there = await asyncio.to_thread(self.library.again, draft, at)
            except ChangedOnDisk as changed:
                question = ConfirmScreen(
                    f"{at.name}: {changed} since it was opened. Save over that?", yes="Save", no="Keep editing",
                    danger=True, detail="What is there now would be lost.",
                )  # fmt: skip
                if not await self._screen.app.push_screen_wait(question):
                    tell("not saved", False)
                    return False
                saved = await self._tried(lambda: self.library.again(draft, at, whatever_is_there=True), tell)
                if saved is None:
                    return False
                there = saved
            except LibraryError as error:
                tell(f"not saved: {error}", True)
                return False
            editing.saved = there
            tell(_saved_words(draft, there), False)
            return True

    async def save_new(self, editing: Draft, tell: Told) -> bool:
        """Save a draft under a name that is asked for."""
        async with self._order:
            return await self._save_new(editing, tell)

    async def rename(self, entry: Entry, tell: Told) -> SavedAt | None:
        """Ask for another name, folder and description."""
        if entry.message is None:
            tell(f"not renamed: {entry.problem}", True)
            return None
        old = Named(entry.message.name, entry.folder, entry.message.description)
        named = await self._ask("Rename a saved message", old, tell, besides=entry)
        if named is None or named == old:
            return None
        at = await self._tried(lambda: self.library.rename(entry.path, *named), tell, "not renamed")
        if at is not None:
            tell(f"{entry.title} is {at.name} now: {at.path}", False)
        return at

    async def duplicate(self, entry: Entry, tell: Told) -> SavedAt | None:
        """Ask for the name of a copy, and save it."""
        if entry.message is None:
            tell(f"not copied: {entry.problem}", True)
            return None
        start = Named(f"{entry.message.name} copy", entry.folder, entry.message.description)
        named = await self._ask("Duplicate a saved message", start, tell)
        if named is None:
            return None
        at = await self._tried(lambda: self.library.duplicate(entry.path, *named), tell, "not copied")
        if at is not None:
            tell(f"{at.name} is a copy of {entry.title}", False)
        return at

    async def delete(self, entry: Entry, tell: Told) -> bool:
        """Delete one, which can be brought back as long as the program runs."""
        gone = await self._tried(lambda: self.library.delete(entry.path), tell, "not deleted")
        if gone is not None:
            self.deleted.append(gone)
        return gone is not None

    async def bring_back(self, tell: Told) -> Deleted | None:
        """Undo the last deletion."""
        if not self.deleted:
            tell("nothing was deleted that could be brought back", False)
            return None
        last = self.deleted[-1]

        def back() -> Deleted:
            self.library.bring_back(last)
            return last

        done = await self._tried(back, tell, "not brought back")
        if done is not None:
            with contextlib.suppress(ValueError):
                self.deleted.remove(last)
            tell(f"{last.title} is back", False)
        return done

    async def take_in(self, tell: Told) -> None:
        """Ask for a file of messages, and save each of them."""
        question = "Import the messages of which JSON Lines file?"
        prompt = PromptScreen(question, placeholder="for example drained.jsonl", check=_file_problem, path=True)
        typed = await self._screen.app.push_screen_wait(prompt)
        if not typed:
            return
        try:
            done = await asyncio.to_thread(import_messages, self.library, typed_path(typed))
        except OSError as error:
            tell(f"not imported: {error.strerror or error}: {typed}", True)
            return
        words = [f"{done.count:,} imported into {done.folder}"]
        if done.secrets:
            words.append(f"secrets are not saved: {', '.join(done.secrets)}")
        if done.problems:
            words.append(f"left out: {done.problems[0]}")
            words += [f"and {len(done.problems) - 1:,} more"] if len(done.problems) > 1 else []
        tell("; ".join(words), not done.count)

    async def export(self, paths: Sequence[Path], tell: Told) -> None:
        """Ask for a file, and write messages into it that refill takes."""
        try:
            frames = await asyncio.to_thread(frames_of, self.library, paths)
        except (LibraryError, OSError, ValueError) as error:
            tell(f"not exported: {error}", True)
            return
        tell("what is secret is left out, and {{…}} stands as it is", False)
        save_messages(self._screen, frames, str)

    # -- parts ----------------------------------------------------------------------------------------------------

    async def _save_new(self, editing: Draft, tell: Told) -> bool:
        draft = editing.copy()
        if draft.empty:
            tell("there is nothing to save yet", False)
            return False
        named = await self._ask("Save this message", Named(_suggested(draft)), tell, _facts(draft, self.library))
        if named is None:
            return False
        message = SavedMessage(named.name, draft, named.folder, named.description)
        at = await self._tried(lambda: self.library.save(message), tell, "not saved")
        if at is None:
            return False
        editing.saved = at
        tell(_saved_words(draft, at), False)
        return True

    async def _ask(
        self, title: str, start: Named, tell: Told, facts: str = "", besides: Entry | None = None
    ) -> Named | None:
        entries = [entry for entry in await self.entries(tell) if besides is None or entry.path != besides.path]
        folders = self.library.folders(entries)
        form = SaveForm(title, start, folders, lambda named: _problem(named, entries), facts)
        return await self._screen.app.push_screen_wait(form)

    async def _tried(self, change: Callable[[], T], tell: Told, not_done: str = "not saved") -> T | None:
        try:
            return await asyncio.to_thread(change)
        except LibraryError as error:
            tell(f"{not_done}: {error}", True)
            return None


def _file_problem(text: str) -> str:
    if not text.strip():
        return "a file name is needed"
    path = typed_path(text)
    problem = unreachable(path) or not_regular(path)
    return problem or ("" if path.exists() else "there is no such file")


def _problem(named: Named, entries: Sequence[Entry]) -> str:
    """What is wrong with a name, "" if nothing is."""
    if not named.name:
        return "a saved message needs a name"
    try:
        folder = folder_name(named.folder)
    except ValueError as error:
        return str(error)
    wanted = (same_file(folder), same_file(named.name))
    if any((same_file(entry.folder), same_file(entry.name)) == wanted for entry in entries):
        return f"there is a message of that name {f'in {folder}' if folder else 'already'}"
    return ""


def _suggested(draft: Draft) -> str:
    if draft.saved is not None:
        return draft.saved.name.rpartition("/")[2]
    return draft.destination.rstrip("/").rpartition("/")[2]


def _facts(draft: Draft, library: Library) -> str:
    """Where it goes, and what of it is not saved."""
    missing = left_out(draft)
    secret = f" Secrets are not saved, and asked for again: {', '.join(missing)}." if missing else ""
    whose = "" if library.own else ", where others may read it"
    return f"It is saved in {library.root}{whose}.{secret}"


def _saved_words(draft: Draft, at: SavedAt) -> str:
    missing = left_out(draft)
    secret = f"; not saved, since secret, and asked for again: {', '.join(missing)}" if missing else ""
    return f"saved in {at.path}{secret}"
