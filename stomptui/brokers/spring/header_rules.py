"""Headers of SEND on Spring's simple broker."""

from __future__ import annotations

from stomptui.connection.dialect.header_rules import KEEP, Effect, HeaderRules, Setting, Verdict, cannot


class SpringRules(HeaderRules):
    """Of Spring's simple broker."""

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if name == "content-type" and "/" not in value:
            told = "Spring ends the session for a content-type without a slash"
            return cannot(Effect.CLOSED, "Spring takes a type with a slash", told)
        if name == "message-id":
            return KEEP._replace(advice="replaces the server's own message-id")
        return super().verdict(name, value, setting)
