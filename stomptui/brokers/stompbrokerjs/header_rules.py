"""Headers of SEND on stomp-broker-js."""

from __future__ import annotations

from stomptui.connection.dialect.header_rules import Effect, HeaderRules, Setting, Verdict, cannot


class StompBrokerJsRules(HeaderRules):
    """Of stomp-broker-js, which passes headers on as they are on the wire, blanks around them cut off."""

    keeps_repeats = False

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if any(character in name + value for character in "\\\r\n:"):
            told = "arrives as it is written on the wire, with its escapes"
            return cannot(Effect.CHANGED, "stomp-broker-js does not take escapes back", told)
        return super().verdict(name, value, setting)
