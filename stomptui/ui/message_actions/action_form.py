"""The form of an action on messages: where to, what it would do here, and a button that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Select, Static

from stomptui.protocol.clean import clean
from stomptui.protocol.names import shown
from stomptui.protocol.server_words import with_server_words
from stomptui.queues.actions.action import Action, ActionKind, DryRun
from stomptui.queues.actions.edit import Edit
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.lookalike_name import NameCheck
from stomptui.ui.dialogs.typed_name import once_typed
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.terminal.key_order import appeared
from stomptui.ui.widgets.text.completion import Words, complete
from stomptui.ui.widgets.text.fields import ExactField

WORDS = {
    "ack": "Acknowledge",
    "delete": "Delete",
    "reject": "Reject",
    "copy": "Copy",
    "move": "Move",
    "retry": "Retry",
}
REQUEUE = (("return to the queue", True), ("dead-letter, or delete", False))
SAFER = "To be safe, copy them ({copy}), peek at the target, then delete them here."
PROBLEMS = 4
"""Problems shown before the rest is counted."""


def messages(count: int) -> str:
    """`3 messages`."""
    return f"{count:,} messages" if count != 1 else "1 message"


class ActionForm(Dialog[Action | None]):
    """Ask how, check it with the broker, show what will happen, and let it be done. Dismisses with the action.

    The plan is worked out elsewhere: `propose` asks for it, `show_plan` or `show_problem` is the answer.

    Args:
        kind: As of `Action`.
        count: How many messages.
        propose: Called with an action whose plan is wanted.
        destinations: Those seen so far, for completion of the target.
        needs_target: Whether a target has to be named.
        requeue: Whether a rejected message can be sent back to its queue or not.
        notes: What else is to say.
        edit: What is changed in each message, None for nothing.
        sources: The queues whose names are to be typed in production, each with how many messages are taken out of it.
    """

    DECIDES = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.ACTION_FORM)
    DEFAULT_CSS = """
    ActionForm {
        .part { height: auto; margin-top: 1; display: none; }
        .part.-shown { display: block; }
        #action-plan { color: $foreground; }
        #action-lost { color: $text-muted; }
        #action-problem { color: $text-error; }
        #action-notes { color: $text-warning; }
        #action-risks { color: $text-warning; text-style: bold; }
        &.-tiny .part { margin-top: 0; }
    }
    """

    def __init__(
        self,
        kind: ActionKind,
        count: int,
        propose: Callable[[Action], None],
        *,
        destinations: Words = (),
        needs_target: bool = False,
        requeue: bool = False,
        notes: Sequence[str] = (),
        sources: Mapping[str, int] | None = None,
        edit: Edit | None = None,
    ) -> None:
        super().__init__()
        self._edit = edit
        self._sources = sources or {}
        self._kind = kind
        self._count = count
        self._propose = propose
        self._needs_target = needs_target
        self._requeue = requeue
        self._notes = notes
        self._plan: DryRun | None = None
        self._asked: Action | None = None
        self._target = ExactField(placeholder="for example /queue/orders", id="action-target")
        complete(self._target, destinations)
        self._naming = NameCheck(self, self._target, "action-target-name")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            if self._needs_target:
                with Horizontal(classes="row"):
                    yield Label("Target")
                    yield self._target
                yield Static("", classes="name", id="action-target-name", markup=False)
            if self._requeue:
                with Horizontal(classes="row"):
                    yield Label("Where")
                    yield Select[bool](REQUEUE, allow_blank=False, value=True, compact=True, id="action-requeue")
            yield Static("", classes="part", id="action-notes", markup=False)
            yield Static("", classes="part", id="action-plan", markup=False)
            yield Static("", classes="part", id="action-lost", markup=False)
            yield Static("", classes="part", id="action-risks", markup=False)
            yield Static("", classes="part", id="action-problem", markup=False)
            with Horizontal(classes="buttons", id="action-buttons"):
                yield Button("Cancel", id="action-no", compact=True)
                yield Button("Check", id="action-yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        self._know(None)
        self._say("action-notes", "\n".join(self._notes))
        if self._needs_target:
            self._naming.show()
            self._target.focus()
        else:
            self.query_one("#action-requeue" if self._requeue else "#action-no").focus()
            self._ask()

    def _know(self, plan: DryRun | None) -> None:
        """Take a plan as what is done next, None while there is none; the lower edge says what the key does then."""
        self._plan = plan
        edited = ", edited" if self._edit is not None else ""
        title = f"{WORDS[self._kind]} {messages(self._count)}{edited}" + (" to" if self._needs_target else "")
        keys = [f"{key_of(self, 'action.cancel')} cancels"]
        if plan is None or not plan.asks:
            keys.insert(0, f"{key_of(self, 'action.accept')} {'checks, then does it' if plan is None else 'does it'}")
        self.label(title, *keys)

    # -- the plan --------------------------------------------------------------------------------------------------

    def _action(self) -> Action:
        requeue = self.query_one("#action-requeue", Select).value if self._requeue else None
        return Action(self._kind, self._target.exact, requeue if isinstance(requeue, bool) else None, edit=self._edit)

    def _ask(self) -> None:
        action = self._action()
        if self._needs_target and not action.target:
            self._say("action-problem", "✗ a destination is needed")
            self._target.focus()
            return
        self._asked = action
        self._know(None)
        self._say("action-problem", "")
        self._say("action-plan", "checking…")
        self._say("action-lost", "")
        self._say("action-risks", "")
        self._propose(action)

    def show_plan(self, plan: DryRun) -> None:
        """What the action would do."""
        if plan.action != self._asked:
            return
        self._know(None if plan.refusal else plan)
        button = self.query_one("#action-yes", Button)
        self.set_class(plan.destroys, "-danger")
        button.variant = "error" if plan.destroys else "warning" if plan.asks else "primary"
        able = plan.count - len(plan.problems)
        button.label = f"{WORDS[self._kind]} {'anyway' if plan.asks else f'{able:,}'}" if able else "Check"
        risks = [f"⚠ {risk}" for risk in (*plan.risks, *plan.unknown)]
        if plan.unknown and self._kind == "move":
            risks.append(SAFER.format(copy=key_of(self, "act.copy")))
        if plan.missing and not plan.asks:
            risks.append(self._new(plan.missing))
        self._say("action-risks", "\n".join(risks) if able and not plan.refusal else "")
        self._say("action-plan", "\n".join(plan.lines))
        self._say("action-lost", "\n".join(plan.differences))
        lines = [f"✗ {plan.refusal}"] if plan.refusal else self._problems(plan)
        self._say("action-problem", "\n".join(lines))
        if not able:
            self._know(None)
        elif not plan.refusal and (plan.asks or not (plan.destroys or self._requeue)):
            # What Enter does changes: one that was pressed before the plan can be read means neither.
            appeared(self.app)
            if plan.missing and not plan.asks and self._needs_target:
                # The name may be mistyped: it can be typed anew at once.
                self._target.focus()
            else:
                (self.query_one("#action-no", Button) if plan.asks or plan.missing else button).focus()

    def _new(self, missing: Sequence[str]) -> str:
        """That a target is not there yet, and what makes it."""
        what = shown(missing[0]) if len(missing) == 1 else f"{len(missing):,} of these places"
        verb = "is" if len(missing) == 1 else "are"
        how = "Enter" if self._needs_target else "The button"
        return f"⚠ {what} {verb} not there yet. {how} does it all the same."

    def _problems(self, plan: DryRun) -> list[str]:
        """Messages that cannot be done, counted by the reason."""
        reasons: dict[str, int] = {}
        for _, reason in plan.problems:
            reasons[reason] = reasons.get(reason, 0) + 1
        lines = [
            f"✗ {messages(count)} left where {'it is' if count == 1 else 'they are'}: {reason}"
            for reason, count in reasons.items()
        ]
        more = len(lines) - PROBLEMS
        return lines[:PROBLEMS] + ([f"✗ and {more} more reasons"] if more > 0 else [])

    def show_problem(self, reason: str, server_text: str = "") -> None:
        """The plan could not be worked out."""
        self._know(None)
        self._say("action-plan", "")
        self._say("action-problem", f"✗ {with_server_words(reason, server_text)}")

    def _say(self, place: str, text: str) -> None:
        label = self.query_one(f"#{place}", Static)
        label.update(Content("\n".join(clean(line) for line in text.split("\n"))))
        label.set_class(bool(text), "-shown")

    # -- what the person does --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """What is typed is meant for the target, also once the focus went to a button."""
        if not self._needs_target or self._target.has_focus:
            return
        if bindings := self._target._bindings.key_to_bindings.get(event.key):
            if event.key not in ("enter", "tab", "shift+tab"):
                event.stop()
                self.set_focus(self._target)
                await self.app.run_action(bindings[0].action, self._target)
        elif event.is_printable and event.character:
            event.stop()
            self.set_focus(self._target)
            self._target.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        if self._needs_target:
            event.stop()
            self.set_focus(self._target)
            self._target._paste(event.text)

    @on(Input.Changed, "#action-target")
    @on(Select.Changed, "#action-requeue")
    def _changed(self) -> None:
        if self._needs_target:
            self._naming.show()
        if self._asked is not None and self._action() != self._asked:
            self._asked = None
            self._know(None)
            self.query_one("#action-yes", Button).label = "Check"
            for place in ("action-plan", "action-lost", "action-risks", "action-problem"):
                self._say(place, "")
            if not self._needs_target:
                self._ask()

    @on(Input.Submitted, "#action-target")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    @on(Button.Pressed, "#action-yes")
    def _pressed(self) -> None:
        plan = self._plan
        if plan is not None and plan.action == self._action():
            self._do(replace(plan.action, accepts=plan.risks, accepts_unknown=bool(plan.unknown)))
        else:
            self.action_accept()

    def action_accept(self) -> None:
        """Do what was checked, or check it; what may be lost where it goes needs its button."""
        if self._needs_target and not self._naming.sure(self.action_accept):
            return
        plan = self._plan
        if plan is not None and plan.action == self._action():
            if plan.asks:
                self.notify("To do it anyway, use the button.", severity="warning")
            else:
                self._do(plan.action)
        elif self._asked is None or self._asked != self._action():
            self._ask()

    def _do(self, action: Action) -> None:
        self._do_once_named(action, list(self._sources.items()))

    def _do_once_named(self, action: Action, queues: list[tuple[str, int]]) -> None:
        """Do it; in production once the name of each of these queues was typed."""
        if not queues:
            self.dismiss(action)
            return
        (queue, count), *others = queues
        what = f"{WORDS[self._kind].lower()} {messages(count)} of {shown(queue)}"
        once_typed(self, queue, what, lambda: self._do_once_named(action, others))

    @on(Button.Pressed, "#action-no")
    def action_cancel(self) -> None:
        self.dismiss(None)
