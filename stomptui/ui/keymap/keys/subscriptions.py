"""The keys of the list of subscriptions, and of the form for subscribing."""

from __future__ import annotations

from collections.abc import Mapping

from stomptui.ui.keymap.key import Key
from stomptui.ui.keymap.place import Place

KEYS: Mapping[Place, tuple[Key, ...]] = {
    Place.SUBSCRIPTIONS: (
        Key(
            "subscription.pause",
            "space",
            "pause",
            "Pause/resume",
            "Stop receiving, or receive again",
            words="stop continue",
        ),
        Key(
            "subscription.again",
            "r",
            "again",
            "Ask again",
            "Subscribe again, where that is a question which is answered once",
            words="repeat resubscribe mapping app",
        ),
        Key(
            "subscription.remove",
            "d,delete",
            "remove",
            "Unsubscribe",
            "Unsubscribe and forget",
            words="stop delete subscription",
        ),
    ),
    Place.SUBSCRIBE_FORM: (
        Key("subscribe.cancel", "escape", "cancel", "Cancel", "Do not subscribe"),
        Key("subscribe.accept", "f5,ctrl+g", "accept", "Subscribe", "Subscribe"),
    ),
}
