"""A very long line in the body of a draft: folded, coloured and edited piece by piece, and never anew as a whole."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.cells import cell_len
from textual.document._document import Document
from textual.expand_tabs import expand_tabs_inline

from stomptui.compose.draft import EDITED, Draft, HeaderLine
from stomptui.ui.widgets.text import folded
from stomptui.ui.widgets.text.brackets import REACH, matching_bracket
from stomptui.ui.widgets.text.editor import Editor
from stomptui.ui.widgets.text.folded import FoldedDocument
from stomptui.ui.widgets.text.syntax import LineColours, spans
from tests.ui.compose.compose_bench import Hand, bench
from tests.ui.waiting import until

pytestmark = pytest.mark.timeless

WORDS = ["word", "a", "größe", "日本語", "x" * 150, "\t", "  ", '"k": 1,', "😀", "e\u0301"]


def make(text: str, width: int = 40) -> FoldedDocument:
    rows = FoldedDocument(Document(text))
    rows.wrap(width, 4)
    return rows


def check(rows: FoldedDocument, width: int = 40) -> None:
    """Everything that is asked of it hangs together, and each row fits."""
    fresh = make(rows.document.text, width)
    assert [list(starts) for starts in rows._wrap_offsets] == [list(starts) for starts in fresh._wrap_offsets]
    hangs_together(rows, width)


def hangs_together(rows: FoldedDocument, width: int = 40) -> None:
    """Each row is found by its number, and fits."""
    of_lines = [list(numbers) for numbers in rows._line_index_to_offsets]
    assert [number for numbers in of_lines for number in numbers] == list(range(rows.height))
    assert [len(numbers) for numbers in of_lines] == [len(starts) + 1 for starts in rows._wrap_offsets]
    places = [(index, section) for index, numbers in enumerate(of_lines) for section in range(len(numbers))]
    assert list(rows._offset_to_line_info) == places
    for index, line in enumerate(rows.document.lines):
        sections = rows.get_sections(index)
        assert "".join(sections) == line
        assert all(cell_len(expand_tabs_inline(section, 4)) <= width for section in sections)


@pytest.mark.parametrize("seed", range(12))
def test_edits_fold_to_the_same_as_folding_anew(seed: int) -> None:
    rnd = random.Random(seed)

    def some(count: int) -> str:
        return rnd.choice(["", " "]).join(rnd.choices(WORDS, k=count))

    rows = make(some(600) + "\n" + some(3) + "\n" + some(900))
    for _ in range(40):
        lines = rows.document.lines
        ends = []
        for _ in range(2):
            row = rnd.randrange(len(lines))
            ends.append((row, rnd.randint(0, len(lines[row]))))
        start = ends[0]
        end = start if rnd.random() < 0.5 else (start[0], min(len(lines[start[0]]), start[1] + rnd.randint(0, 300)))
        if rnd.random() < 0.1:
            start, end = min(ends), max(ends)
        text = rnd.choice([rnd.choice(WORDS), some(20), "\n", "a\nb\nc", ""])
        result = rows.document.replace_range(start, end, text)
        rows.wrap_range(start, end, result.end_location)
        check(rows)


@pytest.mark.parametrize("seed", range(4))
def test_edits_in_a_line_without_blanks_leave_rows_that_fit(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "_ANEW", 10)
    rnd = random.Random(seed)
    rows = make("0123456789" * 2000)
    for _ in range(60):
        size = len(rows.document.lines[0])
        start, end = (0, rnd.randint(0, size)), (0, 0)
        end = (0, min(size, start[1] + rnd.choice([0, 0, 1, 3, 500])))
        text = rnd.choice(["a", "a", "", "日本", "\t", "z" * 1500])
        result = rows.document.replace_range(start, end, text)
        rows.wrap_range(start, end, result.end_location)
        hangs_together(rows)
    rows.wrap(40, 4)
    check(rows)


def test_places_and_cells_belong_together() -> None:
    rows = make("日本語 " * 300 + "\n" + "ab\tc" * 700)
    for index in (0, 1):
        for column in range(0, len(rows.document.lines[index]), 7):
            offset = rows.location_to_offset((index, column))
            back = rows.offset_to_location(offset)
            assert rows.location_to_offset(back) == offset
            assert rows.document.lines[index][back[1]] != "\t" or back == (index, column)


def test_one_key_in_a_long_line_folds_a_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "lorem ipsum dolor " * 14_000
    rows = make(line)
    looked: list[int] = []
    fitting = folded._fitting

    def counting(line: str, at: int, width: int, tab_width: int) -> int:
        looked.append(at)
        return fitting(line, at, width, tab_width)

    monkeypatch.setattr(folded, "_fitting", counting)
    for column in (0, 120_000, len(line)):
        looked.clear()
        result = rows.document.replace_range((0, column), (0, column), "z")
        rows.wrap_range((0, column), (0, column), result.end_location)
        assert len(looked) < 20
        check(rows)


@pytest.mark.parametrize("language", ["json", "xml"])
def test_a_part_is_coloured_as_the_whole_line_is(language: str) -> None:
    rnd = random.Random(3)
    text = {
        "json": json.dumps([{"some key": "v" * rnd.randint(0, 300), "n": [1.5, None, 'a"b']} for _ in range(300)]),
        "xml": "".join(f'<a b="{"v" * rnd.randint(0, 300)}">text &amp; <!-- c --></a>' for _ in range(300)),
    }[language]
    colours = LineColours()
    for _ in range(60):
        begin = rnd.randrange(len(text))
        end = begin + rnd.randint(1, 3000)
        wanted = [span for span in spans(text, language) if span[1] > begin and span[0] < end]
        assert colours.spans(text, language, begin, end) == wanted
        at = rnd.randrange(len(text))
        text = text[:at] + rnd.choice(["q", " ", "77"]) + text[at:]


def test_the_bracket_that_belongs_to_another_is_found_near_by_alone() -> None:
    document = Document('{"a": [1, (2)],\n "b": {}}' + " " * REACH + "]")
    assert matching_bracket(document, "{", (0, 0)) == (1, 8)
    assert matching_bracket(document, "}", (1, 8)) == (0, 0)
    assert matching_bracket(document, "[", (0, 6)) == (0, 13)
    assert matching_bracket(document, ")", (0, 12)) == (0, 10)
    assert matching_bracket(document, "a", (0, 2)) is None
    assert matching_bracket(Document("(" + " " * 2 * REACH + ")"), "(", (0, 0)) is None


def lines(editor: Editor) -> list[str]:
    """The editor as it is painted."""
    return [editor.render_line(y).text.rstrip() for y in range(editor.size.height)]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The lengths of lines that were made into text as a whole."""
    made: list[int] = []
    get_line = Editor.get_line

    def counting(self: Editor, line_index: int) -> object:
        made.append(len(self.document.get_line(line_index)))
        return get_line(self, line_index)

    monkeypatch.setattr(Editor, "get_line", counting)
    yield made


