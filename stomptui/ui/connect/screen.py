"""The connection form as a screen: connect, test, save a profile, say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.form import form_field
from stomptui.config.profiles import Profiles
from stomptui.config.secrets import Keyring
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.connect.checking import FormCheck
from stomptui.ui.connect.fields import TEXTS
from stomptui.ui.connect.form import ConnectForm
from stomptui.ui.connect.outcome import ConnectOutcome
from stomptui.ui.connect.preview import ConnectPreview
from stomptui.ui.connect.profile_actions import ProfileActions
from stomptui.ui.connect.profile_list import ProfileList
from stomptui.ui.connect.typed import Typed
from stomptui.ui.controllers import add_actions
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.first_paint import StylesOnce, take_breakpoints
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.reveal import switch_secrets

CONNECT = "Connect ⏎"
INSTEAD = {
    TransportKind.TCP: "connect.try_tcp",
    TransportKind.TLS: "connect.try_tls",
    TransportKind.WS: "connect.try_ws",
    TransportKind.WSS: "connect.try_wss",
}
"""The names of the keys that try another transport."""


class ConnectScreen(Screen[None]):
    """Asks for a connection. It connects to nothing itself: it posts what the person wants.

    Args:
        profiles: Where connections are saved.
        connection: What to begin with.
        profile: The name of the profile it came from, "" if none.
        notice: Something to say at once, for example what is missing.
        keyring: Where passwords can be kept if the person wants it; None for nowhere.
        can_return: Whether Esc goes back to something rather than quitting, which is what its label says.
        kept: What was typed and not saved, by the name of the profile; what is typed here is added to it.
        bring_back: Whether to begin with what of it belongs to this profile.
        offers_demo: Whether to offer the demo, for a person who has no broker yet.
    """

    CSS_PATH = "connect.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-normal"), (132, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (20, "-short"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CONNECT)

    class ConnectRequested(Message):
        """Connect, please. Nothing is wrong with the connection as far as is known."""

        def __init__(self, connection: Connection, profile_name: str, remember: bool) -> None:
            super().__init__()
            self.connection = connection
            self.profile_name = profile_name
            """The profile it was loaded from or saved to, "" if none."""
            self.remember = remember
            """Keep the password in the keyring once it has proved right."""

    class TestRequested(Message):
        """Find out what is there, please, and say it with `show_test_result`."""

        def __init__(self, connection: Connection) -> None:
            super().__init__()
            self.connection = connection

    class CancelRequested(Message):
        """Stop the attempt or the test that is going on, please."""

    class DemoRequested(Message):
        """Start the embedded broker and connect with it, please."""

    class LeaveRequested(Message):
        """The person is done with the form without connecting."""

    class ProfileRenamed(Message):
        """A saved profile has another name now."""

        def __init__(self, old: str, new: str) -> None:
            super().__init__()
            self.old = old
            self.new = new

    def __init__(
        self,
        profiles: Profiles,
        connection: Connection | None = None,
        *,
        profile: str = "",
        notice: str = "",
        keyring: Keyring | None = None,
        can_return: bool = False,
        kept: dict[str, Typed] | None = None,
        bring_back: bool = False,
        offers_demo: bool = False,
    ) -> None:
        super().__init__()
        self._styles = StylesOnce()
        self._notice = notice
        self._busy = False
        self._instead: TransportKind | None = None
        """The transport that the server was found to speak, until something in the form changes."""
        self._again: Callable[[], None] = self.action_connect
        """What was asked for last."""
        self._asked_at: Widget | None = None
        """What had the focus when the attempt or the test began."""
        self._blamed = False
        """Whether what is said at the bottom is said at a field too."""
        self._can_return = can_return
        self._brings_back = bring_back
        self._offers_demo = offers_demo
        self.form = ConnectForm(connection or Connection())
        self._list = ProfileList(profiles)
        self._preview = ConnectPreview()
        self._outcome = ConnectOutcome()
        self._check = FormCheck(self, self.form, self._outcome)
        self._saved = ProfileActions(
            self,
            profiles,
            keyring,
            profile,
            self.form,
            self._list,
            self._outcome,
            lambda: self._check.checked(self._saved.action_save),
            self._renamed,
            {} if kept is None else kept,
        )
        add_actions(self, self._saved)

    def compose(self) -> ComposeResult:
        take_breakpoints(self)
        with Vertical(id="dialog"):
            with Container(id="body"):
                with Vertical(id="side"):
                    yield Static("Profiles", classes="section", markup=False)
                    yield self._list
                yield self.form
                with VerticalScroll(id="sent", can_focus=False):
                    yield Static("What will be sent", classes="section", markup=False)
                    yield self._preview
            yield self._outcome
            with Horizontal(id="buttons"):
                if self._offers_demo:
                    yield Button(self._label("Try the demo", "connect.demo"), id="demo", compact=True)
                yield Button(self._label("Save", "connect.save"), id="save", compact=True)
                yield Button(self._label("Test", "connect.test"), id="test", compact=True)
                yield Button(CONNECT, id="connect", variant="primary", compact=True)
        yield KeyFooter()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self._styles.resumed(event)

    def on_resize(self) -> None:
        # The terminal may be lower now: what is typed into stays in sight.
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False, immediate=True)

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Connect"
        self._show_preview()
        self._saved.start(self._notice or (self._demo_offer if self._offers_demo else ""))
        if self._brings_back:
            self._saved.bring_back()
        self.form.focus_missing()

    def keys_changed(self) -> None:
        """Name the keys on the buttons, which a person may have changed."""
        for id, word in (("save", "Save"), ("test", "Test")):
            self.query_one(f"#{id}", Button).label = self._label(word, f"connect.{id}")

    @property
    def busy(self) -> bool:
        """Whether an attempt or a test goes on."""
        return self._busy

    # What the app reports.

    def show_progress(self, stage: str) -> None:
        """Say how far an attempt has come, for example "TLS handshake"."""
        self._set_busy(True)
        connection, _ = self.form.connection()
        self._outcome.say(f"{connection.where}: {stage}… {self._cancels}")

    def show_failure(
        self, reason: str, server_text: str = "", field: str = "", instead: TransportKind | None = None
    ) -> None:
        """Say why an attempt failed.

        Args:
            reason: In plain words.
            server_text: What the server said, word for word; anything may be in it.
            field: The field of `Connection` that is most likely to blame, "" if none.
            instead: The transport that the server speaks, which one key tries.
        """
        self._instead = instead
        self._set_busy(False)
        tries = f"; {key_of(self, INSTEAD[instead]).capitalize()} tries it" if instead is not None else ""
        self._outcome.say(f"✗ {reason}{tries}", server_text, bad=True)
        self._blamed = bool(field)
        if field:
            self.form.problems.blame(form_field(field), reason)
            # Who went to another field meanwhile stays there; on a choice or a tick Enter does not try again.
            if self._asked_at in (None, self.focused) and form_field(field) in (*TEXTS, "headers", "ws_headers"):
                self.form.focus_field(form_field(field))

    def ask_for(self, field: str, reason: str, server_text: str) -> None:
        """Go to the field that the server wants otherwise, and say why; the arguments are as of `show_failure`."""
        self.show_failure(reason, server_text, field)
        if field:
            self.form.focus_field(form_field(field))

    def show_test_result(self, text: str, ok: bool) -> None:
        """Say what a test found."""
        self._set_busy(False)
        self._outcome.say(f"{'✓' if ok else '✗'} {text}", bad=not ok, good=ok)

    def show_idle(self, text: str = "") -> None:
        """Nothing is going on any more, for example after a cancelled attempt."""
        self._set_busy(False)
        self._outcome.say(text)

    # What the person does.

    def action_connect(self) -> None:
        if self._busy:
            return
        connection = self._check.checked(self.action_connect)
        if connection is not None:
            self._again, self._asked_at, self._blamed = self.action_connect, self.focused, False
            self._set_busy(True)
            self._outcome.say(f"{connection.where}: connecting… {self._cancels}")
            self.post_message(self.ConnectRequested(connection, self._saved.name, self.form.remember))

    def action_test(self) -> None:
        if self._busy:
            return
        connection = self._check.checked(self.action_test)
        if connection is not None:
            self._again, self._asked_at, self._blamed = self.action_test, self.focused, False
            self._set_busy(True)
            self._outcome.say(f"{connection.where}: testing… {self._cancels}")
            self.post_message(self.TestRequested(connection))

    def action_demo(self) -> None:
        self._asked_at, self._blamed = self.focused, False
        self._set_busy(True)
        self._outcome.say(f"The demo is starting… {self._cancels}")
        self.post_message(self.DemoRequested())

    def action_try_instead(self, kind: str) -> None:
        """Do the same once more by the transport that the server speaks; certificates are checked as they were."""
        connection, _ = self.form.connection()
        remember, self._instead = self.form.remember, None
        self.form.load(connection.with_transport(TransportKind(kind)))
        self.form.remember = remember
        self._again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        idle = not self._busy
        if action == "try_instead":
            return idle and self._instead is not None and parameters == (self._instead.value,)
        here = {
            "cancel": self._busy,
            "go_back": idle and self._can_return,
            "quit_form": idle and not self._can_return,
            "connect": idle,
            "demo": idle and self._offers_demo,
            "test": idle,
        }
        return here.get(action, True)

    def action_cancel(self) -> None:
        self.post_message(self.CancelRequested())

    def action_go_back(self) -> None:
        self._saved.keep_typed()
        self.post_message(self.LeaveRequested())

    @work
    async def action_quit_form(self) -> None:
        if self.form.unsaved:
            question = ConfirmScreen("The connection you typed is not saved. Leave all the same?", "Leave", "Stay")
            if not await self.app.push_screen_wait(question):
                return
        self.post_message(self.LeaveRequested())

    def action_reveal(self) -> None:
        switch_secrets(self.app)

    @on(ProfileList.Chosen)
    def _choose(self, event: ProfileList.Chosen) -> None:
        event.stop()
        if not self._busy:
            self._saved.choose(event.name)

    @on(ProfileList.ChangeRequested)
    def _change_profile(self, event: ProfileList.ChangeRequested) -> None:
        event.stop()
        if not self._busy:
            self._saved.change(event.name, event.change)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "save":
            self._saved.action_save()
        elif event.button.id == "test":
            self.action_test()
        elif event.button.id == "demo":
            if not self._busy:
                self.action_demo()
        elif self._busy:
            self.action_cancel()
        else:
            self.action_connect()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if not any(isinstance(above, HeaderEditor) for above in event.input.ancestors):
            event.stop()
            self.action_connect()

    @on(ConnectForm.CodeRead)
    def _code_read(self, event: ConnectForm.CodeRead) -> None:
        event.stop()
        if not self._busy:
            self._outcome.say(event.text, bad=event.failed)

    @on(ConnectForm.Changed)
    def _form_changed(self, event: ConnectForm.Changed) -> None:
        event.stop()
        if not self._busy and self._instead is not None:
            self._instead = None
            self.refresh_bindings()
        if not self._busy and self._blamed and not self.form.problems.blames:
            self._blamed = False
            self._outcome.say("")
        self._show_preview()

    def _renamed(self, old: str, new: str) -> None:
        self.post_message(self.ProfileRenamed(old, new))

    def _show_preview(self) -> None:
        connection, _ = self.form.connection()
        self._preview.show(connection)

    def _label(self, word: str, id: str) -> str:
        """What a button does, and its key."""
        return f"{word} {key_of(self, id).capitalize()}"

    @property
    def _demo_offer(self) -> str:
        key = key_of(self, "connect.demo").capitalize()
        return f"No broker at hand? {key} starts a demo: a small broker on this computer with example messages"

    @property
    def _cancels(self) -> str:
        return f"{key_of(self, 'connect.cancel').capitalize()} cancels"

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.query_one("#connect", Button).label = self._label("Cancel", "connect.cancel") if busy else CONNECT
        self.set_class(busy, "-busy")
        self.refresh_bindings()
