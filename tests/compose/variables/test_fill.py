"""Variables are filled in as they are described, the rest stays as it is, and what is wrong is said with its place."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from pathlib import Path
from random import Random

import pytest

from stomptui.compose.draft import Draft, HeaderLine, from_frame
from stomptui.compose.history import History
from stomptui.compose.variables.fill import VariableError, fill, fill_text, labels, names, open_places
from stomptui.compose.variables.functions import OFFERED
from stomptui.compose.variables.sources import LARGEST_FILE, Sources, example_sources
from stomptui.compose.variables.template import TemplateError
from stomptui.protocol.frame import Frame

SOURCES = Sources(
    counter=7,
    prompts={"Order number": "{{uuid}}"},
    columns={"name": "Ada", "now": "late", "two words": "2"},
    now=datetime(2026, 11, 30, 23, 58, 1, 234567, tzinfo=timezone.utc),
    random=Random(1),
    environment={"HOST": "mq"}.get,
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("no variable } }} {", "no variable } }} {"),
        ("{{now}}", "2026-11-30T23:58:01.234Z"),
        ("{{now +5m %Y-%m-%d}}", "2026-12-01"),
        ("{{ now -1d +2h }}", "2026-11-30T01:58:01.234Z"),
        ("{{now %H:%M o'clock, 100%%}}", "23:58 o'clock, 100%"),
        ("{{now unix}}", "1796083081"),
        ("{{now +1s unixms}}", "1796083082234"),
        ("{{counter}}-{{counter}}", "7-7"),
        ("{{randint 5 5}}", "5"),
        ("{{randint -3 -3}}", "-3"),
        ('{{choice "a b"}}', "a b"),
        ("{{env HOST}}", "mq"),
        ("{{prompt Order number}}", "{{uuid}}"),
        ("{{name}} {{column now}} {{column two words}}", "Ada late 2"),
        ("{{{{uuid}}", "{{uuid}}"),
        ("{{{{{{counter}}", "{{7"),
        ('{"a":{{{counter}}:1}}', '{"a":{7:1}}'),
        ("ä\r\n{{counter}}\t\0", "ä\r\n7\t\0"),
    ],
)
def test_a_text_is_filled_in_and_nothing_else_of_it_changes(text: str, filled: str) -> None:
    assert fill_text(text, SOURCES) == filled


def test_random_variables_give_another_value_wherever_they_stand() -> None:
    first, second = fill_text("{{uuid}} {{uuid}}", Sources()).split()
    assert uuid.UUID(first).version == uuid.UUID(second).version == 4
    assert first != second
    assert {fill_text("{{randint 1 3}}", SOURCES) for _ in range(100)} == {"1", "2", "3"}
    assert {fill_text("{{choice a b}}", SOURCES) for _ in range(100)} == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("ab{{uuid", 2, "{{ without }}"),
        ("{{}}", 0, "names no variable"),
        ("a {{uid}}", 2, "uid is no variable"),
        ("{{{uuid 1}}", 1, "takes nothing after"),
        ("{{randint 1}}", 0, "least and the greatest"),
        ("{{randint 2 1}}", 0, "least number comes first"),
        ("{{choice}}", 0, "what to choose from"),
        ("{{now yesterday}}", 0, "cannot be followed by yesterday"),
        ("{{now %Q}}", 0, "%Q is no part of a time"),
        ("{{now +999999999w}}", 0, "beyond the years"),
        ("{{env NOT_THERE}}", 0, "not set in the environment"),
        ("{{prompt Other}}", 0, "was not answered"),
        ("{{file /no/such/file}}", 0, "No such file"),
        ("{{column no}}", 0, "no column no"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, position: int, why: str) -> None:
    with pytest.raises(TemplateError, match=why) as caught:
        fill_text(text, SOURCES)
    assert caught.value.position == position


def test_destination_values_and_body_are_filled_in_and_the_draft_stays() -> None:
    draft = Draft(
        "/queue/{{name}}", [HeaderLine("{{x", "{{counter}}"), HeaderLine("off", "{{", False)], "{{env HOST}}!"
    )
    draft.variables = True
    filled = fill(draft, SOURCES)
    assert (filled.destination, filled.headers[0], filled.body) == ("/queue/Ada", HeaderLine("{{x", "7"), "mq!")
    assert (filled.variables, draft.variables, draft.body) == (False, True, "{{env HOST}}!")
    assert fill(filled, SOURCES) == filled


def test_an_error_names_the_field_and_the_header_line() -> None:
    draft = Draft("/queue/a", [HeaderLine("a", "1"), HeaderLine("b", "x{{nope}}")], variables=True)
    with pytest.raises(VariableError) as caught:
        fill(draft, SOURCES)
    assert (caught.value.field, caught.value.index, caught.value.position) == ("header", 1, 1)


def test_bytes_files_and_messages_that_came_are_not_filled_in() -> None:
    assert fill(Draft("/queue/a", [], b"{{uuid}}", variables=True), SOURCES).body == b"{{uuid}}"
    came = from_frame(Frame(b"MESSAGE\ndestination:/queue/{{a\nx:{{uuid}}\n\n{{uuid}}", "1.2"))
    filled = fill(came, SOURCES)
    assert (filled.destination, filled.headers[0].value, filled.body) == ("/queue/{{a", "{{uuid}}", "{{uuid}}")


def test_a_file_is_read_whole_and_only_if_it_is_small_text(tmp_path: Path) -> None:
    file = tmp_path / "my token"
    file.write_bytes("ä\n".encode())
    draft = Draft("/queue/a", [HeaderLine("t", f"{{{{file {file}}}}}")], f"{{{{file {file}}}}}", variables=True)
    filled = fill(draft, SOURCES)
    # The line end at the end of a file is not meant in a header.
    assert (filled.headers[0].value, filled.body) == ("ä", "ä\n")
    file.write_bytes(b"\xff")
    with pytest.raises(VariableError, match="not UTF-8"):
        fill(draft, SOURCES)
    file.write_bytes(b"x" * (LARGEST_FILE + 1))
    with pytest.raises(VariableError, match="my token"):
        fill(draft, SOURCES)


def test_what_is_asked_for_is_known_before() -> None:
    draft = Draft("/q/{{prompt B}}", [HeaderLine("a", "{{prompt A}}")], "{{prompt B}} {{uuid}} {{oops", variables=True)
    assert labels(draft) == ["B", "A"]
    assert names(draft) == {"prompt", "uuid"}
    assert open_places(draft) == {("destination", None), ("header", 0), ("body", None)}
    assert labels(Draft("{{prompt B}}")) == []


def test_all_that_is_offered_can_be_filled_in_for_a_preview_that_does_not_flicker() -> None:
    assert "‹Label›" in fill_text(" ".join(OFFERED), example_sources())
    assert fill_text("{{uuid}}", example_sources()) == fill_text("{{uuid}}", example_sources())


def test_the_history_keeps_the_template_and_reads_what_knew_no_variables(tmp_path: Path) -> None:
    path = tmp_path / "history"
    History(path).add(Draft("/queue/a", [], "{{uuid}}", variables=True))
    path.write_text(path.read_text() + path.read_text().replace(', "variables": true', "").replace("/a", "/b"))
    history = History(path)
    assert history.load() == []
    assert [(draft.body, draft.variables) for draft in history.drafts] == [("{{uuid}}", True), ("{{uuid}}", False)]
