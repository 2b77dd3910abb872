"""What the brokers under test promise, where they differ by design, and how tests speak to them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.raw import RawFrame, RawStomp


@dataclass(frozen=True)
class Promises:
    """What a broker does where others do something else."""

    server: str
    """How its `server` header begins."""
    keeps_header_order: bool
    """The sender's headers come in the sender's order."""
    keeps_receipt_header: bool
    """The sender's `receipt` header is delivered too."""
    escapes_in_1_0: bool
    """Headers are escaped and unescaped in STOMP 1.0, which has no escapes."""
    escapes_cr_in_1_1: bool
    """\\r is an escape in STOMP 1.1 too."""
    says_why_it_closes: bool
    """A broken frame is answered with ERROR before the connection ends."""
    message_before_receipt: bool
    """A MESSAGE to the sender itself comes before the RECEIPT of its SEND; where not, either may be first."""
    receipt_despite_error: bool
    """What fails late (a SUBSCRIBE of a missing queue, a second ACK, a COMMIT) gets its RECEIPT all the same."""
    names_the_receipt: bool
    """ERROR has a `receipt-id`."""
    atomic_commit: bool
    """A COMMIT that fails does nothing."""
    dead_letters: bool
    """What is rejected with requeue:false goes to /queue/DLQ without any declaration."""
    shortest_heart_beat: int
    """Milliseconds; what is asked for below is raised to it."""
    notices_silence_after: float
    """Seconds until a client that promised a heart-beat every `shortest_heart_beat` and says nothing is let go."""


EMBEDDED = Promises(
    server="stomptui/",
    keeps_header_order=True,
    keeps_receipt_header=False,
    escapes_in_1_0=False,
    escapes_cr_in_1_1=False,
    says_why_it_closes=True,
    message_before_receipt=True,
    receipt_despite_error=False,
    names_the_receipt=True,
    atomic_commit=True,
    dead_letters=True,
    shortest_heart_beat=100,
    notices_silence_after=0.3,
)
RABBITMQ = Promises(
    server="RabbitMQ/",
    keeps_header_order=False,
    keeps_receipt_header=True,
    escapes_in_1_0=True,
    escapes_cr_in_1_1=True,
    says_why_it_closes=False,
    message_before_receipt=False,
    receipt_despite_error=True,
    names_the_receipt=False,
    atomic_commit=False,
    dead_letters=False,
    shortest_heart_beat=1000,
    notices_silence_after=3.0,
)


class Target:
    """A broker under test, and clients of it that are closed when the test is over."""

    def __init__(self, host: str, port: int, promises: Promises) -> None:
        self.host = host
        self.port = port
        self.promises = promises
        self.clients: list[RawStomp] = []

    def socket(self) -> RawStomp:
        client = RawStomp(self.host, self.port)
        self.clients.append(client)
        return client

    def client(self, version: str = "1.2") -> RawStomp:
        client = self.socket()
        client.connect(version)
        return client

    def close(self) -> None:
        for client in self.clients:
            client.close()


def fill(client: RawStomp, queue: str, count: int) -> None:
    """m0, m1, ... into a queue, all of them there when this returns."""
    for number in range(count):
        client.receipt("SEND", {"destination": queue, "persistent": "true"}, f"m{number}")


def subscribe(client: RawStomp, destination: str, id: str = "1", ack: str = "client-individual", **more: str) -> None:
    headers = {"id": id, "destination": destination, "ack": ack}
    headers.update({name.replace("_", "-"): value for name, value in more.items()})
    # The RECEIPT comes before the backlog: nothing may come earlier.
    assert client.receipt("SUBSCRIBE", headers) == []


def bodies(frames: list[RawFrame]) -> list[str]:
    return [frame.text for frame in frames]


def marks(frames: list[RawFrame]) -> list[str]:
    return [frame["redelivered"] for frame in frames]


def refused(client: RawStomp, message: str, receipt: str = "", promises: Promises | None = None) -> RawFrame:
    """The next frame is ERROR with that `message`."""
    frame = client.expect("ERROR", message=message)
    assert frame["version"] == "1.0,1.1,1.2"
    if promises is not None and receipt:
        assert frame.get("receipt-id") == (receipt if promises.names_the_receipt else None)
    return frame


def delivered_and_confirmed(target: Target, client: RawStomp) -> None:
    """A MESSAGE and the RECEIPT of its SEND come, in the order that is promised."""
    commands = [client.read().command, client.read().command]
    assert sorted(commands) == ["MESSAGE", "RECEIPT"]
    assert commands[0] == "MESSAGE" or not target.promises.message_before_receipt


def broken_off(target: Target, client: RawStomp) -> None:
    """The connection ends, with a reason where the broker promises one."""
    frames = client.expect_closed()
    assert [frame.command for frame in frames] == (["ERROR"] if target.promises.says_why_it_closes else [])
