"""The lines of a JSON Lines or CSV file, as columns by name."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from stomptui.config.files.regular_files import open_regular

LONGEST = 64 << 20
"""Characters of one line at most."""


class RowError(ValueError):
    """A line of the file is not what it should be; says which and why."""


def rows(path: Path) -> Iterator[Mapping[str, str]]:
    """The columns of each line. A name that ends in .csv is CSV with names in its first line, all else JSON Lines.

    Raises:
        RowError: A line cannot be read; the lines before it were returned.
        OSError: The file cannot be read.
    """
    tabs = path.suffix.lower() == ".tsv"
    with os.fdopen(open_regular(path), "r", encoding="utf-8-sig", newline="") as file:
        try:
            yield from _csv(file, "\t" if tabs else ",") if tabs or path.suffix.lower() == ".csv" else _json(file)
        except UnicodeDecodeError as error:
            raise RowError(f"{path.name} is not UTF-8") from error


def _json(file: TextIO) -> Iterator[Mapping[str, str]]:
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RowError(f"line {number:,} is not JSON") from error
        if not isinstance(read, dict):
            raise RowError(f"line {number:,} is no JSON object, whose names would be the columns")
        yield {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in read.items()
        }


def _csv(file: TextIO, delimiter: str) -> Iterator[Mapping[str, str]]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        names = next(reader, [])
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise RowError(f"the first line names {twice!r} twice")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(names):
                found, wanted = len(cells), len(names)
                raise RowError(f"line {reader.line_num:,} has {found:,} cells, the first line {wanted:,} names")
            yield dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise RowError(f"line {reader.line_num:,}: {error}") from error
