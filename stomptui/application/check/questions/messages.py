"""What becomes of headers and bodies on their way (STOMP 1.2, "Value Encoding", "Repeated Header Entries", "Body")."""

from __future__ import annotations

import itertools
import time
from functools import partial

from stomptui.application.check.answers import Answer, Silent, no, yes
from stomptui.application.check.changes import as_sent, how_changed
from stomptui.application.check.channel import Channel
from stomptui.application.check.context import CheckContext
from stomptui.application.check.question import Question, Section
from stomptui.protocol.frame import Frame

MARK = "x-check"
"""The header that questions about headers use."""
MANY = 200
"""Messages whose order is looked at."""
MANY_WAITS = 5
"""How many times as long as one answer they all have together."""


def _echo(
    context: CheckContext, headers: list[tuple[str, str]], body: bytes | None = None, length: bool = True
) -> Frame:
    channel = context.channel()
    try:
        return channel.echo(headers, context.mark.body() if body is None else body, length)
    except Silent:
        # It may come late, and be taken for another one.
        context.leave_channel()
        raise


def own_messages(context: CheckContext) -> Answer:
    context.channel()
    if context.own_come_back:
        return yes()
    return no("only what other sessions send comes")


def message_order(context: CheckContext) -> Answer:
    channel = context.channel()
    for number in range(MANY):
        channel.send([], context.mark.body(b"%d" % number))
    came: list[int] = []
    until = time.monotonic() + context.wait * MANY_WAITS
    while len(came) < MANY:
        try:
            text = context.mark.text(channel.next(min(context.wait, max(0.0, until - time.monotonic()))).body)
        except Silent:
            context.leave_channel()
            return no(f"{len(came)} of {MANY} come")
        if text.isdigit():
            came.append(int(text))
    late = sum(after < before for before, after in itertools.pairwise(came))
    return no(f"{late} of {MANY} come before one that was sent earlier", late) if late else yes(f"of {MANY} messages")


def escape(context: CheckContext, character: str, escaped: str) -> Answer:
    value = f"a{character}b"
    frame = _echo(context, [(MARK, value)])
    came = frame.get(MARK)
    if came is None:
        return no(f"the header {MARK} is gone")
    if came != value:
        return no(f"sent as a{escaped}b, it came as {as_sent(came)}")
    wire = f"{MARK}:a{escaped}b".encode()
    return yes() if wire in frame.head else yes("it comes back as it is, unescaped")


def order(context: CheckContext) -> Answer:
    names = [f"{MARK}-{letter}" for letter in "bca"]
    frame = _echo(context, [(each, each[-1]) for each in names])
    came = [name for name, _ in frame.headers if name in names]
    if came == names:
        return yes(value="kept")
    if len(came) < len(names):
        return no("some of them are gone", "gone")
    ways = {"alphabetical": sorted(names), "reversed": names[::-1]}
    way = next((way for way, like in ways.items() if came == like), "another order")
    return no(way, way)


def repeats(context: CheckContext) -> Answer:
    values = ["first", "second", "third"]
    frame = _echo(context, [(MARK, value) for value in values])
    came = [value for name, value in frame.headers if name == MARK]
    if came == values:
        return yes("all, in their order", "all")
    if sorted(came) == sorted(values):
        return yes("all, in another order", "all")
    if len(came) == 1 and came[0] in values:
        which = "last" if came[0] == "third" else came[0]
        return no(f"only the {which} one", which)
    return no(f"{len(came)} of 3 come", "some")


def empty_value(context: CheckContext) -> Answer:
    came = _echo(context, [(MARK, "")]).get(MARK)
    if came is None:
        return no("the header is gone")
    return yes() if came == "" else no(f"it came as {as_sent(came)}")


def receipt_passed(context: CheckContext) -> Answer:
    channel = context.channel()
    id = channel.writer.next_id("passed")
    frame = _echo(context, [("receipt", id)])
    return yes("readers see the receipt header of a SEND") if frame.get("receipt") == id else no()


def body(context: CheckContext, sent: bytes, length: bool, kind: str = "") -> Answer:
    frame = _echo(context, [("content-type", kind)] if kind else [], sent, length)
    counted = frame.get("content-length")
    told = "" if counted is not None or not sent else "without content-length"
    if frame.body == sent:
        return yes(told)
    return no(f"{len(sent)} bytes sent, {len(frame.body)} came: {how_changed(sent, frame.body)}")


