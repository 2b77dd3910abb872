"""The session of one client: what each of its frames does (STOMP 1.2, "Client Frames")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from stomptui import __version__
from stomptui.embedded.destinations import ServerDestination, parse
from stomptui.embedded.frames import error_frame, message_frame, receipt_frame
from stomptui.embedded.negotiation import check_login, negotiate_heart_beat, negotiate_version
from stomptui.embedded.options import ServerOptions
from stomptui.embedded.queues import QueueEntry, ServerAckMode, ServerQueue, ServerSubscription, SubscriberConnection
from stomptui.embedded.refused import FrameRefused
from stomptui.embedded.server_queues import ServerQueues
from stomptui.embedded.transactions import Transactions
from stomptui.protocol.frame import Frame, Headers

MODES = ("auto", "client", "client-individual")
DEAD_LETTERS = "DLQ"
"""The queue of dead letters, which rejected messages go to."""
SERVER = f"stomptui/{__version__}"
"""The `server` header of CONNECTED."""


class FrameWriter(SubscriberConnection, Protocol):
    """What a session uses of its connection."""

    def write(self, data: bytes) -> None:
        """Write a frame, NUL included."""

    def start_heart_beats(self, send_every: int, expect_every: int) -> None:
        """Begin to keep the heart-beats agreed, in milliseconds, 0 for none."""

    def finish(self) -> None:
        """Close the connection once all is written."""


class ClientSession:
    """The subscriptions, transactions and unacknowledged messages of one client. Runs on the broker's event loop.

    Args:
        options: Those of the broker.
        queues: Those of the broker.
        connection: Where its frames are written to.
    """

    def __init__(self, options: ServerOptions, queues: ServerQueues, connection: FrameWriter) -> None:
        self.connection = connection
        self.id = f"session-{options.token()}"
        self.version = ""
        """The STOMP version agreed; "" before CONNECTED."""
        self.login = ""
        self.subscriptions: dict[str, ServerSubscription] = {}
        self.orphaned: dict[int, tuple[ServerQueue, QueueEntry]] = {}
        """Unacknowledged messages of subscriptions that have ended, by delivery tag, until the connection ends."""
        self.transactions = Transactions()
        self.reply_queues: dict[str, ServerQueue] = {}
        self._options = options
        self._queues = queues
        self._last_tag = 0
        self._commands: dict[str, Callable[[Frame], None]] = {
            "CONNECT": self._second_connect,
            "STOMP": self._second_connect,
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
        """Carry out a frame.

        Raises:
            FrameRefused: Nothing of it was carried out; it is to be answered with ERROR.
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
        version = negotiate_version(frame)
        beats = negotiate_heart_beat(frame, self._options.heart_beat_minimum)
        self.login = check_login(frame, self._options.users, self._options.vhosts)
        self.version = version
        self.connection.write(
            b"CONNECTED\nserver:%s\nsession:%s\nheart-beat:%d,%d\nversion:%s\n\n\0\n"
            % (SERVER.encode(), self.id.encode(), *beats, version.encode())
        )
        self.connection.start_heart_beats(*beats)

    def _second_connect(self, frame: Frame) -> None:
        raise FrameRefused("Illegal command", "This connection is logged in already\n", fatal=True)

    # -- SEND

    def _send(self, frame: Frame) -> None:
        target = parse(frame.get("destination"), "SEND")
        if frame.get("message-id") is not None:
            raise FrameRefused("Invalid header", "'message-id' is not allowed on 'SEND'.\n")
        self._queues.check_target(target)
        if target.kind == "/queue":
            # As on RabbitMQ also in a transaction, even if it is aborted.
            self._queues.declare(target.name)
        if self.transactions.keep(frame):
            return
        self._route(target, frame)
        self._receipt(frame)

    def _route(self, target: ServerDestination, frame: Frame) -> None:
        headers = self._with_reply_queue(frame.headers)
        if target.kind != "/broker":
            self._queues.route(target, headers, frame.body)
            return
        reply_to = next((value for name, value in headers if name == "reply-to"), None)
        kept = tuple(line for line in headers if line[0] == "correlation-id")
        self._queues.route(
            parse(reply_to, "SEND"), (("content-type", "application/json"), *kept), self._queues.answer(target.name)
        )

    def _with_reply_queue(self, headers: Headers) -> Headers:
        """Replace `reply-to:/temp-queue/NAME` by the address of a queue that this connection reads under that alias."""
        alias = next((value for name, value in headers if name == "reply-to"), "")
        if not alias.startswith("/temp-queue/"):
            return headers
        queue = self.reply_queues.get(alias)
        if queue is None:
            queue = self.reply_queues[alias] = self._queues.declare_private("amq.gen-", "/queue/")
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
        queue = self._queues.for_subscribe(target)
        subscription = ServerSubscription(
            self.connection, queue, frame.get("id"), tag, cast("ServerAckMode", mode), int(prefetch)
        )
        self.subscriptions[tag] = subscription
        # The RECEIPT comes before the backlog, so that a client knows what the messages belong to.
        self._receipt(frame)
        queue.subscriptions.append(subscription)
        queue.deliver_ready()

    @staticmethod
    def _tag(frame: Frame) -> str:
        """The key of a subscription, as on RabbitMQ, with which its message-ids begin: its id, or its destination."""
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
        """End a subscription; its unacknowledged messages return when the connection ends."""
        queue = subscription.queue
        self.subscriptions.pop(subscription.tag, None)
        queue.subscriptions.remove(subscription)
        if queue.private:
            self._queues.remove_private(queue)
            return
        self.orphaned.update((tag, (queue, entry)) for tag, entry in subscription.unacked.items())
        queue.orphaned += len(subscription.unacked)

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
        """The subscription and delivery tag that an ACK or NACK names."""
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
        # A new subscription with the same id may acknowledge messages of an earlier one, as on RabbitMQ.
        there = parts[1] == self.id and (tag in subscription.unacked or tag in self.orphaned)
        if must_be_there and not there:
            raise FrameRefused("precondition_failed", f"PRECONDITION_FAILED - unknown delivery tag {tag}", fatal=True)
        return subscription, tag

    def _apply(self, frame: Frame, subscription: ServerSubscription, tag: int) -> None:
        queue, entries = subscription.queue, subscription.take(tag)
        if tag in self.orphaned:
            queue, entry = self.orphaned.pop(tag)
            queue.orphaned -= 1
            entries = [entry]
        if frame.command == "NACK":
            if frame.get("requeue", "true") != "false":
                queue.return_messages(entries)
            elif not queue.private and queue.name != DEAD_LETTERS:
                for entry in entries:
                    dead = entry.message.as_dead_letter(queue.name, "rejected")
                    self._queues.route(ServerDestination("/queue", DEAD_LETTERS), dead.headers, dead.body)
        queue.deliver_ready()

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
        """Refuse the COMMIT if any step cannot be carried out: all or nothing."""
        covered: set[tuple[str, int]] = set()
        for step in steps:
            if step.command == "SEND":
                self._queues.check_target(parse(step.get("destination"), "SEND"))
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
        """Return all unacknowledged messages in their order, marked redelivered, as classic queues of RabbitMQ do."""
        returned: dict[ServerQueue, list[QueueEntry]] = {}
        for queue, entry in self.orphaned.values():
            returned.setdefault(queue, []).append(entry)
            queue.orphaned -= 1
        for subscription in self.subscriptions.values():
            queue = subscription.queue
            queue.subscriptions.remove(subscription)
            if queue.private:
                self._queues.remove_private(queue)
            else:
                returned.setdefault(queue, []).extend(subscription.unacked.values())
        self.subscriptions.clear()
        self.orphaned.clear()
        for queue, entries in returned.items():
            queue.return_messages(entries)
        for queue in returned:
            queue.deliver_ready()

    # -- frames out

    def write_message(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        """Write a MESSAGE; returns its delivery tag, which counts per connection as on RabbitMQ."""
        self._last_tag += 1
        self.connection.write(message_frame(subscription, entry, self.id, self._last_tag, self.version))
        return self._last_tag

    def error(self, refused: FrameRefused, frame: Frame | None = None, subscription: str | None = None) -> None:
        """Write an ERROR, in answer to a frame or unasked."""
        receipt = frame.get("receipt") if frame is not None else None
        self.connection.write(error_frame(refused, self.version or "1.0", receipt, subscription))

    def _receipt(self, frame: Frame) -> None:
        receipt = frame.get("receipt")
        if receipt is not None:
            self.connection.write(receipt_frame(receipt, self.version))
