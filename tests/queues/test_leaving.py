"""What becomes of a queue when its last reader leaves: the sentences, also for what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from stomptui.brokers.artemis import target_limits
from stomptui.brokers.rabbitmq.targets import target_limits as rabbitmq_keeping
from stomptui.queues.leaving import KEEPS, Leaving
from stomptui.queues.peek.peek_values import QueueSurvey
from stomptui.queues.transfer.drain import losses

GOES = "q is deleted, with all that is in it, when its last reader leaves (auto-delete)."
NOBODY = "The management knows of nobody else who reads from it."
NOT_KNOWN = "Whether others read from it is not known."


def rabbit(known: bool = True, kind: str = "classic", **settings: Any) -> Leaving:
    return rabbitmq_keeping.leaving("q", rabbitmq_keeping.RabbitMQQueueSettings(kind, **settings), known)


def artemis(queue: dict[str, Any] | None = None, **address: Any) -> Leaving:
    """As the management tells it: of a queue all is text."""
    told = {name: str(value).lower() for name, value in (queue or {}).items()}
    return target_limits.leaving("q", target_limits.ArtemisQueueSettings(told, address))


def test_most_queues_stay() -> None:
    assert rabbit() == rabbit(kind="quorum") == artemis({"autoDelete": False}) == KEEPS
    # The usual ones that Artemis makes by itself are deleted once they are empty.
    assert artemis({"autoDelete": True, "autoCreated": True}, autoDeleteQueuesMessageCount=0) == KEEPS
    assert losses(QueueSurvey("")) == ()


@pytest.mark.parametrize(
    ("readers", "loss", "note"),
    [
        (None, f"{GOES} {NOT_KNOWN}", ""),
        (0, f"{GOES} {NOBODY}", ""),
        (1, "", f"{GOES} It stays while another reader does."),
        (3, "", f"{GOES} It stays while the 3 other readers do."),
    ],
)
def test_who_else_reads_decides(readers: int | None, loss: str, note: str) -> None:
    found = rabbit(auto_delete=True, readers=readers)
    assert (found.loss, " ".join(found.notes), found.by_leaving) == (loss, note, True)
    expected = (f"{loss} What is not drained by then is lost.",) if loss else ()
    assert losses(QueueSurvey("", leaving=found)) == expected


def test_that_it_is_not_known_is_said_and_is_no_loss() -> None:
    found = rabbit(known=False)
    assert found.loss == ""
    assert found.notes == ("Whether q is deleted when its last reader leaves (auto-delete) is not known.",)
    # Once it is known to be deleted, that is what is said.
    assert rabbit(known=False, auto_delete=True).notes == ()


def test_one_that_belongs_to_a_connection_does_not_go_with_a_reader() -> None:
    assert rabbit(auto_delete=True, exclusive=True) == KEEPS


def test_times_are_notes() -> None:
    found = rabbit(arguments={"message-ttl": 60_000, "expires": 90_000})
    assert found.loss == ""
    assert found.lifetime == 60
    assert found.notes[0].startswith("q keeps a message for 60 s (x-message-ttl 60000): when one is unacknowledged for")
    assert "once nobody reads from it for 90 s" in found.notes[1]
    assert rabbit(kind="stream", arguments={"message-ttl": 60_000}).lifetime is None


@pytest.mark.parametrize(
    ("queue", "address", "said"),
    [
        ({"purgeOnNoConsumers": True}, {}, "q is emptied when its last reader leaves (purge-on-no-consumers)."),
        ({"autoDelete": True, "autoCreated": True}, {"autoDeleteQueuesMessageCount": -1}, ", with all that is in it."),
        ({"autoDelete": True, "autoCreated": True}, {"autoDeleteQueuesMessageCount": 1}, ", with up to 1 message in"),
        ({"autoDelete": True, "autoCreated": False}, {}, "if it was made so, which Artemis does not tell."),
        ({}, {"defaultPurgeOnNoConsumers": True}, "q is emptied when its last reader leaves"),
        ({}, {"autoDeleteQueues": True, "autoDeleteQueuesMessageCount": -1}, ", with all that is in it."),
    ],
)
def test_artemis_empties_and_deletes(queue: dict[str, Any], address: dict[str, Any], said: str) -> None:
    found = artemis({**queue, "consumerCount": 0} if queue else {}, **address)
    assert said in found.loss
    assert found.loss.endswith(NOBODY), "a missing one has no readers either"
    if queue:
        assert NOT_KNOWN in artemis(queue, **address).loss
        (note,) = artemis({**queue, "consumerCount": 2}, **address).notes
        assert note.endswith("It stays while the 2 other readers do.")


def test_artemis_says_both() -> None:
    both = artemis(
        {"purgeOnNoConsumers": True, "autoDelete": True, "autoCreated": True}, autoDeleteQueuesMessageCount=-1
    )
    assert "is emptied" in both.loss
    assert "is deleted" in both.loss
