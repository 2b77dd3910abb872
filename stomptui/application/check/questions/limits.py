"""The largest frame, what is wrong on purpose, and how WebSocket messages are joined; all of it may end sessions."""

from __future__ import annotations

import time

from stomptui.application.check.answers import (
    Answer,
    CutShort,
    Ended,
    NotPossible,
    Refused,
    Silent,
    Verdict,
    no,
    not_asked,
    yes,
)
from stomptui.application.check.changes import as_sent
from stomptui.application.check.channel import Channel
from stomptui.application.check.context import CheckContext
from stomptui.application.check.question import Question, Section
from stomptui.application.check.questions.messages import MARK
from stomptui.application.check.summary import AT_LEAST
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame

SMALLEST, LARGEST = 1 << 10, 16 << 20
"""Bytes of the whole frames that are tried; larger ones are not."""
LONGEST_SEARCH = 60.0
"""Seconds for finding the limit to the byte."""
LARGE_WAIT = 10.0
"""Seconds for a large message to come back."""


def largest(context: CheckContext) -> Answer:
    """The largest frame that comes back, in bytes with its NUL."""
    joined = context.known.get("websocket-cut")
    cut = _message_size(context)
    most = LARGEST if not cut or (joined is not None and joined.verdict is Verdict.YES) else cut
    good, bad, said = 0, 0, ""
    size = SMALLEST
    while size <= most:
        if words := _refused(context, size):
            bad, said = size, words
            break
        good, size = size, size * 2
    if not bad:
        more = "" if most == LARGEST else ", which is one WebSocket message; larger ones would be cut"
        return yes(f"{AT_LEAST} {good:,} bytes{more}", good)
    if not good:
        return no(f"{bad:,} bytes do not come back", 0, said)
    # Most limits are a power of two.
    if words := _refused(context, good + 1):
        return _limit(good, words)
    good += 1
    until = time.monotonic() + LONGEST_SEARCH
    while bad - good > 1:
        if time.monotonic() > until:
            return Answer(Verdict.YES, f"{AT_LEAST} {good:,} bytes; {bad:,} do not come back", said, good)
        middle = (good + bad) // 2
        if words := _refused(context, middle):
            bad, said = middle, words
        else:
            good = middle
    return _limit(good, said)


def _message_size(context: CheckContext) -> int:
    """Bytes from which on a frame is cut into several WebSocket messages; 0 if none is."""
    if not context.connection.transport.websocket:
        return 0
    wanted = context.connection.ws_message_size
    return context.dialect.websocket_message if wanted is None else wanted


def _limit(good: int, words: str) -> Answer:
    return Answer(Verdict.YES, f"{good:,} bytes; one more does not come back", words, good)


def _refused(context: CheckContext, size: int) -> str:
    """Why a frame of that size does not come back, "" if it does."""
    channel = context.channel()
    room = _room(channel, size)
    body = context.mark.body(b"x" * room)[:room]
    data = encode("SEND", channel.send_headers([], body), body, channel.writer.version)
    try:
        channel.writer.send_raw(data)
        came = channel.next(max(context.wait, LARGE_WAIT))
    except NotPossible:
        raise
    except CutShort as error:
        context.leave_channel()
        return error.answer.text or "no message comes, and no word"
    if came.body_size != len(body):
        context.leave_channel()
        return f"{came.body_size:,} bytes of {len(body):,} come back"
    return ""


def _room(channel: Channel, size: int) -> int:
    """Bytes of the body with which the whole frame has that size."""
    empty = len(encode("SEND", channel.send_headers([], b""), b"", channel.writer.version)) - 1
    room = size - empty - len(str(size))
    return room if len(str(room)) == len(str(size)) else room + 1


