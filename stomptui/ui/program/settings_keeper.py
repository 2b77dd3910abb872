"""The person's settings while the program runs: what is used of them, what is remembered in them, what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import time
from typing import Any

from stomptui.config.connection import Connection
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.settings import DeadLetterWish, DraftsKept, Settings, save_settings, settings_path
from stomptui.config.url import UrlError, format_url, parse_url
from stomptui.journal.entry import NoteKind
from stomptui.journal.journal import Journal
from stomptui.journal.views.personal import PersonalViews
from stomptui.ui.chosen_keys import keymap, problems
from stomptui.ui.theme_contrast import ReadableColours, theme_for
from stomptui.ui.widgets.lines.line_display import LineDisplay

log = logging.getLogger(__name__)

UNREAD_SHOWN = 12.0
"""Seconds for which it is shown what of a file is not read, or clashes."""
DEFAULT_THEME = "tokyo-night"


class SettingsKeeper:
    """Puts settings to use, and writes down what is remembered.

    Args:
        app: Whose theme and keys they are; it tells the person what is wrong.
        settings: As they were loaded.
        problem: Why they were not, None if they were.
        profiles: The person's profiles.
        journal: Where it is recorded what is not read.
        views: The views of bodies, of which some are the profile's.
    """

    def __init__(
        self,
        app: ReadableColours[Any],
        settings: Settings,
        problem: str | None,
        profiles: Profiles,
        journal: Journal,
        views: PersonalViews,
    ) -> None:
        self._app = app
        self.settings = settings
        self._problem = problem
        self._profiles = profiles
        self._journal = journal
        self._views = views
        self._watch_every: int | None = None
        self._keep_drafts: DraftsKept | None = None
        """Seconds between two counts of dead letters as the profile says, None where it says nothing."""
        self._theme = ""
        """The theme that is used."""
        self._previewing = False
        """Whether the theme that is used is only looked at."""
        self.on_saved: Callable[[str | None], object] | None = None
        """Called after each attempt to write the file with why it failed, None if it did not; else a toast says why."""
        self._theme_is_chosen = False
        """Whether the first theme is the person's choice, and not one for this terminal in place of it."""

    def use_theme(self, theme: str | None) -> None:
        """Put the theme to use, unless one is named on the command line. The app does not run yet."""
        app = self._app
        wanted = theme or self.settings.theme
        wanted = wanted if wanted in app.available_themes else DEFAULT_THEME
        # Who names a theme on the command line gets it.
        app.begin_with(wanted if theme else theme_for(app, wanted))
        self._theme = app.theme
        self._theme_is_chosen = app.theme == wanted

    def use(self) -> None:
        """Put the keys to use, and remember the themes that are chosen. The app runs."""
        app, settings = self._app, self.settings
        app.theme_changed_signal.subscribe(app, self._theme_changed)
        if self._theme_is_chosen:
            self._remember_theme()
        if settings.keys:
            app.set_keymap(keymap(settings.keys))

    def report_problems(self, warnings: Iterable[str]) -> None:
        """Say what of the person's files has no effect; in the log it can be read for as long as one likes.

        Args:
            warnings: What the profile of the command line has that is not read.
        """
        app = self._app
        if self._problem:
            app.notify(self._problem, title="Settings not used", severity="warning", markup=False)
        if found := problems(self.settings.keys):
            app.notify("; ".join(found), title="Keys", severity="warning", timeout=UNREAD_SHOWN, markup=False)
        for sentence in filter(None, (self.settings.unknown, *warnings)):
            self._journal.append_note(NoteKind.INFO, sentence, time())
            app.notify(sentence, title="Not read", severity="warning", timeout=UNREAD_SHOWN, markup=False)

    @property
    def first_start(self) -> bool:
        """Whether the person has never connected anywhere, and has no profiles."""
        try:
            return not self.settings.last_url and not self._profiles.names()
        except ProfileError:
            return False

    @property
    def last_connection(self) -> Connection | None:
        """The connection that was made last, in this run or in an earlier one."""
        try:
            return parse_url(self.settings.last_url) if self.settings.last_url else None
        except UrlError as error:
            log.warning("last_url in the settings makes no sense: %s", error)
            return None

    @property
    def dead_letters(self) -> DeadLetterWish:
        """How dead letters are watched with the profile of now."""
        every = self.settings.watch_dead_letters if self._watch_every is None else self._watch_every
        return DeadLetterWish(every, self.settings.dead_letter_alert)

    @property
    def keep_drafts(self) -> DraftsKept | None:
        """What is kept of drafts with the profile of now, None if it does not say."""
        return self._keep_drafts

    def use_profile(self, profile: str) -> None:
        """Bodies are shown, and dead letters watched, as this profile says from now on; "" is no profile."""
        descriptor, messages = "", {}
        self._watch_every, self._keep_drafts = None, None
        if profile:
            try:
                found = self._profiles.profile(profile)
            except ProfileError as error:
                log.info("the profile %r has no views: %s", profile, error)
            else:
                self._watch_every, self._keep_drafts = found.watch_dead_letters, found.keep_drafts
                descriptor, messages = found.protobuf, dict(found.protobuf_messages)
        self._views.use(profile, descriptor, messages)

    def remember_connection(self, connection: Connection, profile: str) -> None:
        """This is what the next start begins with."""
        self.settings.last_url = format_url(connection)
        self.settings.last_profile = self._saved_as(connection, profile)
        self.save()

    def remember_line_display(self, display: LineDisplay) -> None:
        """Lines of messages are shown this way at the next start too."""
        self.settings.wrap_lines, self.settings.line_numbers = display.wrap, display.numbers
        self.save()

    def profile_renamed(self, old: str, new: str) -> None:
        """The next start begins with this profile by its new name."""
        if self.settings.last_profile == old:
            self.settings.last_profile = new
            self.save()

    def _saved_as(self, connection: Connection, profile: str) -> str:
        """The profile, "" if what it says was changed before connecting: another start would go elsewhere by it."""
        try:
            same = bool(profile) and format_url(self._profiles.load(profile)) == format_url(connection)
        except ProfileError as error:
            log.info("the profile %r is not remembered: %s", profile, error)
            return ""
        return profile if same else ""

    @property
    def theme(self) -> str:
        """The theme that is used, unless another one is only looked at."""
        return self._theme

    def preview_theme(self, theme: str) -> None:
        """Show a theme that is not chosen yet."""
        self._previewing = True
        self._app.theme = theme

    def end_preview(self) -> None:
        """Show the theme that is used again."""
        self._previewing = False
        self._app.theme = self._theme

    def choose_theme(self, theme: str) -> None:
        """Use a theme from now on, and at the next start."""
        self._previewing = False
        if theme in self._app.available_themes:
            self._app.theme = self._theme = theme
            self._remember_theme()

    def _theme_changed(self, theme: object) -> None:
        # The first one may be announced too.
        if self._app.theme != self._theme and not self._previewing:
            self._theme = self._app.theme
            self._remember_theme()

    def _remember_theme(self) -> None:
        if self.settings.theme != self._theme:
            self.settings.theme = self._theme
            self.save()

    def save(self) -> None:
        """Write what changed, in a thread."""
        self._app.run_worker(self._write, thread=True)

    def _write(self) -> None:
        """In a worker's thread."""
        try:
            save_settings(self.settings)
        except (OSError, ValueError) as error:
            self._app.call_from_thread(self._saved, error)
        else:
            self._app.call_from_thread(self._saved, None)

    def _saved(self, error: OSError | ValueError | None) -> None:
        reason = None
        if error is not None:
            why = (error.strerror if isinstance(error, OSError) else None) or error
            reason = f"{why}: {settings_path()}"
        if self.on_saved is not None:
            self.on_saved(reason)
        elif reason is not None:
            self._app.notify(reason, title="Settings not saved", severity="warning", markup=False)
