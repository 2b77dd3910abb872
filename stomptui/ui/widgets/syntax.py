"""Colours of JSON and XML in editors, taken from the app's theme."""

from __future__ import annotations

from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

NAME = "stomptui"
_TOKENS = {
    "json.label": "text-primary",
    "tag": "text-primary",
    "property": "text-secondary",
    "string": "text-success",
    "string.special": "text-success",
    "string.escape": "text-warning",
    "number": "text-accent",
    "boolean": "text-accent",
    "json.null": "text-accent",
    "constant": "text-warning",
    "constant.builtin": "text-warning",
    "keyword": "text-secondary",
    "json.error": "text-error",
    "error": "text-error",
}


def theme_of(app: App[object]) -> TextAreaTheme:
    """An editor theme with the colours of the app's present theme."""
    variables = app.theme_variables
    styles: dict[str, Style] = {}
    for token, variable in _TOKENS.items():
        try:
            styles[token] = Style(color=Color.parse(variables[variable]).rich_color)
        except (KeyError, ColorParseError):
            continue
    return TextAreaTheme(NAME, syntax_styles=styles)


def follow_theme(editor: TextArea) -> None:
    """Give an editor the app's colours, now and whenever the theme changes. For a mounted editor."""

    def apply(_: object = None) -> None:
        editor.register_theme(theme_of(editor.app))
        editor.theme = "css"
        editor.theme = NAME

    editor.app.theme_changed_signal.subscribe(editor, apply)
    apply()
