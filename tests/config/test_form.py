"""The form's texts and the connection they say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import CONFIRMED, Connection, Tls, TransportKind
from stomptui.config.dialects import DIALECTS
from stomptui.config.environment import Environment, EnvironmentColour
from stomptui.config.form import Form
from stomptui.config.pasted_code import PastedCode
from stomptui.config.several_hosts import Address
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


SECRETS = (
    ("Authorization", "Bearer {{env TOKEN}}"),
    ("Authorization", "Bearer t0ken"),
    ("Cookie", "{{command get-cookie}}"),
    ("note", "tenant {{file ~/tenant}}"),
)
GOING = Connection(
    host="a",
    port=443,
    transport=TransportKind.WSS,
    vhost=None,
    login="guest",
    passcode="s3cret",
    headers=(*SECRETS, ("x-tenant", "shop")),
    ws_path="/ws;jsessionid=t0ken",
    ws_headers=(*SECRETS, ("Origin", "https://a")),
    ws_login="alice",
    ws_passcode="s3cret",
)


@pytest.mark.parametrize(
    "url", ["wss://b/ws", "wss://a:8443/ws", "ws://a:443/ws", "stomp://a:443/", "wss://a,b/ws", "stomp+ssl://b/"]
)
@pytest.mark.parametrize("snippet", [False, True])
def test_no_secret_and_no_source_of_one_goes_to_another_place_by_a_paste(url: str, snippet: bool) -> None:
    form = Form.of(GOING)
    if snippet:
        form.fill_from_code(PastedCode(url=url))
    else:
        form.fill_from_url(url, pasted=True)
    assert form.headers == (("x-tenant", "shop"),) and form.ws_headers == (("Origin", "https://a"),)
    assert not form.passcode and not form.ws_passcode and "t0ken" not in form.ws_path


@pytest.mark.parametrize("url", ["wss://A/other", "wss://guest@a:443/ws", "https://a/ws"])
def test_another_url_of_the_same_place_keeps_them(url: str) -> None:
    form = Form.of(GOING)
    form.fill_from_url(url, pasted=True)
    assert (form.headers, form.ws_headers, form.passcode) == (GOING.headers, GOING.ws_headers, "s3cret")


@pytest.mark.parametrize("url", ["/other", "/ws", "/ws/websocket?x=1"])
def test_code_without_a_host_takes_no_secret_of_another_path_along(url: str) -> None:
    form = Form.of(GOING)
    taken = form.fill_from_code(PastedCode(url=url, headers=[("X-CSRF-TOKEN", "of-the-code")]))
    assert form.headers == (("x-tenant", "shop"), ("X-CSRF-TOKEN", "of-the-code"))
    assert form.ws_headers == (("Origin", "https://a"),)
    assert not form.passcode and not form.ws_passcode and form.ws_path == url
    assert form.host == "a" and "check the host" in taken[0] and "tokens that were here are removed" in taken[0]


def test_code_without_a_host_for_the_same_path_keeps_them() -> None:
    form = Form.of(replace(GOING, ws_path="/ws?x=1"))
    taken = form.fill_from_code(PastedCode(url="/ws"))
    assert (form.headers, form.ws_headers, form.passcode) == (GOING.headers, GOING.ws_headers, "s3cret")
    assert "removed" not in taken[0] and "check the host" in taken[0]
    form = Form.of(Connection(host="h", passcode="s3cret", ws_path="/ws"))
    assert "removed" in form.fill_from_code(PastedCode(url="/ws"))[0] and not form.passcode, "it was no WebSocket"


def test_the_whole_list_of_hosts_is_the_place() -> None:
    several = replace(GOING, addresses=(Address("a", 443), Address("b", 443)))
    for url, kept in (("wss://b,a/ws", True), ("wss://a,c/ws", False), ("wss://a,b:8443/ws", False)):
        form = Form.of(several)
        form.fill_from_url(url, pasted=True)
        assert (form.headers == GOING.headers) is kept, url
