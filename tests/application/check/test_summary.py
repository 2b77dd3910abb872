"""What a check found in short."""

from __future__ import annotations

from stomptui.application.check.answers import Answer, Verdict, no, not_asked, yes
from stomptui.application.check.questions.connecting import QUESTIONS
from stomptui.application.check.report import Report, Result
from stomptui.application.check.summary import summary_of

SILENT = Answer(Verdict.NO_ANSWER)


def test_versions_that_are_spoken_come_first() -> None:
    answers = {"version-1.0": no(), "version-1.1": yes(), "version-1.2": yes(), "heart-beat-given": yes()}
    assert summary_of(answers) == (("STOMP 1.1 and 1.2", "heart-beats"), ())


def test_commands_that_are_not_confirmed_are_named_and_what_that_means() -> None:
    silent = summary_of({"receipt-SEND": SILENT, "receipt-BEGIN": SILENT, "receipt-COMMIT": yes()})
    assert silent.beware == ("no RECEIPT for SEND and BEGIN: whether it took a message is never told",)
    assert summary_of({"receipt-SEND": yes(), "receipt-SUBSCRIBE": SILENT}).beware == ("no RECEIPT for SUBSCRIBE",)
    assert summary_of({"receipt-SEND": yes(), "receipt-SUBSCRIBE": yes()}) == (("receipts",), ())


def test_bytes_have_a_way_where_there_is_one() -> None:
    assert summary_of({"body-binary": yes(), "body-octet-stream": yes()}) == (("any bytes",), ())
    (told,) = summary_of({"body-binary": no(), "body-octet-stream": yes()}).beware
    assert told.endswith("unless sent as application/octet-stream")
    assert summary_of({"body-binary": no(), "body-octet-stream": no()}).beware == (
        "bytes that are no text come broken",
    )


def test_each_kind_that_fails_is_named_alone() -> None:
    told = summary_of(
        {"header-order": yes(), "header-repeats": no(), "ack-client": no(), "ack-client-individual": yes()}
    )
    assert told.works == ()
    assert told.beware == (
        "headers do not all come as they were sent: repeated ones",
        "messages cannot be acknowledged with ack:client",
    )


def test_what_was_not_asked_is_neither_good_nor_bad() -> None:
    assert summary_of({key: not_asked("read-only") for key in ("receipt-SEND", "commit", "body-binary", "peek")}) == (
        (),
        (),
    )


def test_a_limit_of_frames_is_told_and_none_where_none_was_found() -> None:
    found = Answer(Verdict.YES, "65,536 bytes; one more does not come back", value=65536)
    assert summary_of({"largest-frame": found}).beware == ("no frame over 65,536 bytes",)
    assert summary_of({"largest-frame": yes("at least 16,777,216 bytes", 1 << 24)}).beware == ()


def report(server: str = "", recognised: str = "", over: bool = True) -> Report:
    results = tuple(Result(question, yes()) for question in QUESTIONS)
    return Report("h:1/ws", server, "x", recognised, "2026-01-01", False, results, over=over)


def test_it_ends_the_table_once_nothing_more_is_asked() -> None:
    lines = report(recognised="Spring").lines(60)
    at = lines.index("In short: Spring (CONNECTED names no server)")
    assert lines[at + 1] == "  works    STOMP 1.0, 1.1 and 1.2; heart-beats"
    assert all(len(line) <= 60 for line in lines)
    assert not any("In short" in line for line in report(over=False).lines(60))
    assert report(recognised="Spring").as_json()["works"] == ["STOMP 1.0, 1.1 and 1.2", "heart-beats"]


def test_the_heading_says_who_it_is_as_far_as_that_is_known() -> None:
    assert report("RabbitMQ/4.0", "RabbitMQ").lines(80)[0] == "RabbitMQ/4.0 at h:1/ws"
    assert report(recognised="Spring").lines(80)[0] == "Spring (CONNECTED names no server) at h:1/ws"
    assert report().lines(80)[0] == "a server that does not say its name and was not recognised at h:1/ws"
