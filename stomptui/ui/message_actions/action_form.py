"""What is to be done with some messages: where to, what that means here, and a yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from stomptui.queues.actions.action import Action, DryRun
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.lookalike_name import NameCheck
from stomptui.ui.keymap import Place, bindings
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
REQUEUE = (("back to the queue", True), ("to dead letters, or deleted", False))
SAFER = "To be sure, copy them (C), look into the target, then delete them here."
PROBLEMS = 4
"""Problems told before the rest is counted."""


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
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.ACTION_FORM)
    DEFAULT_CSS = """
    ActionForm {
        align: center middle;
        background: $background 60%;
        & > #box {
            width: 84;
            max-width: 96%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $panel;
            border-left: outer $primary;
            scrollbar-size-vertical: 1;
        }
        &.-danger > #box { border-left: outer $error; }
        #order-title { text-style: bold; height: auto; }
        .row { height: auto; margin-top: 1; }
        Label { width: 8; color: $text-muted; }
        ExactField, Select { width: 1fr; }
        .told { height: auto; margin-top: 1; display: none; }
        .told.-shown { display: block; }
        .name { padding-left: 8; height: auto; color: $text-warning; }
        #order-plan { color: $foreground; }
        #order-lost { color: $text-muted; }
        #order-problem { color: $text-error; }
        #order-notes { color: $text-warning; }
        #order-risks { color: $text-warning; text-style: bold; }
        #order-buttons { height: auto; margin-top: 1; align-horizontal: right; }
        Button { margin-left: 2; }
        &.-tiny .row, &.-tiny .told, &.-tiny #order-buttons { margin-top: 0; }
        &.-tiny > #box { padding: 0 1; }
    }
    """

    def __init__(
        self,
        kind: str,
        count: int,
        propose: Callable[[Action], None],
        *,
        destinations: Words = (),
        needs_target: bool = False,
        requeue: bool = False,
        notes: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._kind = kind
        self._count = count
        self._propose = propose
        self._needs_target = needs_target
        self._requeue = requeue
        self._notes = notes
        self._plan: DryRun | None = None
        self._asked: Action | None = None
        self._target = ExactField(placeholder="/queue/NAME", id="order-target")
        complete(self._target, destinations)
        self._naming = NameCheck(self, self._target, "order-target-name")

    def compose(self) -> ComposeResult:
        title = f"{WORDS[self._kind]} {messages(self._count)}" + (" to" if self._needs_target else "")
        with VerticalScroll(id="box", can_focus=False):
            yield Static(title, id="order-title", markup=False)
            if self._needs_target:
                with Horizontal(classes="row"):
                    yield Label("Target")
                    yield self._target
                yield Static("", classes="name", id="order-target-name", markup=False)
            if self._requeue:
                with Horizontal(classes="row"):
                    yield Label("Where")
                    yield Select[bool](REQUEUE, allow_blank=False, value=True, compact=True, id="order-requeue")
            yield Static("", classes="told", id="order-notes", markup=False)
            yield Static("", classes="told", id="order-plan", markup=False)
            yield Static("", classes="told", id="order-lost", markup=False)
            yield Static("", classes="told", id="order-risks", markup=False)
            yield Static("", classes="told", id="order-problem", markup=False)
            with Horizontal(id="order-buttons"):
                yield Button("Cancel", id="order-no", compact=True)
                yield Button("Check", id="order-yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        self._say("order-notes", "\n".join(self._notes))
        if self._needs_target:
            self._naming.show()
            self._target.focus()
        else:
            self.query_one("#order-requeue" if self._requeue else "#order-no").focus()
            self._ask()

    # -- the plan --------------------------------------------------------------------------------------------------

    def _order(self) -> Action:
        requeue = self.query_one("#order-requeue", Select).value if self._requeue else None
        return Action(self._kind, self._target.exact, requeue if isinstance(requeue, bool) else None)

    def _ask(self) -> None:
        action = self._order()
        if self._needs_target and not action.target:
            self._say("order-problem", "✗ a destination is needed")
            self._target.focus()
            return
        self._plan, self._asked = None, action
        self._say("order-problem", "")
        self._say("order-plan", "checking…")
        self._say("order-lost", "")
        self._say("order-risks", "")
        self._propose(action)

    def show_plan(self, plan: DryRun) -> None:
        """What the action would do."""
        if plan.action != self._asked:
            return
        self._plan = None if plan.refusal else plan
        button = self.query_one("#order-yes", Button)
        self.set_class(plan.destroys, "-danger")
        button.variant = "error" if plan.destroys else "warning" if plan.asks else "primary"
        able = plan.count - len(plan.problems)
        button.label = f"{WORDS[self._kind]} {'anyway' if plan.asks else f'{able:,}'}" if able else "Check"
        risks = [f"⚠ {risk}" for risk in (*plan.risks, *plan.unknown)]
        if plan.unknown and self._kind == "move":
            risks.append(SAFER)
        if plan.missing and not plan.asks:
            risks.append(self._new(plan.missing))
        self._say("order-risks", "\n".join(risks) if able and not plan.refusal else "")
        self._say("order-plan", "\n".join(plan.lines))
        self._say("order-lost", "\n".join(plan.differences))
        told = [f"✗ {plan.refusal}"] if plan.refusal else self._problems(plan)
        self._say("order-problem", "\n".join(told))
        if not able:
            self._plan = None
        elif not plan.refusal and (plan.asks or not (plan.destroys or self._requeue)):
            # What Enter does changes: one that was pressed before the plan can be read means neither.
            appeared(self.app)
            if plan.missing and not plan.asks and self._needs_target:
                # The name may be mistyped: it can be typed anew at once.
                self._target.focus()
            else:
                (self.query_one("#order-no", Button) if plan.asks or plan.missing else button).focus()

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
        told = [
            f"✗ {messages(count)} left where {'it is' if count == 1 else 'they are'}: {reason}"
            for reason, count in reasons.items()
        ]
        more = len(told) - PROBLEMS
        return told[:PROBLEMS] + ([f"✗ and {more} more reasons"] if more > 0 else [])

    def show_problem(self, reason: str, server_text: str = "") -> None:
        """The plan could not be worked out."""
        self._plan = None
        self._say("order-plan", "")
        self._say(
            "order-problem", "\n".join(filter(None, (f"✗ {reason}", server_text if server_text != reason else "")))
        )

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

    @on(Input.Changed, "#order-target")
    @on(Select.Changed, "#order-requeue")
    def _changed(self) -> None:
        if self._needs_target:
            self._naming.show()
        if self._asked is not None and self._order() != self._asked:
            self._plan = self._asked = None
            self.query_one("#order-yes", Button).label = "Check"
            for place in ("order-plan", "order-lost", "order-risks", "order-problem"):
                self._say(place, "")
            if not self._needs_target:
                self._ask()

    @on(Input.Submitted, "#order-target")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    @on(Button.Pressed, "#order-yes")
    def _pressed(self) -> None:
        plan = self._plan
        if plan is not None and plan.action == self._order():
            self.dismiss(replace(plan.action, accepts=plan.risks, accepts_unknown=bool(plan.unknown)))
        else:
            self.action_accept()

    def action_accept(self) -> None:
        """Do what was checked, or check it; what may be lost where it goes needs its button."""
        if self._needs_target and not self._naming.sure(self.action_accept):
            return
        plan = self._plan
        if plan is not None and plan.action == self._order():
            if plan.asks:
                self.notify("Choose the button to do it anyway.", severity="warning")
            else:
                self.dismiss(plan.action)
        elif self._asked is None or self._asked != self._order():
            self._ask()

    @on(Button.Pressed, "#order-no")
    def action_cancel(self) -> None:
        self.dismiss(None)