async def edit(hand: Hand) -> Editor:
    await hand.go("#body")
    return hand.pane.query_one("#body", Editor)


async def test_a_long_line_is_typed_in_moved_in_selected_undone_and_sent_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = json.dumps([{"orderId": index, "name": "größe"} for index in range(5000)], ensure_ascii=False)
    async with bench(Draft(destination="/queue/a", body=body)) as hand:
        with counted(monkeypatch) as made:
            editor = await edit(hand)
            assert lines(editor)[0].startswith('[{"orderId": 0, "name": "größe"},')
            await hand.press("right", "Z")
            await until(lambda: hand.draft.body == body[0] + "Z" + body[1:])
            await until(lambda: lines(editor)[0].startswith('[Z{"orderId": 0'))
            await hand.press("ctrl+z")
            await until(lambda: hand.draft.body == body)
            await hand.press("ctrl+end", "left", "Ä")
            await until(lambda: hand.draft.body == body[:-1] + "Ä" + body[-1])
            await until(lambda: lines(editor)[-1].endswith("Ä]"))
            await hand.press("up", "home", "X", "down", "end", "Y")
            await until(lambda: isinstance(hand.draft.body, str))
            text = hand.draft.body
            assert isinstance(text, str)
            x, y = text.index("X"), text.index("Y")
            assert text.replace("X", "").replace("Y", "") == body[:-1] + "Ä" + body[-1]
            assert len(body) - 200 < x < y
            await hand.press("ctrl+home", "shift+down", "shift+down")
            await until(lambda: 60 < len(editor.selected_text) < 200)
            chosen = editor.selected_text
            assert 60 < len(chosen) < 200
            await hand.paste("pasted")
            await until(lambda: hand.draft.body == "pasted" + text[len(chosen) :])
            await until(lambda: lines(editor)[0].startswith("pasted"))
            await hand.press("ctrl+z")
            await until(lambda: hand.draft.body == text)
            await hand.press("enter")
        assert max(made, default=0) <= folded.LONG, "no long line is laid out as a whole"


