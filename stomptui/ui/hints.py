"""Which keys the footer shows where, the ones that matter most first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol, runtime_checkable

from stomptui.ui.keymap.place import Place

MOST = 8
"""Hints of a footer at most, with the way to all keys among them."""
TRY = ("connect.try_tcp", "connect.try_tls", "connect.try_ws", "connect.try_wss")
LEAVE_FORM = ("connect.back", "connect.quit")
CONSOLE = (
    "console.peek",
    "console.queues",
    "console.subscribe",
    "console.compose",
    "console.filter",
    "log.pause",
    "console.resend",
    "console.quit",
)
HINTS: Mapping[tuple[Place, ...], tuple[str, ...]] = {
    (Place.PEEK, Place.MESSAGE): (
        "queue.hold_longer",
        "detail.next_hit",
        "detail.previous_hit",
        "detail.end_find",
        "detail.copy",
        "detail.find",
        "act.retry",
        "act.move",
        "act.delete",
        "queue.back",
        "detail.save",
        "queue.resend",
    ),
    (Place.PEEK_LIST,): (
        "queue.hold_longer",
        "log.select",
        "act.retry",
        "act.move",
        "act.delete",
        "queue.mark",
        "queue.back",
        "queue.filter",
        "queue.refresh",
    ),
    (Place.PEEK,): ("queue.hold_longer", "queue.back", "queue.filter", "queue.refresh", "queue.return_all"),
    (Place.QUEUE_LIST,): (
        "queues.peek",
        "queues.subscribe",
        "queues.send",
        "queues.retry",
        "queues.filter",
        "queues.back",
        "queues.drain",
    ),
    (Place.FIND,): ("find.close",),
    (Place.CONSOLE, Place.MESSAGE): (
        "console.reconnect",
        "detail.next_hit",
        "detail.previous_hit",
        "detail.end_find",
        "act.ack",
        "act.reject",
        "detail.copy",
        "detail.find",
        "console.back",
        "console.resend",
        "detail.save",
        "detail.right",
        "detail.wrap",
        "detail.fold",
    ),
    (Place.SUBSCRIPTIONS,): (
        "console.reconnect",
        "console.stop",
        "subscription.again",
        "subscription.pause",
        "subscription.remove",
        "console.subscribe",
        "console.peek",
        "console.queues",
        "console.compose",
        "console.back",
    ),
    (Place.LOG,): (
        "console.reconnect",
        "console.stop",
        "log.select",
        "act.ack",
        "act.reject",
        "log.follow",
        "log.last_error",
        *CONSOLE,
    ),
    (Place.CONNECT, Place.HEADER_SWITCH): (
        "connect.cancel",
        *TRY,
        "connect.connect",
        "header.switch-here",
        "header.add",
        "header.remove",
        *LEAVE_FORM,
    ),
    (Place.CONNECT, Place.HEADERS): (
        "connect.cancel",
        *TRY,
        "connect.connect",
        "header.add",
        "header.remove",
        "header.switch",
        *LEAVE_FORM,
    ),
    (Place.HEADER_SWITCH,): (
        "compose.send",
        "header.switch-here",
        "header.add",
        "header.remove",
        "compose.next_tab",
        "console.back",
    ),
    (Place.HEADERS,): (
        "compose.send",
        "header.add",
        "header.remove",
        "header.switch",
        "compose.more",
        "compose.next_tab",
        "compose.history",
        "console.back",
    ),
    (Place.BODY_FILE,): (
        "compose.send",
        "compose.drop-body",
        "compose.file",
        "compose.more",
        "compose.next_tab",
        "console.back",
    ),
    (Place.BODY_PATH,): ("compose.leave-path", "compose.send", "compose.next_tab"),
    (Place.COMPOSE,): (
        "compose.send",
        "compose.more",
        "compose.next_tab",
        "compose.history",
        "compose.file",
        "compose.format",
        "console.back",
        "compose.new",
    ),
    (Place.RAW,): ("raw.send", "raw.back"),
    (Place.CHECK,): ("check.thorough", "check.keep", "check.again", "check.copy", "check.find", "check.back"),
    (Place.COMPARE,): ("compare.all", "compare.swap", "compare.copy", "compare.back"),
    (Place.CONSOLE,): ("console.reconnect", "console.stop", "console.back", *CONSOLE),
    (Place.PROFILES,): (
        "connect.cancel",
        *TRY,
        "connect.connect",
        "profiles.rename",
        "profiles.duplicate",
        "profiles.delete",
        "profiles.new",
        *LEAVE_FORM,
        "connect.demo",
    ),
    (Place.CONNECT,): (
        "connect.cancel",
        *TRY,
        "connect.connect",
        "connect.test",
        "connect.save",
        "connect.demo",
        *LEAVE_FORM,
        "connect.reveal",
    ),
}
"""Ids of keys by the places that the focus must be in: the first of them that fits decides."""


@runtime_checkable
class JudgesHints(Protocol):
    """A screen that knows of some keys whether they are of use now, though they do something at any time."""

    def is_hint_useful(self, id: str) -> bool:
        """Whether the footer should show the key of that id."""


def hints(places: Collection[Place]) -> tuple[str, ...]:
    """The ids of the keys to show where the focus is, the most important first.

    Args:
        places: All places of the widget that has the focus and of what it is in.
    """
    return next((ids for wanted, ids in HINTS.items() if set(wanted) <= set(places)), ())
