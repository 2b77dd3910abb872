"""Connecting: between the connection form and the console."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.message import Message

from stomptui.config.connection import Connection
from stomptui.config.files.logs import hide_secrets
from stomptui.config.options import Options
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.secrets import Keyring, SecretError
from stomptui.ui.app_messages import FormWanted, Happened, Tested
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.connect.typed import Typed
from stomptui.ui.program.console_place import ConsolePlace, Watch
from stomptui.ui.program.settings_keeper import SettingsKeeper

if TYPE_CHECKING:
    from stomptui.connection.events import Connected, ConnectFailed, Event
    from stomptui.connection.probe import Probe

DEMO = "demo"
"""The name that the connection to the embedded broker has."""


class Connecting:
    """Opens the connection form, does what it asks for, and tells it how connecting goes.

    Args:
        app: Over whose screens the form is shown.
        place: Where the console is that is connected.
        profiles: The person's profiles.
        settings: Where the last connection is remembered.
        options: What the command line asked for.
    """

    def __init__(
        self,
        app: App[Any],
        place: ConsolePlace,
        profiles: Profiles,
        settings: SettingsKeeper,
        options: Options,
    ) -> None:
        self._app = app
        self._place = place
        self._profiles = profiles
        self._settings = settings
        self._options = options
        self._peek = options.peek
        """A queue to peek into once connected."""
        self._form: ConnectScreen | None = None
        self._demo: Connection | None = None
        """The connection to the broker of the demo, which is not remembered."""
        self._typed: dict[str, Typed] = {}
        """What was typed into the form and not saved, by the name of the profile."""
        self._asked: ConnectScreen.ConnectRequested | None = None
        self._test: Probe | None = None

    @property
    def wanted(self) -> list[Watch]:
        """What the command line asked to subscribe to."""
        return [
            *(Watch(destination) for destination in self._options.subscribe),
            *(Watch(destination, "work") for destination in self._options.work),
            *(Watch(destination, "consume") for destination in self._options.consume),
        ]

    def connect(self, connection: Connection, profile: str, watches: Iterable[Watch]) -> None:
        """Begin with a broker."""
        hide_secrets(connection.secrets())
        self._settings.use_profile(profile)
        self._place.connect(connection, profile, watches)

    def connect_demo(self, connection: Connection, watches: Iterable[Watch]) -> None:
        """Connect with the broker of the demo, unless the person cancelled it in the form."""
        self._demo = connection
        if self._form is not None:
            if not self._form.busy:
                return
            self._asked = ConnectScreen.ConnectRequested(connection, DEMO, False)
        self._before_leaving(lambda: self.connect(connection, DEMO, watches))

    def demo_failed(self, reason: str) -> None:
        """There is no demo; the form says why."""
        if self._form is not None:
            self._form.show_failure(reason)
        else:
            self.open_form(None, notice=reason)

    # -- the form --------------------------------------------------------------------------------------------------

    def open_form(
        self,
        connection: Connection | None,
        profile: str = "",
        notice: str = "",
        *,
        bring_back: bool = False,
        offers_demo: bool = False,
    ) -> None:
        """Show the form, unless it is shown; on request with what was typed and not saved when it was left."""
        if self._form is None:
            self._form = ConnectScreen(
                self._profiles,
                connection,
                profile=profile,
                notice=notice,
                keyring=Keyring(),
                can_return=self._place.main_connection is not None,
                kept=self._typed,
                bring_back=bring_back,
                offers_demo=offers_demo,
            )
            for path in self._form.css_path:
                # Textual would parse the whole stylesheet anew.
                self._app.stylesheet.read(path)
            self._app.push_screen(self._form)

    def _close_form(self) -> None:
        self.end_test()
        form, self._form = self._form, None
        if form is not None:
            console = self._place.show()
            while self._app.screen is not console:
                self._app.pop_screen()

    def handle(self, message: Message) -> None:
        """React to what the form, the console or a test posted."""
        match message:
            case FormWanted():
                main, profile = self._place.main_connection, self._place.console.profile
                last = main.connection if main else self._settings.last_connection
                self.open_form(last, profile, bring_back=True)
                if main is not None and main.asks and self._form is not None:
                    self._app.call_after_refresh(self._form.ask_for, main.field, main.reason, main.server_text)
            case ConnectScreen.ConnectRequested():
                self._before_leaving(lambda: self._connect_requested(message))
            case ConnectScreen.CancelRequested():
                self._cancel()
            case ConnectScreen.LeaveRequested():
                if self._place.main_connection is None:
                    self._app.exit()
                else:
                    self._close_form()
            case ConnectScreen.TestRequested():
                self._begin_test(message.connection)
            case ConnectScreen.ProfileRenamed():
                self._settings.profile_renamed(message.old, message.new)
                if self._place.console.profile == message.old:
                    self._place.console.profile = message.new
                self._place.screen.arranging.renamed(message.old, message.new)
            case Tested():
                self._tested(message)
            case Happened():
                self._happened(message.event)
            case _:
                raise TypeError(f"{message!r} is of no connecting")

    def _before_leaving(self, go: Callable[[], None]) -> None:
        """Go on to a broker; a transaction that is open with the one of now is asked about."""
        if not self._place.transaction_prospect:
            go()
            return

        def stay() -> None:
            self._asked = None
            if self._form is not None:
                self._form.show_idle("not connected: a transaction is open")

        question = "Connect with an open transaction?"
        self._place.screen.composing.transacting.before_the_end(question, "Connect", go, stay)

    def _connect_requested(self, message: ConnectScreen.ConnectRequested) -> None:
        self._asked = message
        self.end_test()
        watches = self.wanted if self._place.main_connection is None else []
        if message.profile_name:
            try:
                profile = self._profiles.profile(message.profile_name)
            except ProfileError as error:
                self._app.notify(str(error), severity="warning", markup=False)
            else:
                known = {watch.destination for watch in watches}
                watches += [Watch(name) for name in profile.subscribe if name not in known]
                watches += [Watch(name, "consume") for name in profile.consume if name not in known]
        self.connect(message.connection, message.profile_name, watches)

    def _cancel(self) -> None:
        self.end_test()
        if self._asked is not None:
            self._place.console.close()
        if self._form is not None:
            self._form.show_idle("cancelled")

    # -- a test ----------------------------------------------------------------------------------------------------

    def _begin_test(self, connection: Connection) -> None:
        self.end_test()
        hide_secrets(connection.secrets())

        def report(found: Connected | ConnectFailed) -> None:
            self._app.post_message(Tested(test, found))

        test = self._test = self._place.probe(connection, report)
        test.start()

    def end_test(self) -> None:
        """Nobody wants to know any more what a test finds."""
        test, self._test = self._test, None
        if test is not None:
            test.cancel()

    def _tested(self, message: Tested) -> None:
        if self._form is None or message.test is not self._test:
            return
        from stomptui.connection.events import ConnectFailed

        self._test, found = None, message.found
        if isinstance(found, ConnectFailed):
            self._form.show_failure(found.reason, found.server_text, found.field, found.instead)
            return
        beat = " and ".join(
            f"{who} every {ms / 1000:g} s" if ms else f"{who} never"
            for who, ms in zip(("we", "the broker"), found.heart_beat, strict=True)
        )
        text = f"{found.server or 'a broker without a name'}, STOMP {found.version}; heart-beat: {beat}"
        text += f"; you are {found.user_name}" if found.user_name else ""
        text += f"; {found.found}" if found.found else ""
        self._form.show_test_result(text, True)

    # -- how it goes -----------------------------------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        # Imported here and with a test: the form is painted before there are events, and they take long to import.
        from stomptui.connection.events import Connected, ConnectFailed, Progress

        if isinstance(event, Progress):
            if self._form is not None and self._asked is not None:
                self._form.show_progress(event.stage)
        elif isinstance(event, Connected):
            self._connected()
        elif isinstance(event, ConnectFailed):
            self._failed(event)

    def _connected(self) -> None:
        main = self._place.main_connection
        if main is None:
            return
        if self._form is not None and self._asked is not None:
            self._close_form()
        asked, self._asked = self._asked, None
        if self._peek and self._app.screen is (screen := self._place.show()):
            screen.queues.peeking.ask(self._peek)
            self._peek = ""
        if main.connection != self._demo:
            self._settings.remember_connection(main.connection, self._place.console.profile)
        if asked is not None and asked.remember:
            self._keep_password(main.connection)

    def _failed(self, event: ConnectFailed) -> None:
        if self._place.connecting:
            return  # another address of the broker is tried
        asked, self._asked = self._asked, None
        main = self._place.main_connection
        # Where several addresses were tried, the session knows why each of them failed.
        reason = main.reason if main is not None and main.connection.addresses else event.reason
        if self._form is not None and asked is not None:
            if event.cancelled:
                self._form.show_idle("cancelled")
            else:
                self._form.show_failure(reason, event.server_text, event.field, event.instead)
            return
        if self._form is None and main is not None and not main.attempt and not event.cancelled:
            self.open_form(main.connection, self._place.console.profile)
            form = self._form
            if form is not None:
                self._app.call_after_refresh(form.show_failure, reason, event.server_text, event.field, event.instead)

    def _keep_password(self, connection: Connection) -> None:
        app = self._app

        def keep() -> None:
            try:
                Keyring().set(connection)
            except SecretError as error:
                notify: Callable[..., None] = app.notify
                app.call_from_thread(notify, str(error), title="Password not kept", severity="warning", markup=False)

        app.run_worker(keep, thread=True)
