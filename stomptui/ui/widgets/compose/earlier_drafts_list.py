"""Earlier drafts as the command palette lists them: what each is, and of those sent, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from textual.command import SimpleCommand
from textual.markup import escape

from stomptui.compose.draft import Draft
from stomptui.compose.draft_changes import draft_changes
from stomptui.compose.draft_json import without_secrets
from stomptui.compose.sent_draft import Became, SentDraft
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.frame_preview import visible

SIGNS = {
    Became.CONFIRMED: "✓ ",
    Became.REFUSED: "✗ ",
    Became.UNCONFIRMED: "? ",
    Became.ABORTED: "✗ ",
    Became.LOST: "✗ ",
}
WORDS = 60
"""Characters of what a broker said that are shown."""
LONGEST = 160
"""Characters of what is said of a draft."""


def palette_commands(
    drafts: Sequence[Draft],
    take_up: Callable[[Draft], object],
    secrets_shown: bool,
    sent: Sequence[SentDraft] = (),
    now: datetime | None = None,
) -> list[SimpleCommand]:
    """A command for each draft, the newest first.

    Args:
        drafts: The drafts, oldest first.
        take_up: What a command does with its draft.
        secrets_shown: Whether secrets in headers are shown as they are.
        sent: What is known of the first of them, which were sent.
        now: The time, that of the system if None.
    """
    commands = []
    now = now or datetime.now().astimezone()
    before: dict[str, Draft] = {}
    # Numbers make each title its own: the palette would offer equal ones once.
    for number, draft in enumerate(drafts, 1):
        name, headers = _title(draft, number, secrets_shown)
        about = _history(sent[number - 1], now) if number <= len(sent) else ["not sent"] if sent else []
        if (one := before.get(draft.destination)) is not None and (changed := draft_changes(one, draft)):
            about.append(", ".join(changed))
        elif headers:
            about.append(headers)
        if number <= len(sent):
            # Last: in a narrow terminal that is what is cut off.
            about.append(sent[number - 1].sending.where)
        before[draft.destination] = draft
        about = [each for each in about if each]
        commands.append(SimpleCommand(name, partial(take_up, draft), escape(clean(" · ".join(about))[:LONGEST])))
    return commands[::-1]


def _title(draft: Draft, number: int, secrets_shown: bool) -> tuple[str, str]:
    """Its number, destination and the beginning of its body; and its headers."""
    draft = draft if secrets_shown else without_secrets(draft)
    start = " ".join(visible(draft.body_start(120)).split()) if draft.body_file is None else str(draft.body_file)
    # The palette reads markup in what it shows.
    name = f"{number}  {clean(draft.destination)}  {clean(start)[:40]}"
    headers = " ".join(f"{line.name}:{line.value}" for _, line in draft.lines())
    return escape(name), headers[:80]


def _history(sent: SentDraft, now: datetime) -> list[str]:
    """What became of it and when, as far as that is known."""
    told: list[str] = []
    words = " ".join(sent.words.split())
    words = f"{words[:WORDS]}…" if len(words) > WORDS else words
    if sent.became is Became.SERIES:
        told.append(f"series: {words}")
    elif sent.became is not Became.UNKNOWN:
        sign = SIGNS[sent.became] + sent.became.value
        told.append(f"{sign} {words}" if words.startswith("in ") else f"{sign}: {words}" if words else sign)
    elif sent.sending.when is not None:
        told.append("sent, outcome not known")
    if sent.times > 1:
        told.append(f"{sent.times:,} times")
    if sent.sending.when is not None:
        told.append(when_text(sent.sending.when, now))
    return told


def when_text(when: datetime, now: datetime) -> str:
    """A moment for a person, in local time: without the day if that is today's."""
    when = when.astimezone(now.tzinfo)
    if when.date() == now.date():
        return when.strftime("%H:%M:%S")
    return when.strftime("%Y-%m-%d %H:%M")
