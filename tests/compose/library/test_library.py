"""Saved messages on disk: they come back as they were, and nothing there can do harm."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.library.file_names import file_name, folder_name
from stomptui.compose.library.finding import matching_entries
from stomptui.compose.library.library import Library
from stomptui.compose.library.saved_message import ChangedOnDisk, Entry, LibraryError, SavedMessage
from stomptui.config.secret_names import MASK


@pytest.fixture
def library() -> Library:
    return Library()


def draft(body: str | bytes = "hello", **more: object) -> Draft:
    lines = [HeaderLine("priority", "4"), HeaderLine("x", "1"), HeaderLine("x", "2", False)]
    return Draft("/queue/a", lines, body, variables=True, **more)  # type: ignore[arg-type]


def names(library: Library) -> list[str]:
    return [entry.title for entry in library.entries()]


@pytest.mark.parametrize(
    "body",
    ["", "plain", '{"a": "b\\n"}', 'two\nlines\r\nand \'\'\'""""', "\0\x1b[31m\u202e😀", "long\n" * 5000, b"\xff\0\n"],
)
def test_a_message_comes_back_as_it_was(library: Library, body: str | bytes) -> None:
    at = library.save(SavedMessage("Order placed", draft(body), "eu/north", "what the shop sends"))
    back = library.open(at.path)
    assert (back.name, back.folder, back.description) == ("Order placed", "eu/north", "what the shop sends")
    assert back.draft.body_bytes() == draft(body).body_bytes()
    assert back.draft.headers == draft().headers
    assert back.draft.saved == at
    assert names(library) == ["eu/north/Order placed"]


def test_a_file_can_be_read_by_a_person(library: Library) -> None:
    at = library.save(SavedMessage("Order placed", draft('{\n  "id": "{{uuid}}"\n}')))
    assert at.path.name == "order-placed.toml"
    assert at.path.read_text() == (
        'name = "Order placed"\n'
        'destination = "/queue/a"\n'
        "receipt = true\n"
        "content-length = true\n"
        "variables = true\n"
        "headers = [\n"
        '    { name = "priority", value = "4" },\n'
        '    { name = "x", value = "1" },\n'
        '    { name = "x", value = "2", enabled = false },\n'
        "]\n"
        "body = '''\n"
        '{\n  "id": "{{uuid}}"\n}\'\'\'\n'
    )


def test_only_the_owner_can_read_what_is_the_owners_own(library: Library, tmp_path: Path) -> None:
    at = library.save(SavedMessage("a", draft(b"\xff"), "f"))
    for path in at.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(at.path.parent.stat().st_mode) == 0o700
    shared = Library(tmp_path).save(SavedMessage("a", draft()))
    (tmp_path / "plain").touch()
    assert shared.path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_secrets_are_asked_for_again_and_references_to_them_are_kept(library: Library) -> None:
    lines = [
        HeaderLine("authorization", "Bearer s3cr3t-value"),
        HeaderLine("x-api-key", "{{env API_KEY}}"),
        HeaderLine("callback", "https://u:s3cr3t-value@h/"),
        HeaderLine("token", "{{env A}} s3cr3t-value"),
    ]
    at = library.save(SavedMessage("a", Draft("/queue/a", lines, "b", variables=True)))
    assert b"s3cr3t" not in at.path.read_bytes()
    values = [line.value for line in library.open(at.path).draft.headers]
    assert values == [MASK, "{{env API_KEY}}", f"https://u:{MASK}@h/", MASK]


def test_saving_again_keeps_comments_and_what_is_not_ours(library: Library) -> None:
    at = library.save(SavedMessage("a", draft()))
    text = "# for the tests of the shop\n" + at.path.read_text() + 'team = "blue"\n'
    at.path.write_text(text)
    opened = library.open(at.path).draft
    assert opened.saved is not None
    opened.destination, opened.body = "/queue/b", ""
    library.again(opened, opened.saved)
    expected = text.replace("/queue/a", "/queue/b").replace('body = "hello"\n', "")
    assert at.path.read_text() == expected
    assert "unknown key 'team'" in library.entries()[0].note


