"""Which frame an answer belongs to, and when that is not known."""

from __future__ import annotations

from stomptui.broker.pending import Pending


def asked(*sent: tuple[str, str]) -> Pending:
    pending = Pending()
    for command, receipt in sent:
        pending.sent(command, receipt, "s" if command == "SUBSCRIBE" else "")
    return pending


def test_receipts_settle_what_asked_for_them() -> None:
    pending = asked(("SEND", "1"), ("SEND", "2"), ("SEND", ""))
    entry, elapsed = pending.receipt("1")
    assert entry is not None
    assert (entry.command, entry.doubt) == ("SEND", "")
    assert elapsed >= 0
    assert pending.unconfirmed() == ("2",)
    assert pending.receipt("1") == (None, 0.0)
    assert pending.receipt("9") == (None, 0.0)


def test_an_error_names_its_frame() -> None:
    pending = asked(("SEND", "1"), ("SEND", "2"))
    entry = pending.error("no", "2")
    assert entry is not None and entry.receipt == "2"
    assert pending.unconfirmed() == ("1",)
    assert pending.error("no", "unknown") is None


def test_an_error_without_a_name_is_about_the_only_one_asked() -> None:
    pending = asked(("SEND", "1"))
    entry = pending.error("no", None)
    assert entry is not None and entry.receipt == "1"
    late, _ = pending.receipt("1")
    assert late is not None and late.doubt == "no", "the receipt behind it proves nothing"


def test_it_is_about_none_if_several_can_be_meant() -> None:
    assert asked(("SEND", "1"), ("SEND", "2")).error("no", None) is None
    assert asked(("SEND", "1"), ("ACK", "")).error("no", None) is None
    assert asked(("ACK", ""), ("SEND", "1")).error("no", None) is None


def test_a_receipt_clears_the_frames_before_it() -> None:
    pending = asked(("ACK", ""), ("SEND", "1"), ("SEND", "2"))
    pending.receipt("1")
    entry = pending.error("no", None)
    assert entry is not None and entry.receipt == "2"


def test_connect_is_no_suspect() -> None:
    pending = asked(("CONNECT", ""), ("SEND", "1"))
    assert pending.error("no", None) is not None


def test_an_error_right_behind_the_receipt_of_an_ack() -> None:
    for command, blamed in (("ACK", True), ("COMMIT", True), ("SEND", False)):
        pending = asked((command, "1"))
        pending.receipt("1")
        assert (pending.error("no", None) is not None) is blamed
        assert pending.error("again", None) is None


def test_error_then_receipt_refuses_a_subscription() -> None:
    pending = asked(("SUBSCRIBE", "1"), ("SUBSCRIBE", "2"), ("SEND", "3"))
    assert pending.error("no such queue", None) is None
    entry, _ = pending.receipt("1")
    assert entry is not None and entry.doubt == "no such queue"
    entry, _ = pending.receipt("2")
    assert entry is not None and entry.doubt == ""
