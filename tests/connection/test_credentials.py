"""What a server may want of a person is named, with its field."""

from __future__ import annotations

from dataclasses import replace
from http.client import responses

import pytest

from stomptui.config.connection import Connection, TransportKind
from stomptui.connection.connect_errors import refused_connect, timed_out
from stomptui.connection.credentials import told
from stomptui.connection.errors import ConnectError, Want
from stomptui.connection.transport.websocket.handshake import HttpResponse, upgrade_error

TOKEN = Connection(transport=TransportKind.WS, headers=(("Authorization", "Bearer abc"),))
NONE = replace(TOKEN, headers=())
COOKIE = replace(NONE, ws_headers=(("Cookie", "JSESSIONID=1"),))
SPRING = "Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]"


def test_a_token_that_was_not_taken_is_named() -> None:
    failure = told(refused_connect(SPRING), TOKEN)
    assert failure.reason == "the server wants a token; Authorization in the headers of CONNECT may be wrong or expired"
    assert (failure.field, failure.wants) == ("headers", Want.CREDENTIALS)


def test_where_none_was_sent_it_says_where_one_goes() -> None:
    failure = told(refused_connect(SPRING), NONE)
    assert "it goes into the headers of CONNECT, usually as Authorization or X-CSRF-TOKEN" in failure.reason
    assert (failure.field, failure.wants) == ("headers", Want.CREDENTIALS)


@pytest.mark.parametrize("text", ["token expired", "Invalid JWT", "Missing CSRF header", "Access is denied"])
def test_words_for_a_token_are_known(text: str) -> None:
    assert told(refused_connect(text), TOKEN).wants is Want.CREDENTIALS


@pytest.mark.parametrize("text", ["Broker not available.", "Connection to broker closed.", "Server not started"])
def test_a_broker_that_is_away_wants_no_token(text: str) -> None:
    assert told(refused_connect(text), TOKEN).wants is Want.NOTHING


def test_other_words_and_silence_may_mean_a_token_that_was_sent() -> None:
    for failure in (refused_connect("go away"), timed_out(TOKEN, "CONNECT")):
        with_token = told(failure, TOKEN)
        assert "Authorization in the headers of CONNECT may be wrong or expired" in with_token.reason
        assert (with_token.field, with_token.wants) == ("headers", Want.MAYBE_CREDENTIALS)
        assert told(failure, NONE).wants is Want.NOTHING


def test_a_refused_upgrade_names_the_cookie() -> None:
    failure = told(ConnectError("the server wants a login (HTTP 401)", "ws_headers", "HTTP/1.1 401"), COOKIE)
    assert failure.reason.endswith("; Cookie in the HTTP headers may be wrong or expired")
    assert failure.wants is Want.CREDENTIALS


def test_basic_is_login_and_password() -> None:
    basic = replace(NONE, ws_basic=True, login="a", passcode="b")
    failure = told(ConnectError("the server wants a login (HTTP 401)", "ws_headers", "HTTP/1.1 401"), basic)
    assert failure.field == "passcode"
    assert "login and password may be wrong or expired" in failure.reason


def test_a_header_that_http_cannot_carry_has_not_expired() -> None:
    failure = told(ConnectError("'a b' cannot be the name of an HTTP header", "ws_headers"), COOKIE)
    assert failure.wants is Want.NOTHING
    assert "expired" not in failure.reason


def test_no_secret_is_in_the_words() -> None:
    for failure in (refused_connect(SPRING), timed_out(TOKEN, "CONNECT")):
        assert "abc" not in told(failure, TOKEN).reason


def login_page(connection: Connection) -> ConnectError:
    response = HttpResponse(302, "HTTP/1.1 302 ", (("Location", "http://h/login"),))
    return told(upgrade_error(response, "/ws"), connection)


def test_a_login_page_wants_the_cookie_of_a_login_and_says_how_to_give_it() -> None:
    failure = login_page(NONE)
    assert failure.reason.startswith("the server sends us to a login page (HTTP 302), http://h/login: log in with")
    assert "copy the Cookie header" in failure.reason and "-H @FILE" in failure.reason
    assert (failure.field, failure.wants, failure.server_text) == ("ws_headers", Want.CREDENTIALS, "")
    basic = login_page(replace(NONE, ws_headers=(("Authorization", "Basic eA=="),))).reason
    assert "Authorization in the HTTP headers may be wrong or expired, or log in with a browser" in basic


def test_a_cookie_that_was_sent_to_a_login_page_is_to_blame() -> None:
    failure = login_page(COOKIE)
    assert failure.reason.endswith("http://h/login; Cookie in the HTTP headers may be wrong or expired")
    assert (failure.field, failure.wants) == ("ws_headers", Want.CREDENTIALS)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 500])
@pytest.mark.parametrize("reason", ["", " ", " usual"])
def test_a_status_is_told_once(status: int, reason: str) -> None:
    line = f"HTTP/1.1 {status}{reason.replace('usual', responses[status])}"
    failure = upgrade_error(HttpResponse(status, line, ()), "/ws")
    assert f"HTTP {status}" in failure.reason
    assert failure.server_text == ""


def test_a_reason_of_the_servers_own_is_kept() -> None:
    assert upgrade_error(HttpResponse(404, "HTTP/1.1 404 Tenant asleep", ()), "/ws").server_text == "Tenant asleep"


def test_a_token_goes_where_it_can_be_given() -> None:
    response = HttpResponse(401, "HTTP/1.1 401 ", ())
    assert "a token, which goes into the HTTP headers or the path" in told(upgrade_error(response, "/ws"), NONE).reason


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Version mismatch\nSupported versions are 1.0,1.1,1.2", "versions"),
        ("Supported protocol versions are 1.0 1.1 1.2", "versions"),
        ("Unsupported accept-version", "versions"),
        ("no acceptable version found", "versions"),
        ("version not supported", "versions"),
        ("Your app is of an old version, please update", ""),
        ("Access refused for user 'guest' (server version 4.1)", "passcode"),
    ],
)
def test_the_word_version_alone_is_no_refusal_of_a_version_of_stomp(text: str, field: str) -> None:
    assert refused_connect(text).field == field
