"""Hints about frames for go-stomp while they are typed."""

from __future__ import annotations

from stomptui.connection.dialect.hints import HeaderLines, Hint, Hints


class GoStompHints(Hints):
    """Of go-stomp."""

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        hints = super().subscribe(destination, ack, selector, headers)
        if selector:
            hints.append(Hint("selector", "is ignored: everything comes"))
        return hints
