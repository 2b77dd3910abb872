"""How time grows with size: the tests whose result is a time, of which the suite itself has none.

    make bench
    python -m pytest -n 0 tests/benchmarks/scaling.py

Each compares with a smaller case of the same run, or stays far below what a wrong way would take. Nothing else should
run meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic, perf_counter, process_time

import pytest

from stomptui.config.connection import Connection
from stomptui.config.profiles import Profiles
from stomptui.journal.body import content_of, preview
from stomptui.journal.views.registry import body_lines
from stomptui.journal.views.wire_view import WireLines
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import FrameMarker
from stomptui.queues.listing.listing import QueueInfo
from stomptui.ui.connect.profile_list import ProfileList
from tests.benchmarks import starting
from tests.brokers.test_header_rules import carried
from tests.faults import servers
from tests.faults.servers import serving
from tests.faults.test_reading import sends
from tests.support.record import Recorder
from tests.ui.test_connect_screen import Host as ConnectHost
from tests.ui.test_message_detail import Host, message
from tests.ui.test_queues_screen import queue, reading
from tests.ui.waiting import until


def fastest(of: int, run: Callable[[], object]) -> float:
    """The shortest time in seconds that something took: whatever else ran made the others longer."""
    best = float("inf")
    for _ in range(of):
        began = perf_counter()
        run()
        best = min(best, perf_counter() - began)
    return best


def marked(raw: bytes, step: int) -> None:
    """Mark a stream that comes in reads of so many bytes."""
    marker = FrameMarker(64 << 20)
    batches = [marker.feed(raw[at : at + step]) for at in range(0, len(raw), step)]
    assert [batch.frames() for batch in batches if batch] == [[raw[:-1]]]


def test_what_comes_first_on_the_screen_is_not_far_behind_an_empty_app() -> None:
    _, compared = starting.compare(3)
    assert [one for one in compared if one.cpu_ratio > one.start.regressed] == []


def test_the_time_for_large_headers_grows_with_their_size() -> None:
    def seconds(size: int) -> float:
        return fastest(3, lambda: marked(b"MESSAGE\nh:" + b"x" * size + b"\n\n\0", 1024))

    # Quadratic would be 64 times as long.
    assert seconds(8_000_000) < 24 * max(seconds(1_000_000), 0.005)


@pytest.mark.parametrize("head", [b"MESSAGE\n\n", b"MESSAGE\ncontent-length:50000000\n\n"])
def test_the_time_for_a_large_body_grows_with_its_size(head: bytes) -> None:
    def seconds(size: int) -> float:
        return fastest(3, lambda: marked(head.replace(b"50000000", b"%d" % size) + b"x" * size + b"\0", 65536))

    # Ten times the bytes cost a hundred times as much where each read looks at all that came before.
    assert seconds(20_000_000) < 40 * seconds(2_000_000)


@pytest.mark.parametrize("unit", [b"A\0", b"A\n\n\0", b"X\ncontent-length:1\n\nab\0", b"\0", b"MESSAGE\n\n\0"])
def test_a_hostile_read_costs_no_more_than_its_size(unit: bytes) -> None:
    def seconds(size: int) -> float:
        read = unit * (size // len(unit))
        return fastest(3, lambda: FrameMarker().feed(read))

    # Quadratic would be 64 times as long.
    assert seconds(1_040_000) < 24 * max(seconds(130_000), 0.005)


@pytest.mark.parametrize("length", [True, False])
def test_a_large_body_that_is_received_takes_time_in_proportion(length: bool) -> None:
    def read(size: int) -> float:
        body = (b"\0" if length else b"x") * size
        with serving(sends(servers.message(body, length=length))) as port, Recorder(Connection(port=port)) as recorder:
            recorder.connected()
            began = monotonic()
            assert len(recorder.bodies(1, within=30)[0]) == size
            return monotonic() - began

    read(1_000_000)
    # Quadratic would be 64 times as long.
    assert min(read(24_000_000) for _ in range(3)) < 32 * max(min(read(3_000_000) for _ in range(3)), 0.02)


def test_a_large_message_is_made_ready_quickly() -> None:
    lines = tuple((f"header-{number}", "value") for number in range(90))
    assert fastest(1, lambda: [carried("rabbitmq", *lines) for _ in range(100)]) < 2


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([{"id": number, "name": "x" * 20, "v": [number, None]} for number in range(200_000)]).encode(),
        b'{"file":"' + b"QUJD" * 2_500_000 + b'"}',
        b"<a>" + b"<b c='1'>text</b>" * 600_000 + b"</a>",
        b"a line of text\n" * 700_000,
        bytes(range(256)) * 40_000,
        b"[" + b'"\\\\' * 3_000_000,
    ],
    ids=["json", "one string", "xml", "text", "binary", "not json"],
)
def test_a_large_body_opens_as_fast_as_it_can_be_decoded(body: bytes) -> None:
    frame = Frame(b"MESSAGE\n\n" + body)

    def opened() -> None:
        lines, _ = body_lines(content_of(frame))
        assert lines.chunk(0) and WireLines(frame).chunk(0)

    # All of it takes seconds.
    assert fastest(1, opened) < 1


def test_a_preview_of_a_large_body_looks_at_its_beginning_only() -> None:
    large = Frame(b'MESSAGE\n\n{"a":"' + b"x" * 20_000_000 + b'"}')
    # Decoding all of it once takes longer than two hundred previews.
    assert fastest(1, lambda: [preview(large, 60) for _ in range(200)]) < 1


async def test_twenty_megabytes_of_json_open_about_as_fast_as_two_hundred_kilobytes() -> None:
    row = b'{"orderId":12345,"status":"created","lines":[1,2,3]},'

    async with Host().run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)

        async def opened(count: int) -> float:
            app.detail.show(message(b"something else"))
            await pilot.pause()
            frame = message(b"[" + row * count + b"1]", ("content-type", "application/json"))
            began = perf_counter()
            app.detail.show(frame)
            taken = perf_counter() - began
            await until(lambda: '"orderId": 12345' in app.screen_text())
            return taken

        small = min([await opened(4_000) for _ in range(3)])
        large = await opened(400_000)
        # A hundred times the bytes: decoding them is all that may grow.
        assert large < small * 30


async def test_thousands_of_queues_do_not_hold_up_the_keys() -> None:
    many = [queue(f"tenant.{index % 97}.service.{index}", index, note="exclusive") for index in range(10_000)]
    async with reading(queue("a")) as reader:
        began = perf_counter()
        await reader.press(*["down"] * 20)
        alone = perf_counter() - began
        await reader.show(*many)
        began = perf_counter()
        await reader.press(*["down"] * 20)
        assert perf_counter() - began < 3 * alone + 0.5


async def test_two_thousand_queues_are_refreshed_in_a_twentieth_of_two_seconds() -> None:
    def many(more: int) -> list[QueueInfo]:
        return [queue(f"tenant.{index % 97}.service.{index}", index + more, consumers=1) for index in range(2_000)]

    answers = [many(more) for more in range(5)]
    async with reading(queue("a"), size=(160, 48)) as reader:
        await reader.show(*answers[0])
        taken = []
        for answer in answers:
            began = process_time()
            await reader.show(*answer)
            taken.append(process_time() - began)
        # Of two seconds, the time between two refreshes.
        assert min(taken) < 0.1, taken


def _profiles(folder: Path, count: int) -> Profiles:
    path = folder / f"{count}.toml"
    path.write_text(
        "".join(
            f'[profiles.p{number}]\nurl = "stomp+ssl://guest@rabbit{number}:61614/"\nca_file = "~/ca.pem"  # ours\n'
            f'headers = [{{ name = "app-id", value = "A" }}]\nsubscribe = ["/queue/{number}"]\n\n'
            for number in range(count)
        )
    )
    return Profiles(path)


async def test_the_form_is_up_with_a_thousand_profiles_within_twice_the_time(tmp_path: Path) -> None:
    async def once(count: int) -> tuple[float, float]:
        """Until the form is up, and for choosing a profile; seconds of the processor."""
        began = process_time()
        app = ConnectHost(_profiles(tmp_path, count))
        async with app.run_test(size=(120, 40)) as pilot:
            up = process_time() - began
            await pilot.pause()
            began = process_time()
            if count:
                app.form_screen.query_one(ProfileList).post_message(ProfileList.Chosen(f"p{count // 2}"))
                await until(lambda: app.value("host") == f"rabbit{count // 2}")
            return up, process_time() - began

    async def seconds(count: int) -> tuple[float, float]:
        runs = [await once(count) for _ in range(3)]
        return min(up for up, _ in runs), min(chosen for _, chosen in runs)

    none, ten, thousand = await seconds(0), await seconds(10), await seconds(1000)
    assert thousand[0] < 2 * none[0]
    assert thousand[1] < 2 * ten[1] + 0.05


def test_the_time_for_saving_a_profile_grows_with_their_number(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        profiles = _profiles(tmp_path, count)
        return fastest(3, lambda: profiles.save("new", Connection()))

    # Quadratic would be 16 times as long.
    assert seconds(1000) < 7 * seconds(250)
