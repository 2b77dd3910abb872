"""The environment of the connection on the screen: its classes for the stylesheet, and who knows it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.app import App

from stomptui.config.environment import UNMARKED, Environment, EnvironmentColour

PRODUCTION = "-production"
"""The class of the app while it is connected to production."""


@runtime_checkable
class HasEnvironment(Protocol):
    """An app that is connected, or was."""

    @property
    def environment(self) -> Environment:
        """That of the connection; `UNMARKED` without one."""


def environment_of(app: App[object]) -> Environment:
    """The environment that an app is in."""
    return app.environment if isinstance(app, HasEnvironment) else UNMARKED


def mark(app: App[object], environment: Environment) -> None:
    """Give an app the classes by which its frames are coloured."""
    app.set_class(environment.production, PRODUCTION)
    for colour in EnvironmentColour:
        if colour.value:
            app.set_class(colour is environment.shown_colour, f"-mark-{colour.value}")
