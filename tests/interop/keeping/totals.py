"""What came up in many cases, and what was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.interop.keeping.case import Case
from tests.interop.keeping.generator import ATOMS, BODIES
from tests.interop.keeping.judge import count_violations


class Totals:
    def __init__(self) -> None:
        self.cases = 0
        self.messages = 0
        self.parts: Counter[str] = Counter()
        self.targets: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()
        self.risky = 0

    def add(self, case: Case) -> None:
        self.cases += 1
        self.messages += case.messages
        self.parts.update(case.parts)
        self.targets[case.target] += 1
        self.ways[f"{case.way} from {case.source}"] += 1
        self.outcomes.update(case.outcomes)
        self.violations.update(count_violations(case.found))
        self.risky += case.risky

    @property
    def short(self) -> str:
        """One line."""
        wrong = ", ".join(f"{count} {name}" for name, count in sorted(self.violations.items())) or "none"
        kinds = f"{len(self.targets)} kinds of target, {len(self.parts)} of header and body"
        return f"{self.cases} cases, {self.messages} messages, {kinds}; violations: {wrong}"

    def text(self, targets: Sequence[str]) -> str:
        """How often each header, body, target and way came up."""
        lines = [
            _line("targets", {kind: self.targets[kind] for kind in targets}),
            _line("headers", {name: self.parts[name] for name in ATOMS}),
            _line("bodies", {f"body {name}": self.parts[f"body {name}"] for name, _ in BODIES}),
            _line("ways", self.ways),
            _line("outcomes", self.outcomes),
            f"{self.risky} of {self.cases} cases with a risk that was reported",
            self.short,
        ]
        return "\n".join(lines)


def _line(title: str, counts: Mapping[str, int]) -> str:
    return f"{title}: " + ", ".join(f"{name!r} {count}" for name, count in counts.items())