def content_length(context: CheckContext) -> Answer:
    sent = context.mark.body(b"counted")
    counted = _echo(context, [], sent).get("content-length")
    if counted is None:
        return no("also where SEND has one")
    return yes() if counted == str(len(sent)) else no(f"{len(sent)} bytes sent, it says {counted}")


def commit(context: CheckContext) -> Answer:
    channel = context.channel()
    transaction = _begin(channel)
    channel.send([("transaction", transaction)], context.mark.body(b"in a transaction"))
    if channel.reader.quiet_for(channel.subscription) is not None:
        channel.writer.send("COMMIT", [("transaction", transaction)])
        context.leave_channel()
        return no("the message comes at once, before COMMIT")
    channel.writer.send("COMMIT", [("transaction", transaction)])
    try:
        channel.next()
    except Silent:
        context.leave_channel()
        return no("after COMMIT no message comes")
    return yes()


def abort(context: CheckContext) -> Answer:
    channel = context.channel()
    transaction = _begin(channel)
    channel.send([("transaction", transaction)], context.mark.body(b"aborted"))
    channel.writer.send("ABORT", [("transaction", transaction)])
    channel.send([], context.mark.body(b"afterwards"))
    try:
        bodies = [channel.next().body]
    except Silent:
        context.leave_channel()
        raise
    # The order need not be kept.
    bodies += [frame.body for frame in channel.reader.messages(channel.subscription)]
    return no("what was aborted is delivered") if any(b"aborted" in each for each in bodies) else yes()


def _begin(channel: Channel) -> str:
    transaction = channel.writer.next_id("transaction")
    channel.writer.send("BEGIN", [("transaction", transaction)])
    return transaction


_ESCAPES = (
    ("colon", "a colon", ":", r"\c"),
    ("line-feed", "a line feed", "\n", r"\n"),
    ("backslash", "a backslash", "\\", r"\\"),
    ("carriage-return", "a carriage return", "\r", r"\r"),
)
_BODIES = (
    ("text", "keeps text", "text", b"plain text", True),
    ("text-uncounted", "keeps text without its length", "text without content-length", b"plain text", False),
    ("utf-8", "keeps UTF-8", "UTF-8", "h\u00e9llo \u2713 \U0001f600".encode(), True),
    ("empty", "keeps an empty body", "no bytes", b"", True),
    ("binary", "keeps any bytes, NUL too", "all 256 bytes", bytes(range(256)), True),
)

QUESTIONS = (
    Question(
        "own-messages",
        Section.MESSAGES,
        "a session gets its own SENDs",
        "SUBSCRIBE and SEND in one session",
        own_messages,
    ),
    Question(
        "message-order",
        Section.MESSAGES,
        "keeps the order of messages",
        f"{MANY} small messages, one behind the other",
        message_order,
    ),
    Question(
        "receipt-header-passed",
        Section.MESSAGES,
        "passes the receipt header on",
        "SEND with a receipt header, and reading the message",
        receipt_passed,
    ),
    *(
        Question(
            f"escape-{key}",
            Section.HEADERS,
            f"keeps {name}, {escaped}",
            f"a header value with {escaped} in it, sent and read",
            partial(escape, character=character, escaped=escaped),
        )
        for key, name, character, escaped in _ESCAPES
    ),
    Question("header-order", Section.HEADERS, "keeps the order of headers", "three headers b, c and a", order),
    Question("header-repeats", Section.HEADERS, "keeps repeated headers", "one header three times", repeats),
    Question("header-empty", Section.HEADERS, "keeps an empty value", "a header without a value", empty_value),
    *(
        Question(
            f"body-{key}",
            Section.BODIES,
            title,
            f"a body of {what}, sent and read",
            partial(body, sent=sent, length=length),
        )
        for key, title, what, sent, length in _BODIES
    ),
    Question(
        "body-octet-stream",
        Section.BODIES,
        "keeps any bytes, octet-stream",
        "all 256 bytes as application/octet-stream, sent and read",
        partial(body, sent=bytes(range(256)), length=True, kind="application/octet-stream"),
    ),
    Question(
        "content-length",
        Section.BODIES,
        "says content-length",
        "whether MESSAGE has the right one",
        content_length,
    ),
)
TRANSACTIONS = (
    Question("commit", Section.TRANSACTIONS, "COMMIT delivers", "BEGIN, SEND, COMMIT", commit),
    Question("abort", Section.TRANSACTIONS, "ABORT discards", "BEGIN, SEND, ABORT", abort),
)