def test_what_changed_on_disk_is_not_overwritten_unasked(library: Library) -> None:
    at = library.save(SavedMessage("a", draft(b"\xff\xfe")))
    mine = library.open(at.path).draft
    assert mine.saved is not None
    next(at.path.parent.glob("*.bin")).write_bytes(b"theirs")
    with pytest.raises(ChangedOnDisk, match="was changed on disk"):
        library.again(mine, mine.saved)
    assert library.open(at.path).draft.body_bytes() == b"theirs"
    at.path.unlink()
    with pytest.raises(ChangedOnDisk, match="deleted"):
        library.again(mine, mine.saved)
    there = library.again(draft("mine"), mine.saved, whatever_is_there=True)
    assert library.open(there.path).draft.body == "mine"
    # What it was saved as is what it is compared with next.
    library.again(draft("mine too"), there)


def test_names_neither_clash_nor_lead_elsewhere(library: Library) -> None:
    for name in ("Order", "order", "../../order", "ORDER!", "con", "…", "Order"):
        library.save(SavedMessage(name, draft(name), "A/B"))
    library.save(SavedMessage("other", draft(), "a\\b/../../../.git"))
    files = sorted(path.relative_to(library.root).as_posix() for path in library.root.rglob("*.toml"))
    assert files == [
        "A/B/con-message.toml",
        "A/B/git/other.toml",
        "A/B/message.toml",
        *(f"A/B/order{number}.toml" for number in ("-2", "-3", "-4", "-5", "")),
    ]
    assert [entry.name for entry in library.entries()].count("Order") == 2
    assert len(file_name("é" * 500).encode()) < 200
    assert folder_name(" x. /./..//y:z") == "x/yz"
    with pytest.raises(LibraryError, match="folders in each other"):
        library.save(SavedMessage("a", draft(), "/".join("abcdefghi")))


def test_a_broken_file_stops_no_other(library: Library) -> None:
    library.save(SavedMessage("good", draft()))
    outside = library.root.parent / "outside.toml"
    outside.write_text('destination = "/queue/x"\nbody = "not yours"')
    broken = {
        "number.toml": "destination = 3",
        "no.toml": "\x1b]0;x\x07",
        "header.toml": 'headers = [{ name = "a", valeu = "b" }]',
        "out.toml": 'body-file = "../outside.toml"',
        "absolute.toml": f"body-file = {str(outside)!r}",
        "both.toml": 'body = "a"\nbody-file = "b"',
        "nul.toml": 'body-file = "a\\u0000b"',
        "deep.toml": "x = " + "[" * 5000,
    }
    for name, text in broken.items():
        (library.root / name).write_text(text)
    (library.root / "bytes.toml").write_bytes(b'name = "\xff"')
    (library.root / "huge.toml").write_bytes(b"#" * (1 << 20) + b"\n")
    os.mkfifo(library.root / "pipe.toml")
    (library.root / "link.toml").symlink_to(outside)
    (library.root / "gone.toml").symlink_to(library.root / "nowhere")
    (library.root / "folder.toml").mkdir()
    (library.root / "loop").symlink_to(library.root)
    found = {entry.path.name: entry for entry in library.entries()}
    good = found.pop("good.toml")
    assert good.message is not None and not good.problem
    assert found.keys() == {*broken, "bytes.toml", "huge.toml", "pipe.toml", "link.toml", "gone.toml"}
    assert all(entry.problem and entry.message is None for entry in found.values())
    assert "leads out of the library" in found["link.toml"].problem
    assert "leads out of the library" in found["out.toml"].problem
    assert "named pipe" in found["pipe.toml"].problem
    for name in found:
        with pytest.raises(LibraryError):
            library.open(library.root / name)


def test_an_empty_library_is_no_mistake(library: Library) -> None:
    assert library.entries() == []
    assert not library.root.exists()


