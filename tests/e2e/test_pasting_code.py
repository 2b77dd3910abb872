"""Code that connects, pasted into a field of one line."""

from __future__ import annotations

from tests.support.running import stomptui
from tests.support.websocket import CONNECTED, Peer, WebSocketServer

CODE = """const client = new StompJs.Client({
  brokerURL: 'ws://127.0.0.1:PORT/ws', // of the development server
  connectHeaders: {
    login: 'alice',
    passcode: 's3cret',
    Authorization: 'Bearer t0ken',
    'X-CSRF-TOKEN': csrf(),
  },
  heartbeatIncoming: 0,
  heartbeatOutgoing: 0,
});
client.activate();
"""


def test_many_lines_of_code_fill_the_form_and_connect() -> None:
    frames: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.upgrade()
        frames.append(peer.read_stomp())
        peer.send(CONNECTED)
        peer.wait_for_end()

    with WebSocketServer(talk) as server, stomptui() as terminal:
        terminal.wait_for("Paste a URL")
        terminal.paste(CODE.replace("PORT", str(server.port)).replace("\n", "\r"))
        screen = terminal.wait_for("it computes X-CSRF-TOKEN")
        assert f"ws://alice@127.0.0.1:{server.port}/ws" in screen
        assert "s3cret" not in screen and "t0ken" not in screen
        terminal.press("enter")
        terminal.wait_for("● connected")
    lines = frames[0].decode().split("\n")
    assert {"login:alice", "passcode:s3cret", "Authorization:Bearer t0ken"} <= set(lines)
    assert not any(line.startswith("heart-beat") for line in lines)
