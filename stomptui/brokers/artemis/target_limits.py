"""Why a queue of Artemis may not keep a message it confirms, from its attributes and address settings.

Verified on 2.56. What BLOCK and PAGE do when an address is full keeps messages; FAIL refuses them in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stomptui.brokers.artemis.management.client import Call, ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace
from stomptui.connection.blocking_client import ClientError
from stomptui.protocol import durations
from stomptui.protocol.numbers import signed_number
from stomptui.queues.leaving import KEEPS, Leaving, last_reader

UNKNOWN = "only users who may manage Artemis are told"

Values = Mapping[str, Any]


@dataclass(frozen=True)
class ArtemisQueueSettings:
    """What is known of how a queue keeps messages."""

    queue: Values = field(default_factory=dict)
    """Its attributes, as listQueues has them; {} for one that is to be made."""
    address: Values = field(default_factory=dict)
    """The settings of its address, as getAddressSettingsAsJSON has them."""
    diverted: tuple[str, ...] = ()
    """Addresses that get what is sent to its address, in place of the queue."""


def settings_of(management: ManagementClient, place: ArtemisPlace, exists: bool) -> ArtemisQueueSettings:
    """What the management tells of a queue.

    Raises:
        ClientError: It does not tell.
    """
    address = _object(management.call("broker", "getAddressSettingsAsJSON", place.address))
    diverted = _diverted(management, place.address)
    if not exists:
        return ArtemisQueueSettings(address=address, diverted=diverted)
    queue = next((row for row in _rows(management, "NAME", place.queue) if row.get("name") == place.queue), {})
    return ArtemisQueueSettings(queue, address, diverted)


def fed_by(management: ManagementClient, place: ArtemisPlace) -> dict[str, ArtemisQueueSettings]:
    """The queues that an address gives what is sent to it as to a queue, by name; raises as `settings_of` does."""
    rows = [row for row in _rows(management, "ADDRESS", place.address) if row.get("address") == place.address]
    rows = [row for row in rows if str(row.get("routingType")).upper() == "ANYCAST"]
    if not rows:
        return {}
    address = _object(management.call("broker", "getAddressSettingsAsJSON", place.address))
    return {str(row.get("name")): ArtemisQueueSettings(row, address) for row in rows}


def _rows(management: ManagementClient, field: str, value: str) -> list[Values]:
    """Queues as listQueues has them, of which those that were asked for are some."""
    wanted = json.dumps({"field": field, "operation": "EQUALS", "value": value})
    rows = _object(management.call("broker", "listQueues", wanted, 1, 100)).get("data")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _diverted(management: ManagementClient, address: str) -> tuple[str, ...]:
    """Where exclusive diverts send what is sent to an address, whether it exists yet or not."""
    names = [name for name in management.call("broker", "getDivertNames") or [] if isinstance(name, str)]
    asked = ("getAddress", "isExclusive", "getForwardingAddress")
    answers = management.call_all(Call(f"divert.{name}", operation) for name in names for operation in asked)
    found = []
    for begin in range(0, len(answers), len(asked)):
        # One that was removed meanwhile does not answer.
        of, exclusive, to = (answer.result for answer in answers[begin : begin + len(asked)])
        if exclusive is True and isinstance(of, str) and matches(of, address):
            found.append(str(to))
    return tuple(found)


def matches(pattern: str, address: str) -> bool:
    """Whether an address is one that a pattern of Artemis means: * is one word, # any number of them.

    https://artemis.apache.org/components/artemis/documentation/latest/wildcard-syntax.html
    """
    words = [r"[^.]+" if word == "*" else r"#" if word == "#" else re.escape(word) for word in pattern.split(".")]
    told = r"\.".join(words).replace(r"\.#", r"(?:\.[^.]+)*").replace(r"#\.", r"(?:[^.]+\.)*").replace("#", ".*")
    return re.fullmatch(told, address, re.DOTALL) is not None


def _object(told: object) -> Values:
    try:
        found = json.loads(told) if isinstance(told, str) else told
    except (ValueError, RecursionError) as error:
        raise ClientError("what the management tells of the queue cannot be read") from error
    return found if isinstance(found, dict) else {}


def risks(name: str, settings: ArtemisQueueSettings) -> tuple[str, ...]:
    """What may become of messages that a queue confirmed, each in a sentence.

    Args:
        name: What the queue is called in them.
        settings: What is known of it.
    """
    return (*_of_queue(name, settings), *_of_address(name, settings.address))


def leaving(name: str, settings: ArtemisQueueSettings) -> Leaving:
    """What becomes of a queue, and of what is in it, when somebody reads from it and leaves.

    Args:
        name: What the queue is called.
        settings: What is known of it; of one that is missing, how it would be made.
    """
    outcomes = [outcome.removesuffix(".") for outcome in _deleted(name, settings.queue, settings.address)]
    if _purges(settings):
        outcomes.insert(0, f"{name} is emptied when its last reader leaves (purge-on-no-consumers)")
    if not outcomes:
        return KEEPS
    # A missing one has no readers.
    loss, note = last_reader("; ".join(outcomes), _number(settings.queue.get("consumerCount")) if settings.queue else 0)
    return Leaving(loss, (note,) if note else (), by_leaving=True)


def full(name: str, settings: ArtemisQueueSettings) -> str:
    """What happens where an address refuses what it has no room for, in a sentence; "" if it does not."""
    address = settings.address
    if address.get("addressFullMessagePolicy") == "FAIL":
        return f"{name} refuses what it has no room for ({_room(address, 'maxSizeBytes', 'maxSizeMessages')}, FAIL)."
    if _pages(address) and address.get("pageFullMessagePolicy") == "FAIL":
        return (
            f"{name} refuses what it has no room for ({_room(address, 'pageLimitBytes', 'pageLimitMessages')}, FAIL)."
        )
    return ""


def _of_queue(name: str, settings: ArtemisQueueSettings) -> list[str]:
    queue, address = settings.queue, settings.address
    told = []
    if _is(queue, "enabled", False):
        told.append(f"{name} is disabled: what is sent there is dropped.")
    if _purges(settings):
        told.append(f"{name} keeps nothing while nobody reads from it (purge-on-no-consumers).")
    ring = _number(queue.get("ringSize", address.get("defaultRingSize")))
    if ring is not None and ring >= 0:
        told.append(
            f"{name} keeps at most {ring:,} message{'' if ring == 1 else 's'} (ring-size {ring}): older ones are "
            "dropped, also those just moved."
        )
    # A key alone makes such a queue.
    last = _is(queue, "lastValue", True) or bool(queue.get("lastValueKey"))
    last = last or (not queue and bool(address.get("defaultLastValueQueue") or address.get("defaultLastValueKey")))
    key = queue.get("lastValueKey") or address.get("defaultLastValueKey") or "_AMQ_LVQ_NAME"
    if last:
        told.append(f"{name} keeps of messages with the same {key} only the last (last-value).")
    if found := queue.get("filter"):
        told.append(f"{name} drops what is sent there and does not match its filter: {found}")
    told += [f"What is sent to {name} goes to {place} in its place (a divert)." for place in settings.diverted]
    told += _deleted(name, queue, address)
    if _is(queue, "temporary", True):
        told.append(f"{name} is temporary: it goes, with all that is in it, with the connection that made it.")
    elif _is(queue, "durable", False):
        told.append(f"{name} does not survive a restart of Artemis, nor does what is in it (not durable).")
    return told


def _purges(settings: ArtemisQueueSettings) -> bool:
    default = not settings.queue and settings.address.get("defaultPurgeOnNoConsumers") is True
    return default or _is(settings.queue, "purgeOnNoConsumers", True)


def _deleted(name: str, queue: Values, address: Values) -> list[str]:
    """Of a queue that Artemis may delete by itself with messages in it."""
    when = "once its last reader has left (auto-delete)"
    if _is(queue, "autoDelete", True) and not _is(queue, "autoCreated", True):
        # How many messages keep it from that is not told of a queue that somebody made.
        return [f"{name} is deleted {when}, with what is in it if it was made so, which Artemis does not tell."]
    itself = _is(queue, "autoDelete", True) if queue else address.get("autoDeleteQueues") is not False
    most = _number(address.get("autoDeleteQueuesMessageCount"))
    if not itself or not most:
        return []
    much = "with all that is in it" if most < 0 else f"with up to {most:,} message{'' if most == 1 else 's'} in it"
    return [f"{name} is deleted {when}, {much}."]


def _of_address(name: str, address: Values) -> list[str]:
    told = []
    policy = address.get("addressFullMessagePolicy")
    if policy == "DROP":
        room = _room(address, "maxSizeBytes", "maxSizeMessages")
        told.append(f"{name} drops what is sent there once its address is full ({room}, DROP).")
    if _pages(address) and address.get("pageFullMessagePolicy") == "DROP":
        room = _room(address, "pageLimitBytes", "pageLimitMessages")
        told.append(f"{name} drops what is sent there once its pages are full ({room}, DROP).")
    to = address.get("expiryAddress")
    gone = f"then it goes to {to}" if to else "then it is deleted"
    if address.get("noExpiry") is not True:
        delay, most = _number(address.get("expiryDelay")), _number(address.get("maxExpiryDelay"))
        if delay is not None and delay >= 0:
            told.append(
                f"{name} keeps a message without an end of its own for {durations.limit(delay)} (expiry-delay): {gone}."
            )
        if most is not None and most >= 0:
            told.append(f"{name} keeps a message for {durations.limit(most)} at most (max-expiry-delay): {gone}.")
    return told


def _pages(address: Values) -> bool:
    """Whether messages that have no room in memory go to pages, of which there is a limit."""
    limits = (_number(address.get(name)) for name in ("pageLimitBytes", "pageLimitMessages"))
    return address.get("addressFullMessagePolicy", "PAGE") == "PAGE" and any((limit or -1) >= 0 for limit in limits)


def _room(address: Values, size: str, count: str) -> str:
    told = []
    if (most := _number(address.get(size))) is not None and most >= 0:
        told.append(f"{most:,} bytes")
    if (most := _number(address.get(count))) is not None and most >= 0:
        told.append(f"{most:,} message{'' if most == 1 else 's'}")
    return " or ".join(told) or "as much as the broker has for all"


def _is(queue: Values, name: str, wanted: bool) -> bool:
    """Whether an attribute is so; listQueues tells them as text."""
    return str(queue.get(name, "")).lower() == str(wanted).lower()


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int) else signed_number(str(value).strip())
