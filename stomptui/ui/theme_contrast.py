"""Colours of a theme, adjusted where text would be too close to its background to be read.

Contrast is that of WCAG 2: 4.5 for text, 3 for what is dimmed on purpose. Themes that use the terminal's own colours
(ANSI themes) are left alone, since nobody here knows what those look like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import BLACK, WHITE, Color, ColorParseError
from textual.filter import LineFilter, Monochrome, NoColor

Result = TypeVar("Result")

TEXT = 4.5
DIMMED = 3.0
ROLES = ("primary", "secondary", "accent", "success", "warning", "error")
BUTTONS = ("primary", "error")
"""What buttons are painted on; `$on-primary` is the text of one."""
TINTS = (("primary", 0.35), ("primary", 0.15), ("accent", 0.2))
"""What rows of lists lie on: the cursor, the cursor of a list without the focus, a mark."""
FULL_COLOUR = ("256", "truecolor")
"""What rich calls the terminals that have the colours of every theme."""

MARKS = {
    "green": "#2e9e4f",
    "blue": "#3b82f6",
    "cyan": "#0aa2b8",
    "magenta": "#c04fd0",
    "yellow": "#d9a800",
    "red": "#e0433f",
}
"""What environments are marked with, by name: `$mark-green` is the colour, `$on-mark-green`
what is written on it."""
_WHITE_ON = ("blue", "magenta", "red")
"""The colours of a terminal that white is read on better than black."""

_ANSI_DARK = {"primary": "ansi_bright_blue", "text-primary": "ansi_bright_blue"}
"""Blue on black is what most terminals make hardest to read."""
_ANSI_LIGHT = {"primary-muted": "ansi_white", "error-muted": "ansi_bright_red"}
"""What black is read on: none of these is mixed with what lies under it."""


def contrast(one: Color, other: Color) -> float:
    """The contrast of two opaque colours, 1 to 21 (WCAG 2, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def readable_on(colour: Color, backgrounds: Iterable[Color], least: float) -> Color:
    """The colour, or the nearest to it on its way to white or black that can be read on all of these backgrounds.

    Where none can, as on backgrounds both light and dark, the best.
    """
    behind = list(backgrounds)
    best, best_contrast = colour, 0.0
    for step in range(21):
        for end in (WHITE, BLACK):
            tried = colour.blend(end, step / 20, alpha=1.0)
            worst = min(contrast(tried, background) for background in behind)
            if worst >= least:
                return tried
            if worst > best_contrast:
                best, best_contrast = tried, worst
    return best


def readable(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a theme with its text adjusted to what it is painted on."""
    colours: dict[str, Color] = {}
    for name, value in variables.items():
        try:
            colour, _, percent = value.partition(" ")
            colours[name] = Color.parse(colour)
            if percent:
                colours[name] = colours[name].with_alpha(float(percent.removesuffix("%")) / 100)
        except (ColorParseError, ValueError):
            continue
    background = colours["background"]
    changed = dict(variables)
    changed |= _marks([background, colours["surface"], background + colours["panel"]])
    for role in BUTTONS:
        changed[f"on-{role}"] = variables["button-color-foreground"]
    if background.ansi is not None or background.a < 1:
        return changed | _ANSI_LIGHT if variables.get("ansi-background") == "ansi_white" else changed | _ANSI_DARK
    surface, panel = colours["surface"], background + colours["panel"]
    plain = [background, surface, panel]
    plain += [place + colours["boost"] for place in (background, surface, panel)]
    rows = [background + colours[role].with_alpha(alpha) for role, alpha in TINTS]
    fields = [colours["primary-muted"], colours["error-muted"]]
    everywhere = [*plain, *rows, *fields]
    foreground = readable_on(colours["foreground"].with_alpha(1.0), everywhere, TEXT)
    changed["foreground"] = foreground.hex
    for role in ROLES:
        changed[f"text-{role}"] = readable_on(colours[f"text-{role}"].with_alpha(1.0), everywhere, TEXT).hex
    for name, alpha in (("text-muted", 0.6), ("text-disabled", 0.45), ("foreground-muted", 0.6)):
        dimmed = background.blend(foreground, alpha, alpha=1.0)
        changed[name] = readable_on(dimmed, everywhere, DIMMED).hex
    bar = background + colours["footer-background"]
    changed["footer-key-foreground"] = readable_on(colours["footer-key-foreground"], [bar], TEXT).hex
    changed["footer-description-foreground"] = readable_on(foreground, [bar], TEXT).hex
    changed["footer-foreground"] = changed["footer-description-foreground"]
    cursor = background + colours["block-cursor-background"]
    changed["block-cursor-foreground"] = readable_on(foreground, [cursor], TEXT).hex
    blurred = [place + colours["block-cursor-blurred-background"] for place in (background, surface, panel)]
    changed["block-cursor-blurred-foreground"] = readable_on(foreground, blurred, TEXT).hex
    changed["button-foreground"] = foreground.hex
    for role in BUTTONS:
        changed[f"on-{role}"] = readable_on(background.get_contrast_text(1.0), [colours[role]], TEXT).hex
    # Opaque, so that what is selected is painted on this and nothing else.
    selected = colours["primary-muted"] + colours["input-selection-background"]
    changed["input-selection-background"] = selected.hex
    changed["input-selection-foreground"] = readable_on(foreground, [selected], TEXT).hex
    return changed


def _marks(plain: Sequence[Color]) -> dict[str, str]:
    """The colours of environments.

    Args:
        plain: What they are seen on.
    """
    if plain[0].ansi is not None or plain[0].a < 1:
        written = {name: "ansi_bright_white" if name in _WHITE_ON else "ansi_black" for name in MARKS}
        return {f"mark-{name}": f"ansi_{name}" for name in MARKS} | {
            f"on-mark-{name}": colour for name, colour in written.items()
        }
    seen = {name: readable_on(Color.parse(colour), plain, DIMMED) for name, colour in MARKS.items()}
    written = {name: readable_on(colour.get_contrast_text(1.0), [colour], TEXT).hex for name, colour in seen.items()}
    return {f"mark-{name}": colour.hex for name, colour in seen.items()} | {
        f"on-mark-{name}": colour for name, colour in written.items()
    }


class NoColours(LineFilter):
    """Takes all colours away; what lay on a background of its own, as a cursor does, is painted in reverse."""

    _NONE = Style.parse("default on default")
    _REVERSED = Style.parse("default on default reverse")

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        plain, reverse = self._NONE, self._REVERSED
        painted = []
        for text, style, control in segments:
            if style is not None:
                under = style.bgcolor
                own = under is not None and not under.is_default and under.name not in ("black", "color(0)")
                style += reverse if own else plain
            painted.append(Segment(text, style, control))
        return painted


NO_COLOURS = NoColours()


class ReadableColours(App[Result]):
    """An app whose themes can be read, also without colours and with few of them."""

    _begun = False
    """Whether the stylesheet has the colours of the theme already when Textual first puts them in."""

    def begin_with(self, theme: str) -> None:
        """Take a theme before the app runs: the stylesheet is then parsed once, and not again for other colours."""
        # Only a theme that is another one makes Textual put the colours in when it starts.
        self._begun = theme != self.theme
        self.theme = theme
        self.stylesheet.set_variables(self.get_css_variables())

    def refresh_css(self, animate: bool = True) -> None:
        if self._begun:
            self._begun = False
        else:
            super().refresh_css(animate)

    def get_css_variables(self) -> dict[str, str]:
        variables = readable(super().get_css_variables())
        self.theme_variables = variables
        return variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        usual = super().get_line_filters()
        if not self.native_ansi_color:
            return usual
        # Textual chooses the filter of NO_COLOR for the theme it begins with, and grey has no sense for ANSI colours.
        return [NO_COLOURS if isinstance(each, (Monochrome, NoColor)) else each for each in usual]


def theme_for(app: App[Any], wanted: str) -> str:
    """The theme to begin with: an ANSI one, as dark as the one wanted, where the terminal has less than 256 colours."""
    theme = app.available_themes.get(wanted)
    if theme is None or theme.ansi or app.console.color_system in FULL_COLOUR:
        return wanted
    return "ansi-dark" if theme.dark else "ansi-light"
