"""Begins the repair of a message in the log: one that a subscription keeps unacknowledged, or that is in its queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from stomptui.application.console import Console
from stomptui.application.repairs.repair_draft import repair_draft
from stomptui.compose.draft import Draft
from stomptui.compose.repair import Held
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.console.log_messages import LogMessages
from stomptui.ui.widgets.log.message_log import MessageLog


class LogRepairs:
    """A controller for the message under the cursor of the log.

    Args:
        screen: Where it is said why a message cannot be repaired.
        console: Whose log it is.
        messages: What can be done with its messages.
        log: The log.
        edit: Called with a draft that the person edits and sends, and with what is to be said of it.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        messages: LogMessages,
        log: MessageLog,
        edit: Callable[[Draft, str], None],
    ) -> None:
        self._screen = screen
        self._console = console
        self._messages = messages
        self._log = log
        self._edit = edit

    def action_repair(self) -> None:
        """Edit the message under the cursor; what is sent takes its place."""
        row = self._console.journal.get(self._log.row) if self._log.row is not None else None
        if row is None or row.frame is None:
            self._screen.notify("Select a message first.", severity="warning")
            return
        why = self._messages.why_not("move", row.number)
        is_back = why is not None and self._console.unacknowledged.is_back(row)
        access = self._messages.access
        if access is None:
            self._refuse("there is no connection")
        elif why is not None and not is_back:
            self._refuse(why)
        else:
            queue = self._messages.queue_of(row.number)
            held = None if is_back else Held(row.number, row.session)
            note = "nothing keeps it now: it is looked for in its queue when you send" if is_back else ""
            self._edit(repair_draft(access, row.frame, queue=queue, held=held), note)

    def _refuse(self, why: str) -> None:
        """Say why not, and what there is instead."""
        resend, peek = key_of(self._screen, "console.resend"), key_of(self._screen, "console.peek")
        self._screen.notify(
            f"{why[0].upper()}{why[1:]}. {resend} edits and sends a copy. If it is in a queue, peek there ({peek}): "
            "what is peeked at can be replaced.",
            title="Nothing to replace",
            severity="warning",
            markup=False,
        )
