"""A broker that is gone and one that is blocked are told apart where no heart-beats were agreed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading

import pytest

from stomptui.config.connection import Connection
from stomptui.connection.errors import ConnectionOver
from stomptui.connection.events import Lost, Stalled
from stomptui.connection.transport.liveness import CHECK_EVERY, LOST_AFTER, Liveness, Stall
from stomptui.connection.transport.tcp_info import TcpInfo, tcp_info
from tests.faults import servers
from tests.faults.servers import serving
from tests.support.record import Recorder

FINE = TcpInfo(unacked=0, retransmits=0, probes=0, silence=0.1)


class System:
    """What the system tells, and a clock."""

    def __init__(self, info: TcpInfo | None) -> None:
        self.info = info
        self.now = 1000.0
        self.liveness = Liveness(lambda: self.info)

    def after(self, seconds: float, unsent: int = 0, asked: bool = True, written: int = 5) -> Stall | None:
        """Look every few seconds for so long, and give what the last look showed."""
        stall = None
        pending_since = self.now if asked else None
        end = self.now + seconds
        while self.now < end:
            self.now += CHECK_EVERY
            stall = self.liveness.check(self.now, written, unsent, pending_since).stall
        return stall


def test_what_is_not_acknowledged_for_half_a_minute_was_sent_to_nobody() -> None:
    system = System(TcpInfo(unacked=1, retransmits=5, probes=0, silence=4000.0))
    assert system.after(5) is None, "silence before it was sent says nothing"
    assert system.after(15) is Stall.UNREACHED
    with pytest.raises(ConnectionOver, match="the network lost the broker: nothing acknowledged for 3"):
        system.after(LOST_AFTER)


def test_so_are_questions_for_room_that_nobody_answers() -> None:
    system = System(TcpInfo(unacked=0, retransmits=0, probes=3, silence=100.0))
    with pytest.raises(ConnectionOver):
        system.after(LOST_AFTER + 10, unsent=100)


def test_a_broker_that_does_not_read_is_blocked_however_long_it_takes() -> None:
    system = System(TcpInfo(unacked=0, retransmits=0, probes=0, silence=60.0))
    assert system.after(10 * 3600, unsent=1_000_000) is Stall.UNREAD
    assert system.after(5, unsent=900_000, written=100_005, asked=False) is None, "it reads again"


def test_a_broker_that_got_everything_and_does_not_answer_may_be_busy() -> None:
    system = System(FINE)
    assert system.after(5) is None
    assert system.after(10 * 3600) is Stall.UNANSWERED
    assert system.after(5, asked=False) is None


def test_a_lost_segment_is_nothing() -> None:
    system = System(TcpInfo(unacked=3, retransmits=1, probes=0, silence=2.0))
    assert system.after(3600, asked=False) is None


def test_a_system_that_does_not_tell_says_so_and_ends_nothing() -> None:
    system = System(None)
    system.after(3600, unsent=100)
    verdict = system.liveness.check(system.now, 5, 100, None)
    assert verdict.stall is Stall.UNANSWERED
    assert "this system does not tell" in verdict.text


def test_nothing_on_its_way_needs_no_other_look() -> None:
    assert not Liveness(lambda: FINE).check(0.0, 5, 0, None).open
    assert Liveness(lambda: FINE).check(0.0, 5, 0, 0.0).open


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux tells")
def test_the_system_is_understood() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as sock:
        peer, _ = listener.accept()
        with peer:
            sock.send(b"x")
            assert peer.recv(1) == b"x"
            info = tcp_info(sock)
            assert info is not None
            assert (info.retransmits, info.probes) == (0, 0)
            assert 0 <= info.silence < 60
    assert tcp_info(sock) is None, "it is closed"


def test_a_broker_that_stops_reading_is_told_of_and_kept_and_told_when_it_goes_on() -> None:
    body = b"x" * 20_000_000

    def script(peer: servers.Peer) -> None:
        peer.handshake(servers.connected())
        assert stalled.wait(20)
        peer.frame()
        peer.send(b"RECEIPT\nreceipt-id:1\n\n\0")
        peer.wait_closed()

    stalled = threading.Event()
    with serving(script) as port, Recorder(Connection(port=port, heart_beat=(0, 0))) as recorder:
        liveness = recorder.session._run.transport.liveness
        liveness.stalled_after, liveness.check_every = 0.3, 0.1
        recorder.connected()
        recorder.session.send("SEND", [("destination", "/queue/q"), ("receipt", "1")], body)
        told = recorder.wait(Stalled)
        assert told.stall is Stall.UNREAD
        assert "blocked" in told.text
        assert "not gone" in told.text
        stalled.set()
        recorder.wait(Stalled, stall=None)
        assert not recorder.of(Lost)


def in_a_network_of_its_own(*how: str) -> list[str]:
    if not all(map(shutil.which, ("unshare", "ip"))) or subprocess.run(["unshare", "-n", "true"]).returncode:
        pytest.skip("needs root, unshare and ip")
    command = ["unshare", "-n", sys.executable, "-m", "tests.support.half_open", *how]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


@pytest.mark.parametrize("reads", [True, False])
def test_a_network_that_goes_away_with_one_send_outstanding_is_noticed(reads: bool) -> None:
    lines = in_a_network_of_its_own("goes", *["reads"] * reads)
    assert lines[0].startswith("stalled UNREACHED nothing has acknowledged")
    assert lines[-1].startswith("lost the network lost the broker")
    assert lines[-1].endswith("('1',)")


def test_a_broker_that_does_not_read_outlives_what_a_network_that_is_gone_does_not() -> None:
    lines = in_a_network_of_its_own()
    assert lines
    assert {line.split()[1] for line in lines} == {"UNREAD"}