def undefined_escape(context: CheckContext) -> Answer:
    channel = context.channel()
    version = channel.writer.version
    if version == "1.0":
        return not_asked("STOMP 1.0 has no escapes")
    sent = context.mark.body()
    data = encode("SEND", channel.send_headers([(MARK, "a-t-b")], sent), sent, version)
    channel.writer.send_raw(data.replace(b"a-t-b", rb"a\tb"))
    try:
        came = channel.next()
    except Refused as error:
        context.leave_channel()
        return Answer(Verdict.YES, server_text=error.answer.server_text)
    except (Silent, Ended):
        context.leave_channel()
        raise
    kept = rb"a\tb" in came.head or came.get(MARK) == r"a\tb"
    return no("it is kept as it is" if kept else f"it comes as {as_sent(came.get(MARK))}")


def unknown_command(context: CheckContext) -> Answer:
    session = context.session()
    session.send_raw(b"FOO\n\n\0")
    try:
        session.still_there(context.wait)
    except Refused as error:
        return Answer(Verdict.YES, server_text=error.answer.server_text)
    finally:
        session.close()
    return Answer(Verdict.NO_ANSWER, "the session stays")


def _two_sends(channel: Channel, first: bytes, second: bytes) -> tuple[bytes, bytes]:
    version = channel.writer.version
    one, two = (encode("SEND", channel.send_headers([], body), body, version) for body in (first, second))
    return one, two


def cut(context: CheckContext) -> Answer:
    """One frame in two WebSocket messages."""
    try:
        answer = _cut(context)
    except CutShort as error:
        answer = error.answer
    context.known["websocket-cut"] = answer
    return answer


def _cut(context: CheckContext) -> Answer:
    channel = context.channel()
    sent = context.mark.body(b"the first half and the second half")
    frame = encode("SEND", channel.send_headers([], sent), sent, channel.writer.version)
    middle = len(frame) - len(sent) // 2
    channel.writer.send_raw(frame[:middle])
    channel.writer.send_raw(frame[middle:])
    try:
        came = channel.next()
    except CutShort:
        context.leave_channel()
        raise
    if came.body == sent:
        return yes()
    context.leave_channel()
    return no(f"{len(came.body)} bytes of {len(sent)} come")


def together(context: CheckContext) -> Answer:
    """Two frames in one WebSocket message."""
    channel = context.channel()
    one, two = context.mark.body(b"one"), context.mark.body(b"two")
    channel.writer.send_raw(b"".join(_two_sends(channel, one, two)))
    came: list[Frame] = []
    try:
        came.append(channel.next())
    except CutShort:
        context.leave_channel()
        raise
    if (more := channel.reader.quiet_for(channel.subscription, context.wait / 2)) is not None:
        came.append(more)
    bodies = {frame.body for frame in came}
    if bodies == {one, two}:
        return yes()
    context.leave_channel()
    return no("one of them is lost")


_ENDS = "end a session of its own"
QUESTIONS = (
    Question(
        "undefined-escape",
        Section.LIMITS,
        "refuses an undefined escape",
        r"a header value with \t in it",
        undefined_escape,
        may=(_ENDS,),
    ),
    Question(
        "unknown-command",
        Section.LIMITS,
        "answers an unknown command",
        "a frame FOO",
        unknown_command,
        may=(_ENDS,),
    ),
    Question(
        "websocket-together",
        Section.WEBSOCKET,
        "reads two frames in a message",
        "two SEND frames in one WebSocket message",
        together,
        may=(_ENDS,),
        websocket=True,
    ),
    Question(
        "websocket-cut",
        Section.WEBSOCKET,
        "joins a frame cut in two",
        "one SEND frame cut into two WebSocket messages",
        cut,
        may=("end a server that does not join WebSocket messages",),
        websocket=True,
    ),
    Question(
        "largest-frame",
        Section.SIZE,
        "largest frame",
        f"frames up to {LARGEST >> 20} MiB, twice as large each time",
        largest,
        may=(f"send messages of up to {LARGEST >> 20} MiB to itself", _ENDS),
    ),
)
