"""Headers of SEND on CoilMQ."""

from __future__ import annotations

from stomptui.connection.dialect.header_rules import Effect, HeaderRules, Setting, Verdict, cannot


class CoilMQRules(HeaderRules):
    """Of CoilMQ."""

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if ":" in name + value:
            return cannot(Effect.CLOSED, "CoilMQ breaks on a colon in a header")
        return super().verdict(name, value, setting)
