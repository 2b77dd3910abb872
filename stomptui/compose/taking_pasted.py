"""What becomes of a draft when a message, or header lines, are pasted into it."""

from __future__ import annotations

from stomptui.compose.draft import HeaderLine
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.pasted import Pasted


def take_pasted_frame(model: DraftModel, pasted: Pasted) -> str:
    """Put what came with pasted header lines, which are in the draft already, where it belongs if nothing is there.

    Args:
        model: The draft.
        pasted: What was pasted.

    Returns:
        What to tell the person, "" for nothing.
    """
    draft = model.draft
    line = next((line for line in draft.headers if line.name == "destination"), None)
    if line is not None and not draft.destination:
        draft.headers[:] = [other for other in draft.headers if other is not line]
        model.set_destination(line.value)
    told = []
    if pasted.body and (draft.body or draft.body_file is not None):
        model.earlier.set_aside(pasted.draft())
        left_out = "the draft has a body already: that of the pasted frame was left out"
        told.append(f"{left_out}, all of it is among the earlier drafts")
    elif pasted.body:
        model.set_body(pasted.body)
    if pasted.not_kept:
        told.append(f"left out: {', '.join(pasted.not_kept)}")
    return "; ".join(told)


def take_pasted(model: DraftModel, pasted: Pasted) -> str:
    """Edit a pasted message from now on, or add pasted header lines; the current draft is kept in either case.

    Args:
        model: The draft.
        pasted: What was pasted.

    Returns:
        What to tell the person.
    """
    lines = pasted.kept_lines
    if not pasted.is_message and not any(name == "destination" for name, _ in lines):
        model.draft.headers += [HeaderLine(name, value) for name, value in lines]
        model.touch()
        told = [f"{len(lines)} header line{'' if len(lines) == 1 else 's'} added"] if lines else []
        return "; ".join(filter(None, [*told, take_pasted_frame(model, pasted)]))
    kept = "" if model.draft.empty else ", what was here is among the earlier drafts"
    model.take_up(pasted.draft())
    left_out = f"; left out: {', '.join(pasted.not_kept)}" if pasted.not_kept else ""
    return f"this is the pasted message now{kept}{left_out}"
