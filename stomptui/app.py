"""The application: themes, palette, what lives as long as it does, and which screen is on."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.actions import ActionParseResult, SkipAction
from textual.app import SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.driver import Driver
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import Input

from stomptui.application.standstill import Stops
from stomptui.application.threads import Leavable
from stomptui.compose.history import History
from stomptui.config.environment import UNMARKED, Environment
from stomptui.config.files.paths import state_dir
from stomptui.config.in_browser import in_browser
from stomptui.config.layout import load_layout
from stomptui.config.options import Options
from stomptui.config.profiles import Profiles
from stomptui.config.secret_names import use_secret_names
from stomptui.config.settings import load_settings
from stomptui.config.view_approvals import ViewApprovals
from stomptui.journal.journal import Journal
from stomptui.journal.views.personal import PersonalViews
from stomptui.protocol.clean import clean
from stomptui.ui.app_messages import (
    DeadLettersWanted,
    DraftWanted,
    DrainWanted,
    EndedMeanwhile,
    FormWanted,
    Happened,
    Tested,
)
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.command_palette import ActionProvider
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.controllers import add_actions
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.message_actions.bursts import BurstCheck
from stomptui.ui.offered_features import FeatureKeys
from stomptui.ui.program.connecting import Connecting
from stomptui.ui.program.console_place import ConsolePlace
from stomptui.ui.program.everywhere import Everywhere
from stomptui.ui.program.other_layouts import OtherLayouts
from stomptui.ui.program.settings_keeper import SettingsKeeper
from stomptui.ui.program.start import Start
from stomptui.ui.read_only import ReadOnlyKeys
from stomptui.ui.terminal.bursts import Bursts
from stomptui.ui.terminal.crash import QuietCrash
from stomptui.ui.terminal.frames import UnhurriedPaint
from stomptui.ui.terminal.jobs import stop_job
from stomptui.ui.terminal.key_order import InputGate
from stomptui.ui.terminal.signals import install
from stomptui.ui.theme_contrast import ReadableColours
from stomptui.ui.widgets.clipboard import Clipboard
from stomptui.ui.widgets.lines.line_display import LineDisplay
from stomptui.ui.widgets.snippet_wanted import SnippetWanted
from stomptui.ui.widgets.text.cells import count_spacing_marks
from stomptui.ui.widgets.text.fields import Field
from stomptui.ui.widgets.text.kinds import is_editor

if TYPE_CHECKING:
    from stomptui.application.console import Console
    from stomptui.ui.console.screen import ConsoleScreen
    from stomptui.ui.settings.changes import SettingsChanges

log = logging.getLogger(__name__)

PASTE_SHOWN = 6.0
"""Seconds for which it is shown that a paste does nothing here; not said again meanwhile."""


class StompTUI(QuietCrash, UnhurriedPaint, Clipboard, ReadableColours[int]):
    """A console for one broker.

    Args:
        options: What the command line asked for.
    """

    TITLE = "stomptui"
    CSS_PATH = "stomptui.tcss"
    COMMANDS = ReadableColours.COMMANDS | {ActionProvider}
    BINDINGS = bindings(Place.APP)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (20, "-short"), (32, "-tall")]

    def __init__(self, options: Options) -> None:
        super().__init__()
        count_spacing_marks(os.environ)
        settings, problem = load_settings()
        use_secret_names(settings.secret_names)
        self.secrets_shown = False
        """Whether secrets are painted as they are; see `ui.widgets.reveal`."""
        self.personal_views = PersonalViews(settings.views, ViewApprovals())
        """Views of bodies that the person set up; see `ui.widgets.message.personal_body`."""
        self.journal = Journal(settings.journal_bytes, settings.journal_frames)
        profiles = Profiles()
        self.history = History(
            state_dir() / "history.jsonl",
            wish=lambda: settings.keep_drafts,
            profile_wish=lambda: self._settings.keep_drafts,
        )
        self.stops = Stops()
        self._place = ConsolePlace(
            self, self.journal, self.history, lambda: float(settings.peek_hold),
            lambda: self._settings.dead_letters, self.stops, load_layout(), options.library,
        )  # fmt: skip
        self._settings = SettingsKeeper(self, settings, problem, profiles, self.journal, self.personal_views)
        self.line_display = LineDisplay(
            settings.wrap_lines, settings.line_numbers, self._settings.remember_line_display
        )
        """Whether lines of a message are wrapped, and whether they have numbers."""
        self._connecting = Connecting(self, self._place, profiles, self._settings, options)
        self._start = Start(self, self._connecting, self._settings, self._place, options)
        self._settings.use_theme(options.theme)
        self.farewell: list[str] = []
        """What must be known once the screen is gone, however little is wanted there."""
        self.bursts = Bursts()
        self.gate = InputGate(self, self.paint_now)
        self._burst_check = BurstCheck(self, self.gate, self.bursts)
        self._other_layouts = OtherLayouts(self)
        self._read_only = ReadOnlyKeys(self, lambda: self.environment.refusal)
        self._features = FeatureKeys(self, lambda: self._place.lacks)
        self._paste_shown_at = 0.0
        self._everywhere = Everywhere(self, self._settings_changes)
        add_actions(self, self._everywhere)

    # -- beginning and end -----------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        install(self)
        asyncio.get_running_loop().set_default_executor(Leavable())
        self._settings.use()
        # Not here: until Textual has started it throws away what is painted.
        self.call_next(self._begin)
        self.gate.start()

    def _begin(self) -> None:
        self._start.begin()
        self.call_after_refresh(self._prepare)

    def _settings_changes(self) -> SettingsChanges:
        from stomptui.ui.settings.changes import SettingsChanges

        return SettingsChanges(
            self, self._settings, self.journal, self.personal_views, self.line_display,
            lambda: self.console_screen.arranging,
        )  # fmt: skip

    @property
    def broker_console(self) -> Console:
        """The console of the broker."""
        return self._place.console

    @property
    def console_screen(self) -> ConsoleScreen:
        """The screen of the console."""
        return self._place.screen

    @work
    async def _prepare(self) -> None:
        await self._place.prepare()

    async def on_unmount(self) -> None:
        self._connecting.end_test()
        await self._place.close()
        self._start.stop_demo()

    def summary(self) -> list[str]:
        """Counts per destination, and what stays at the broker, for the terminal once the screen is gone."""
        return self._place.summary()

    @on(EndedMeanwhile)
    def _ended_meanwhile(self, message: EndedMeanwhile) -> None:
        log.info("leaving: signal %s came while the terminal was lent", message.signal)
        if message.kept:
            log.info("what was being written is in %s", message.kept)
            self.farewell.append(f"What you were writing is in {message.kept}")
        self.exit(return_code=128 + message.signal)

    # -- what screens ask for --------------------------------------------------------------------------------------

    @on(FormWanted)
    @on(ConnectScreen.ConnectRequested)
    @on(ConnectScreen.CancelRequested)
    @on(ConnectScreen.LeaveRequested)
    @on(ConnectScreen.TestRequested)
    @on(ConnectScreen.ProfileRenamed)
    @on(Tested)
    @on(Happened)
    def _connect(self, message: Message) -> None:
        self._connecting.handle(message)

    @on(ConnectScreen.DemoRequested)
    def _demo_requested(self) -> None:
        self._start.start_demo()

    @on(SnippetWanted)
    def _snippet_wanted(self, message: SnippetWanted) -> None:
        self._place.handle(message)

    @on(DraftWanted)
    @on(DrainWanted)
    @on(DeadLettersWanted)
    def _wanted_of_console(self, message: Message) -> None:
        if isinstance(message, DeadLettersWanted) or not self._read_only.refuses_change():
            self._place.handle(message)

    # -- keys ------------------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self._place.nudge()
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
        if isinstance(action, str) and (self._features.refuses(action) or self._read_only.refuses(action)):
            return True
        return await super().run_action(action, default_namespace, namespaces)

    @property
    def environment(self) -> Environment:
        """As of `HasEnvironment`."""
        main = self._place.main_connection
        return main.connection.environment if main is not None else UNMARKED

    def is_forbidden(self, action: str) -> bool:
        """As of `OffersActions`."""
        return self._read_only.forbids(action) or bool(self._features.why_not(action))

    def _check_action_state(self, action: str, default_namespace: DOMNode) -> bool | None:
        # What the footer shows is decided here, and nowhere else in Textual for all widgets.
        return not self.is_forbidden(action) and super()._check_action_state(action, default_namespace)

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell until the person comes back."""
        if is_editor(self.focused):
            # There it undoes.
            raise SkipAction
        if self._driver is not None and self._driver.can_suspend:
            self.gate.drop()
            self.app_suspend_signal.publish(self)
            stop_job()
        elif in_browser():
            self.notify("A browser tab has no shell to go back to.")

    @on(Driver.SignalResume)
    def _came_back(self) -> None:
        """The terminal was somebody else's meanwhile."""
        self.gate.drop()
        self.action_repaint()

    def action_repaint(self) -> None:
        """Paint everything anew, whatever another program left on the screen."""
        if self._driver is not None:
            self._driver.write("\x1b[0m\x1b[2J")
        self.forget_screen()
        self.screen.refresh(layout=True)

    async def on_key(self, event: events.Key) -> None:
        """Nobody took this key; where it is one of ours, Textual finds it after this."""
        await self._other_layouts.handle(event)

    def on_paste(self, event: events.Paste) -> None:
        """Nobody took what was pasted."""
        if event.time - self._paste_shown_at > PASTE_SHOWN:
            self._paste_shown_at = event.time
            self.notify("Pasted text does nothing here: put the cursor into a field first.", timeout=PASTE_SHOWN)

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
            # Our settings have the themes, and keep the one that is chosen.
            if command.title not in ("Quit", "Keys", "Theme"):
                yield command
        yield SystemCommand("Reference", "What few people need, and those exactly", self._everywhere.action_reference)

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

    @work
    async def action_leave(self) -> None:
        """Leave, asking first if a message was written and not sent, or a series is being sent."""
        if prospect := self._place.series_prospect:
            question = ConfirmScreen(
                "A series is being sent. Leave all the same?", yes="Leave", no="Stay", danger=True, detail=prospect,
            )  # fmt: skip
            if not await self.push_screen_wait(question):
                return
        if self._place.unsent:
            question = ConfirmScreen(
                "The message you wrote was not sent. Leave all the same?", yes="Leave", no="Stay", danger=True,
                detail=self._place.prospect,
            )  # fmt: skip
            if not await self.push_screen_wait(question):
                return
        if prospect := self._place.transaction_prospect:
            question = ConfirmScreen(
                "A transaction is open. Leave all the same?", yes="Leave", no="Stay", danger=True,
                detail=prospect,
            )  # fmt: skip
            if not await self.push_screen_wait(question):
                return
        self.exit()
