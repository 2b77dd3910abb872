"""Headers of SEND on Artemis, as found out by a raw socket on 2.56."""

from __future__ import annotations

from stomptui.brokers.jms import header_rules
from stomptui.connection.dialect.header_rules import (
    DELIVERY,
    KEEP,
    LONG,
    Effect,
    HeaderRules,
    Setting,
    Verdict,
    Way,
    cannot,
    java_number,
    left_out,
)

_DELAYS = {
    "AMQ_SCHEDULED_DELAY": "a number of milliseconds",
    "AMQ_SCHEDULED_TIME": "a time in milliseconds since 1970",
}
_ECHOED = frozenset(("ack", "message-id", "redelivered", "subscription"))
"""Headers of a sender that stand beside the broker's own."""
_SHOWN_AS = {"JMSReplyTo": "reply-to", "JMSCorrelationID": "correlation-id", "JMSType": "type"}
"""Headers of JMS that readers get by the names STOMP has for them; all others are plain headers to Artemis."""
_ROUTING = "_AMQ_ROUTE_TO"
_INTERNAL = "it is for the broker's own use, which refuses it"
REFUSES = "anything else is refused"


class ArtemisRules(HeaderRules):
    """Of Artemis. What it refuses over STOMP 1.2 ends the connection, over 1.1 it does not."""

    keeps_repeats = False

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        return header_rules.in_utf8(name, value, lambda name, value: self._verdict(name, value, setting))

    def _verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        if setting.version == "1.1" and ("\r" in name or "\r" in value):
            return left_out(Effect.CLOSED, "STOMP 1.1 has no carriage return")
        if name == "priority":
            return header_rules.priority(name, value, "Artemis", True, "Artemis refuses it")
        if name == "expires":
            return _expires(value, setting)
        if name == "persistent":
            return header_rules.persistent(value, exact=False)
        if name in _DELAYS:
            number = java_number(value, LONG)
            if number is None:
                what = _DELAYS[name]
                return cannot(Effect.REFUSED, f"Artemis takes {what}", f"{name} is {what}; {REFUSES}")
            return Verdict(effect=Effect.DROPPED)
        if name == "_AMQ_GROUP_ID":
            # What MESSAGE has under a name that is no group to SEND.
            return Verdict(line=("JMSXGroupID", value))
        if name == "_AMQ_INGRESS_TIMESTAMP" and java_number(value, LONG) is None:
            told = "Artemis confirms the message and never delivers it"
            return cannot(Effect.LOST, "Artemis takes a time in milliseconds since 1970", told)
        if name == "destination-type" and value.upper() not in ("ANYCAST", "MULTICAST"):
            return left_out(
                Effect.REFUSED, "Artemis takes ANYCAST or MULTICAST", "ANYCAST or MULTICAST; Artemis refuses it"
            )
        if name in _SHOWN_AS:
            stomp = _SHOWN_AS[name]
            told = f"readers get it as {stomp}"
            return Verdict(Way.CHANGED, Effect.CHANGED, told, (stomp, value), told)
        if name.startswith(_ROUTING):
            return left_out(Effect.REFUSED if name == _ROUTING else Effect.DROPPED, _INTERNAL, _INTERNAL)
        return _OTHERS.get(name) or (DELIVERY.get(name, KEEP) if name not in _ECHOED else KEEP)


def _expires(value: str, setting: Setting) -> Verdict:
    number = java_number(value)
    if number is not None and number < 0:
        return left_out(Effect.LOST, "that time is past", "that time is past")
    # Artemis says 0 of each message that does not end.
    never = number == 0
    return (
        Verdict(Way.LEFT_OUT, Effect.KEPT)
        if never
        else header_rules.expires("expires", value, "Artemis", setting, REFUSES)
    )


_OTHERS = {
    "JMSXGroupID": Verdict(effect=Effect.CHANGED),
    "transaction": left_out(
        Effect.LOST,
        "it names a transaction that is not there",
        "Artemis confirms and drops what names a transaction that BEGIN has not begun",
    ),
    "_AMQ_DUPL_ID": Verdict(
        Way.LEFT_OUT,
        Effect.LOST,
        # The queue it goes to may have seen that id.
        "Artemis drops a second message with the same id, and confirms it",
        advice="Artemis drops a second message with the same id, and confirms it",
    ),
    "_AMQ_BRIDGE_DUP": left_out(Effect.REFUSED, _INTERNAL, _INTERNAL),
    "_AMQ_ROUTING_TYPE": left_out(Effect.REFUSED, "it is the broker's own", _INTERNAL),
    "ttl": KEEP._replace(advice="Artemis ignores ttl; expires is a time in milliseconds since 1970"),
}
