"""The form's texts and the connection they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import CONFIRMED, Connection, Tls, TransportKind
from stomptui.config.dialects import DIALECTS
from stomptui.config.environment import Environment, EnvironmentColour
from stomptui.config.form import Form
from stomptui.protocol.codec import VERSIONS

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PATH = TEXT.map(str.strip)
LINES = st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)
CONNECTIONS = st.builds(
    Connection,
    host=PATH.filter(lambda text: "," not in text),
    port=st.integers(0, 99999),
    vhost=TEXT,
    login=TEXT,
    passcode=TEXT,
    versions=st.lists(st.sampled_from(VERSIONS), unique=True).map(tuple),
    transport=st.sampled_from(TransportKind),
    tls=st.builds(Tls, PATH, PATH, PATH, TEXT, PATH, st.booleans()),
    heart_beat=st.tuples(st.integers(0, 86_400_000), st.integers(0, 86_400_000)),
    headers=LINES,
    ws_path=PATH,
    ws_headers=LINES,
    ws_basic=st.booleans(),
    ws_login=TEXT,
    ws_passcode=TEXT,
    proxy=PATH,
    frame_limit=st.none() | st.integers(0, 1 << 31),
    no_receipts=st.lists(st.sampled_from(CONFIRMED), unique=True).map(tuple),
    ws_message_size=st.none() | st.just(0) | st.integers(128, 1 << 30),
    timeout=st.floats(0.001, 3600),
    dialect=st.sampled_from(("", *DIALECTS)),
    management=PATH,
    environment=st.builds(Environment, st.sampled_from(EnvironmentColour), st.booleans(), st.booleans()),
)


@given(CONNECTIONS)
def test_a_form_says_the_connection_it_was_filled_with(connection: Connection) -> None:
    said, wrong = Form.of(connection).connection()
    assert said == connection
    assert bool(wrong) >= bool(connection.problems().keys() - {"ws_headers"})


@given(CONNECTIONS, st.text(max_size=12), st.booleans())
def test_no_url_does_more_than_fill_in_or_say_why(connection: Connection, text: str, pasted: bool) -> None:
    form = Form.of(connection)
    before = Form.of(connection)
    try:
        form.fill_from_url(text, pasted)
    except ValueError:
        assert form == before


@pytest.mark.parametrize(
    ("before", "after", "port", "send_host"),
    [
        (TransportKind.TCP, TransportKind.TLS, "61614", True),
        (TransportKind.TCP, TransportKind.WS, "80", False),
        (TransportKind.WS, TransportKind.TCP, "61613", True),
    ],
)
def test_another_transport_brings_its_usual_port(
    before: TransportKind, after: TransportKind, port: str, send_host: bool
) -> None:
    form = Form.of(Connection(transport=before, port=61613 if before is TransportKind.TCP else 80))
    form.send_host = not before.websocket
    form.transport = after
    form.transport_changed(before)
    assert (form.port, form.send_host) == (port, send_host)


def test_a_port_that_was_chosen_stays() -> None:
    form = Form.of(Connection(port=7000))
    form.transport = TransportKind.TLS
    form.transport_changed(TransportKind.TCP)
    assert form.port == "7000"


def test_a_token_hidden_in_the_url_is_not_lost_by_editing_it() -> None:
    form = Form.of(Connection(transport=TransportKind.WS, host="h", port=80, vhost=None, ws_path="/ws?token=t0ken"))
    assert form.url() == "ws://h:80/ws?token="
    form.fill_from_url("ws://h:81/ws?token=", pasted=False)
    assert (form.port, form.ws_path) == ("81", "/ws?token=t0ken")
    form.fill_from_url("ws://other:81/ws?token=", pasted=True)
    assert form.ws_path == "/ws?token="


@pytest.mark.parametrize(("text", "beat"), [("10", 10_000), ("0.5", 500), ("10 s", 10_000), ("0", 0)])
def test_heart_beats_are_said_in_seconds(text: str, beat: int) -> None:
    said, wrong = Form(host="h", port="1", timeout="1", beat_out=text, beat_in="0").connection()
    assert said.heart_beat == (beat, 0) and not wrong


@pytest.mark.parametrize("text", ["", "x", "-1", "nan", "inf", "999999", "1e9"])
def test_a_time_that_is_none_is_told(text: str) -> None:
    _, wrong = Form(host="h", port="1", timeout="1", beat_out=text, beat_in="0").connection()
    assert list(wrong) == ["beat_out"]
