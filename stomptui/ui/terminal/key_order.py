"""Keeps keys in order: each waits until what the one before it caused is done.

Textual gives a key to whatever has the focus when the key is looked at. A key that moves the focus, opens a screen or
closes one does so by messages of its own, behind the keys that are there already; those would go to the wrong place.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer
from textual.worker import WorkerState

from stomptui.ui.widgets.text.kinds import takes_text

log = logging.getLogger(__name__)

LONGEST = 10.0
"""Seconds that a key is held back at most: a screen that takes longer to appear is broken."""
UNREST = 0.25
"""Seconds that a key is held back at most while nothing but ordinary work is going on, as under a flood of messages."""
UNPAINTED = 2.0
"""Seconds that a key is held back at most for a paint that something waits for."""
WAITED_FOR = "waited for"
"""The group of workers whose end may move the focus: keys wait for it, for as long as for a paint."""
QUIET_ROUNDS = 2
"""Rounds without anything new after which what a key brought about is taken to be done."""
STRAY = 0.05
"""Seconds between two looks at whether a widget that is waited for is still there."""
PAINT = 0.002
"""Seconds between two looks at whether a paint has come that something waits for."""

PLAIN = " /.,-_"
"""What goes into fields as letters do. Others may mean something, as a colon does behind the name of a header."""
FLOW = 0.4
"""Seconds between two characters of somebody who is typing a text."""
TEXT = 3
"""Characters in a row that make a text."""

Made = (events.Key, events.Paste, events.MouseEvent, events.AppFocus, events.AppBlur)


class InputGate:
    """Lets what a person does into the app, one event at a time and in order.

    Args:
        app: Asks `admits` about each event before it handles it.
        paint: Paints what a key has changed, without waiting for the next frame's turn; False if there was nothing.
    """

    def __init__(self, app: App[Any], paint: Callable[[], bool] = lambda: True) -> None:
        self._app = app
        self._paint = paint
        self._held: deque[events.Event] = deque()
        self._released: events.Event | None = None
        self._writing = False
        """Whether nothing but text for one field is being handled, which more text need not wait for."""
        self._more = False
        """Whether more of it came meanwhile."""
        self._taken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unseen = False
        """Whether something came up by itself that is not painted yet."""
        self._came_at = 0.0
        self._seen_at = 0.0
        self.changed_at = 0.0
        """When another screen came up last, on the clock of events."""
        self._flow = 0
        """How many characters were typed in a row, each soon after the one before it."""
        self._typed_at = 0.0
        self._in_flow = False
        """Whether what is typed belongs to what was there before something came up by itself."""
        self.current: events.Event | None = None
        """The event that is being handled, with all that it brings about; None between two of them."""

    def start(self) -> None:
        """Begin, on the running loop; what is typed before the first screen is there waits for it."""
        self._app.screen_change_signal.subscribe(self._app, self._screen_changed, immediate=True)
        self._go_on()

    def admits(self, event: events.Event) -> bool:
        """Whether to handle an event now; if not, it comes again when its turn is."""
        if not isinstance(event, Made) or event.is_forwarded:
            return True
        if event is self._released:
            self._released = None
            self.current = event
            self._taken.set()
            return True
        if self._unseen and event.time - self._came_at > UNPAINTED:
            # It was gone again before it was painted.
            self._seen()
        flows = self._flows_on(event)
        if self._unseen or event.time < self._seen_at or flows:
            # It was meant for what was there before.
            return isinstance(event, (events.MouseMove, events.AppFocus, events.AppBlur))
        if self._task is None and not self._held:
            if not isinstance(event, events.MouseMove):
                self.current = event
                self._writing = self._writes(event)
                self._go_on()
            return True
        # A key that was held back and is on its way again must not be overtaken.
        if self._writing and not self._held and self._released is None and self._writes(event):
            self.current = event
            self._more = True
            return True
        if isinstance(event, events.MouseMove) and self._held and isinstance(self._held[-1], events.MouseMove):
            self._held.pop()
        self._held.append(event)
        return False

    def _flows_on(self, event: events.Event) -> bool:
        """Whether a key belongs to a text that was being typed when something came up by itself."""
        if not isinstance(event, events.Key):
            return False
        soon = event.time - self._typed_at < FLOW
        if not event.is_printable:
            # Enter ends a text, and what comes up then was asked for.
            self._flow = 0
            self._in_flow = self._in_flow and soon
            return self._in_flow
        self._flow = self._flow + 1 if soon else 1
        self._typed_at = event.time
        self._in_flow = self._in_flow and soon
        return self._in_flow

    @property
    def idle(self) -> bool:
        """Whether nothing is held back, and nothing that was let in is under way."""
        return self._task is None and not self._held

    def drop(self) -> None:
        """Forget what is held back: it was meant for something else."""
        self._held.clear()

    def appeared(self) -> None:
        """Something came up by itself: what was pressed before it is painted is no answer to it."""
        self._unseen = True
        self._came_at = events.Event().time
        self._in_flow = self._flow >= TEXT and self._came_at - self._typed_at < FLOW
        self.drop()
        with contextlib.suppress(ScreenStackError):
            if self._app.screen.call_after_refresh(self._seen):
                return
        self._seen()

    def _seen(self) -> None:
        self._unseen = False
        self._seen_at = events.Event().time

    def _screen_changed(self, screen: Screen[Any]) -> None:
        self.changed_at = events.Event().time
        if self._task is None:
            self.appeared()

    # One after the other

    def _go_on(self) -> None:
        self._task = asyncio.create_task(self._run(), name="held keys")

    async def _run(self) -> None:
        try:
            await self._settled()
            while self._held:
                event = self._released = self._held.popleft()
                self._taken.clear()
                if not self._app.post_message(event):
                    return
                await self._taken.wait()
                self._writing = self._writes(event)
                if isinstance(event, events.MouseMove) or (
                    self._writing and self._held and self._writes(self._held[0])
                ):
                    continue
                await self._settled()
        finally:
            self.current = self._released = self._task = None

    async def _settled(self) -> None:
        """Wait until all that an event brought about is done."""
        began = monotonic()
        painted = False
        quiet, before = 0, self._state()
        while quiet < QUIET_ROUNDS:
            await self._round()
            if not painted:
                painted = self._paint()
            took = monotonic() - began
            if took > LONGEST:
                log.warning("a key is held back no longer, though something is still going on")
                return
            now = self._state()
            if self._more:
                self._more, quiet = False, 0
            elif now != before:
                quiet, self._writing = 0, False
            elif self._under_way():
                quiet = 0
            elif not self._writing and (
                (took < UNREST and self._unrest()) or (took < UNPAINTED and (self._unpainted() or self._waited_for()))
            ):
                quiet = 0
                await asyncio.sleep(PAINT)
            else:
                quiet += 1
            before = now

    def _writes(self, event: events.Event) -> bool:
        """Whether an event is a character that a field takes and that leads to nothing else."""
        if not isinstance(event, events.Key) or not event.is_printable or not takes_text(self._state()[1]):
            return False
        return event.character is not None and (event.character.isalnum() or event.character in PLAIN)

    def _state(self) -> tuple[Screen[Any] | None, Widget | None]:
        try:
            return self._app.screen, self._app.focused
        except ScreenStackError:
            return None, None

    async def _round(self) -> None:
        """Let everything from the focus up to the app handle what it has been told so far."""
        loop = asyncio.get_running_loop()
        for pump in self._on_the_way():
            passed: asyncio.Future[None] = loop.create_future()
            if not pump.call_later(_done, passed):
                continue
            # Who is taken off the screen meanwhile does not answer.
            while not passed.done() and (pump.is_attached or pump is self._app):
                await asyncio.wait({passed}, timeout=STRAY)
        # Workers that go on now get to their next step.
        for _ in range(3):
            await asyncio.sleep(0)

    def _on_the_way(self) -> list[MessagePump]:
        screen, focused = self._state()
        return list((focused or screen or self._app).ancestors_with_self)

    def _under_way(self) -> bool:
        """Whether a screen or a part of it is being made, or a worker is about to begin."""
        if any(worker.state is WorkerState.PENDING for worker in self._app.workers):
            return True
        screen, _ = self._state()
        return screen is not None and not all(node.is_mounted for node in screen.walk_children(Widget, with_self=True))

    def _waited_for(self) -> bool:
        """Whether a worker is at work that may move the focus, as one that looks what is at a path."""
        # One that asks in a screen waits for these very keys.
        callbacks = (each for screen in self._app.screen_stack for each in screen._result_callbacks)
        asking = sum(1 for each in callbacks if each.future is not None and not each.future.done())
        return sum(worker.group == WAITED_FOR and worker.is_running for worker in self._app.workers) > asking

    def _unrest(self) -> bool:
        """Whether something that may move the focus waits to be handled."""
        return any(pump.message_queue_size for pump in (*self._on_the_way(), *self._app.screen_stack))

    def _unpainted(self) -> bool:
        """Whether something that may move the focus waits for the next paint, as where a line of headers is added."""
        screen, _ = self._state()
        return screen is not None and not all(_is_paint(callback) for callback, _ in screen._callbacks)


def appeared(app: App[Any]) -> None:
    """Something came up by itself that a key could answer: keys from before it is painted are none."""
    gate = getattr(app, "gate", None)
    if isinstance(gate, InputGate):
        gate.appeared()


def _is_paint(callback: object) -> bool:
    """Whether what waits for a paint is the footer or the screen, which after each change paint what can be done."""
    method = callback.func if isinstance(callback, partial) else callback
    return isinstance(getattr(method, "__self__", None), (Footer, Screen))


def _done(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
