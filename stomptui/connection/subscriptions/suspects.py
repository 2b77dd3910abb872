"""Which subscription ended the session, where the server does not name it.

Spring, and others, answer a SUBSCRIBE that is not allowed with an ERROR that names no frame, and close. Restored with
the others it would end each session anew, so what may have ended one is restored in parts: a part that the session
outlives is innocent, and a single subscription that it does not outlive is left to the person.

An ERROR that names a subscription is believed: at once if that was not answered before, else the second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stomptui.connection.ending import Ending, SentFrame
from stomptui.connection.events import Lost
from stomptui.connection.short_sessions import SHORT
from stomptui.connection.subscriptions.late_culprits import LateCulprits
from stomptui.connection.subscriptions.subscription import WantedSubscription

PATIENCE = 2.0
"""Seconds after which a frame counts as one that did not end the session."""
LONGEST_PATIENCE = 16.0
"""What that becomes with a server that takes longer to answer."""
_HARMLESS = ("UNSUBSCRIBE", "DISCONNECT")
CULPRIT = "the server ended the session right after it was asked for; it may not be allowed"
BY_NAME = "the server ended the session and named it"
BY_ACK = "the server ended the session twice when its messages were acknowledged"


class Suspects:
    """Finds out which of the wanted subscriptions ends the session.

    Args:
        clock: Returns seconds that never go back.
        subscribe: Subscribes to one of them.
        leave: Called with one that is not to be restored, and why.
        tell: Takes what happens to them, for the person.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        subscribe: Callable[[WantedSubscription], None],
        leave: Callable[[WantedSubscription, str], None],
        tell: Callable[[str], object] = lambda text: None,
    ) -> None:
        self._clock = clock
        self._subscribe = subscribe
        self._leave = leave
        self._patience = PATIENCE
        self._part: list[WantedSubscription] = []
        """Those on trial now."""
        self._size = 1
        """How many are tried at once next."""
        self._late = LateCulprits(clock, subscribe, leave, tell)

    def begin(self, wanted: Sequence[WantedSubscription]) -> None:
        """A session has begun, and what nobody suspects was subscribed to: that is to be outlived first."""
        self._part = [each for each in wanted if each.wire_id]
        self._late.begin()
        self.follow(wanted)

    def follow(self, wanted: Sequence[WantedSubscription]) -> None:
        """Go on once the session has outlived the part on trial; called now and then, and after each answer."""
        if not any(each.suspected for each in wanted):
            self._late.stop()
            return
        if self._late.active:
            self._late.follow(wanted)
            return
        now = self._clock()
        waiting = [each for each in self._part if each.wire_id and not each.proven]
        if any(now - each.asked_at <= self._patience for each in waiting):
            return
        for subscription in self._part:
            if subscription.wire_id:
                subscription.suspected = False
        self._try_next(wanted)

    def _try_next(self, wanted: Sequence[WantedSubscription]) -> None:
        suspected = [each for each in wanted if each.suspected and each.state == "off"]
        self._part = suspected[: self._size]
        for subscription in self._part:
            self._subscribe(subscription)

    def session_over(self, lost: Lost, wanted: Sequence[WantedSubscription]) -> bool:
        """Find out which of them may have ended the session, before they forget their ids.

        Returns:
            Whether more is known now, so that the next session can go better.
        """
        self._part = []
        ids = {each.wire_id for each in wanted}
        others = [
            frame
            for frame in lost.unanswered
            if frame.age <= self._patience and frame.command not in _HARMLESS and frame.subscription not in ids
        ]
        if self._blame_named(lost, wanted):
            return True
        explained = bool(others) or (not self._late.active and self._has_candidates(lost, wanted))
        late = self._late.session_over(lost, wanted, explained)
        if late or self._late.active or lost.ending not in (Ending.REFUSED, Ending.UNEXPLAINED):
            return late
        return self._suspect(lost, wanted, others)

    def _asked(self, lost: Lost, wanted: Sequence[WantedSubscription]) -> dict[str, float]:
        """Seconds before the end when each of those without an answer was asked for, by id."""
        unproven = {each.wire_id for each in wanted if not each.proven}
        return {
            frame.subscription: frame.age
            for frame in lost.unanswered
            if frame.command == "SUBSCRIBE" and frame.subscription in unproven
        }

    def _has_candidates(self, lost: Lost, wanted: Sequence[WantedSubscription]) -> bool:
        return any(age <= self._patience for age in self._asked(lost, wanted).values())

    def _suspect(self, lost: Lost, wanted: Sequence[WantedSubscription], others: Sequence[SentFrame]) -> bool:
        words = lost.server_text or lost.reason
        sent = self._asked(lost, wanted)
        asked = [each for each in wanted if each.wire_id in sent]
        candidates = [each for each in asked if sent[each.wire_id] <= self._patience]
        if not candidates:
            if asked and lost.ending is Ending.REFUSED:
                self._patience = min(2 * self._patience, LONGEST_PATIENCE)
            return self._blame_acks(lost, words, wanted)
        if len(candidates) == 1 and not others and (lost.ending is Ending.REFUSED or candidates[0].suspected):
            self._blame(candidates[0], f"{CULPRIT}: {words}")
            return True
        self._size = max(1, len(candidates) // 2)
        for subscription in candidates:
            subscription.suspected = True
        return lost.ending is Ending.REFUSED

    def _blame_named(self, lost: Lost, wanted: Sequence[WantedSubscription]) -> bool:
        """Believe an ERROR that names a subscription, by its id or destination, and no message sent there."""
        if lost.ending not in (Ending.REFUSED, Ending.LOGGED_OUT) or not lost.server_text:
            return False
        active = [each for each in wanted if each.wire_id]
        named = [each for each in active if names(lost.server_text, each.wire_id)]
        if not named:
            sent = {frame.destination for frame in lost.unanswered if frame.command not in ("SUBSCRIBE", *_HARMLESS)}
            named = [
                each for each in active if each.destination not in sent and names(lost.server_text, each.destination)
            ]
        for subscription in named:
            # One that has worked may be named once for a reason that passes, as a queue that is moved.
            soon = self._clock() - subscription.asked_at < SHORT
            subscription.ended_by_name = subscription.ended_by_name + 1 if soon else 1
            if subscription.proven and subscription.ended_by_name < 2:
                subscription.suspected = True
            else:
                subscription.ended_by_name = 0
                self._blame(subscription, f"{BY_NAME}: {lost.server_text}")
        return bool(named)

    def _blame_acks(self, lost: Lost, words: str, wanted: Sequence[WantedSubscription]) -> bool:
        """Blame a subscription whose messages are acknowledged all by themselves, once that has ended two sessions."""
        acks = [frame for frame in lost.unanswered if frame.command == "ACK"]
        if not acks or lost.ending is not Ending.REFUSED:
            return False
        acknowledging = [each for each in wanted if each.received and each.reading and each.reading.acknowledges]
        if len(acknowledging) != 1:
            return False
        subscription = acknowledging[0]
        # An ACK that the session outlived was taken.
        subscription.ended_by_acks = (
            1 if max(ack.age for ack in acks) > self._patience else subscription.ended_by_acks + 1
        )
        if subscription.ended_by_acks < 2:
            return False
        subscription.ended_by_acks = 0
        self._blame(subscription, f"{BY_ACK}: {words}")
        return True

    def _blame(self, subscription: WantedSubscription, why: str) -> None:
        subscription.suspected = False
        self._leave(subscription, why)


def names(text: str, name: str) -> bool:
    """Whether a text of the server has that name in it, and not only as a part of another one."""
    return bool(re.search(rf"(?<![\w/.*>-]){re.escape(name)}(?![\w/*>-]|\.[\w*>])", text))
