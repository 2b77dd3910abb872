"""Keys that reach a real terminal at once mean what they mean when they are typed slowly."""

from __future__ import annotations

from tests.support.embedded import EmbeddedBroker
from tests.support.running import stomptui
from tests.support.terminal import KEYS, Terminal

F5 = KEYS["f5"].decode()


def working(broker: EmbeddedBroker, queue: str, count: int = 3) -> Terminal:
    """The console with messages that wait for an ack."""
    for number in range(count):
        broker.publish(queue, f"message {number}")
    return stomptui(f"stomp://guest:guest@127.0.0.1:{broker.port}/", "--work", queue)


def test_keys_behind_one_that_moves_the_focus(embedded: EmbeddedBroker) -> None:
    # Whether a queue that nobody has made is meant would be asked.
    embedded.publish("/queue/next", "first")
    with working(embedded, "/queue/acme") as terminal:
        terminal.wait_for("3 waiting")
        for typed in ("q", "acme", "message"):
            terminal.type_in(f"/{typed}")
            terminal.wait_for(f"matching “{typed}”")
            terminal.press("escape")
            terminal.wait_until_gone("matching")
        assert embedded.depth("acme") == (0, 3), "nothing was acknowledged or rejected"

        terminal.type_in(f"c/queue/next\tquit, ack and nack{F5}")
        terminal.wait_for("confirmed in")
        assert embedded.bodies("next") == [b"first", b"quit, ack and nack"]
        terminal.press("escape")
        terminal.wait_until_gone("SEND to")

        # A click moves the focus too, and a terminal that was left takes it away until somebody comes back.
        terminal.type_in("c\x1b[<0;12;26M\x1b[<0;12;26mana")
        terminal.wait_until(lambda screen: screen.count("ana") >= 2, "the body, in its place and in the frame")
        terminal.type_in("\x1b")
        terminal.wait_until_gone("SEND to")
        terminal.type_in("\x1b[O\x1b[I/naa")
        terminal.wait_for("│ naa")
        terminal.press("escape")
        terminal.wait_until_gone("│ naa")

        terminal.type_in(f"s/topic/ahead{F5}")
        terminal.wait_for("subscribed to /topic/ahead")
        terminal.type_in("?\x1b[A?c")
        terminal.wait_for("SEND to")
        terminal.press("escape")
        terminal.wait_until_gone("SEND to")
        assert embedded.depth("acme") == (0, 3)
        # The text above was not sent, so it asks.
        terminal.type_in("qyg")
        assert terminal.wait_end() == 0
        assert terminal.modes_left_on() == []
