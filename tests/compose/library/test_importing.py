"""Messages of a file become saved ones, and saved ones a file that refill takes."""

from __future__ import annotations

from pathlib import Path

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.library.importing import frames_of, import_messages
from stomptui.compose.library.library import Library
from stomptui.compose.library.saved_message import SavedMessage
from stomptui.protocol.jsonl import FileMessage, to_line

HEADERS = (("destination", "/queue/a"), ("x", "1"), ("x", "2"), ("token", "s3cr3t-value"), ("message-id", "m-1"))


def test_what_drain_wrote_is_saved_message_by_message(tmp_path: Path) -> None:
    file = tmp_path / "drained of a.jsonl"
    good = FileMessage("/queue/a", HEADERS, b"{{uuid}}").line()
    odd = FileMessage("/queue/b", (("x", "\udcff"),), b"\xff\0").line()
    file.write_bytes(good + b"no message\n" + odd + FileMessage("", (), b"\xff\0").line())
    library = Library()
    done = import_messages(library, file)
    assert (done.folder, done.count, done.secrets) == ("drained of a", 2, ["token"])
    assert [problem.partition(":")[0] for problem in done.problems] == ["line 2, column 1", "line 3"]
    assert [entry.title for entry in library.entries()] == ["drained of a/a 1", "drained of a/message 2"]
    one, two = (library.open(entry.path).draft for entry in library.entries())
    assert [line.name for line in one.headers] == ["x", "x", "token"]
    assert (one.destination, one.body, one.variables) == ("/queue/a", "{{uuid}}", False)
    assert two.body_bytes() == b"\xff\0"


def test_a_file_for_refill_has_what_is_sent_and_no_secret() -> None:
    library = Library()
    lines = [HeaderLine("x", "1"), HeaderLine("x", "2"), HeaderLine("off", "", False), HeaderLine("token", "s3cr3t")]
    path = library.save(SavedMessage("a", Draft("/queue/a", lines, b"\xff\0"))).path
    (frame,) = frames_of(library, [path])
    message = FileMessage.from_line(to_line(frame))
    assert (message.destination, message.body) == ("/queue/a", b"\xff\0")
    assert message.headers == (("destination", "/queue/a"), ("x", "1"), ("x", "2"))
