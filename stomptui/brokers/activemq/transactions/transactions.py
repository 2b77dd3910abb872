"""Sending and acknowledging in one transaction on ActiveMQ Classic: both or neither.

COMMIT goes out only once every SEND and ACK in it is confirmed. A COMMIT that is refused undoes all, but verified on
5.17 and 6.3 the broker then hides what was acknowledged until the connection ends; after ABORT it is ours as before.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from stomptui.connection.blocking_client import (
    ANSWER_TIMEOUT,
    BlockingClient,
    ClientError,
    ConnectionGone,
    NoAnswer,
    RequestRefused,
)
from stomptui.connection.events import BrokerError, Lost, ReceiptArrived
from stomptui.protocol.codec import EncodeError
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, MessageOutcome
from stomptui.queues.actions.pipeline import AFTER_ERROR, FrameSpec
from stomptui.queues.refusal_texts import in_a_line, plain

_names = count(1)


@dataclass(frozen=True)
class Part:
    """One message of a transaction."""

    index: int
    send: FrameSpec
    """Its SEND, without transaction and receipt."""
    ack: FrameSpec
    """Its ACK, as well."""


def transact(
    client: BlockingClient,
    parts: Sequence[Part],
    tell: Callable[[int, MessageOutcome], None],
    undone: Callable[[Sequence[int], str], bool] = lambda indexes, why: False,
) -> str:
    """Carry out as many as can be, in one transaction if none is refused; blocks until all outcomes are reported.

    Args:
        client: Where the messages are unacknowledged: a transaction belongs to a connection.
        parts: What to do; those that are refused are left out, the others done.
        tell: Called with the outcome of each.
        undone: Called with the indexes of what was not done because the connection ended before any COMMIT, and why;
            whether somebody else tells of them.

    Returns:
        Why nothing more can be done on this connection, "" if it can.
    """
    waiting = deque([list(parts)] if parts else [])
    client.event_queue.begun = True
    while waiting:
        batch = waiting.popleft()
        name = f"stomptui-{next(_names)}"
        try:
            refused, unclear = _prepare(client, name, batch)
            if refused or unclear:
                client.ask("ABORT", [("transaction", name)])
            else:
                receipt = client.post("COMMIT", [("transaction", name)])
        except ClientError as error:
            for rest in waiting:
                batch += rest
            if client.gone and undone([part.index for part in batch], _words(error)):
                return _words(error)
            return _all(batch, tell, FAILED, f"it was not done, and stays here: {_words(error)}", _words(error))
        if not refused and not unclear:
            if why := _commit(client, receipt, batch, tell):
                return why
        elif unclear and len(batch) > 1:
            # One of them was refused, and the broker did not say which: alone each has its own answer.
            waiting.extendleft([part] for part in reversed(batch))
        else:
            for part in batch:
                if part.index in refused or unclear:
                    tell(part.index, MessageOutcome(FAILED, refused.get(part.index, unclear)))
            left = [part for part in batch if part.index not in refused and not unclear]
            if left:
                waiting.appendleft(left)
    return ""


def _prepare(client: BlockingClient, name: str, parts: Sequence[Part]) -> tuple[dict[int, str], str]:
    """Send all but COMMIT.

    Returns:
        The parts that were refused, by index, with the reason; and what the broker complained about without saying
        which it means.
    """
    client.send("BEGIN", [("transaction", name)])
    asked: dict[str, int] = {}
    refused: dict[int, str] = {}
    for part in parts:
        try:
            command, headers, body = part.send
            asked[client.post(command, [*headers, ("transaction", name)], body)] = part.index
        except EncodeError as error:
            refused[part.index] = str(error)
    for part in parts:
        command, headers, body = part.ack
        if part is parts[-1]:
            asked[client.post(command, [*headers, ("transaction", name)], body)] = part.index
        else:
            # A complaint about one is in time before the answer to the last.
            client.send(command, [*headers, ("transaction", name)], body)
    told, unclear = _answers(client, asked)
    return {**told, **refused}, unclear


def _answers(client: BlockingClient, asked: dict[str, int]) -> tuple[dict[int, str], str]:
    """Wait for all receipts; returns as `_prepare` does."""
    refused: dict[int, str] = {}
    unclear, heard = "", time.monotonic()
    while asked:
        left = heard + (AFTER_ERROR if unclear else ANSWER_TIMEOUT) - time.monotonic()
        if left <= 0 and not unclear:
            raise NoAnswer(f"no answer from the broker within {ANSWER_TIMEOUT:g} s")
        if left <= 0:
            break
        event = client.event_queue.get(left)
        if event is None or event.session != client.number:
            continue
        heard = time.monotonic()
        if isinstance(event, Lost):
            client.gone = event.reason
            raise ConnectionGone(event.reason, event.server_text)
        if isinstance(event, ReceiptArrived) and event.receipt in asked:
            index = asked.pop(event.receipt)
            if event.refusal:
                refused.setdefault(index, plain(event.refusal))
        elif isinstance(event, BrokerError) and event.receipt in asked:
            refused.setdefault(asked.pop(event.receipt), plain(event.text))
        elif isinstance(event, BrokerError) and not event.receipt:
            unclear = unclear or plain(event.text)
    return refused, unclear


def _commit(
    client: BlockingClient, receipt: str, parts: Sequence[Part], tell: Callable[[int, MessageOutcome], None]
) -> str:
    """Wait for the answer to COMMIT."""
    try:
        client.wait(receipt)
    except RequestRefused as error:
        why = f"the transaction was refused: {_words(error)}"
        return _all(parts, tell, FAILED, f"{why}; it is back once this connection ends", why)
    except ClientError as error:
        told = f"it is in one of the two places, the answer to COMMIT did not come: {_words(error)}"
        return _all(parts, tell, DOUBT, told, _words(error))
    for part in parts:
        tell(part.index, MessageOutcome(DONE))
    return ""


def _all(parts: Sequence[Part], tell: Callable[[int, MessageOutcome], None], state: str, text: str, why: str) -> str:
    for part in parts:
        tell(part.index, MessageOutcome(state, text))
    return why


def _words(error: ClientError) -> str:
    return in_a_line(error)
