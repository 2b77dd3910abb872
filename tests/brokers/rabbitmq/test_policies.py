"""Which policies hold for a queue of RabbitMQ, where that can be told; all that may hold, where it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from stomptui.brokers.rabbitmq.targets.queue_settings import _applied


def policy(pattern: str, priority: int = 0, to: str = "queues", **definition: Any) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in definition.items()}
    return {"pattern": pattern, "priority": priority, "apply-to": to, "definition": named}


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("^px", True),
        ("^py", False),
        ("1$", True),
        ("^px[[:digit:]]$", True),
        ("^px[[:alpha:]]$", True),  # it does not, but who reads it with Python cannot tell
        (r"^px\d$", True),
        (r"^\Qpx1\E$", True),
        (r"^px\h", True),
        ("^px++1", True),
        ("^(?i)PX", True),
        ("(?|px|py)1", True),
        ("(", True),
    ],
)
def test_a_pattern_that_python_may_read_otherwise_may_hold(pattern: str, holds: bool) -> None:
    assert bool(_applied([policy(pattern, max_length=2)], "px1", "classic")) == holds


def test_the_highest_priority_counts() -> None:
    policies = [policy("", 1, max_length=1), policy("", 5, max_length=5), policy("", 3, max_length=3)]
    assert _applied(policies, "q", "classic") == {"max-length": 5}


def test_of_the_same_priority_all_may_count() -> None:
    policies = [policy("", delivery_limit=9), policy("", max_length=2), policy("", max_length=7)]
    assert _applied(policies, "q", "quorum") == {"delivery-limit": 9, "max-length": 2}


def test_of_an_unknown_type_each_policy_may_count() -> None:
    policies = [policy("", 10, "quorum_queues", delivery_limit=9), policy("", 1, "all", max_length=2)]
    assert _applied(policies, "q", "quorum") == {"delivery-limit": 9}
    assert _applied(policies, "q", "classic") == {"max-length": 2}
    assert _applied(policies, "q", "") == {"delivery-limit": 9, "max-length": 2}


def test_policies_of_exchanges_hold_for_no_queue() -> None:
    assert _applied([policy("", to="exchanges", max_length=2)], "q", "") == {}