async def test_blanks_tabs_and_the_cursor_behind_the_last_character_are_shown() -> None:
    async with bench(Draft(destination="/queue/a", body="ab\t" * 1000 + "日本語" * 500)) as hand:
        editor = await edit(hand)
        assert lines(editor)[0].startswith("ab  ab  ab  ab")
        await hand.press("ctrl+end")
        await hand.press(*"END")
        await until(lambda: lines(editor)[editor.cursor_screen_offset.y - editor.content_region.y].endswith("語END"))
        await until(lambda: editor.cursor_screen_offset.x < editor.content_region.right)


@pytest.mark.parametrize("piece", ["one line, all of it; ", "many\nlines "])
async def test_what_is_pasted_too_long_to_be_edited_is_kept_and_said(piece: str) -> None:
    async with bench(Draft(destination="/queue/a", body="before ")) as hand:
        await edit(hand)
        await hand.press("ctrl+end")
        text = piece * (EDITED // len(piece) + 1)
        await hand.paste(text)
        await until(lambda: hand.pane.query_one("#body", Editor).display is False)
        await until(lambda: hand.draft.body == "before " + text)
        await until(lambda: "too long to be edited here" in hand.shown("BodyPlaceholder"))


async def test_what_is_wrong_with_a_long_body_is_said_once_the_person_stops_typing() -> None:
    body = json.dumps([{"orderId": index} for index in range(5000)])
    draft = Draft(destination="/queue/a", headers=[HeaderLine("content-type", "application/json")], body=body)
    async with bench(draft) as hand:
        await edit(hand)
        await hand.press("x")
        await until(lambda: "not JSON" in hand.shown("#body-notes"))
        await hand.press("backspace")
        await until(lambda: "not JSON" not in hand.shown("#body-notes"))


async def test_a_note_below_folds_no_row_anew_and_another_width_does(monkeypatch: pytest.MonkeyPatch) -> None:
    widths: list[int] = []
    wrap = FoldedDocument.wrap

    def counting(self: FoldedDocument, width: int, tab_width: int | None = None) -> None:
        widths.append(width)
        wrap(self, width, tab_width)

    body = json.dumps([{"orderId": index} for index in range(100)], indent=1)
    draft = Draft(destination="/queue/a", headers=[HeaderLine("content-type", "application/json")], body=body)
    async with bench(draft) as hand:
        editor = await edit(hand)
        height = editor.size.height
        monkeypatch.setattr(FoldedDocument, "wrap", counting)
        await hand.press("x")
        await until(lambda: "not JSON" in hand.shown("#body-notes") and editor.size.height < height)
        assert widths == []
        await hand.press("ctrl+end", "Y")
        await until(lambda: lines(editor)[-1].endswith("Y") or lines(editor)[-1].startswith("]Y"))
        await hand.pilot.resize_terminal(100, 40)
        await until(lambda: widths and widths[-1] == editor.wrap_width)
        await until(lambda: editor.document.text == hand.draft.body)


async def test_a_stand_in_that_was_undone_in_another_tab_comes_back_as_it_was() -> None:
    async with bench(Draft(destination="/queue/a", body="before ")) as hand:
        await edit(hand)
        await hand.press("ctrl+end")
        await hand.paste("\x07bell")
        await until(lambda: hand.draft.body == "before \x07bell")
        await hand.press("ctrl+z")
        await until(lambda: hand.draft.body == "before ")
        hand.pane.take_up(Draft(destination="/queue/b", body="other"))
        await until(lambda: hand.draft.body == "other")
        await hand.press("ctrl+pagedown")
        await until(lambda: hand.draft.body == "before ")
        await hand.go("#body")
        await hand.press("ctrl+y")
        await until(lambda: hand.draft.body == "before \x07bell")
