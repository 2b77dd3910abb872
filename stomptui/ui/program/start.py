"""What the program begins with: the demo, the broker of the command line, or the connection form."""

from __future__ import annotations

import subprocess
from typing import Any

from textual.app import App

from stomptui.config.connection import Connection
from stomptui.config.environment import Environment
from stomptui.config.options import Options
from stomptui.embedded.process import StartFailed, start_in_background, stop
from stomptui.ui.program.connecting import Connecting
from stomptui.ui.program.console_place import ConsolePlace, Watch
from stomptui.ui.program.settings_keeper import SettingsKeeper

DEMO_WATCHES = ("/topic/orders.*", "/queue/invoices")
"""What the demo subscribes to without being asked; its other queues are there to be peeked into."""


class Start:
    """Begins, and ends the broker of the demo.

    Args:
        app: Runs what takes a while in a thread.
        connecting: Connects, or shows the form.
        settings: Knows the last connection.
        place: Where the console is.
        options: What the command line asked for.
    """

    def __init__(
        self,
        app: App[Any],
        connecting: Connecting,
        settings: SettingsKeeper,
        place: ConsolePlace,
        options: Options,
    ) -> None:
        self._app = app
        self._connecting = connecting
        self._settings = settings
        self._place = place
        self._options = options
        self._demo: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin with what the command line asked for."""
        options, connecting = self._options, self._connecting
        # The form tells of its profile itself.
        self._settings.report_problems(options.warnings if options.autoconnect and not options.demo else ())
        if options.demo:
            self._place.show()
            self.start_demo()
        elif options.autoconnect and options.connection is not None:
            self._place.show()
            # The screen comes first: a connection needs much of the program.
            self._app.call_after_refresh(self._connect, options.connection)
        else:
            connection = options.connection or self._settings.last_connection
            first = connection is None and self._settings.first_start
            connecting.open_form(connection, options.profile, options.notice, offers_demo=first)

    def start_demo(self) -> None:
        """Start the broker of the demo and connect with it."""
        self._app.run_worker(self._start_demo, thread=True)

    def _connect(self, connection: Connection) -> None:
        self._connecting.connect(connection, self._options.profile, self._connecting.wanted)

    def _start_demo(self) -> None:
        """In a worker's thread."""
        app, connecting = self._app, self._connecting
        try:
            demo, port = start_in_background()
        except StartFailed as error:
            app.call_from_thread(connecting.demo_failed, str(error))
            return
        self.stop_demo()
        self._demo = demo
        connection = Connection(
            port=port, login="guest", passcode="guest", environment=Environment(read_only=self._options.read_only)
        )
        wanted = connecting.wanted or [Watch(destination) for destination in DEMO_WATCHES]
        app.call_from_thread(connecting.connect_demo, connection, wanted)

    def stop_demo(self) -> None:
        """End the broker of the demo, if there is one; takes up to two seconds."""
        if self._demo is not None:
            stop(self._demo, 2.0)
