"""The wish to copy a draft as a program, which the compose pane and lists of messages have in common."""

from __future__ import annotations

from textual.message import Message

from stomptui.compose.draft import Draft


class SnippetWanted(Message):
    """The person wants to copy this as a program or another text."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
