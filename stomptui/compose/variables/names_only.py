"""Values of secrets that hold no secret, since they only name where it comes from."""

from __future__ import annotations

import re

from stomptui.compose.variables.fill import ASKED
from stomptui.compose.variables.template import Call, TemplateError, parts

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
