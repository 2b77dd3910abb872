"""A subscription that ends each session some seconds after it was asked for, with or without an answer before.

Nothing points at it but the time: several sessions in a row with the same subscriptions end after about as long. The
next session has to last longer than that without any of them, and then with one part of them after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stomptui.connection.ending import Ending
from stomptui.connection.events import Lost
from stomptui.connection.short_sessions import SHORT, ShortSessions
from stomptui.connection.subscriptions.subscription import WantedSubscription

ENOUGH = 3
"""Sessions in a row that must have ended alike."""
MARGIN = 1.0
"""Seconds that a part is tried at least beyond the time after which the sessions ended."""
CULPRIT = "the server ended one session after another some seconds after it was asked for"


class LateCulprits:
    """Finds such a subscription.

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
        tell: Callable[[str], object],
    ) -> None:
        self._clock = clock
        self._subscribe = subscribe
        self._leave = leave
        self._tell = tell
        self._sessions = ShortSessions()
        self._began = clock()
        self._patience = 0.0
        """Seconds that a part is tried; 0 while nothing is."""
        self._tried_at = 0.0
        self._part: list[WantedSubscription] = []
        """Those on trial now; none while the session has to last without them."""
        self._size = 1
        self._innocent = False
        """Whether sessions end as soon without subscriptions."""

    @property
    def active(self) -> bool:
        """Whether subscriptions are being tried."""
        return self._patience > 0

    def begin(self) -> None:
        """A session has begun, with those that nobody suspects."""
        self._began = self._tried_at = self._clock()
        self._part = []

    def stop(self) -> None:
        """Nothing is suspected any more."""
        self._patience = 0.0

    def follow(self, wanted: Sequence[WantedSubscription]) -> None:
        """Try the next part once the session has lasted long enough with the one before."""
        now = self._clock()
        if now - self._tried_at <= self._patience:
            return
        for subscription in self._part:
            if subscription.wire_id:
                subscription.suspected = False
        self._part = [each for each in wanted if each.suspected and each.state == "off"][: self._size]
        self._tried_at = now
        if not self._part:
            self._patience = 0.0
            for subscription in wanted:
                subscription.suspected = False
        for subscription in self._part:
            self._subscribe(subscription)

    def session_over(self, lost: Lost, wanted: Sequence[WantedSubscription], explained: bool) -> bool:
        """Count the session, or conclude from its end; before the subscriptions forget their ids.

        Args:
            lost: How it ended.
            wanted: All wanted subscriptions.
            explained: Whether something else may have ended it.

        Returns:
            Whether more is known now, so that the next session can go better.
        """
        now = self._clock()
        lasted = now - self._began
        if lasted >= SHORT:
            self._innocent = False
        if explained or lost.ending not in (Ending.REFUSED, Ending.UNEXPLAINED):
            self._sessions.forget()
            return False
        if self.active:
            return self._conclude(lost, wanted)
        restored = [each for each in wanted if each.wire_id]
        if self._innocent or not restored:
            return False
        if self._sessions.ended(lasted, frozenset(each.key for each in restored)) < ENOUGH:
            return False
        self._patience = 1.5 * self._sessions.longest + MARGIN
        self._size = max(1, len(restored) // 2)
        for subscription in restored:
            subscription.suspected = True
        self._tell(
            f"{ENOUGH} sessions in a row have ended within {max(1, round(self._sessions.longest))} s: subscriptions "
            f"are restored in parts, {self._patience:.0f} s apart, to find out which one it is"
        )
        self._sessions.forget()
        return True

    def _conclude(self, lost: Lost, wanted: Sequence[WantedSubscription]) -> bool:
        part = [each for each in self._part if each.wire_id]
        if len(part) == 1:
            part[0].suspected = False
            self._leave(part[0], f"{CULPRIT}: {lost.server_text or lost.reason}")
            return True
        if part:
            self._size = len(part) // 2
            return True
        # It ended as soon without those on trial, so that they are innocent.
        self._patience = 0.0
        self._innocent = not any(each.wire_id for each in wanted)
        for subscription in wanted:
            subscription.suspected = False
        self._tell("the session ended without them as well: all subscriptions are restored together again")
        return False
