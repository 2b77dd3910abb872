"""Earlier drafts as the command palette lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.command import SimpleCommand
from textual.markup import escape

from stomptui.compose.draft import Draft
from stomptui.compose.draft_lines import without_secrets
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.frame_preview import visible


def palette_commands(
    drafts: Sequence[Draft], take_up: Callable[[Draft], object], secrets_shown: bool
) -> list[SimpleCommand]:
    """A command for each draft, the newest first.

    Args:
        drafts: The drafts, oldest first.
        take_up: What a command does with its draft.
        secrets_shown: Whether secrets in headers are shown as they are.
    """
    commands = []
    # Numbers make each title its own: the palette would offer equal ones once.
    for number, draft in enumerate(drafts, 1):
        name, headers = _title(draft, number, secrets_shown)
        commands.append(SimpleCommand(name, partial(take_up, draft), headers))
    return commands[::-1]


def _title(draft: Draft, number: int, secrets_shown: bool) -> tuple[str, str]:
    """Its number, destination and the beginning of its body; and its headers."""
    draft = draft if secrets_shown else without_secrets(draft)
    start = " ".join(visible(draft.body_start(120)).split()) if draft.body_file is None else str(draft.body_file)
    # The palette reads markup in what it shows.
    name = f"{number}  {clean(draft.destination)}  {clean(start)[:40]}"
    headers = " ".join(f"{line.name}:{line.value}" for _, line in draft.lines())
    return escape(name), escape(clean(headers)[:80])
