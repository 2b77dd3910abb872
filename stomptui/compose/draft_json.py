"""Drafts as lines of JSON, for files that only their owner can read."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.encoded.coding import BodyCoding, decoded, layers_of
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.kept_repair import kept_repair, repair_of
from stomptui.compose.saved_at import SavedAt
from stomptui.compose.variables.names_only import kept_value
from stomptui.config.secret_names import MASK, secrets_in, without_secrets_in_urls
from stomptui.config.secret_names import without_secrets as value_without_secrets

LARGEST_BODY = 256 << 10
"""A body of more characters or bytes than this is in no line of JSON."""


def without_secrets(draft: Draft) -> Draft:
    """A copy in which the values of headers have lost their secrets."""
    lines = [replace(line, value=value_without_secrets(line.name, line.value)) for line in draft.headers]
    return replace(draft, headers=lines)


def without_secrets_of(draft: Draft, text: str) -> str:
    """A text that may repeat what was in a draft, such as a broker's words, without the secrets of its headers."""
    for line in draft.headers:
        for secret in secrets_in(line.name, line.value):
            text = text.replace(secret, MASK) if secret else text
    return without_secrets_in_urls(text)


def draft_line(
    draft: Draft,
    bodies: bool = True,
    more: Mapping[str, Any] | None = None,
    elsewhere: Callable[[str | bytes], Any] = lambda body: None,
) -> bytes:
    """A draft as a line of JSON, without its secrets.

    Args:
        draft: The draft.
        bodies: Whether its body is kept, if it is not too large.
        more: What else the line says, beside what a draft has.
        elsewhere: Keeps a body that is too large, and returns what the line says in its place; None leaves it out.
    """
    lines = [replace(line, value=kept_value(line.name, line.value, draft.variables)) for line in draft.headers]
    draft = replace(draft, headers=lines)
    body: Any = draft.body
    if draft.body and (not bodies or len(draft.body) > LARGEST_BODY):
        body = (elsewhere(draft.body) if bodies else None) or {"left-out": len(draft.body)}
    elif isinstance(draft.body, bytes):
        body = {"base64": base64.b64encode(draft.body).decode()}
    kept = {
        "destination": draft.destination,
        "headers": [[line.name, line.value, line.enabled] for line in draft.headers],
        "body": body,
        "body-file": None if draft.body_file is None else str(draft.body_file),
        "receipt": draft.receipt,
        "content-length": draft.content_length,
        "variables": draft.variables,
        **(more or {}),
    }
    if (saved := draft.saved) is not None:
        kept["saved"] = [str(saved.library), str(saved.path), saved.digest, saved.name]
    if draft.repairs is not None:
        kept["repairs"] = kept_repair(draft.repairs, bodies)
    if draft.coding is not None:
        original = draft.coding.original if bodies else b""
        kept["coding"] = {"layers": list(draft.coding.layers), "original": base64.b64encode(original).decode()}
    # ASCII only, so that half a character survives as well.
    return json.dumps(kept, ensure_ascii=True).encode() + b"\n"


def draft_of(kept: Any) -> Draft:
    """The draft that the JSON of one line describes.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: It is none.
    """
    body = kept["body"]
    if isinstance(body, dict):
        body = base64.b64decode(body["base64"], validate=True) if "base64" in body else ""
    file = kept.get("body-file")
    draft = Draft(
        kept["destination"],
        [HeaderLine(name, value, enabled) for name, value, enabled in kept["headers"]],
        body,
        None if file is None else Path(file),
        kept["receipt"],
        kept["content-length"],
        kept.get("variables", False),
        repairs=repair_of(kept.get("repairs")),
    )
    if (saved := kept.get("saved")) is not None:
        library, path, digest, name = map(str, saved)
        draft.saved = SavedAt(Path(library), Path(path), digest, name)
    texts = [draft.destination, *(text for line in draft.headers for text in (line.name, line.value))]
    flags = [draft.receipt, draft.content_length, draft.variables, *(line.enabled for line in draft.headers)]
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(flag, bool) for flag in flags):
        raise TypeError("not the parts of a draft")
    if not isinstance(draft.body, (str, bytes)):
        raise TypeError("not a body")
    if (
        (coding := kept.get("coding")) is not None
        and isinstance(draft.body, str)
        and not isinstance(kept["body"], dict)
    ):
        layers = layers_of(coding["layers"])
        original = base64.b64decode(coding["original"], validate=True)
        draft.coding = BodyCoding(layers)
        if original:
            with contextlib.suppress(CodingError):
                draft.coding = decoded(original, layers)
    return draft


def is_cut(kept: Any) -> bool:
    """Whether the JSON of a line says that the body was too large to be kept."""
    body = kept.get("body") if isinstance(kept, dict) else None
    return isinstance(body, dict) and body.get("left-out", 0) > LARGEST_BODY
