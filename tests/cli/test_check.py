"""`stomptui check` as a person or a script runs it."""

from __future__ import annotations

import json

import pytest

from stomptui.application.check import runner
from stomptui.application.check.registry import QUESTIONS
from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.config.environment import Environment
from stomptui.config.profiles import Profiles
from tests.faults.servers import Peer, closed_port, says, serving
from tests.support.embedded import EmbeddedBroker

FEW = tuple(each for each in QUESTIONS if each.key in ("name", "receipt-SEND", "header-repeats", "ack-client"))


@pytest.fixture(autouse=True)
def _few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stomptui.cli.transfer.runner.start_log", lambda path: None)
    monkeypatch.setattr(runner.Check.__init__, "__defaults__", (False, 2.0, FEW))


def url(embedded: EmbeddedBroker) -> str:
    return f"stomp://me:secret-word@127.0.0.1:{embedded.port}/"


def test_it_prints_a_table(embedded: EmbeddedBroker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", url(embedded)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith("stomptui/") and lines[0].endswith(f" at me@127.0.0.1:{embedded.port} /")
    assert "Receipts" in lines
    (repeats,) = [line.split() for line in lines if "keeps repeated" in line]
    assert repeats == ["keeps", "repeated", "headers", "no", "only", "the", "first", "one"]
    in_short = lines[lines.index(next(line for line in lines if line.startswith("In short: stomptui/"))) :]
    assert any("repeated ones" in line for line in in_short)
    assert "secret-word" not in out + err


def test_the_json_has_a_stable_shape(embedded: EmbeddedBroker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", url(embedded)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        *("format", "stomptui", "checked", "where", "server", "dialect", "works", "beware", "thorough"),
        *("complete", "broke_off", "may_remain", "answers"),
    ]
    assert (told["format"], told["dialect"], told["complete"]) == (1, "embedded", True)
    assert [each["key"] for each in told["answers"]] == [each.key for each in FEW]
    (repeats,) = [each for each in told["answers"] if each["key"] == "header-repeats"]
    assert repeats.pop("seconds") >= 0
    assert repeats == {
        "key": "header-repeats",
        "section": "Headers",
        "title": "keeps repeated headers",
        "how": "one header three times",
        "thorough": False,
        "answer": "no",
        "detail": "only the first one",
        "server_text": "",
        "value": "first",
    }


def test_a_thorough_check_says_before_what_it_may_do_and_after_what_may_stay(
    embedded: EmbeddedBroker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nack = tuple(each for each in QUESTIONS if each.key == "nack")
    monkeypatch.setattr(runner.Check.__init__, "__defaults__", (False, 2.0, nack))
    assert main(["check", "--thorough", url(embedded)]) == 0
    out, err = capsys.readouterr()
    assert "stomptui: a thorough check may make a dead letter of its own message" in err
    assert "NACK returns a message  yes" in out and "it comes again at once" in out
    ((name, depth),) = embedded.call(embedded.queues.depths).items()
    assert f"May stay on the broker, empty: the queue /queue/{name}" in out
    assert depth.ready == depth.unacked == 0
    assert main(["check", url(embedded)]) == 0
    assert "More is asked with --thorough." in capsys.readouterr().out


def test_in_production_a_thorough_check_needs_a_yes(
    embedded: EmbeddedBroker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = Connection(port=embedded.port, environment=Environment(production=True))
    Profiles().save("live", marked)
    assert main(["check", "--thorough", "--profile", "live"]) == 2
    assert "--thorough needs --yes" in capsys.readouterr().err
    monkeypatch.setattr("stomptui.cli.check.on_a_terminal", lambda: True)
    monkeypatch.setattr("stomptui.cli.checking.confirmed", lambda question: False)
    assert main(["check", "--thorough", "--profile", "live"]) == 1
    assert "nothing was asked" in capsys.readouterr().err
    assert main(["check", "--thorough", "--yes", "--profile", "live"]) == 0


def test_a_server_that_is_not_there_is_one_line_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with closed_port() as port:
        assert main(["check", f"stomp://127.0.0.1:{port}/"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("stomptui: nothing listens") and err.count("\n") == 1


def test_a_servers_words_reach_the_terminal_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = b"CONNECTED\nversion:1.2\nserver:\x1b[31mred\n\n\0"
    with serving(says(hostile)) as port:
        main(["check", "--wait", "0.1", f"stomp://127.0.0.1:{port}/"])
    out = capsys.readouterr().out
    assert "red" in out and "\x1b" not in out


@pytest.mark.parametrize("wrong", [["--wait", "0"], ["--wait", "nan"], ["--profile", "p"]])
def test_wrong_arguments_are_status_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *wrong, "stomp://127.0.0.1/"]) == 2
    assert "stomptui check --help" in capsys.readouterr().err


def test_what_a_server_never_confirms_is_kept_in_the_profile(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = tuple(each for each in QUESTIONS if each.key in ("receipt-SEND", "receipt-BEGIN", "receipt-UNSUBSCRIBE"))
    monkeypatch.setattr(runner.Check.__init__, "__defaults__", (False, 0.3, receipts))

    def script(peer: Peer) -> None:
        peer.handshake()
        while not (frame := peer.frame()).startswith(b"DISCONNECT"):
            receipt = frame.partition(b"receipt:")[2].partition(b"\n")[0]
            if receipt and not frame.startswith(b"UNSUBSCRIBE"):
                peer.send(b"RECEIPT\nreceipt-id:" + receipt + b"\n\n\0")
        peer.sock.close()

    with serving(script) as port:
        Profiles().save("small", Connection(port=port, ws_message_size=0))
        assert main(["check", "--save", "--profile", "small"]) == 0
        assert "kept in small: no receipts for UNSUBSCRIBE" in capsys.readouterr().err
        assert Profiles().load("small") == Connection(port=port, ws_message_size=0, no_receipts=("UNSUBSCRIBE",))
        assert main(["check", "--save", f"stomp://127.0.0.1:{port}/"]) == 2
