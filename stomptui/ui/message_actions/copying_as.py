"""Copying a draft as a program, or as a line or bytes that other programs take."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from stomptui.compose.draft import Draft
from stomptui.compose.snippets.message import NotWritten, Target
from stomptui.compose.snippets.registry import LANGUAGES, Language, snippet_of
from stomptui.protocol.jsonl import JsonlError
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen
from stomptui.ui.widgets.clipboard import copy, limit


class CopyingAs:
    """Asks as what a draft is copied, and copies it.

    Args:
        app: Whose clipboard it is.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._last = LANGUAGES[0].key

    def ask(self, draft: Draft, target: Target) -> None:
        """Ask as what a draft for a target is copied, beginning with the answer of last time."""
        choices = [
            Choice(each.key, each.title, f"not here: {why}" if (why := each.refusal(target)) else each.note)
            for each in LANGUAGES
        ]

        def chosen(key: str | None) -> None:
            language = next((each for each in LANGUAGES if each.key == key), None)
            if language is not None:
                self._last = language.key
                self._app.run_worker(self._copy(draft, target, language))

        self._app.push_screen(ChoiceScreen("Copy the message as what?", choices, self._last), chosen)

    async def _copy(self, draft: Draft, target: Target, language: Language) -> None:
        """The body may be large or come from a file, so it is written in a thread."""
        try:
            snippet = await asyncio.to_thread(snippet_of, draft, target, language)
            size, most = len(snippet.text.encode("utf-8", "surrogateescape")), limit()
            if size > most:
                raise NotWritten(f"{size:,} bytes are more than the clipboard takes, which is {most:,}")
        except (NotWritten, JsonlError) as problem:
            self._app.notify(f"Not copied: {problem}.", severity="warning", markup=False)
            return
        copy(self._app, snippet.text, (f"as {language.title}", *snippet.notes))
