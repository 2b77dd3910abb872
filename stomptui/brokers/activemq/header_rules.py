"""Headers of SEND on ActiveMQ Classic, as found out by a raw socket on 5.17 and 6.3."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stomptui.brokers.jms import header_rules as jms
from stomptui.connection.dialect.header_rules import (
    DELIVERY,
    INT,
    KEEP,
    LONG,
    Effect,
    HeaderRules,
    Scheduled,
    Setting,
    Verdict,
    Way,
    cannot,
    changed,
    java_number,
    left_out,
    shortened,
    spelled,
)
from stomptui.protocol.escapes import escape
from stomptui.protocol.numbers import whole_number

LINE = 10 << 10
"""Bytes of a header line as it is on the wire that ActiveMQ takes for sure."""
CLOSES = "anything else closes the connection without a word"
_NUMBERS: dict[str, tuple[tuple[int, int], str]] = {
    "timestamp": (LONG, "a time in milliseconds since 1970"),
    "JMSTimestamp": (LONG, "a time in milliseconds since 1970"),
    "JMSXGroupSeq": (INT, "a whole number"),
    "AMQ_SCHEDULED_DELAY": ((0, LONG[1]), "a number of milliseconds"),
    "AMQ_SCHEDULED_PERIOD": ((0, LONG[1]), "a number of milliseconds"),
    "AMQ_SCHEDULED_REPEAT": ((0, INT[1]), "a whole number"),
}
CRON, DELAY, PERIOD, REPEAT = (f"AMQ_SCHEDULED_{what}" for what in ("CRON", "DELAY", "PERIOD", "REPEAT"))
_CRON_PART = r"(\*|\d{1,2}(-\d{1,2})?)(/[1-9]\d?)?"
_CRON = re.compile(rf" *{_CRON_PART}(,{_CRON_PART})*( +{_CRON_PART}(,{_CRON_PART})*){{4}} *")
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""Of minutes, hours, days, months and days of the week."""
_NO_NAME = re.compile(r"(/queue/|/topic/|/remote-temp-queue/|/remote-temp-topic/)\s*")
_NO_JMS_NAME = re.compile(r"\s*|(queue|topic|temp-queue|temp-topic)://\s*")
_DESTINATIONS = ("/queue/", "/topic/", "/remote-temp-queue/", "/remote-temp-topic/")
_MODES = frozenset(("PERSISTENT", "NON_PERSISTENT"))
PERSISTENT = 2
"""javax.jms.DeliveryMode.PERSISTENT."""
_SHOWN_AS = "readers get it by the name that STOMP has for it"


class ActiveMQRules(HeaderRules):
    """Of ActiveMQ Classic."""

    keeps_repeats = False
    schedules = True

    def verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        return jms.in_utf8(name, value, lambda name, value: self._verdict(name, value, setting))

    def schedule(self, headers: Sequence[tuple[str, str]]) -> list[Scheduled]:
        first = dict(reversed(headers))
        given = [name for name in (CRON, DELAY, PERIOD) if name in first]
        if not given:
            # To repeat it alone says nothing.
            return []
        found = []
        number = java_number(first.get(REPEAT, ""), _NUMBERS[REPEAT][0]) or 0
        times = f"{number + 1:,} times"
        for name in given:
            if name == CRON:
                each = f", {times} each" if number else ""
                told = (
                    f"ActiveMQ delivers it at each time that says{each}, without end, and it is in no queue until then"
                )
                found.append(Scheduled(name, told, True))
            elif java_number(first[name]) != 0:
                told = "ActiveMQ delivers it at that time, and it is in no queue until then"
                if name == PERIOD and (number or CRON in first):
                    told = "ActiveMQ delivers it again after so many milliseconds"
                found.append(Scheduled(name, told, False))
        if number and CRON not in first:
            found.append(Scheduled(REPEAT, f"ActiveMQ delivers it {times}, as so many messages", True))
        return found

    def _verdict(self, name: str, value: str, setting: Setting) -> Verdict:
        size = len(name) + len(value)
        if size > LINE // 4:
            size = len(f"{escape(name, '1.2')}:{escape(value, '1.2')}".encode("utf-8", "surrogatepass"))
        if size > LINE:
            told = f"a line of {size:,} bytes, ActiveMQ takes {LINE:,}"
            why = f"its header {shortened(name)} is too large to be sent: {told}"
            return cannot(Effect.CLOSED, told, f"{told}: the connection would end", why)
        judge = _JUDGES.get(name)
        if judge is not None:
            return judge(name, value, setting)
        if name in _NUMBERS:
            return _whole_number(name, value)
        return _OTHERS.get(name) or DELIVERY.get(name, KEEP)


