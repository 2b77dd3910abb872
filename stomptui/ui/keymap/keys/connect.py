"""The keys of the connection form and its list of profiles."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.CONNECT: (
        Key(
            "connect.test",
            "f5",
            "test",
            "Test",
            "Connect, report what was found, and disconnect",
            words="try check ping",
        ),
        Key("connect.save", "f2", "save", "Save profile", "Save this connection as a profile, without passwords"),
        Key(
            "connect.reveal",
            "f3",
            "reveal",
            "Show password",
            "Show the passwords, or hide them",
            words="password passcode secret",
        ),
        Key("connect.try_tcp", "f4", "try_instead('stomp')", "Try TCP", "The port speaks TCP: try that"),
        Key("connect.try_tls", "f4", "try_instead('stomp+ssl')", "Try TLS", "The port speaks TLS: try that"),
        Key("connect.try_ws", "f4", "try_instead('ws')", "Try WebSocket", "The port speaks WebSocket: try that"),
        Key(
            "connect.try_wss",
            "f4",
            "try_instead('wss')",
            "Try secure WebSocket",
            "The port speaks secure WebSocket: try that",
        ),
        Key(
            "connect.demo",
            "f6",
            "demo",
            "Demo",
            "Start a broker with example messages on this computer",
            words="example try sandbox",
        ),
        Key("connect.connect", "ctrl+g", "connect", "Connect", "Connect; so does Enter in a field"),
        Key("connect.cancel", "escape", "cancel", "Cancel", "Stop connecting"),
        Key("connect.back", "escape", "go_back", "Back", "Close the form without connecting"),
        Key("connect.quit", "escape", "quit_form", "Quit", "Leave stomptui"),
    ),
    Place.PROFILES: (
        Key("profiles.rename", "r", "change('rename')", "Rename", "Give this profile another name"),
        Key("profiles.duplicate", "d", "change('duplicate')", "Duplicate", "Save this profile under a second name"),
        Key("profiles.delete", "delete", "change('delete')", "Delete", "Delete this profile"),
        Key("profiles.new", "n", "new", "New", "Start with an empty form"),
    ),
}
