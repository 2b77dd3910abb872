"""A real RabbitMQ under a memory alarm: it stops reading, is alive, and is not taken for lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stomptui.connection.events import Lost, ReceiptArrived, Stalled
from stomptui.connection.transport.liveness import Stall
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.record import Recorder


@pytest.mark.broker("rabbitmq")
@pytest.mark.parametrize("size", [100, 1_000_000])
@pytest.mark.parametrize("beat", [0, 1000])
def test_a_memory_alarm_is_told_as_blocked_and_everything_arrives_when_it_is_over(
    rabbitmq: RabbitMQ, size: int, beat: int
) -> None:
    connection = replace(rabbitmq.connection(), heart_beat=(beat, beat))
    body = b"x" * size
    with Recorder(connection) as recorder:
        liveness = recorder.session._run.transport.liveness
        liveness.stalled_after, liveness.check_every, liveness.lost_after = 1.0, 0.3, 3.0
        recorder.connected()
        send = recorder.session.send
        send("SUBSCRIBE", [("id", "1"), ("destination", "/topic/blocked")])
        rabbitmq.ctl("set_vm_memory_high_watermark", "0")
        try:
            receipts = [f"r{number}" for number in range(30)]
            # What it has read when the first of them comes it still takes; then it stops reading.
            for receipt in receipts:
                send("SEND", [("destination", "/topic/blocked"), ("receipt", receipt)], body)
                if receipt == "r0":
                    recorder.wait(ReceiptArrived, receipt="r0")
            told = recorder.wait(Stalled, within=20)
            assert told.stall is (Stall.UNANSWERED if size == 100 else Stall.UNREAD)
            assert "not gone" in told.text
            rabbitmq.ctl("status")  # a second or two, and so longer than what is gone would stand
            rabbitmq.ctl("status")
            assert not recorder.of(Lost)
        finally:
            rabbitmq.ctl("set_vm_memory_high_watermark", "0.4")
        for receipt in receipts:
            recorder.wait(ReceiptArrived, receipt=receipt, within=30)
        recorder.wait(Stalled, stall=None)
        assert not recorder.of(Lost)
