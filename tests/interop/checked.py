"""Runs a thorough `stomptui check` on real brokers and prints what it found.

    python -m tests.interop.checked                      the README's table of what brokers do, in Markdown
    python -m tests.interop.checked --tables artemis     the whole tables, of some brokers

Brokers that are not installed are left out, which is said.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stomptui.application.check.answers import Answer, Verdict
from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check
from tests.support.brokers import MANAGED, REGISTRY, Broker, RabbitMQ43, running

KINDS: dict[str, type[Broker]] = {**{key: kind for key, kind in MANAGED.items() if key not in REGISTRY}, **REGISTRY}
BEGIN, END = "<!-- checked: made with python -m tests.interop.checked -->", "<!-- checked end -->"
COMMANDS = ("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT", "DISCONNECT")
BODIES = {"text": "text", "text-uncounted": "text", "utf-8": "UTF-8", "empty": "empty", "binary": "binary"}


def reports(keys: Sequence[str]) -> Iterator[tuple[str, Report]]:
    """The title of each broker and what a thorough check of it found."""
    for key in keys:
        kind = KINDS[key]
        if missing := kind.missing():
            print(f"{kind.title} is left out: {missing}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder, running(kind(Path(folder))) as broker:
            yield kind.title, Check(broker.connection(), thorough=True).run()
            if isinstance(broker, RabbitMQ43):
                yield f"{kind.title}, WebSocket", Check(broker.ws_connection(), thorough=True).run()


def _answer(report: Report, key: str) -> Answer:
    return report.answer(key) or Answer(Verdict.NOT_ASKED)


def _is(report: Report, key: str) -> bool:
    return _answer(report, key).verdict is Verdict.YES


def _versions(report: Report) -> str:
    return ", ".join(each for each in ("1.0", "1.1", "1.2") if _is(report, f"version-{each}"))


def _beats(report: Report) -> str:
    return str(_answer(report, "heart-beat-given").value or "none")


def _confirms(report: Report) -> str:
    has = [each for each in COMMANDS if _is(report, f"receipt-{each}")]
    lacks = [each for each in COMMANDS if each not in has]
    if not lacks:
        return "all"
    return f"all but {', '.join(lacks)}" if len(lacks) < len(has) else f"{', '.join(has) or 'nothing'} only"


def _value(key: str) -> Callable[[Report], str]:
    def text(report: Report) -> str:
        answer = _answer(report, key)
        return str(answer.value or answer.verdict.value)

    return text


def _bodies(report: Report) -> str:
    changed = [what for key, what in BODIES.items() if not _is(report, f"body-{key}")]
    if changed == ["binary"] and _is(report, "body-octet-stream"):
        return "binary as octet-stream only"
    return f"not {', '.join(dict.fromkeys(changed))}" if changed else "all"


def _returns(report: Report) -> str:
    modes = [each for each in ("client", "client-individual") if _is(report, f"redelivery-{each}")]
    return "yes" if len(modes) == 2 else f"{modes[0]} only" if modes else "no"


def _nack(report: Report) -> str:
    answer = _answer(report, "nack")
    words = {Verdict.YES: "returns", Verdict.NO: "refused" if answer.server_text else "gone"}
    return words.get(answer.verdict, answer.verdict.value)


def _transactions(report: Report) -> str:
    return "yes" if _is(report, "commit") and _is(report, "abort") else "no"


def _largest(report: Report) -> str:
    answer = _answer(report, "largest-frame")
    if not isinstance(answer.value, int):
        return answer.verdict.value
    return f"{answer.value:,}{' and more' if answer.detail.startswith('at least') else ''}"


def _joined(report: Report) -> str:
    verdict = _answer(report, "websocket-cut").verdict
    return "-" if verdict is Verdict.NOT_ASKED else verdict.value


COLUMNS: dict[str, Callable[[Report], str]] = {
    "STOMP": _versions,
    "Heart-beats for 1000,1000": _beats,
    "Confirms": _confirms,
    "Order of headers": _value("header-order"),
    "Repeated headers": _value("header-repeats"),
    "Bodies": _bodies,
    "Unacked return": _returns,
    "A NACKed message": _nack,
    "Transactions": _transactions,
    "Joins WebSocket messages": _joined,
    "Largest frame, bytes": _largest,
}


def _with_version(title: str, report: Report) -> str:
    version = re.search(r"/(\d[\w.]*)", report.server)
    return title if version is None or version[1] in title else f"{title} ({version[1]})"


def titles() -> list[str]:
    """How the rows of a table of all brokers begin, in their order."""
    made: list[str] = []
    for kind in KINDS.values():
        made += [kind.title, f"{kind.title}, WebSocket"] if kind is RabbitMQ43 else [kind.title]
    return made


def table(found: Iterator[tuple[str, Report]]) -> Iterator[str]:
    """The lines of the table."""
    yield f"| Broker | {' | '.join(COLUMNS)} |"
    yield f"| --- |{' --- |' * len(COLUMNS)}"
    for title, report in found:
        yield f"| {_with_version(title, report)} | {' | '.join(cell(report) for cell in COLUMNS.values())} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.interop.checked")
    parser.add_argument("brokers", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--tables", action="store_true", help="the whole tables")
    given = parser.parse_args()
    if not given.tables:
        for line in table(reports(given.brokers)):
            print(line, flush=True)
        return
    for title, report in reports(given.brokers):
        print(f"\n== {title}\n" + "\n".join(report.lines(160)), flush=True)


if __name__ == "__main__":
    main()
