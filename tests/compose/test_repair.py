"""Which delivery is the message that is repaired, and what is said of what changed."""

from __future__ import annotations

from stomptui.compose.repair import Repair, changes
from stomptui.protocol.frame import Frame


def message(id: str, body: bytes = b"wrong", *headers: str) -> Frame:
    return Frame("\n".join(["MESSAGE", f"message-id:{id}", *headers]).encode() + b"\n\n" + body)


def finds(known: Frame, *others: Frame) -> int | None:
    return Repair("/queue/DLQ", "", known, 0).find(others)


def test_a_message_is_found_by_its_id() -> None:
    assert finds(message("ID:1"), message("ID:2"), message("ID:1", b"wrong", "redelivered:true")) == 1
    assert finds(message("482,419"), message("4,418"), message("5,419")) == 1


def test_a_peek_may_name_the_queue_otherwise_than_a_delivery() -> None:
    known = message("102,31", b"wrong", "destination:/queue/a", "destination-type:ANYCAST", "n:1")
    assert finds(known, message("0,31", b"wrong", "destination:a", "n:2"), message("0,31", b"wrong", "n:1")) == 1
    without = message("T_a@@s@@1", b"wrong", "destination:/queue/a")
    assert finds(without, message("T_a@@s@@2", b"wrong", "destination:/queue/b")) is None


def test_an_id_that_another_message_has_now_is_not_enough() -> None:
    assert finds(message("2"), message("2", b"another")) is None
    assert finds(message("2", b"", "order:5"), message("2", b"", "order:6")) is None


def test_where_each_delivery_has_its_own_id_all_else_must_be_the_same() -> None:
    known = message("T_a@@s@@1", b"wrong", "x:1", "y:2", "redelivered:false")
    other = message("T_b@@t@@3", b"wrong", "x:2", "y:2")
    assert finds(known, other, message("T_b@@t@@4", b"wrong", "y:2", "redelivered:true", "x:1")) == 1


def test_secrets_are_masked_in_what_changed() -> None:
    repair = Repair("/queue/DLQ", "", message("1"), 0, (("authorization", "Bearer old"),), origin="/queue/a")
    headers = [("destination", "/queue/b"), ("authorization", "Bearer new"), ("receipt", "1")]
    told = changes(repair, headers, b"right")
    assert told == [
        "- destination: /queue/a",
        "+ destination: /queue/b",
        "- authorization: ••••••",
        "+ authorization: ••••••",
        "  body: 5 → 5 bytes",
        "@@ -1 +1 @@",
        "- wrong",
        "+ right",
    ]


def test_json_is_compared_line_by_line() -> None:
    repair = Repair("/queue/DLQ", "", message("1", b'{"sku":null,"count":3}'), 0)
    told = changes(repair, [], b'{"sku":"A1","count":3}')
    assert [line for line in told if line[0] in "-+"] == ['-   "sku": null,', '+   "sku": "A1",']
