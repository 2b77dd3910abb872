"""Named sets of values, kept with a library in environments.toml: what `{{host}}` is on each environment.

[local]
host = "localhost"

[staging]
host = "staging.example.org"
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stomptui.compose.library.files import LARGEST, Folder
from stomptui.compose.variables.functions import FUNCTIONS
from stomptui.config.secret_names import is_secret, without_secrets

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "environments.toml"
MOST = 500
"""Sets, and values in one of them, that are read."""
_NAME = re.compile(r"[^\s{}\"]{1,80}")


@dataclass(frozen=True)
class ValueSets:
    """What the file of a library says.

    Args:
        path: The file.
        sets: The values of each set by their names, in the order of the file.
        problems: What in it is not used, and why.
    """

    path: Path
    sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_value_sets(root: Path) -> ValueSets:
    """The sets of a library; blocks. What is wrong with one stops no other, and a missing file is none."""
    path = root / FILE
    try:
        data = Folder(root, False).read(path, LARGEST)
        document: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        return ValueSets(path)
    except UnicodeDecodeError:
        return ValueSets(path, problems=("it is not UTF-8",))
    except OSError as error:
        return ValueSets(path, problems=(error.strerror or str(error),))
    except (ValueError, RecursionError) as error:
        return ValueSets(path, problems=(f"it is no TOML: {error}",))
    sets: dict[str, Mapping[str, str]] = {}
    problems: list[str] = []
    for name, table in list(document.items())[:MOST]:
        if not isinstance(table, dict):
            problems.append(f"{name} stands outside of a set: write [{name}] with values below it")
            continue
        sets[name] = values = {}
        for key, value in list(table.items())[:MOST]:
            if why := _problem(key, value):
                problems.append(f"{name}: {key}: {why}")
            else:
                values[key] = str(value)
    return ValueSets(path, sets, tuple(problems))


def _problem(name: str, value: Any) -> str:
    """Why a value is not used, "" if it is."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return "a text in quotes or a whole number is expected"
    if name in FUNCTIONS:
        return "that is the name of a variable that is there already"
    if not _NAME.fullmatch(name):
        return "a name has no blanks, braces or quotes"
    if is_secret(name) or without_secrets(name, str(value)) != str(value):
        return f"a secret does not belong into a file: {{{{prompt {name}}}}} or {{{{env NAME}}}} asks for it"
    return ""