def test_a_message_is_renamed_copied_deleted_and_brought_back(library: Library) -> None:
    at = library.save(SavedMessage("one", draft(b"\xff\0"), "f"))
    moved = library.rename(at.path, "Two", "g", "about it")
    assert names(library) == ["g/Two"]
    assert not (library.root / "f").exists()
    copy = library.duplicate(moved.path, "Three", "g", "")
    assert names(library) == ["g/Three", "g/Two"]
    deleted = library.delete(moved.path)
    assert names(library) == ["g/Three"]
    assert library.open(copy.path).draft.body_bytes() == b"\xff\0"
    library.bring_back(deleted)
    back = library.open(moved.path)
    assert (back.description, back.draft.body_bytes()) == ("about it", b"\xff\0")
    deleted = library.delete(moved.path)
    moved.path.write_text('name = "new"')
    with pytest.raises(LibraryError, match="something else is there now"):
        library.bring_back(deleted)


def test_only_words_of_the_file_change_when_the_name_is_written_otherwise(library: Library) -> None:
    at = library.save(SavedMessage("order placed", draft()))
    assert library.rename(at.path, "Order placed", "", "").path == at.path
    assert names(library) == ["Order placed"]


def test_a_body_that_several_messages_have_stays(library: Library) -> None:
    library.root.mkdir(parents=True)
    (library.root / "body.txt").write_text("shared")
    for name in ("a", "b"):
        (library.root / f"{name}.toml").write_text('body-file = "body.txt"')
    library.delete(library.root / "a.toml")
    other = library.open(library.root / "b.toml").draft
    assert other.body == "shared"
    assert other.saved is not None
    other.body = "own"
    library.again(other, other.saved)
    assert (library.root / "body.txt").read_text() == "own"


def test_a_body_from_a_file_elsewhere_is_copied(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_bytes(b"\0" * 10)
    at = library.save(SavedMessage("a", draft(body_file=file)))
    file.unlink()
    back = library.open(at.path).draft
    assert back.body_bytes() == b"\0" * 10
    assert back.saved is not None
    library.again(back, back.saved)
    assert library.open(at.path).draft.body_bytes() == b"\0" * 10


def test_what_toml_cannot_hold_is_refused_and_changes_nothing(library: Library) -> None:
    for wrong in (Draft("/queue/\udcff"), Draft("/queue/a", [HeaderLine("a", "\ud800")]), Draft("a", body="\ud800")):
        with pytest.raises(LibraryError, match="half a character"):
            library.save(SavedMessage("a", wrong))
    assert library.entries() == []


def test_comments_and_further_keys_go_along_when_a_message_is_renamed_or_copied(library: Library) -> None:
    at = library.save(SavedMessage("a", draft()))
    at.path.write_text(f"# what for\nowner = 'shop'\n{at.path.read_text()}")
    there = library.rename(at.path, "b", "f", "")
    copy = library.duplicate(there.path, "c", "", "")
    for path in (there.path, copy.path):
        assert path.read_text().startswith("# what for\nowner = 'shop'\n")
    assert names(library) == ["c", "f/b"]


def test_what_is_called_so_is_found_first_and_what_cannot_be_read_last(library: Library) -> None:
    for name in ("book", "ok", "okay"):
        library.save(SavedMessage(name, draft()))
    (library.root / "ok-broken.toml").write_text("no TOML")
    found = matching_entries("OK", library.entries())
    assert [entry.name for entry in found] == ["ok", "okay", "book", "ok-broken.toml"]


def test_a_slash_in_a_name_is_not_taken_for_a_folder() -> None:
    assert SavedMessage("new", folder="orders").title == "orders/new"
    assert SavedMessage("orders/new").title == '"orders/new"'
    assert SavedMessage("a/b", folder="orders").title == 'orders/"a/b"'
    assert Entry(Path("a-b.toml"), SavedMessage("a/b"), "orders").title == 'orders/"a/b"'