def _whole_number(name: str, value: str) -> Verdict:
    bounds, what = _NUMBERS[name]
    number = java_number(value, bounds)
    if number is None:
        return cannot(Effect.CLOSED, f"ActiveMQ takes {what}", f"{name} is {what}; {CLOSES}")
    if name == "AMQ_SCHEDULED_REPEAT" or name == "timestamp":
        return spelled(name, value, number)
    return Verdict(Way.AS_IS, Effect.CHANGED if name == "JMSTimestamp" else Effect.DROPPED)


def _cron(name: str, value: str, setting: Setting) -> Verdict:
    if _CRON.fullmatch(value) and all(map(_within, value.split(), _BOUNDS)):
        return KEEP
    return cannot(Effect.CLOSED, "ActiveMQ takes a cron line of five fields", f"{name} is a cron line; {CLOSES}")


def _within(part: str, bounds: tuple[int, int]) -> bool:
    for item in part.split(","):
        first, _, last = item.partition("/")[0].partition("-")
        found = [whole_number(end) for end in (first, last) if end.isdigit()]
        ends = [end for end in found if end is not None]
        if None in found or ends != sorted(ends) or any(not bounds[0] <= end <= bounds[1] for end in ends):
            return False
    return True


def _reply_to(name: str, value: str, setting: Setting) -> Verdict:
    if value.startswith(("/temp-queue/", "/temp-topic/")):
        return left_out(Effect.CHANGED, "it would mean a queue or topic of the connection that sends")
    if _NO_NAME.fullmatch(value):
        why = "ActiveMQ takes no destination without a name"
        return cannot(Effect.CLOSED, why, f"{why}: it closes the connection without a word")
    plain, options, _ = value.partition("?")
    if options and value.startswith(("/queue/", "/topic/")):
        if _NO_NAME.fullmatch(plain):
            return cannot(Effect.CLOSED, "ActiveMQ takes no destination without a name")
        return changed(Effect.CHANGED, name, plain, "ActiveMQ takes what follows a question mark for options")
    return KEEP


def _jms_reply_to(name: str, value: str, setting: Setting) -> Verdict:
    """A destination as JMS writes it; /queue/q would be the name of a queue."""
    if value.startswith(("temp-queue://", "temp-topic://", "/temp-queue/", "/temp-topic/")):
        return left_out(Effect.CHANGED, "a temporary destination ends with its connection")
    if _NO_JMS_NAME.fullmatch(value):
        return cannot(
            Effect.CLOSED, "ActiveMQ takes no destination without a name", f"{name} is a destination; {CLOSES}"
        )
    kind, _, plain = value.rpartition("://") if value.startswith(("queue://", "topic://")) else ("queue", "", value)
    named = value if value.startswith(_DESTINATIONS) else f"/{kind}/{plain}"
    told = "/queue/q would be taken for the name of a queue: write queue://q, or reply-to:/queue/q"
    verdict = _reply_to("reply-to", named, setting)
    if verdict.way is Way.CANNOT:
        return left_out(Effect.CHANGED, "it names no destination", told)
    if verdict.way is not Way.AS_IS:
        return verdict._replace(effect=Effect.CHANGED, advice=told)
    return changed(Effect.CHANGED, "reply-to", named, _SHOWN_AS, told if named == value else _SHOWN_AS)


