"""The application: themes, palette, what lives as long as it does, and which screen is on."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
from collections.abc import Iterable, Mapping
from time import time

from textual import events, on, work
from textual.actions import ActionParseResult, SkipAction
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.driver import Driver
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import Input

from stomptui.application.console import Console
from stomptui.application.event_pump import calm_collector
from stomptui.application.standstill import Stops
from stomptui.application.threads import Leavable
from stomptui.brokers.registry import BROKERS
from stomptui.compose.history import History
from stomptui.config.connection import Connection
from stomptui.config.logs import hide
from stomptui.config.options import Options
from stomptui.config.paths import state_dir
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.secret_names import use_secret_names
from stomptui.config.secrets import Keyring, SecretError
from stomptui.config.settings import load_settings, save_settings, settings_path
from stomptui.config.url import UrlError, format_url, parse_url
from stomptui.connection.events import Connected, ConnectFailed, Progress
from stomptui.connection.probe import Probe
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.embedded.process import StartFailed, start_in_background, stop
from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.protocol.clean import clean
from stomptui.ui.app_messages import DraftWanted, DrainWanted, EndedMeanwhile, FormWanted, Happened, Tested
from stomptui.ui.chosen_keys import key_of, keymap, problems
from stomptui.ui.colours import ReadableColours, theme_for
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.console.screen import ConsoleScreen
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.help import HelpScreen, help_text, key_groups
from stomptui.ui.keymap import Place, bindings
from stomptui.ui.message_actions.bursts import BurstCheck
from stomptui.ui.palette_actions import ActionProvider
from stomptui.ui.terminal.bursts import Bursts
from stomptui.ui.terminal.crash import QuietCrash
from stomptui.ui.terminal.jobs import stop_job
from stomptui.ui.terminal.key_order import InputGate
from stomptui.ui.terminal.signals import install
from stomptui.ui.widgets.clipboard import Clipboard
from stomptui.ui.widgets.reveal import switch_secrets
from stomptui.ui.widgets.text.cells import count_spacing_marks
from stomptui.ui.widgets.text.fields import Editor, Field

log = logging.getLogger(__name__)

PASTE_TOLD = 6.0
"""Seconds for which it is said that a paste does nothing here; not said again meanwhile."""
UNREAD_TOLD = 12.0
"""Seconds for which it is said that a key of a file is not read."""
DEMO_WATCHES = ("/topic/orders.*", "/queue/invoices")
"""What the demo looks at without being asked; its other queues are there to be peeked into."""


class StompTUI(ReadableColours, QuietCrash, Clipboard, App[int]):
    """A console for one broker.

    Args:
        options: What the command line asked for.
    """

    TITLE = "stomptui"
    CSS_PATH = "stomptui.tcss"
    COMMANDS = App.COMMANDS | {ActionProvider}
    BINDINGS = bindings(Place.APP)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (20, "-short"), (32, "-tall")]

    def __init__(self, options: Options) -> None:
        super().__init__()
        count_spacing_marks(os.environ)
        self.options = options
        self.settings, self._settings_problem = load_settings()
        use_secret_names(self.settings.secret_names)
        self.secrets_shown = False
        """Whether secrets are painted as they are; see `ui.widgets.reveal`."""
        self.journal = Journal(self.settings.journal_bytes, self.settings.journal_frames)
        self.profiles = Profiles()
        self.history = History(state_dir() / "history.jsonl")
        self.stops = Stops()
        self.broker_console = Console(self.journal, self.history.destinations)
        self.console_screen = ConsoleScreen(
            self.broker_console, self.history, lambda: float(self.settings.peek_hold), self.stops
        )
        self.farewell: list[str] = []
        """What must be known once the screen is gone, however little is wanted there."""
        self._form: ConnectScreen | None = None
        self._asked: ConnectScreen.ConnectRequested | None = None
        self._demo: subprocess.Popen[bytes] | None = None
        self._test: Probe | None = None
        self.bursts = Bursts()
        self.gate = InputGate(self)
        self._burst_check = BurstCheck(self, self.gate, self.bursts)
        self._told_of_paste = 0.0
        self._peek = options.peek
        """A queue to look into once connected."""

    # -- beginning and end -----------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        install(self)
        asyncio.get_running_loop().set_default_executor(Leavable())
        theme = self.options.theme or self.settings.theme
        theme = theme if theme in self.available_themes else "tokyo-night"
        # Who names a theme on the command line gets it.
        self.theme = theme if self.options.theme else theme_for(self, theme)
        self._chosen_theme = self.theme == theme
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self.push_screen(self.console_screen)
        if self._settings_problem:
            self.notify(self._settings_problem, title="Settings not used", severity="warning", markup=False)
        if self.settings.keys:
            self.set_keymap(keymap(self.settings.keys))
        if found := problems(self.settings.keys):
            self.notify("; ".join(found), title="Keys", severity="warning", markup=False)
        # The form tells of its profile itself.
        connecting = self.options.autoconnect and not self.options.demo
        self._tell_unread([self.settings.unknown, *(self.options.warnings if connecting else ())])
        if self.options.demo:
            self._start_demo()
        elif self.options.autoconnect and self.options.connection is not None:
            self._connect(self.options.connection, self.options.profile, self._wanted())
        else:
            self._open_form(self.options.connection or self._last(), self.options.profile, self.options.notice)
        self.gate.start()
        self.call_after_refresh(calm_collector)

    async def on_unmount(self) -> None:
        self._end_test()
        self.console_screen.close_side_connections()
        self.broker_console.close()
        session = self.broker_console.session
        loop = asyncio.get_running_loop()
        # The broker is told goodbye before the process ends; a broker that does not answer holds nobody up.
        await loop.run_in_executor(None, self.console_screen.queues.join, 2.0)
        if session is not None:
            await loop.run_in_executor(None, session.join, 1.0)
        if self._demo is not None:
            stop(self._demo, 2.0)

    def summary(self) -> list[str]:
        """Counts per destination, and what stays at the broker, for the terminal once the screen is gone."""
        return [*self.broker_console.counts.lines(), *self.broker_console.left_behind()]

    @on(EndedMeanwhile)
    def _ended_meanwhile(self, message: EndedMeanwhile) -> None:
        log.info("leaving: signal %s came while the terminal was lent", message.signal)
        if message.kept:
            log.info("what was being written is in %s", message.kept)
            self.farewell.append(f"What you were writing is in {message.kept}")
        self.exit(return_code=128 + message.signal)

    def _remember_theme(self, theme: object) -> None:
        if not self._chosen_theme:
            # The one chosen for this terminal is announced too; the next is the person's choice.
            self._chosen_theme = True
        elif self.settings.theme != self.theme:
            self.settings.theme = self.theme
            self._save_settings()

    @work(thread=True)
    def _save_settings(self) -> None:
        try:
            save_settings(self.settings)
        except (OSError, ValueError) as error:
            self.call_from_thread(self._not_saved, error)

    def _not_saved(self, error: OSError | ValueError) -> None:
        reason = f"{settings_path()}: {error.strerror or error}" if isinstance(error, OSError) else str(error)
        self.notify(reason, title="Settings not saved", severity="warning", markup=False)

    def _saved_as(self, connection: Connection, profile: str) -> str:
        """The profile, "" if what it says was changed before connecting: another start would go elsewhere by it."""
        try:
            same = bool(profile) and format_url(self.profiles.load(profile)) == format_url(connection)
        except ProfileError as error:
            log.info("the profile %r is not remembered: %s", profile, error)
            return ""
        return profile if same else ""

    def _tell_unread(self, sentences: Iterable[str]) -> None:
        """Say what of the person's files has no effect; in the log it can be read for as long as one likes."""
        for sentence in filter(None, sentences):
            self.journal.append_note(NoteKind.INFO, sentence, time())
            self.notify(sentence, title="Not read", severity="warning", timeout=UNREAD_TOLD, markup=False)

    def _last(self) -> Connection | None:
        try:
            return parse_url(self.settings.last_url) if self.settings.last_url else None
        except UrlError as error:
            log.warning("last_url in the settings makes no sense: %s", error)
            return None

    @work(thread=True)
    def _start_demo(self) -> None:
        try:
            self._demo, port = start_in_background()
        except StartFailed as error:
            self.call_from_thread(self._open_form, None, "", str(error))
            return
        connection = Connection(port=port, login="guest", passcode="guest")
        wanted = self._wanted() or [WantedSubscription(destination) for destination in DEMO_WATCHES]
        self.call_from_thread(self._connect, connection, "demo", wanted)

    def _wanted(self) -> list[WantedSubscription]:
        """What the command line asked to subscribe to."""
        return [
            *(WantedSubscription(destination) for destination in self.options.subscribe),
            *(WantedSubscription(destination, mode="work") for destination in self.options.work),
            *(WantedSubscription(destination, mode="consume") for destination in self.options.consume),
        ]

    # -- connecting ------------------------------------------------------------------------------------------------

    def _connect(self, connection: Connection, profile: str, watches: list[WantedSubscription]) -> None:
        hide(connection.secrets())
        self.console_screen.connect(connection, profile, watches)

    def _open_form(self, connection: Connection | None, profile: str = "", notice: str = "") -> None:
        if self._form is not None:
            return
        self._form = ConnectScreen(
            self.profiles,
            connection,
            profile=profile,
            notice=notice,
            keyring=Keyring(),
            can_return=self.broker_console.main_connection is not None,
        )
        self.push_screen(self._form)

    def _close_form(self) -> None:
        self._end_test()
        form, self._form = self._form, None
        if form is not None:
            while self.screen is not self.console_screen:
                self.pop_screen()

    @on(DraftWanted)
    def _draft_wanted(self, message: DraftWanted) -> None:
        while self.screen is not self.console_screen and len(self.screen_stack) > 1:
            self.pop_screen()
        self.console_screen.composing.edit(message.draft)

    @on(DrainWanted)
    def _drain_wanted(self, message: DrainWanted) -> None:
        self.console_screen.queues.transferring.drain(message.queue)

    @on(FormWanted)
    def _form_wanted(self) -> None:
        main = self.broker_console.main_connection
        self._open_form(main.connection if main else self._last(), self.broker_console.profile)

    @on(ConnectScreen.ConnectRequested)
    def _connect_requested(self, message: ConnectScreen.ConnectRequested) -> None:
        self._asked = message
        self._end_test()
        watches = self._wanted() if self.broker_console.main_connection is None else []
        if message.profile_name:
            try:
                profile = self.profiles.profile(message.profile_name)
            except ProfileError as error:
                self.notify(str(error), severity="warning", markup=False)
            else:
                known = {watch.destination for watch in watches}
                watches += [WantedSubscription(name) for name in profile.subscribe if name not in known]
                watches += [WantedSubscription(name, mode="consume") for name in profile.consume if name not in known]
        self._connect(message.connection, message.profile_name, watches)

    @on(ConnectScreen.CancelRequested)
    def _cancel(self) -> None:
        self._end_test()
        if self._asked is not None:
            self.broker_console.close()
        if self._form is not None:
            self._form.show_idle("cancelled")

    @on(ConnectScreen.LeaveRequested)
    def _leave_form(self) -> None:
        if self.broker_console.main_connection is None:
            self.exit()
        else:
            self._close_form()

    @on(ConnectScreen.TestRequested)
    def _test_requested(self, message: ConnectScreen.TestRequested) -> None:
        self._end_test()
        hide(message.connection.secrets())

        def tell(found: Connected | ConnectFailed) -> None:
            self.post_message(Tested(test, found))

        test = self._test = Probe(message.connection, tell, BROKERS)
        test.start()

    def _end_test(self) -> None:
        """Nobody wants to know any more what a test finds."""
        test, self._test = self._test, None
        if test is not None:
            test.cancel()

    @on(Tested)
    def _tested(self, message: Tested) -> None:
        if self._form is None or message.test is not self._test:
            return
        self._test, found = None, message.found
        if isinstance(found, ConnectFailed):
            self._form.show_failure(found.reason, found.server_text, found.field, found.instead)
            return
        beat = " and ".join(
            f"{who} every {ms / 1000:g} s" if ms else f"{who} never"
            for who, ms in zip(("we", "the broker"), found.heart_beat, strict=True)
        )
        told = f"{found.server or 'a broker without a name'}, STOMP {found.version}; heart-beat: {beat}"
        told += f"; you are {found.user_name}" if found.user_name else ""
        self._form.show_test_result(told, True)

    @on(Happened)
    def _happened(self, message: Happened) -> None:
        event = message.event
        if isinstance(event, Progress):
            if self._form is not None and self._asked is not None:
                self._form.show_progress(event.stage)
        elif isinstance(event, Connected):
            self._connected()
        elif isinstance(event, ConnectFailed):
            self._failed(event)

    def _connected(self) -> None:
        main = self.broker_console.main_connection
        if main is None:
            return
        if self._form is not None and self._asked is not None:
            self._close_form()
        asked, self._asked = self._asked, None
        if self._peek and self.screen is self.console_screen:
            self.console_screen.queues.peeking.ask(self._peek)
            self._peek = ""
        if self.broker_console.profile != "demo" or not self.options.demo:
            self.settings.last_url = format_url(main.connection)
            self.settings.last_profile = self._saved_as(main.connection, self.broker_console.profile)
            self._save_settings()
        if asked is not None and asked.remember:
            self._keep_password(main.connection)

    def _failed(self, event: ConnectFailed) -> None:
        asked, self._asked = self._asked, None
        if self._form is not None and asked is not None:
            if event.cancelled:
                self._form.show_idle("cancelled")
            else:
                self._form.show_failure(event.reason, event.server_text, event.field, event.instead)
            return
        main = self.broker_console.main_connection
        if self._form is None and main is not None and not main.attempt and not event.cancelled:
            self._open_form(main.connection, self.broker_console.profile)
            form = self._form
            if form is not None:
                self.call_after_refresh(form.show_failure, event.reason, event.server_text, event.field, event.instead)

    @work(thread=True)
    def _keep_password(self, connection: Connection) -> None:
        try:
            Keyring().set(connection)
        except SecretError as error:
            self.call_from_thread(self.notify, str(error), title="Password not kept", severity="warning", markup=False)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.console_screen.nudge()
        if self.gate.admits(event):
            if isinstance(event, events.Paste):
                focused = self.focused
                if isinstance(focused, Input) and not isinstance(focused, Field):
                    # A field of Textual's own, in the palette: it would paint whatever is pasted.
                    event.text = "".join(char for char in event.text if char.isprintable())
            await super().on_event(event)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        if (
            isinstance(action, str)
            and default_namespace is not None
            and self._burst_check.holds(action, default_namespace)
        ):
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell until the person comes back."""
        if isinstance(self.focused, Editor):
            # There it undoes.
            raise SkipAction
        if self._driver is not None and self._driver.can_suspend:
            self.gate.drop()
            self.app_suspend_signal.publish(self)
            stop_job()

    @on(Driver.SignalResume)
    def _came_back(self) -> None:
        """The terminal was somebody else's meanwhile."""
        self.gate.drop()
        self.action_repaint()

    def action_repaint(self) -> None:
        """Paint everything anew, whatever another program left on the screen."""
        if self._driver is not None:
            self._driver.write("\x1b[0m\x1b[2J")
        self.screen.refresh(layout=True)

    def on_paste(self, event: events.Paste) -> None:
        """Nobody took what was pasted."""
        if event.time - self._told_of_paste > PASTE_TOLD:
            self._told_of_paste = event.time
            self.notify("Pasted text does nothing here: put the cursor into a field first.", timeout=PASTE_TOLD)

    # -- what is everywhere ----------------------------------------------------------------------------------------

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something in a corner; it may hold what a broker said, so it is made safe and is never markup."""
        super().notify(clean(message, "\n"), title=clean(title), severity=severity, timeout=timeout, markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for command in super().get_system_commands(screen):
            if command.title not in ("Quit", "Keys"):
                yield command
        told = f"Show passwords, tokens and other secrets, or hide them again ({key_of(self, 'app.reveal')})"
        yield SystemCommand("Show secrets", told, self.action_reveal)

    def action_help_quit(self) -> None:
        """Ctrl+C does not leave; say what does. Textual's own words have markup, which is not read in what we say."""
        keys = [key for key, active in self.active_bindings.items() if active.binding.action in ("quit", "app.quit")]
        how = (
            f"Press {self.get_key_display(Binding(keys[0], 'quit'))} to leave stomptui"
            if keys
            else f"Press {key_of(self, 'console.quit')} in the log"
        )
        self.notify(f"{how}. In a field, ctrl+c copies what is selected.", title="Leave?")

    async def action_quit(self) -> None:
        """As by our own key: a message that was written is asked about."""
        self.action_leave()

    def action_reveal(self) -> None:
        shown = switch_secrets(self)
        said = "Secrets are shown." if shown else "Secrets are hidden."
        self.notify(said, severity="warning" if shown else "information", timeout=3)

    def action_help(self) -> None:
        screen = self.screen
        if isinstance(screen, HelpScreen):
            return
        self.push_screen(HelpScreen(help_text(screen), key_groups(screen)))

    @work
    async def action_leave(self) -> None:
        """Leave, asking first if a message was written and not sent."""
        if self.console_screen.composing.unsent:
            question = ConfirmScreen(
                "The message you wrote was not sent. Leave all the same?", yes="Leave", no="Stay", danger=True
            )
            if not await self.push_screen_wait(question):
                return
        self.exit()
