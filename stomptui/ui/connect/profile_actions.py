"""Saving, loading, renaming, copying and deleting profiles from the connection form, and passwords in the keyring."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from stomptui.config.connection import Connection
from stomptui.config.form import profile_name_for
from stomptui.config.profiles import Profile, ProfileError, Profiles
from stomptui.config.secrets import Keyring, SecretError
from stomptui.protocol.clean import clean
from stomptui.ui.connect.form import ConnectForm
from stomptui.ui.connect.outcome import ConnectOutcome
from stomptui.ui.connect.profile_list import Change, ProfileList
from stomptui.ui.connect.typed import Typed
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.prompt import PromptScreen


class ProfileActions:
    """A controller for the profiles of the connection form.

    Args:
        screen: The screen of the form.
        profiles: Where connections are saved.
        keyring: Where passwords can be kept if the person wants it; None for nowhere.
        name: The name of the profile in the form, "" if none.
        form: The form that profiles are loaded into and saved from.
        profile_list: Shows the profiles.
        outcome: Where it is said what came of it.
        checked: The connection in the form, or None after saying what is wrong with it.
        renamed: Called with the old and the new name of a profile.
        kept: What was typed and not saved, by the name of the profile, "" for a new one.
    """

    def __init__(
        self,
        screen: Screen[Any],
        profiles: Profiles,
        keyring: Keyring | None,
        name: str,
        form: ConnectForm,
        profile_list: ProfileList,
        outcome: ConnectOutcome,
        checked: Callable[[], Connection | None],
        renamed: Callable[[str, str], None],
        kept: dict[str, Typed],
    ) -> None:
        self._screen = screen
        self._profiles = profiles
        self._keyring = keyring
        self.name = name
        self._form = form
        self._list = profile_list
        self._outcome = outcome
        self._checked = checked
        self._renamed = renamed
        self._kept = kept

    def start(self, notice: str) -> None:
        """Fill the list of profiles, say what is wrong with their file or what there is to say at once."""
        problem = self._list.fill(self.name)
        unknown = self._profiles.unknown(self.name) if self.name else None
        self._outcome.say(
            "; ".join(filter(None, (problem or notice, self._profiles.unknown(), unknown))), bad=bool(problem)
        )
        if self._keyring is not None:
            self._in_thread(self._look_for_keyring, self._keyring)

    # -- profiles --------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Ask for a name and save; an existing profile of another name is overwritten after asking only."""
        if (connection := self._checked()) is not None:
            self._screen.run_worker(self._save(connection))

    async def _save(self, connection: Connection) -> None:
        suggested = self.name or profile_name_for(connection)
        name = await self._screen.app.push_screen_wait(
            PromptScreen("Save this connection as", suggested, "for example staging", check=_name_problem)
        )
        if name is None:
            return
        name = name.strip()
        try:
            if name in self._profiles.names() and name != self.name:
                question = ConfirmScreen(f"A profile named {clean(name)} already exists. Overwrite it?", "Overwrite")
                if not await self._screen.app.push_screen_wait(question):
                    return
            # Another console may be writing it, and the disk may be slow.
            await asyncio.to_thread(self._profiles.save, name, connection, keyring=self._form.remember)
        except ProfileError as error:
            self._outcome.say(f"✗ {error}", bad=True)
            return
        self._kept.pop(name, None)
        self._form.keep()
        self.name = name
        self._list.fill(name)
        self._outcome.say(f"✓ saved as {name}, without passwords", good=True)
        if self._form.remember and connection.passcode and self._keyring is not None:
            self._in_thread(self._keep, self._keyring, connection)

    def choose(self, name: str) -> None:
        """Load a profile into the form, with what was typed there before; "" is a new one.

        What stands in the form is kept. Choosing the profile in the form once more changes between what is saved and
        what was typed.
        """
        try:
            profile = self._profiles.profile(name) if name else Profile(Connection())
        except ProfileError as error:
            self._outcome.say(f"✗ {error}", bad=True)
            return
        back = None if name == self.name and self._form.changed else self._kept.pop(name, None)
        self.keep_typed()
        self.name = name
        self._form.load(profile.connection)
        self._form.remember = profile.keyring
        if back is not None:
            self._form.put_back(back)
        self._list.fill(name)
        missing = f"Not saved, please enter: {', '.join(profile.secret_headers)}" if profile.secret_headers else None
        self._outcome.say("; ".join(filter(None, [self._state(back is not None), missing, profile.unknown])))
        if profile.connection.login:
            self._form.focus_field("passcode")
        else:
            self._form.focus_missing()
        if profile.keyring:
            self._in_thread(self._fetch, self._keyring or Keyring(), profile.connection, name)

    def keep_typed(self) -> None:
        """Keep what stands in the form and is not saved, until its profile is chosen again."""
        if self._form.changed:
            self._kept[self.name] = self._form.typed

    def bring_back(self) -> None:
        """Put back what was typed when the form was left."""
        if (typed := self._kept.pop(self.name, None)) is not None:
            self._form.put_back(typed)
            self._outcome.say(self._state(True) or "")

    def _state(self, typed: bool) -> str | None:
        """Whether the form shows what is saved or what was typed, if there are both."""
        again = "choose + new again" if not self.name else f"choose {self.name} again"
        if typed:
            other = "for an empty form" if not self.name else "for what is saved"
            return f"This is what you typed before, not saved; {again} {other}"
        if self.name in self._kept:
            return f"{'Empty' if not self.name else 'As saved'}; {again} for what you typed before"
        return None

    def change(self, name: str, change: Change) -> None:
        """Rename, duplicate or delete a profile, after asking for its name, or whether it is meant."""
        does = {"rename": self._rename, "duplicate": self._duplicate, "delete": self._remove}
        self._screen.run_worker(does[change](name))

    async def _rename(self, name: str) -> None:
        new = await self._ask_for_name(f"Rename the profile {clean(name)} to", name)
        if new is None or new == name or not await self._done(self._profiles.rename, name, new):
            return
        if self.name == name:
            self.name = new
        if name in self._kept:
            self._kept[new] = self._kept.pop(name)
        self._renamed(name, new)
        self._outcome.say(self._list.fill(self.name) or f"✓ {name} is named {new} now", good=True)

    async def _duplicate(self, name: str) -> None:
        new = await self._ask_for_name(f"Save a copy of the profile {clean(name)} as", self._free_name(name))
        if new is not None and await self._done(self._profiles.duplicate, name, new):
            self._outcome.say(self._list.fill(self.name) or f"✓ {new} is a copy of {name}", good=True)

    async def _remove(self, name: str) -> None:
        question = ConfirmScreen(f"Delete the profile {clean(name)}?", "Delete", "Keep", danger=True)
        if not await self._screen.app.push_screen_wait(question):
            return
        if not await self._done(self._profiles.remove, name):
            return
        self._kept.pop(name, None)
        if self.name == name:
            self.name = ""
        self._outcome.say(self._list.fill(self.name) or f"Deleted the profile {name}")

    async def _ask_for_name(self, question: str, suggested: str) -> str | None:
        """A name that no profile has but the one that is suggested; None to leave everything as it is."""

        def problem(name: str) -> str:
            taken = name.strip() != suggested and name.strip() in self._known_names()
            return f"a profile named {name.strip()} already exists" if taken else _name_problem(name)

        name = await self._screen.app.push_screen_wait(PromptScreen(question, suggested, check=problem))
        return None if name is None else name.strip()

    def _free_name(self, name: str) -> str:
        known = self._known_names()
        return next(free for number in itertools.count(2) if (free := f"{name} {number}") not in known)

    def _known_names(self) -> list[str]:
        try:
            return self._profiles.names()
        except ProfileError:
            return []

    async def _done(self, change: Callable[..., None], *names: str) -> bool:
        """Change the file in a thread, since another console may be writing it; say why if it does not work."""
        try:
            await asyncio.to_thread(change, *names)
        except ProfileError as error:
            self._outcome.say(f"✗ {error}", bad=True)
            return False
        return True

    # -- the keyring, which may wait for the person to unlock it, and so is asked in a thread ------------------------

    def _in_thread(self, do: Callable[..., None], *arguments: object) -> None:
        self._screen.run_worker(partial(do, *arguments), thread=True)

    def _look_for_keyring(self, keyring: Keyring) -> None:
        if not keyring.unavailable_reason():
            self._screen.app.call_from_thread(self._form.offer_keyring)

    def _fetch(self, keyring: Keyring, connection: Connection, profile: str) -> None:
        try:
            passcode = keyring.get(connection)
        except SecretError as error:
            self._screen.app.call_from_thread(self._outcome.say, f"{error}; enter the password")
        else:
            self._screen.app.call_from_thread(self._fetched, passcode, profile)

    def _fetched(self, passcode: str, profile: str) -> None:
        if profile == self.name and passcode:
            self._form.fill_password(passcode)

    def _keep(self, keyring: Keyring, connection: Connection) -> None:
        try:
            keyring.set(connection)
        except SecretError as error:
            self._screen.app.call_from_thread(self._outcome.say, f"✗ {error}", bad=True)


def _name_problem(name: str) -> str:
    return "" if name.strip() else "a profile needs a name"
