"""Speed, side by side with stomp.py in the same run: `python -m tests.benchmarks [--quick]`.

Prints a table of what is to be reached and what was: figures of one machine at one time, nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.benchmarks import hands, moving, rabbit, sending, starting
from tests.benchmarks.instrument import percentiles
from tests.benchmarks.runs import COLUMNS, ROWS, FloodServer, baseline, followed, shown, typed
from tests.support.brokers import RabbitMQ

PARTS = ("start", "flood", "paced", "follow", "slow", "bursts", "queue", "move", "filter", "key", "series")


class Table:
    """Rows of what, reached, and whether that is enough."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def add(self, what: str, reach: str, got: str, enough: bool) -> None:
        self.rows.append((what, reach, got, "yes" if enough else "NO"))
        print(f"  {what}: {got}", file=sys.stderr, flush=True)

    def text(self) -> str:
        rows = [("what", "to reach", "got", "reached"), *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = [
            "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) + " |"
            for row in rows
        ]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join(lines)


def load() -> str:
    return "/".join(f"{value:.1f}" for value in os.getloadavg())


def low_mid_high(values: Iterable[float], form: Callable[[float], str]) -> str:
    """Least, median and greatest of the rounds."""
    values = sorted(values)
    return " / ".join(form(value) for value in (values[0], statistics.median(values), values[-1]))


def thousands(value: float) -> str:
    return f"{value / 1000:.0f}k"


def all_shown(run: dict[str, Any], frames: int) -> bool:
    return bool(run["frames"] == frames and run["in_order"] and run["last_row_on_screen"])


def told(run: dict[str, Any], frames: int) -> str:
    return f"{run['frames']:,} of {frames:,} shown, {'in order' if run['in_order'] else 'NOT IN ORDER'}"


def start(table: Table, rounds: int) -> None:
    bare, compared = starting.compare(rounds)
    for one in compared:
        ours, theirs = (low_mid_high(seconds, "{:.2f}".format) for seconds in (one.seconds, bare))
        got = f"{one.ratio:.1f} x: {ours} s beside {theirs}"
        what = f"start to first paint, {one.start.name}"
        table.add(what, f"{one.start.reach:g} x an empty Textual app", got, one.ratio <= one.start.reach)


def flood(table: Table, server: FloodServer, rounds: int, frames: int) -> None:
    """Rows one, two and the memory: as fast as it goes, in turn with stomp.py."""
    bare, ours, keys, typing = [], [], [], []
    for _ in range(rounds):
        # A fifth of the frames: stomp.py takes half a minute for a million, and slows down as they grow.
        bare.append(baseline(server, frames // 5))
        ours.append(shown(server, frames=frames))
        run, delays = typed(server, frames=frames)
        typing.append(run)
        keys += delays
    for run in (*ours, *typing):
        run["all_shown"] = all_shown(run, frames)
    slow, fast = [run["per_second"] for run in bare], [run["per_second"] for run in ours]
    ratio = statistics.median(fast) / statistics.median(slow)
    table.add(
        f"{frames:,} frames of 200 B, unpaced, shown a second",
        "8 x stomp.py without a screen",
        f"{ratio:.1f} x: {low_mid_high(fast, thousands)} beside {low_mid_high(slow, thousands)}",
        ratio >= 8,
    )
    table.add(
        "the same: none lost, in order",
        "all",
        told(ours[-1], frames),
        all(run["all_shown"] for run in (*ours, *typing)),
    )
    gaps = [run["gap_ms"]["p99"] for run in ours]
    table.add(
        "the same: gap between two paints, p99 of each round",
        "60 ms",
        f"{low_mid_high(gaps, '{:.0f}'.format)} ms (p50 {ours[-1]['gap_ms']['p50']:.0f})",
        statistics.median(gaps) <= 60,
    )
    delay = percentiles(keys)
    table.add(
        f"the same: key to screen, {len(keys)} keys", "p99 30 ms",
        f"p50 {delay['p50']:.0f}, p99 {delay['p99']:.0f}, max {delay['max']:.0f} ms", delay["p99"] <= 30,
    )  # fmt: skip
    lags = [run["lag_ms"]["p99"] for run in ours]
    table.add("the same: event loop late, p99", "", f"{low_mid_high(lags, '{:.0f}'.format)} ms", True)
    run = ours[-1]
    extra = (run["journal_mb"] * 1e6 - run["frames"] * run["server"]["size"]) / run["frames"]
    table.add(
        "the same: kept, beside the bytes of the frames", "50 bytes a frame",
        f"{extra:.0f} bytes a frame; {run['peak_mb']:.0f} MB in all", extra <= 50,
    )  # fmt: skip


def paced(table: Table, server: FloodServer, rate: int, frames: int, share: float) -> None:
    run = shown(server, frames=frames, per_second=rate)
    table.add(
        f"{rate:,} a second, {frames:,} in all",
        f"all shown, {share:.0%} of a core",
        f"{told(run, frames)}, {run['cpu_share']:.0%} of a core, {run['paints'] / run['seconds']:.0f} paints a second",
        all_shown(run, frames) and run["cpu_share"] <= share,
    )


def follow(table: Table, server: FloodServer, seconds: int) -> None:
    """What a running log costs: bytes to the terminal, and the processor."""
    for rate, share in ((10, 0.08), (100, 0.12)):
        run = followed(server, rate, seconds)
        painted = run["painted_bytes"] / run["seconds"] / 1000
        table.add(
            f"{rate} a second for {seconds} s, following",
            f"{share:.0%} of a core" + (", 60 kB/s" if rate == 10 else ""),
            f"{run['cpu_share']:.1%} of a core, {painted:.0f} kB/s, {run['paints'] / run['seconds']:.0f} paints/s",
            run["cpu_share"] <= share and (rate != 10 or painted <= 60),
        )


def slow(table: Table, server: FloodServer, seconds: int) -> None:
    """Key to screen on a terminal that takes few bytes."""
    for line_rate, reach in ((100_000, 0.5), (30_000, 1.5)):
        for rate in (10, 2_000):
            order = {"frames": rate * seconds, "per_second": rate, "tick": max(0.005, 1 / rate)}
            _, delays = typed(server, 0.2, line_rate, 12.0, **order)
            delay = percentiles(delays)
            table.add(
                f"{rate:,} a second, terminal takes {line_rate // 1000} kB/s: key to screen, {len(delays)} keys",
                f"p99 {reach:.1f} s",
                f"p50 {delay['p50'] / 1000:.2f}, p99 {delay['p99'] / 1000:.2f} s",
                delay["p99"] <= reach * 1000,
            )


def bursts(table: Table, server: FloodServer) -> None:
    sizes = [5_000, 20_000, 5_000, 20_000]
    run = shown(server, bursts=sizes, pause=1.0)
    table.add("bursts of 5,000 and 20,000", "all shown, in order", told(run, sum(sizes)), all_shown(run, sum(sizes)))
    run = shown(server, frames=300_000, per_second=100_000, tick=0.2)
    table.add("100,000 a second in ticks of 200 ms", "all shown, in order", told(run, 300_000), all_shown(run, 300_000))
    run = shown(server, keep_bytes=64 << 20, frames=400_000)
    got = f"{told(run, 400_000)}; {run['kept']:,} kept, {run['dropped']:,} dropped, {run['journal_mb']:.0f} MB"
    fine = all_shown(run, 400_000) and run["kept"] + run["dropped"] >= 400_000 and run["journal_mb"] <= 68
    table.add("400,000, unpaced, 64 MiB kept", "bound held, drop counted", got, fine)


def queue(table: Table, frames: int) -> None:
    run = rabbit.run(frames)
    what = f"RabbitMQ queue preloaded with {frames:,}"
    if isinstance(run, str):
        print(f"  {what}: skipped, {run}", file=sys.stderr)
        return
    got = f"{told(run, frames)}, {thousands(run['per_second'])} a second"
    table.add(what, "all shown, in order", got, all_shown(run, frames))


def move(table: Table, count: int) -> None:
    """A row for each broker."""
    for moved in moving.run(count):
        if isinstance(moved, str):
            print(f"  {count:,} moved: skipped, {moved}", file=sys.stderr)
            continue
        ours, careful, quick = (moved.seconds[way] for way in moving.WAYS)
        got = (
            f"{careful / ours:.1f} x: {ours:.1f} s beside {careful:.0f} s with a receipt for each "
            f"(reckoned from a part), {quick:.1f} s without any (can lose)"
        )
        table.add(f"{count:,} messages moved, {moved.title}", "all there", got, moved.whole)


def series(table: Table, count: int) -> None:
    """A row for each window, of the program on a terminal."""
    for one in sending.compare(count):
        got = f"{one.ratio:.1f} x: {thousands(one.ours)} a second beside {thousands(one.theirs)}"
        what = f"series of confirmed sends into a sink, window {one.window:,}"
        table.add(what, "3 x stomp.py from window 100 on", got, one.ratio >= 3 or one.window < 100)
    if missing := RabbitMQ.missing():
        print(f"  series on RabbitMQ: skipped, {missing}", file=sys.stderr)
        return
    for one in sending.compare_on_rabbitmq(count):
        got = f"{one.ratio:.2f} x: {one.ours:,.0f} a second beside {one.theirs:,.0f}"
        table.add(f"the same on RabbitMQ, window {one.window:,}", "0.8 x a bare socket", got, one.ratio >= 0.8)


def search(table: Table, frames: int) -> None:
    """What is shown of so many frames, searched while the app stands still."""
    for what, make in (("200 B", hands.plain), ("the same, a fifth packed, escaped or not ASCII", hands.mixed)):
        idle, found = hands.searches(frames, make, ["needle", "zzzz", "größe"])
        for one in found:
            first = "no screenful of hits" if one.first is None else f"first screen {one.first * 1000:.0f} ms"
            got = (
                f"{one.hits:,} hits, {first}, all in {one.all:.1f} s, {one.all / one.bare:.0f} x lower and find; "
                f"late {one.stall * 1000:.0f} ms (idle {idle * 1000:.0f})"
            )
            fine = (one.first or 0.0) <= 0.1 and one.stall <= 0.03
            table.add(f"filter '{one.word}', {frames:,} frames, {what}", "first screen 100 ms, late 30 ms", got, fine)


def key(table: Table) -> None:
    small, large = hands.keys(1000, 120), hands.keys(1_000_000, 120)
    got = (
        f"{large.median / small.median:.1f} x: p50 {large.median:.0f}, p99 {large.p99:.0f}, max {large.most:.0f} ms "
        f"beside {small.median:.0f}, {small.p99:.0f}, {small.most:.0f} ms in a line of 1,000"
    )
    table.add("one key in a body of a megabyte in one line, to the screen", "p99 30 ms", got, large.p99 <= 30)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="alternating rounds of the flood (default: 3)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the frames, one round")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--json", type=Path, help="write the table to this file too")
    options = parser.parse_args()
    part = 10 if options.quick else 1
    rounds = 1 if options.quick else options.rounds
    wanted = options.only or PARTS
    table, before = Table(), load()
    if "start" in wanted:
        start(table, 3 * rounds)
    with FloodServer() as server:
        if "flood" in wanted:
            flood(table, server, rounds, 1_000_000 // part)
        if "paced" in wanted:
            paced(table, server, 100_000, 500_000 // part, 0.5)
            paced(table, server, 1_000, 10_000 // part, 0.2)
        if "follow" in wanted:
            follow(table, server, 5 if options.quick else 15)
        if "slow" in wanted:
            slow(table, server, 8 if options.quick else 20)
        if "bursts" in wanted:
            bursts(table, server)
    if "queue" in wanted:
        queue(table, 200_000 // part)
    if "move" in wanted:
        move(table, 10_000 // part)
    if "filter" in wanted:
        search(table, 1_000_000 // part)
    if "key" in wanted:
        key(table)
    if "series" in wanted:
        series(table, 100_000 // part)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load before {before}, after {load()}"
    print(f"terminal {COLUMNS}x{ROWS}, {machine}; three figures are least / median / greatest of {rounds} rounds\n")
    print(table.text())
    if options.json:
        options.json.write_text(json.dumps(table.rows, indent=1))


if __name__ == "__main__":
    main()
