"""Programs that are not ours talk to each other over the brokers: what the other interop tests build on."""

from __future__ import annotations

from tests.interop.conftest import Place
from tests.interop.programs import missing_lua, receiver, say_hi, stomp_cli
from tests.support.needs import need


def test_what_lua_says_a_stomp_py_listener_prints(place: Place) -> None:
    need(missing_lua())
    place.empty("test")
    with receiver(place.port) as listener:
        listener.wait_for("listening")
        say_hi(place.port)
        assert listener.wait() == 0
        assert "destination: /queue/test" in listener.seen
        assert "app-id: APP" in listener.seen
        assert listener.seen[-1] == "say hi!"


def test_stomp_py_cli_hears_itself(place: Place) -> None:
    place.empty("cli")
    # The client offers the machine's address as virtual host from 1.1 on, and RabbitMQ has none of that name.
    with stomp_cli(place.port, "1.0" if place.name == "rabbitmq" else "1.2") as cli:
        cli.wait_for("CONNECTED")
        cli.say("subscribe /queue/cli")
        cli.wait_for("Subscribing")
        cli.say("send /queue/cli hello from the command line")
        cli.wait_for("MESSAGE")
        cli.wait_for("destination: /queue/cli")
        assert cli.wait_for("hello") == "hello from the command line"
        cli.say("quit")
