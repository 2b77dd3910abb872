"""Who answers, which versions it speaks, and heart-beats (STOMP 1.2, "Connecting" and "Heart-beating")."""

from __future__ import annotations

import time

from stomptui.application.check.answers import Answer, Verdict, no, not_asked, yes
from stomptui.application.check.context import CheckContext, NoConnected
from stomptui.application.check.question import Question, Section
from stomptui.connection.session import ANONYMOUS
from stomptui.protocol.codec import VERSIONS

ASKED_BEAT = 1000
"""Milliseconds between heart-beats that are asked for."""
LONGEST_BEAT = 5000
"""Milliseconds; longer ones are not waited for."""


def name(context: CheckContext) -> Answer:
    session = context.open()
    connected = session.connected.frame
    session.close()
    dialect = context.dialect
    user = connected.get("user-name") or (ANONYMOUS if dialect.names_users else "")
    you = f"you are {user}" if user else ""
    taken = "" if dialect.name == "unknown" else f"recognised as {dialect.title}"
    if server := connected.get("server"):
        others = "; ".join(filter(None, (taken, you)))
        return yes(f"{server}{f' ({others})' if others else ''}", value=server)
    taken = f"{taken} by other signs" if taken else "CONNECTED has no server header"
    return no("; ".join(filter(None, (taken, you))))


def version(context: CheckContext, wanted: str) -> Answer:
    try:
        session = context.open(versions=(wanted,))
    except NoConnected as error:
        if error.server_text:
            return no(server_text=error.server_text.splitlines()[0])
        if "speaks STOMP" in str(error):
            return no(str(error))
        return Answer(Verdict.NO_ANSWER, str(error))
    session.close()
    return yes()


def beats_given(context: CheckContext) -> Answer:
    asked = f"{ASKED_BEAT},{ASKED_BEAT}"
    session = context.open(heart_beat=(ASKED_BEAT, ASKED_BEAT))
    # At once: what was promised is not sent.
    session.close()
    given = session.connected.frame.get("heart-beat")
    if given is None:
        return no(f"asked {asked}: CONNECTED has no heart-beat header")
    words = f"asked for {asked} ms, given {given}"
    return no(words, given) if given.replace(" ", "") == "0,0" else yes(words, given)


def beats_come(context: CheckContext) -> Answer:
    session = context.open(heart_beat=(0, ASKED_BEAT))
    every = session.connected.heart_beat[1]
    if not every:
        session.close()
        return no("it sends none")
    if every > LONGEST_BEAT:
        session.close()
        return not_asked(f"one comes every {every / 1000:g} s, which is too long to wait for")
    # The frames of the start have come: what comes now are heart-beats.
    session.still_there(0.2)
    began, before = time.monotonic(), session.client.session.bytes_in
    # Some servers send the first one after twice the time.
    while session.client.session.bytes_in == before and time.monotonic() - began < every * 2.5 / 1000:
        session.still_there(0.05)
    after = time.monotonic() - began
    came = session.client.session.bytes_in != before
    session.close()
    if not came:
        return no(f"every {every} ms was agreed, and none came for {after:.1f} s")
    return yes(f"every {every} ms was agreed; one came after {after:.1f} s", every)


def _version_question(wanted: str) -> Question:
    return Question(
        f"version-{wanted}",
        Section.CONNECTING,
        f"STOMP {wanted}",
        f"CONNECT with accept-version:{wanted} alone",
        lambda context: version(context, wanted),
        connects_only=True,
    )


QUESTIONS = (
    Question(
        "name",
        Section.CONNECTING,
        "says its name",
        "the server header of CONNECTED",
        name,
        connects_only=True,
    ),
    *(_version_question(each) for each in VERSIONS),
    Question(
        "heart-beat-given",
        Section.CONNECTING,
        "agrees on heart-beats",
        f"CONNECT with heart-beat:{ASKED_BEAT},{ASKED_BEAT}",
        beats_given,
        connects_only=True,
    ),
    Question(
        "heart-beat-comes",
        Section.CONNECTING,
        "sends heart-beats",
        f"CONNECT with heart-beat:0,{ASKED_BEAT}, and waiting",
        beats_come,
        connects_only=True,
    ),
)
