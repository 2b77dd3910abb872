"""One client's session: what each frame it sends does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stomptui.embedded import connecting
from stomptui.embedded.destinations import ServerDestination, parse
from stomptui.embedded.frames import error_frame, message_frame, receipt_frame
from stomptui.embedded.queues import QueueEntry, ServerQueue, ServerSubscription
from stomptui.embedded.refused import FrameRefused
from stomptui.embedded.transactions import Transactions
from stomptui.protocol.frame import Frame, Headers

if TYPE_CHECKING:
    from stomptui.embedded.broker import EmbeddedServer
    from stomptui.embedded.connection import ClientConnection

MODES = ("auto", "client", "client-individual")
DEAD_LETTERS = "DLQ"
"""The queue that rejected messages go to."""


class ClientSession:
    """What one client asked for and holds. Everything runs on the broker's event loop."""

    def __init__(self, broker: EmbeddedServer, connection: ClientConnection) -> None:
        self.broker = broker
        self.connection = connection
        self.id = f"session-{broker.token()}"
        self.version = ""
        """The STOMP version spoken; "" before CONNECTED."""
        self.login = ""
        self.subscriptions: dict[str, ServerSubscription] = {}
        self.locked: dict[int, tuple[ServerQueue, QueueEntry]] = {}
        """What subscriptions that are gone left unacknowledged, by delivery tag, until the connection ends."""
        self.transactions = Transactions()
        self.reply_queues: dict[str, ServerQueue] = {}
        self._last_tag = 0
        self._commands: dict[str, Callable[[Frame], None]] = {
            "CONNECT": self._again,
            "STOMP": self._again,
            "SEND": self._send,
            "SUBSCRIBE": self._subscribe,
            "UNSUBSCRIBE": self._unsubscribe,
            "ACK": self._settle,
            "NACK": self._settle,
            "BEGIN": self._begin,
            "COMMIT": self._commit,
            "ABORT": self._abort,
            "DISCONNECT": self._disconnect,
        }

    # -- frames in

    def handle(self, frame: Frame) -> None:
        """Do what a frame asks for.

        Raises:
            Refused: It is answered with ERROR instead; nothing of it was done.
        """
        if not self.version:
            self._connect(frame)
            return
        command = self._commands.get(frame.command)
        if command is None:
            raise FrameRefused("Bad command", f'Could not interpret command "{frame.command}"\n')
        for fault in frame.faults:
            if not fault.startswith("header that is not UTF-8") and not fault.startswith("header without a name"):
                raise FrameRefused("Malformed frame", fault + "\n", fatal=True)
        command(frame)

    def _connect(self, frame: Frame) -> None:
        if frame.command not in ("CONNECT", "STOMP"):
            raise FrameRefused("Illegal command", "You must log in using CONNECT first")
        version = connecting.version(frame)
        beats = connecting.heart_beat(frame, self.broker.heart_beat_minimum)
        self.login = connecting.login(frame, self.broker.users, self.broker.vhosts)
        self.version = version
        self.connection.write(
            b"CONNECTED\nserver:%s\nsession:%s\nheart-beat:%d,%d\nversion:%s\n\n\0\n"
            % (self.broker.server.encode(), self.id.encode(), *beats, version.encode())
        )
        self.connection.connected(*beats)

    def _again(self, frame: Frame) -> None:
        raise FrameRefused("Illegal command", "This connection is logged in already\n", fatal=True)

    # -- SEND

    def _send(self, frame: Frame) -> None:
        target = parse(frame.get("destination"), "SEND")
        if frame.get("message-id") is not None:
            raise FrameRefused("Invalid header", "'message-id' is not allowed on 'SEND'.\n")
        self._check_room(target)
        if target.kind == "/queue":
            # As on RabbitMQ also in a transaction, whatever becomes of it.
            self.broker.declare(target.name)
        if self.transactions.keep(frame):
            return
        self._route(target, frame)
        self._receipt(frame)

    def _check_room(self, target: ServerDestination) -> None:
        self.broker.check(target)
        queue = self.broker.queues.get(target.name)
        if queue is not None and target.kind != "/topic" and self.broker.full(queue):
            raise FrameRefused("Queue is full", f"'{queue.destination}' holds as much as this broker lets it\n")

    def _route(self, target: ServerDestination, frame: Frame) -> None:
        headers = self._with_reply_queue(frame.headers)
        if target.kind != "/broker":
            self.broker.route(target, headers, frame.body)
            return
        reply_to = next((value for name, value in headers if name == "reply-to"), None)
        kept = tuple(line for line in headers if line[0] == "correlation-id")
        self.broker.route(
            parse(reply_to, "SEND"), (("content-type", "application/json"), *kept), self.broker.answer(target.name)
        )

    def _with_reply_queue(self, headers: Headers) -> Headers:
        """Replace `reply-to:/temp-queue/NAME` by the address of a queue that this connection reads under that name."""
        alias = next((value for name, value in headers if name == "reply-to"), "")
        if not alias.startswith("/temp-queue/"):
            return headers
        queue = self.reply_queues.get(alias)
        if queue is None:
            queue = self.reply_queues[alias] = self.broker.private_queue("amq.gen-", "/queue/")
            subscription = ServerSubscription(self.connection, queue, alias, f"T_{alias}")
            self.subscriptions[subscription.tag] = subscription
            queue.subscriptions.append(subscription)
        return tuple((name, f"/reply-queue/{queue.name}" if name == "reply-to" else value) for name, value in headers)

    # -- SUBSCRIBE and UNSUBSCRIBE

    def _subscribe(self, frame: Frame) -> None:
        destination = frame.get("destination")
        target = parse(destination, "SUBSCRIBE")
        tag = self._tag(frame)
        mode = frame.get("ack", "auto") or "auto"
        if mode not in MODES:
            raise FrameRefused("Invalid header", f"'ack' is one of {', '.join(MODES)}, not '{mode}'\n")
        prefetch = frame.get("prefetch-count", "0") or "0"
        if not prefetch.isascii() or not prefetch.isdigit():
            raise FrameRefused("Processing error", f"'prefetch-count' is a number, not '{prefetch}'\n")
        if tag in self.subscriptions:
            raise FrameRefused(
                "Duplicated subscription identifier", f"A subscription identified by '{tag}' already exists.", True
            )
        self.broker.check(target)
        queue = self.broker.queue_to_read(target)
        subscription = ServerSubscription(self.connection, queue, frame.get("id"), tag, mode, int(prefetch))
        self.subscriptions[tag] = subscription
        # The RECEIPT comes before the backlog, so that a client knows what the messages belong to.
        self._receipt(frame)
        queue.subscriptions.append(subscription)
        queue.pump()

    @staticmethod
    def _tag(frame: Frame) -> str:
        """RabbitMQ's name of a subscription, which its message-ids begin with: by id, without one by destination."""
        id = frame.get("id")
        if id is not None:
            return f"T_{id}"
        destination = frame.get("destination")
        if destination is None:
            raise FrameRefused(
                "Missing destination or id", f"{frame.command} must include a 'destination' or 'id' header"
            )
        return f"Q_{destination}"

    def _unsubscribe(self, frame: Frame) -> None:
        subscription = self.subscriptions.pop(self._tag(frame), None)
        if subscription is None:
            what = "id" if frame.get("id") is not None else "destination"
            raise FrameRefused(
                "No subscription found",
                "UNSUBSCRIBE must refer to an existing subscription.\n"
                f"Subscription to \"{what}='{frame.get(what)}'\" not found.\n",
            )
        self.drop(subscription)
        self._receipt(frame)

    def drop(self, subscription: ServerSubscription) -> None:
        """End a subscription; what it left unacknowledged stays locked until the connection ends."""
        queue = subscription.queue
        self.subscriptions.pop(subscription.tag, None)
        queue.subscriptions.remove(subscription)
        if queue.private:
            self.broker.remove_private(queue)
            return
        self.locked.update((tag, (queue, entry)) for tag, entry in subscription.unacked.items())
        queue.locked += len(subscription.unacked)

    # -- ACK, NACK and transactions

    def _settle(self, frame: Frame) -> None:
        self._find(frame)
        if self.transactions.keep(frame):
            self._receipt(frame)
            return
        subscription, tag = self._find(frame, must_be_there=True)
        self._receipt(frame)
        self._apply(frame, subscription, tag)

    def _find(self, frame: Frame, must_be_there: bool = False) -> tuple[ServerSubscription, int]:
        """The subscription and delivery tag that an ACK or NACK speaks of."""
        command = frame.command
        name = "id" if self.version == "1.2" else "message-id"
        id = frame.get(name)
        if id is None:
            raise FrameRefused("Missing header", f'"{command}" must include the "{name}" header\n')
        parts = id.rsplit("@@", 2)
        if len(parts) != 3 or not parts[2].isascii() or not parts[2].isdigit():
            raise FrameRefused("Invalid header", f'"{command}" must include a valid "{name}" header\n')
        subscription = self.subscriptions.get(parts[0])
        if subscription is None:
            raise FrameRefused("Subscription not found", f'Message with id "{id}" has no subscription')
        tag = int(parts[2])
        # A new subscription of the same id may settle what an old one left, as on RabbitMQ.
        there = parts[1] == self.id and (tag in subscription.unacked or tag in self.locked)
        if must_be_there and not there:
            raise FrameRefused("precondition_failed", f"PRECONDITION_FAILED - unknown delivery tag {tag}", fatal=True)
        return subscription, tag

    def _apply(self, frame: Frame, subscription: ServerSubscription, tag: int) -> None:
        queue, entries = subscription.queue, subscription.take(tag)
        if tag in self.locked:
            queue, entry = self.locked.pop(tag)
            queue.locked -= 1
            entries = [entry]
        if frame.command == "NACK":
            if frame.get("requeue", "true") != "false":
                queue.return_messages(entries)
            elif not queue.private and queue.name != DEAD_LETTERS:
                for entry in entries:
                    dead = entry.message.died(queue.name, "rejected")
                    self.broker.route(ServerDestination("/queue", DEAD_LETTERS), dead.headers, dead.body)
        queue.pump()

    def _begin(self, frame: Frame) -> None:
        self.transactions.begin(frame)
        self._receipt(frame)

    def _abort(self, frame: Frame) -> None:
        self.transactions.end(frame)
        self._receipt(frame)

    def _commit(self, frame: Frame) -> None:
        steps = self.transactions.steps(frame)
        self._check(steps)
        self.transactions.end(frame)
        self._receipt(frame)
        for step in steps:
            if step.command == "SEND":
                self._route(parse(step.get("destination"), "SEND"), step)
                self._receipt(step)
            else:
                self._apply(step, *self._find(step))

    def _check(self, steps: list[Frame]) -> None:
        """All or nothing: refuse the COMMIT if any step cannot be done."""
        covered: set[tuple[str, int]] = set()
        for step in steps:
            if step.command == "SEND":
                self._check_room(parse(step.get("destination"), "SEND"))
                continue
            subscription, tag = self._find(step, must_be_there=True)
            tags = [t for t in subscription.unacked if t <= tag] if subscription.mode == "client" else [tag]
            if (subscription.tag, tag) in covered:
                raise FrameRefused(
                    "precondition_failed", f"PRECONDITION_FAILED - unknown delivery tag {tag}", fatal=True
                )
            covered.update((subscription.tag, t) for t in tags)

    # -- the end

    def _disconnect(self, frame: Frame) -> None:
        self._receipt(frame)
        self.connection.finish()

    def close(self) -> None:
        """Give everything back: in its old order, marked redelivered (RabbitMQ, classic queues)."""
        back: dict[ServerQueue, list[QueueEntry]] = {}
        for queue, entry in self.locked.values():
            back.setdefault(queue, []).append(entry)
            queue.locked -= 1
        for subscription in self.subscriptions.values():
            queue = subscription.queue
            queue.subscriptions.remove(subscription)
            if queue.private:
                self.broker.remove_private(queue)
            else:
                back.setdefault(queue, []).extend(subscription.unacked.values())
        self.subscriptions.clear()
        self.locked.clear()
        for queue, entries in back.items():
            queue.return_messages(entries)
        for queue in back:
            queue.pump()

    # -- frames out

    def hand(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        """Write a MESSAGE; returns its delivery tag, which counts per connection as on RabbitMQ."""
        self._last_tag += 1
        self.connection.write(message_frame(subscription, entry, self.id, self._last_tag, self.version))
        return self._last_tag

    def error(self, refused: FrameRefused, frame: Frame | None = None, subscription: str | None = None) -> None:
        """Write the ERROR that answers a frame, or one that nobody asked for."""
        receipt = frame.get("receipt") if frame is not None else None
        self.connection.write(error_frame(refused, self.version or "1.0", receipt, subscription))

    def _receipt(self, frame: Frame) -> None:
        receipt = frame.get("receipt")
        if receipt is not None:
            self.connection.write(receipt_frame(receipt, self.version))
