"""What the person wants to watch: asking for it, pausing it, giving it up."""

from __future__ import annotations

from textual.screen import Screen

from stomptui.broker.watch import Watch
from stomptui.ui.conversation import Conversation
from stomptui.ui.screens.subscribe import SubscribeRequest, SubscribeScreen

MODES = {
    "look": "look: nothing is acknowledged, everything stays in the queue",
    "live": "live: what is published from now on",
    "consume": "consume: every message shown is taken out of the queue",
}


class Watching:
    """Between the list of subscriptions, the form for a new one, and the link.

    Args:
        screen: Where the form is shown.
        talk: Whose subscriptions they are.
    """

    def __init__(self, screen: Screen[None], talk: Conversation) -> None:
        self._screen = screen
        self._talk = talk

    def ask(self) -> None:
        """Show the form; what it is answered with is subscribed to."""
        talk = self._talk
        form = SubscribeScreen(
            modes=self._modes,
            hints=self._hints,
            version=talk.version,
            destinations=talk.seen(),
            known_headers=talk.dialect.known_headers("SUBSCRIBE"),
        )
        self._screen.app.push_screen(form, self._add)

    def _modes(self, destination: str) -> list[tuple[str, str]]:
        queue = not destination or self._talk.dialect.is_queue(destination)
        return [(mode, MODES[mode]) for mode in (("look", "consume") if queue else ("live",))]

    def _hints(self, destination: str, mode: str) -> list[str]:
        dialect = self._talk.dialect
        return [hint.text for hint in dialect.subscribe_hints(destination, dialect.reading(mode).ack)]

    def _add(self, request: SubscribeRequest | None) -> None:
        if request is not None and self._talk.link is not None:
            watch = Watch(
                request.destination,
                mode=request.mode,
                prefetch=request.prefetch,
                selector=request.selector,
                headers=request.headers,
            )
            self._talk.link.add(watch)

    def get(self, key: int) -> Watch | None:
        return self._talk.link.get(key) if self._talk.link else None

    def pause_or_resume(self, key: int) -> None:
        """Pause what is on; resume what is paused, refused or off."""
        link, watch = self._talk.link, self.get(key)
        if link is None or watch is None:
            return
        if watch.paused or watch.state == "refused":
            link.resume(key)
        else:
            link.pause(key)

    def remove(self, key: int) -> None:
        if self._talk.link is not None:
            self._talk.link.remove(key)
