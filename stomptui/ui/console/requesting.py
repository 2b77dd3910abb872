"""Sending the draft as a request, waiting for its answer in sight, and going to the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

from stomptui.application.console import Console
from stomptui.application.outgoing import is_light
from stomptui.application.requests.request import Request, RequestState
from stomptui.application.requests.requests import SECONDS
from stomptui.compose.draft import Draft
from stomptui.compose.open_drafts import OpenDraft
from stomptui.compose.send_state import SendState
from stomptui.connection.errors import SessionError
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.ui.dialogs.choice import Choice, ChoiceScreen
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.widgets.compose.pane import ComposePane
from stomptui.ui.widgets.log.message_log import MessageLog

_STATES = {
    RequestState.WAITING: SendState.WAITING,
    RequestState.ANSWERED: SendState.CONFIRMED,
    RequestState.TIMED_OUT: SendState.UNCONFIRMED,
    RequestState.STOPPED: SendState.NOTE,
    RequestState.REFUSED: SendState.REFUSED,
    RequestState.LOST: SendState.UNCONFIRMED,
}
MOST_SECONDS = 86_400


class Requesting:
    """Sends drafts of the compose pane as requests.

    Args:
        screen: The screen with the pane and the log.
        console: What to send with.
        pane: Where it is told how the request that was sent last gets on.
        was_sent: Called with what a draft was filled in from, once that was sent.
    """

    def __init__(
        self,
        screen: Screen[Any],
        console: Console,
        pane: ComposePane,
        was_sent: Callable[[Draft], None],
    ) -> None:
        self._screen = screen
        self._requests = console.requests
        self._sender = console.sender
        self._pane = pane
        self._was_sent = was_sent
        self.show_log: Callable[[], object] = lambda: None
        """Shows the log and the message, where one pane is shown alone."""
        self._shown: dict[OpenDraft, Request] = {}
        """The request that a tab of the pane tells of."""
        self._timer: Timer | None = None
        self.limit = SECONDS
        """Seconds that an answer is waited for."""
        self._requests.changed = self._changed

    # -- sending ---------------------------------------------------------------------------------------------------

    def send(self, draft: Draft, template: Draft) -> None:
        """Send a draft that was filled in as a request."""
        try:
            request, outgoing = self._requests.prepare(draft, self.limit)
        except (SessionError, ValueError, OSError) as error:
            self._pane.show_outcome(SendState.PROBLEM, f"not sent: {error}", self._pane.open_drafts.of(template))
            return
        self._begin(request, template)
        if not is_light(draft):
            self._screen.run_worker(self._send_off(request, outgoing.go, draft, template))
            return
        try:
            outgoing.go()
        except (SessionError, ValueError, OSError) as error:
            self._failed(request, error)
        else:
            self._sent(draft, template)

    async def _send_off(self, request: Request, go: Callable[[], None], draft: Draft, template: Draft) -> None:
        """What is heavy is encoded in a thread."""
        try:
            await asyncio.to_thread(go)
        except (SessionError, ValueError, OSError) as error:
            self._failed(request, error)
        else:
            self._sent(draft, template)

    def _begin(self, request: Request, template: Draft) -> None:
        self._requests.begin(request)
        tabs = self._pane.open_drafts
        self._shown = {tab: shown for tab, shown in self._shown.items() if tab in tabs.tabs}
        self._shown[tabs.of(template)] = request
        self._show(request)
        if self._timer is None:
            self._timer = self._screen.set_interval(1.0, self._tick)

    def _failed(self, request: Request, error: Exception) -> None:
        self._requests.failed(request)
        if (tab := self._tab(request)) is not None:
            del self._shown[tab]
            self._pane.show_outcome(SendState.PROBLEM, f"not sent: {error}", tab)

    def _tab(self, request: Request) -> OpenDraft | None:
        """The tab that tells of a request."""
        return next((tab for tab, shown in self._shown.items() if shown is request), None)

    def _sent(self, draft: Draft, template: Draft) -> None:
        self._sender.count(draft)
        self._was_sent(template)

    def other_sent(self, template: Draft) -> None:
        """A draft is sent as usual: its tab tells of that from now on."""
        self._shown.pop(self._pane.open_drafts.of(template), None)

    # -- what becomes of them --------------------------------------------------------------------------------------

    def _tick(self) -> None:
        for request in self._shown.values():
            if request.waits:
                self._show(request)
        if not self._requests.waiting and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _changed(self, request: Request, text: str) -> None:
        if self._tab(request) is not None and not text:
            self._show(request)
            if self._screen.has_class("-compose") and self._tab(request) is self._pane.open_drafts.active:
                return
        said = text or f"the request to {shown(request.destination)}: {request.text}"
        self._screen.notify(f"{said[0].upper()}{said[1:]}.", markup=False)

    def _show(self, request: Request) -> None:
        state, told = _STATES[request.state], f"request {request.text}"
        if request.waits:
            told = f"request sent, waiting for the answer: {time.time() - request.sent:.0f} s of {request.limit:g} s"
            if others := len(self._requests.waiting) - 1:
                told += f"; {others} more wait{'s' if others == 1 else ''}"
        elif request.state is RequestState.ANSWERED:
            state = SendState.DOUBTFUL if request.why else state
            told += "; Requests… in the menu opens it"
        self._pane.show_outcome(state, told, self._tab(request))

    # -- the list --------------------------------------------------------------------------------------------------

    @property
    def none(self) -> str:
        """Why there is no list, "" if there is one."""
        return "" if self._requests.all else "no request was sent"

    def choose(self) -> None:
        """Choose a request, the newest first: to open its answer, or to wait for it no longer."""
        requests = {str(number): request for number, request in enumerate(reversed(self._requests.all))}
        choices = [Choice(key, self._label(each), self._note(each)) for key, each in requests.items()]

        def chosen(key: str | None) -> None:
            if key is not None:
                self._act(requests[key])

        title = "Open which answer, or wait no longer for which?"
        self._screen.app.push_screen(ChoiceScreen(title, choices, "0"), chosen)

    @staticmethod
    def _label(request: Request) -> str:
        verb = "Stop waiting" if request.waits else "Open the answer" if request.row is not None else "Nothing to open"
        return f"{verb}: {shown(request.destination)}"

    @staticmethod
    def _note(request: Request) -> str:
        waited = f" for {time.time() - request.sent:.0f} s of {request.limit:g} s" if request.waits else ""
        return f"{request.text}{waited}"

    def _act(self, request: Request) -> None:
        if request.waits:
            self._requests.stop(request)
            return
        log = self._screen.query_one("#log", MessageLog)
        if request.row is None:
            self._screen.notify(f"There is no answer to open: {request.text}.", markup=False)
        elif not log.go_to(request.row):
            self._screen.notify("The answer is no longer in the log.", severity="warning")
        else:
            if self._screen.has_class("-short") or self._screen.has_class("-tiny"):
                # There the draft stands in the place of the message; it is kept.
                self._screen.remove_class("-compose")
            self.show_log()
            log.focus()
            log.post_message(MessageLog.Selected(log, request.row))

    def ask_limit(self) -> None:
        """Ask how long an answer is waited for, from the next request on."""

        def wrong(text: str) -> str:
            number = whole_number(text)
            return "" if number is not None and 0 < number <= MOST_SECONDS else f"a whole number, 1 to {MOST_SECONDS:,}"

        def answered(text: str | None) -> None:
            if text is not None:
                self.limit = float(text)

        question = PromptScreen("Seconds to wait for an answer", f"{self.limit:g}", check=wrong)
        self._screen.app.push_screen(question, answered)
