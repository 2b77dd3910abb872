"""Values of secrets that hold no secret, since they only name where it comes from."""

from __future__ import annotations

import re

from stomptui.compose.variables.fill import ASKED
from stomptui.compose.variables.template import OPEN, Call, TemplateError, parts
from stomptui.config.secret_names import without_secrets

_SCHEME = re.compile(r"\s*(?:(?i:bearer|basic|digest|negotiate|ntlm|apikey|token|key)\s+)?")
"""What may stand before a variable in a value that is a secret, such as Bearer; any other word may be the secret."""


def only_names(value: str) -> bool:
    """Whether a value says no more than where it comes from, as `Bearer {{env TOKEN}}`."""
    try:
        found = list(parts(value))
    except TemplateError:
        return False
    words = "".join(part for part in found if isinstance(part, str))
    return bool(_SCHEME.fullmatch(words)) and all(part.name in ASKED for part in found if isinstance(part, Call))


def kept_value(name: str, value: str, variables: bool) -> str:
    """What goes to the disk of a header's value: it without its secrets, of which `Bearer {{env TOKEN}}` is none.

    Args:
        name: The name of the header.
        value: Its value.
        variables: Whether `{{…}}` in it is filled in when it is sent.
    """
    if variables and OPEN in value and only_names(value):
        return value
    return without_secrets(name, value)
