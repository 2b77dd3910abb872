"""Headers of SEND on go-stomp."""

from __future__ import annotations

from stomptui.connection.dialect.header_rules import Effect, HeaderRules, Setting, Verdict, left_out


class GoStompRules(HeaderRules):
    """Of go-stomp, which passes on what is sent, but for what it numbers messages with."""

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if name == "id":
            return left_out(Effect.CHANGED, "go-stomp puts a number of its own there", "is replaced by a number")
        return super().verdict(name, value, setting)
