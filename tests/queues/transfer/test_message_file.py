"""Files of messages: private, never overwritten by accident, whole whatever happens."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from stomptui.protocol.frame import Frame
from stomptui.protocol.jsonl import FileMessage, lines
from stomptui.queues.transfer.file_errors import FileError
from stomptui.queues.transfer.message_file import FileMode, MessageFile
from stomptui.queues.transfer.opening import open_messages
from stomptui.queues.transfer.saving import save

LINE = FileMessage("/queue/x", (("n", "1"),), b"one").line()
OTHER = FileMessage("/queue/x", (("n", "2"),), b"two").line()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "m.jsonl"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_for_its_owner_alone(path: Path) -> None:
    file = MessageFile(path)
    assert file.write(LINE) == len(LINE)
    file.sync()
    file.close()
    assert path.read_bytes() == LINE
    assert mode(path) == 0o600


def test_a_file_that_is_there_is_refused_as_it_is(path: Path) -> None:
    path.write_bytes(b"mine")
    with pytest.raises(FileError, match=f"{path} exists already"):
        MessageFile(path)
    assert path.read_bytes() == b"mine"
    path.unlink()
    path.symlink_to("/nowhere/at/all")
    with pytest.raises(FileError, match="exists already"):
        MessageFile(path)


def test_overwriting_and_appending_have_to_be_asked_for(path: Path) -> None:
    path.write_bytes(LINE)
    path.chmod(0o644)
    file = MessageFile(path, FileMode.APPEND)
    file.write(OTHER)
    file.sync()
    file.close()
    assert path.read_bytes() == LINE + OTHER
    assert (file.note, mode(path)) == (None, 0o600)
    file = MessageFile(path, FileMode.OVERWRITE)
    assert file.size == 0
    file.write(OTHER)
    file.sync()
    file.close()
    assert path.read_bytes() == OTHER


def test_overwriting_leaves_what_was_there_until_something_is_written(path: Path) -> None:
    path.write_bytes(LINE)
    file = MessageFile(path, FileMode.OVERWRITE)
    file.sync()
    file.write(OTHER)
    file.cut(0)
    assert file.spared
    file.close()
    assert path.read_bytes() == LINE
    file = MessageFile(path, FileMode.OVERWRITE)
    safe = file.write(OTHER)
    file.sync()
    assert not file.spared
    assert path.read_bytes() == OTHER
    file.write(LINE)
    file.sync()
    file.cut(safe)
    file.close()
    assert path.read_bytes() == OTHER


@pytest.mark.parametrize("length", [1, 20, 200_000])
def test_a_line_that_was_cut_off_is_removed_before_more_is_appended(path: Path, length: int) -> None:
    cut = FileMessage("/queue/x", (), b"x" * length).line()[:-2]
    path.write_bytes(LINE + cut)
    file = MessageFile(path, FileMode.APPEND)
    assert file.note and "cut off" in file.note
    file.write(OTHER)
    file.sync()
    file.close()
    assert path.read_bytes() == LINE + OTHER


def test_a_last_line_without_its_end_gets_one(path: Path) -> None:
    path.write_bytes(LINE[:-1])
    file = MessageFile(path, FileMode.APPEND)
    file.write(OTHER)
    file.sync()
    file.close()
    assert path.read_bytes() == LINE + OTHER


@pytest.mark.parametrize("content", [b"some notes of mine\n", b"some notes", LINE + b"# notes\n", b'{"a": 1}\n'])
def test_nothing_is_appended_to_what_is_no_file_of_messages(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(FileError, match="holds something else"):
        MessageFile(path, FileMode.APPEND)
    assert path.read_bytes() == content


def test_what_was_not_acknowledged_is_cut_away(path: Path) -> None:
    file = MessageFile(path)
    safe = file.write(LINE)
    file.sync()
    file.write(OTHER)
    file.sync()
    file.write(OTHER)
    file.cut(safe)
    file.close()
    assert path.read_bytes() == LINE


def test_a_file_made_for_nothing_is_gone_and_one_that_was_there_stays(path: Path) -> None:
    MessageFile(path).close()
    assert not path.exists()
    path.touch()
    MessageFile(path, FileMode.APPEND).close()
    assert path.exists()


@pytest.mark.parametrize("place", ["/dev/full", "/dev/null"])
def test_what_is_no_file_on_a_disk_is_refused(place: str) -> None:
    with pytest.raises(FileError, match="no file on a disk"):
        MessageFile(Path(place), FileMode.APPEND)


def test_two_processes_do_not_write_one_file(path: Path) -> None:
    first = MessageFile(path)
    with pytest.raises(FileError, match="another process"):
        MessageFile(path, FileMode.APPEND)
    first.close()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission"), (errno.EIO, os.strerror(errno.EIO))],
)
def test_a_disk_that_says_no_is_told_in_words(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    file = MessageFile(path)
    safe = file.write(LINE)
    file.sync()

    def fail(*arguments: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        file.write(OTHER)
        with pytest.raises(FileError, match=f"{path} cannot be written: {words}"):
            file.sync()
    file.cut(safe)
    file.close()
    assert path.read_bytes() == LINE


def test_a_really_full_disk(path: Path) -> None:
    file = MessageFile(path)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, file._file)
    os.close(full)
    file.write(LINE)
    with pytest.raises(FileError, match="the disk is full"):
        file.sync()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file or directory"):
        MessageFile(tmp_path / "none" / "m.jsonl")
    with pytest.raises(FileError, match=r"cannot be written: it is a directory"):
        MessageFile(tmp_path, FileMode.APPEND)
    with pytest.raises(FileError, match="cannot be read: there is no such file"):
        open_messages(tmp_path / "none")


def frames() -> list[Frame]:
    return [Frame(b"MESSAGE\ndestination:/topic/a\nn:%d\n\nbody" % n) for n in range(3)]


def test_saved_messages_are_read_again(path: Path) -> None:
    size = save(path, frames())
    assert path.stat().st_size == size
    assert mode(path) == 0o600
    file, told = open_messages(path)
    with file:
        found = [line.message() for line in lines(file)]
    assert told == size
    assert [(m.destination, m.headers[1], m.body) for m in found] == [
        ("/topic/a", ("n", str(n)), b"body") for n in range(3)
    ]


def test_saving_over_a_file_has_to_be_asked_for_and_is_whole_or_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"mine")
    with pytest.raises(FileError, match="exists already"):
        save(path, frames())
    assert path.read_bytes() == b"mine"

    def fail(handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(FileError, match="the disk is full"):
            save(path, frames(), overwrite=True)
        assert path.read_bytes() == b"mine"
        path.unlink()
        with pytest.raises(FileError, match="the disk is full"):
            save(path, frames())
    assert list(path.parent.iterdir()) == []
    path.write_bytes(b"mine")
    path.chmod(0o644)
    save(path, frames(), "/queue/b", overwrite=True)
    assert path.read_bytes().count(b'{"destination": "/queue/b"') == 3
    assert mode(path) == 0o600


def test_saving_over_a_link_writes_what_it_points_to(path: Path) -> None:
    real = path.with_name("real")
    real.write_bytes(b"old")
    path.symlink_to(real)
    save(path, frames(), overwrite=True)
    assert path.is_symlink()
    assert real.read_bytes().count(b"\n") == 3
