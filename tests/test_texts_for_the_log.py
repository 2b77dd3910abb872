"""Texts of the program that are masked before they are shown: none of its own sentences looks like a secret."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import stomptui
from stomptui.config.files.logs import redacted

ROOT = Path(stomptui.__file__).parent
FOLDERS = ("application", "connection")


def sentences(path: Path) -> Iterator[str]:
    """The texts of several words in a file, with a word for each value that is put in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(each) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for each in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "reason" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        if "\n" not in text and len(text.split()) > 2:
            yield text


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_sentence_of_ours_is_masked(folder: str) -> None:
    found = {text for path in (ROOT / folder).rglob("*.py") for text in sentences(path)}
    assert [text for text in sorted(found) if redacted(text) != text] == []
