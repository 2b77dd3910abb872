"""Frames that end a whole server: raw mode knows them before they are sent, and no others."""

from __future__ import annotations

import contextlib
import time

import pytest

from stomptui.application import raw_exchange
from stomptui.brokers.registry import BROKERS
from stomptui.compose.draft import Draft
from stomptui.protocol.frame import Frame
from stomptui.protocol.raw_pieces import raw_pieces
from stomptui.ui.widgets.text.editor import Editor
from tests.interop.test_raw_mode import exchanged
from tests.support.brokers.base import Broker
from tests.support.brokers.gostomp import GoStomp
from tests.support.console import console
from tests.support.raw import Closed, RawStomp
from tests.ui.test_raw_mode import raw_mode, write

DELIVERED = b"\n\n\n"
"""Where a test waits for a message; raw mode does not, so that it depends on the moment what happens."""


def acknowledging(ack: bytes, command: bytes = b"ACK", queue: bytes = b"/queue/q") -> bytes:
    send = b"SEND\ndestination:" + queue + b"\n\nx\0"
    subscribe = b"SUBSCRIBE\nid:1\ndestination:" + queue + ack + b"\n\n\0"
    return send + subscribe + DELIVERED + command + b"\nmessage-id:1\nsubscription:1\n\n\0"


NOWHERE = b"SEND\na:b\n\nx\0"
GOSTOMP = {
    "a SEND to nowhere": (NOWHERE, True),
    "a SEND to nowhere in a transaction": (
        b"BEGIN\ntransaction:t\n\n\0" + NOWHERE.replace(b"a:b", b"transaction:t") + b"COMMIT\ntransaction:t\n\n\0",
        True,
    ),
    "an empty destination": (b"SEND\ndestination:\n\nx\0", False),
    "an ACK in mode client": (acknowledging(b"\nack:client"), True),
    "an ACK in a mode of no name": (acknowledging(b"\nack:foo"), True),
    "an ACK in mode client-individual": (acknowledging(b"\nack:client-individual"), False),
    "an ACK in mode auto": (acknowledging(b""), False),
    "a NACK in mode client": (acknowledging(b"\nack:client", b"NACK"), False),
    "an ACK of nothing": (b"ACK\nmessage-id:1\nsubscription:1\n\n\0", False),
}  # fmt: skip
JSON = b"SEND\ndestination:/topic/x\ncontent-type:application/json\n\n"
STOMPBROKERJS = {
    "JSON": (JSON + b'{"a":1}\0', False),
    "no JSON": (JSON + b"x\0", True),
    "no body": (JSON + b"\0", True),
    "no JSON behind JSON, which is not read": (JSON + b"1\0" + JSON + b"x\0", False),
    "no JSON of another content-type": (JSON.replace(b"json", b"json;charset=utf-8") + b"x\0", False),
    "no JSON under the last of two": (JSON.replace(b"content-type", b"content-type:a\ncontent-type ") + b"x\0", True),
    "no JSON in lines that end in CRLF": (JSON.replace(b"\n", b"\r\n") + b"x\0", False),
    "a SUBSCRIBE to nowhere": (b"SUBSCRIBE\nid:1\n\n\0", True),
    "a SEND to nowhere": (NOWHERE, False),
    "a command that objects have": (b"__proto__\n\n\0", True),
    "an unknown command": (b"FOO\n\n\0", False),
}


def told(dialect: str, data: bytes) -> str:
    return BROKERS.named(dialect).ends_over([Frame(piece.raw) for piece in raw_pieces(data)])


def dies(broker: Broker, data: bytes, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the server ends over it; it is there again afterwards."""
    monkeypatch.setattr(raw_exchange, "QUIET", 0.5)
    first, _, then = data.partition(DELIVERED)
    if then:
        with RawStomp("127.0.0.1", broker.port) as client:
            client.connect("1.2")
            client.send_raw(first)
            client.messages(1)
            client.send_raw(then)
            with contextlib.suppress(Closed, TimeoutError, OSError):
                client.read(0.5)
    else:
        exchanged(broker.connection(), data)
    until = time.monotonic() + 0.5
    while broker.pid is not None and time.monotonic() < until:
        time.sleep(0.01)
    if broker.pid is not None:
        return False
    broker.start()
    return True


@pytest.mark.parametrize("what", GOSTOMP)
def test_what_ends_gostomp_is_known(gostomp: GoStomp, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, deadly = GOSTOMP[what]
    assert (dies(gostomp, data, monkeypatch), bool(told("gostomp", data))) == (deadly, deadly)


@pytest.mark.parametrize("what", STOMPBROKERJS)
def test_what_ends_stompbrokerjs_is_known(stompbrokerjs: Broker, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, deadly = STOMPBROKERJS[what]
    assert (dies(stompbrokerjs, data, monkeypatch), bool(told("stompbrokerjs", data))) == (deadly, deadly)


async def test_it_is_said_while_it_is_typed_and_asked_before_it_is_sent(gostomp: GoStomp) -> None:
    async with console(gostomp.port) as driver:
        editor: Editor = await raw_mode(driver, Draft("/queue/q", [], "x"))
        write(editor, "SEND\na:b\n\nx^@")
        await driver.sees("⚠ 12 bytes, 1 frame: a SEND without destination ends the whole", "server of go-stomp")
        await driver.press("ctrl+g")
        await driver.sees("End the whole server?", "Keep editing")
        await driver.painted()
        await driver.press("n")
        await driver.until(lambda: "End the whole server?" not in driver.screen, "kept")
        assert gostomp.pid is not None
        write(editor, "SEND\ndestination:/queue/q\nreceipt:r\n\nx^@")
        await driver.press("ctrl+g")
        await driver.sees("receipt-id:r")
        assert gostomp.pid is not None