def _mode(name: str, value: str, setting: Setting) -> Verdict:
    number = java_number(value, INT)
    if value.upper() in _MODES or number is not None:
        if value.upper() == "PERSISTENT" or number == PERSISTENT:
            return changed(Effect.DROPPED, "persistent", "true", "readers get it as persistent:true")
        # Without the header it says the same.
        told = "the message is lost when the broker restarts, whatever persistent says"
        return left_out(Effect.DROPPED, "a message without persistent is not kept over a restart anyway", told)
    return cannot(
        Effect.CLOSED, "ActiveMQ takes PERSISTENT or NON_PERSISTENT", f"{name} is PERSISTENT or not; {CLOSES}"
    )


def _kind(name: str, value: str, setting: Setting) -> Verdict:
    if value.lower() in ("text", "bytes"):
        return KEEP
    return cannot(Effect.REFUSED, "ActiveMQ takes text or bytes", "ActiveMQ refuses anything but text and bytes")


def _priority(name: str, value: str, setting: Setting) -> Verdict:
    return jms.priority(name, value, "ActiveMQ", False, "ActiveMQ closes the connection without a word")


def _expires(name: str, value: str, setting: Setting) -> Verdict:
    return jms.expires(name, value, "ActiveMQ", setting, CLOSES)


def _renamed(stomp: str, judge: Callable[[str, str, Setting], Verdict]) -> Callable[[str, str, Setting], Verdict]:
    """A header of JMS that readers get under the name STOMP has for it: it is sent by that."""

    def verdict(name: str, value: str, setting: Setting) -> Verdict:
        found = judge(stomp, value, setting)
        if found.way in (Way.LEFT_OUT, Way.CANNOT):
            return judge(name, value, setting)
        return found._replace(
            way=Way.CHANGED,
            effect=Effect.CHANGED,
            why=found.why or _SHOWN_AS,
            line=found.line or (stomp, value),
            advice=found.advice or f"readers get it as {stomp}",
        )

    return verdict


_JUDGES: dict[str, Callable[[str, str, Setting], Verdict]] = {
    "persistent": lambda name, value, setting: jms.persistent(value, exact=True),
    "priority": _priority,
    "JMSPriority": _renamed("priority", _priority),
    "expires": _expires,
    "JMSExpiration": _renamed("expires", _expires),
    "JMSTimestamp": _renamed("timestamp", lambda name, value, setting: _whole_number(name, value)),
    "JMSType": _renamed("type", lambda name, value, setting: KEEP),
    "JMSCorrelationID": _renamed("correlation-id", lambda name, value, setting: KEEP),
    "AMQ_SCHEDULED_CRON": _cron,
    "reply-to": _reply_to,
    "JMSReplyTo": _jms_reply_to,
    "JMSDeliveryMode": _mode,
    "amq-msg-type": _kind,
}
_HIDDEN = Verdict(Way.AS_IS, Effect.DROPPED)
"""What is taken, and not shown to readers over STOMP."""
_OTHERS = {
    "ack": KEEP,
    "JMSXGroupID": _HIDDEN,
    "transaction": left_out(Effect.REFUSED, "it names a transaction that is not there", "BEGIN has to begin it"),
    "JMSXDeliveryCount": left_out(
        Effect.CLOSED, "it would count deliveries that were none", "a number, which counts as so many deliveries"
    ),
    "JMSXUserID": left_out(Effect.DROPPED, "ActiveMQ says itself who sent a message"),
    "JMSRedelivered": left_out(Effect.DROPPED, "it is the broker's own"),
    "transformation": Verdict(Way.LEFT_OUT, Effect.KEPT, "it would change what is in the message", advice=""),
    **{
        name: KEEP._replace(advice=f"ActiveMQ does not act on {name}; expires is a time in milliseconds since 1970")
        for name in ("expiration", "ttl")
    },
}
