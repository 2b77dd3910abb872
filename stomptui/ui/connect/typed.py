"""All that stands in the connection form, to be compared and put back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stomptui.compose.draft import HeaderLine
from stomptui.config.form import Form


@dataclass(frozen=True)
class Typed:
    """All that stands in the form, whether it makes sense or not."""

    form: Form
    url: str
    headers: dict[str, list[HeaderLine]]

    @property
    def without_passwords(self) -> Typed:
        """The same as far as a profile can keep it."""
        return replace(self, form=replace(self.form, passcode="", ws_passcode="", key_password=""))
