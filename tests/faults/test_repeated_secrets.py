"""What a server repeats of a password or a token is shown nowhere, whatever it repeats it in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.connection.events import BrokerError, ConnectFailed, Event, Fault, Lost, Received
from stomptui.connection.masking import sent_secrets, without_sent
from stomptui.protocol.frame import Frame
from tests.faults import servers
from tests.faults.servers import Peer, serving
from tests.support.console import console
from tests.support.record import Recorder
from tests.support.websocket import Peer as WebSocketPeer
from tests.support.websocket import WebSocketServer, close_frame

PASSCODE = "pa:ss<word>&7"
TOKEN = "t0k3n.of-mine/9+"
ESCAPED = b"pa\\css<word>&7"


def connection(port: int) -> Connection:
    return Connection(
        port=port, vhost=None, login="me", passcode=PASSCODE, headers=(("Authorization", f"Bearer {TOKEN}"),)
    )


def told(events: list[Event]) -> str:
    """All that any part of the program can know of what happened."""
    return "\n".join(map(repr, events))


def after_connected(answer: bytes) -> servers.Script:
    def script(peer: Peer) -> None:
        peer.handshake()
        peer.send(answer)
        peer.sock.close()

    return script


def instead(answer: bytes) -> servers.Script:
    def script(peer: Peer) -> None:
        peer.frame()
        peer.send(answer)
        peer.sock.close()

    return script


def error(head: bytes, body: bytes = b"") -> bytes:
    return b"ERROR\n" + head + b"\n\n" + body + b"\0"


ANSWERS = {
    "a header": error(b"message:bad " + ESCAPED),
    "a header of its own": error(b"message:bad\nx-you-sent:Bearer " + TOKEN.encode()),
    "the body": error(b"message:bad", b"you sent " + PASSCODE.encode() + b" and " + TOKEN.encode()),
    "a page": error(b"message:bad", b"<p>pa:ss&lt;word&gt;&amp;7</p>"),
    "a URL": error(b"message:bad", b"see /login?x=t0k3n.of-mine%2f9%2b"),
    "the whole CONNECT": error(b"message:bad", b"passcode:" + ESCAPED + b"\nAuthorization:Bearer " + TOKEN.encode()),
    "something that is no frame": b"401 " + TOKEN.encode() + b"\0",
}


@pytest.mark.parametrize("what", ANSWERS)
@pytest.mark.parametrize("when", [after_connected, instead])
def test_no_event_has_a_secret_that_the_server_repeats(when: Callable[[bytes], servers.Script], what: str) -> None:
    with serving(when(ANSWERS[what])) as port, Recorder(connection(port)) as recorder:
        recorder.wait(Lost if when is after_connected else ConnectFailed)
        recorder.drain()
        found = told(recorder.events)
    for part in ("ss<word", "ss&lt;word", "t0k3n"):
        assert part not in found
    assert "••••••" in found or r"\xe2\x80\xa2" in found


def test_an_error_stays_a_whole_frame_and_says_what_it_is_about() -> None:
    body = b"no " + PASSCODE.encode() + b" here"
    answer = error(b"message:denied\nreceipt-id:7\ncontent-length:%d" % len(body), body)
    script = after_connected(answer + servers.message(TOKEN.encode()))
    with serving(script) as port, Recorder(connection(port)) as recorder:
        recorder.wait(Lost)
        (refused,) = recorder.of(BrokerError)
        frames = [frame for each in recorder.of(Received) for frame in each.batch.frames()]
        assert not recorder.of(Fault)
    assert (refused.message, refused.receipt, refused.text) == ("denied", "7", "denied\nno •••••• here")
    shown = Frame(frames[1], "1.2")
    assert shown.body.decode() == "no •••••• here"
    assert shown.get("content-length") == str(len(shown.body))
    # A message is what was asked for, and not about the connection.
    assert Frame(frames[2], "1.2").body == TOKEN.encode()


def test_a_password_that_is_a_word_of_stomp_breaks_no_frame() -> None:
    answer = error(b"message:the receipt-id is 7\nreceipt-id:7", b"")
    with serving(after_connected(answer)) as port, Recorder(Connection(port=port, passcode="receipt-id")) as recorder:
        recorder.wait(Lost)
        (refused,) = recorder.of(BrokerError)
    assert (refused.message, refused.receipt) == ("the •••••• is 7", "7")


def test_the_reason_of_a_close_is_masked() -> None:
    def talk(peer: WebSocketPeer) -> None:
        peer.greet()
        peer.sock.sendall(close_frame(1008, f"token {TOKEN} has expired"))
        peer.wait_for_end()

    with WebSocketServer(talk) as server:
        headers = (("Authorization", f"Bearer {TOKEN}"),)
        with Recorder(server.connection(headers=headers)) as recorder:
            lost = recorder.wait(Lost)
            recorder.drain()
    assert "token •••••• has expired" in lost.reason
    assert TOKEN not in told(recorder.events)


def test_a_token_that_a_command_printed_is_masked() -> None:
    def script(peer: Peer) -> None:
        sent = peer.handshake()
        token = Frame(sent[:-1], "1.0").get("token") or ""
        peer.send(error(b"message:expired: " + token.encode()))
        peer.sock.close()

    with serving(script) as port:
        source = Connection(port=port, headers=(("token", "{{command printf %s fresh-t0k3n}}"),))
        with Recorder(source) as recorder:
            lost = recorder.wait(Lost)
            recorder.drain()
    assert lost.server_text == "expired: ••••••"
    assert "fresh-t0k3n" not in told(recorder.events).replace("printf %s fresh-t0k3n", "")


def test_the_cookies_and_the_basic_login_of_a_handshake_are_masked_apart() -> None:
    lines = (("Cookie", "JSESSIONID=abcd1234; theme=dark-blue"), ("Authorization", "Basic bWU6aGlkZGVuMQ=="))
    secrets = sent_secrets(Connection(ws_headers=lines))
    assert without_sent("session abcd1234 of me with hidden1", secrets) == "session •••••• of me with ••••••"


def test_a_secret_that_is_cut_off_with_the_text_is_masked() -> None:
    text = "x" * 3990 + PASSCODE * 2
    with serving(instead(error(b"message:bad", text.encode()))) as port, Recorder(connection(port)) as recorder:
        failed = recorder.wait(ConnectFailed)
    assert failed.server_text.endswith("x••••••")


@pytest.mark.parametrize("script", [after_connected, instead])
def test_a_check_does_not_print_it(
    script: Callable[[bytes], servers.Script], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stomptui.cli.transfer.runner.start_log", lambda path: None)
    with serving(script(error(b"message:bad h1dd3n-word"))) as port:
        main(["check", f"stomp://me:h1dd3n-word@127.0.0.1:{port}/"])
    out, err = capsys.readouterr()
    assert "bad ••••••" in out + err
    assert "h1dd3n-word" not in out + err


async def test_the_log_shows_the_mask() -> None:
    def script(peer: Peer) -> None:
        peer.handshake()
        peer.send(error(b"message:denied for h1dd3n-word", b"not h1dd3n-word"))
        peer.wait_closed()

    with serving(script) as port:
        async with console(connection=Connection(port=port, passcode="h1dd3n-word"), autoconnect=True) as driver:
            await driver.sees("denied for ••••••")
            assert "h1dd3n" not in driver.screen
            assert all(b"h1dd3n" not in entry.frame.raw for entry in driver.entries if entry.frame is not None)
