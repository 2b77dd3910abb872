"""Which frame an answer belongs to, and when that is not known."""

from __future__ import annotations

from stomptui.connection.receipts import PendingReceipts


def pending_of(*sent: tuple[str, str], destination: str = "") -> PendingReceipts:
    pending = PendingReceipts()
    for command, receipt in sent:
        pending.sent(command, receipt, "s" if command == "SUBSCRIBE" else "", destination and destination + receipt)
    return pending


def test_receipts_settle_what_asked_for_them() -> None:
    pending = pending_of(("SEND", "1"), ("SEND", "2"), ("SEND", ""))
    settled = pending.receipt("1")
    assert settled.request is not None
    assert (settled.request.command, settled.request.refusal) == ("SEND", None)
    assert settled.elapsed >= 0
    assert pending.unconfirmed() == ("2",)
    assert pending.receipt("1").request is None
    assert pending.receipt("9").request is None


def test_an_error_names_its_frame() -> None:
    pending = pending_of(("SEND", "1"), ("SEND", "2"))
    entry = pending.error("no", "2")
    assert entry is not None and entry.receipt == "2"
    assert pending.unconfirmed() == ("1",)
    assert pending.error("no", "unknown") is None


def test_an_error_without_a_name_is_about_the_only_one_asked() -> None:
    pending = pending_of(("SEND", "1"))
    entry = pending.error("no", None)
    assert entry is not None and entry.receipt == "1"
    late = pending.receipt("1").request
    assert late is not None and late.refusal == "no", "the receipt behind it proves nothing"


def test_it_is_about_none_if_several_can_be_meant() -> None:
    assert pending_of(("SEND", "1"), ("SEND", "2")).error("no", None) is None
    assert pending_of(("SEND", "1"), ("ACK", "")).error("no", None) is None
    assert pending_of(("ACK", ""), ("SEND", "1")).error("no", None) is None


def test_a_receipt_clears_the_frames_before_it() -> None:
    pending = pending_of(("ACK", ""), ("SEND", "1"), ("SEND", "2"))
    pending.receipt("1")
    entry = pending.error("no", None)
    assert entry is not None and entry.receipt == "2"


def test_connect_is_no_suspect() -> None:
    pending = pending_of(("CONNECT", ""), ("SEND", "1"))
    assert pending.error("no", None) is not None


def test_an_error_right_behind_the_receipt_of_an_ack() -> None:
    for command, form_field in (("ACK", True), ("COMMIT", True), ("SEND", False)):
        pending = pending_of((command, "1"))
        pending.receipt("1")
        assert (pending.error("no", None) is not None) is form_field
        assert pending.error("again", None) is None


def test_error_then_receipt_refuses_a_subscription() -> None:
    pending = pending_of(("SUBSCRIBE", "1"), ("SUBSCRIBE", "2"), ("SEND", "3"))
    assert pending.error("no such queue", None) is None
    first, second = pending.receipt("1"), pending.receipt("2")
    assert first.request is not None and first.request.refusal == "no such queue"
    assert second.request is not None and second.request.refusal is None


def test_a_receipt_that_was_passed_over_is_the_refused_one() -> None:
    """Receipts of subscriptions come in order; an ERROR instead of one never gets its RECEIPT."""
    pending = pending_of(("SUBSCRIBE", "1"), ("SUBSCRIBE", "2"), ("SUBSCRIBE", "3"))
    assert pending.receipt("1").refused is None
    assert pending.error("bad destination", None) is None
    third = pending.receipt("3")
    assert third.request is not None and third.request.refusal is None
    assert third.refused is not None and third.refused.receipt == "2"
    assert pending.unconfirmed() == ()


def test_nobody_is_refused_while_it_may_have_been_another_frame() -> None:
    for first in (("SEND", "1"), ("ACK", "")):
        pending = pending_of(first, ("SUBSCRIBE", "2"), ("SUBSCRIBE", "3"))
        assert pending.error("bad", None) is None
        settled = pending.receipt("2")
        assert settled.request is not None and settled.request.refusal is None
        assert settled.refused is None


def test_an_error_that_quotes_one_destination_is_about_that() -> None:
    pending = pending_of(("SUBSCRIBE", "1"), ("SEND", "2"), ("SUBSCRIBE", "3"), destination="/amq/queue/q")
    entry = pending.error("NOT_FOUND - no queue 'q3' in vhost '/'", None)
    assert entry is not None and entry.receipt == "3"
    entry = pending.error("'/amq/queue/q1' is not a valid destination", None)
    assert entry is not None and entry.receipt == "1"
    twice = pending_of(("SUBSCRIBE", ""), ("SUBSCRIBE", ""))
    assert twice.error("'q' is nothing", None) is None


def test_receipts_that_wait_for_commit_are_no_silence_of_the_broker_and_end_with_an_abort() -> None:
    pending = PendingReceipts()
    pending.sent("BEGIN", "b", transaction="t")
    pending.receipt("b")
    pending.sent("SEND", "m", destination="/queue/q", transaction="t")
    assert pending.unconfirmed() == ("m",)
    assert pending.oldest_since() is None
    pending.sent("COMMIT", "c", transaction="t")
    assert pending.oldest_since() is not None
    pending.receipt("c")
    assert pending.oldest_since() is not None, "now it is due"
    pending.receipt("m")
    pending.sent("SEND", "n", destination="/queue/q", transaction="u")
    pending.sent("ABORT", "a", transaction="u")
    pending.receipt("a")
    assert pending.unconfirmed() == ()
