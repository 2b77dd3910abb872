"""How a queue of RabbitMQ counts unacknowledged deliveries, and its limit, found out without touching it.

Which queue types count deliveries, and up to how many, is in https://www.rabbitmq.com/docs/quorum-queues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers, delivery_limit, hear, probe
from stomptui.brokers.rabbitmq.targets.target_limits import leaving, with_management
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ClientError
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.program_log import LOGGER
from stomptui.connection.subscriptions.delivery_limit import ASSUMED, Deliveries
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext

USUAL = 20
"""Counted returns that a quorum queue of RabbitMQ 4 allows where nothing else is set."""
_QUEUE = re.compile(r"(?:/amq/queue/|/queue/|/)?(?P<name>[^/]+)")


def find_delivery_limit(context: AccessContext, dialect: Dialect, destination: str) -> Deliveries:
    """As of `AskDeliveries`."""
    match = _QUEUE.fullmatch(destination)
    if match is None:
        return ASSUMED
    heard = hear(context, match["name"])
    found = rabbitmq_deliveries(context, dialect, match["name"], heard.kind)
    exists = found.exists or heard.exists is True
    return replace(found, loss=_loss(context, match["name"], heard), exists=exists)


def rabbitmq_deliveries(context: AccessContext, dialect: Dialect, name: str, kind: str | None = None) -> Deliveries:
    """The same for a queue of RabbitMQ.

    Args:
        name: The queue, percent-encoded as in destinations.
        kind: Its type, "" if that cannot be found out, None to find it out.

    Raises:
        ClientError: The broker could not be asked.
    """
    told = _managed(context.connection, name.replace("%2F", "/"))
    if told is not None:
        return _told(told, _version(dialect))
    if kind is None:
        _, kind = probe(context, name)
    if kind in ("classic", "stream"):
        return Deliveries(counted=False, kind=kind)
    if kind != "quorum":
        return ASSUMED
    found, limit = delivery_limit(context, name)
    if found and limit is None and _version(dialect) >= (4, 0):
        limit = USUAL
    # A declaration shows arguments, and no policy. A limit below zero is none, and a policy could not lower it.
    if limit is not None and limit < 0:
        return Deliveries(counted=False, kind=kind)
    return Deliveries(True, limit, certain=False, kind=kind)


def _loss(context: AccessContext, name: str, heard: DeclareAnswers) -> str:
    """What is lost when the last reader of a queue of RabbitMQ leaves it."""
    if heard.exists is False or (heard.exists and not heard.settings.auto_delete):
        return ""
    told = _managed(context.connection, name.replace("%2F", "/"))
    settings = heard.settings if told is None else with_management(heard.settings, told, None)
    return leaving(f"/queue/{shown(name)}", settings, known=True).loss


def _version(dialect: Dialect) -> tuple[int, int]:
    version: tuple[int, int] = getattr(dialect, "version", (0, 0))
    return version


def _managed(connection: Connection | None, name: str) -> Mapping[str, Any] | None:
    """What RabbitMQ's management says of a queue, None where it does not answer or this user may not ask."""
    if connection is None:
        return None
    # Lists of queues are made by what is in this package: imported at the top it would go round in a circle.
    from stomptui.brokers.rabbitmq.queue_list import one_queue

    try:
        return one_queue(connection, name)
    except ClientError as error:
        LOGGER.info("RabbitMQ's management did not tell of %s: %s", name, error)
        return None


def _told(queue: Mapping[str, Any], version: tuple[int, int]) -> Deliveries:
    """What the management's words on a queue mean; of one made a moment ago it does not know the policy yet."""
    kind = str(queue.get("type") or "")
    if kind != "quorum":
        return Deliveries(counted=kind not in ("classic", "stream"), certain=bool(kind), kind=kind, exists=True)
    policy, arguments = queue.get("effective_policy_definition"), queue.get("arguments")
    set_by_policy = policy.get("delivery-limit") if isinstance(policy, dict) else None
    argument = arguments.get("x-delivery-limit") if isinstance(arguments, dict) else None
    limits = [limit for limit in (set_by_policy, argument) if isinstance(limit, int)]
    if limits:
        limit: int | None = max(limits) if min(limits) < 0 else min(limits)
    else:
        limit = USUAL if version >= (4, 0) else None
    certain = isinstance(policy, dict)
    if (limit is None and certain) or (limit is not None and limit < 0):
        return Deliveries(counted=False, kind=kind, exists=True)
    return Deliveries(True, limit, certain, kind, exists=True)
