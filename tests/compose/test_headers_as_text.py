"""The list of header lines as text, and back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stomptui.compose.draft import HeaderLine
from stomptui.compose.headers_as_text import HeadersAsText

_TEXTS = st.text(st.sampled_from(list(" \t\n\r\\:#«»ab\u00a0\u2028\udc80\0é")), max_size=6) | st.sampled_from(
    ["password", "«secret 1»", "http://a:b@c/?token=x&y=1", "\\n", "# x"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(HeaderLine, _TEXTS, _TEXTS, st.booleans()), max_size=5), st.booleans())
def test_every_list_of_lines_is_the_same_after_it_was_text(lines: list[HeaderLine], masked: bool) -> None:
    written = HeadersAsText(lines, masked)
    assert written.read(written.text) == (lines, [])
    assert written.text.count("\n") == len(lines)


def test_it_reads_as_a_person_writes() -> None:
    lines = [
        HeaderLine("content-type", "text/plain"),
        HeaderLine("priority", "9", False),
        HeaderLine("note", " one\ntwo\\"),
        HeaderLine("priority", "4"),
        HeaderLine("empty"),
    ]
    written = HeadersAsText(lines)
    assert written.text == ("content-type: text/plain\n# priority: 9\nnote: \\sone\\ntwo\\\\\npriority: 4\nempty:\n")
    assert written.read("  a:1  \r\n\n#b : x:y\nc\\:d:  e").lines == [
        HeaderLine("a", "1"),
        HeaderLine("b", "x:y", False),
        HeaderLine("c:d", "e"),
    ]


def test_a_secret_stands_for_itself_until_another_is_typed() -> None:
    lines = [HeaderLine("password", "hunter2"), HeaderLine("reply-to", "https://u:pw@h/x")]
    written = HeadersAsText(lines)
    assert "hunter2" not in written.text and "pw" not in written.text
    changed = written.text.replace("password: «secret 1»", "passcode: «secret 1»").replace("«secret 2»", "new")
    assert written.read(changed).lines == [
        HeaderLine("passcode", "hunter2"),
        HeaderLine("reply-to", "https://u:new@h/x"),
    ]
    assert HeadersAsText(lines, masked=False).text.startswith("password: hunter2\n")


def test_a_wrong_line_is_named() -> None:
    read = HeadersAsText([]).read("a: 1\nno colon\nb: C:\\dir\nc: «secret 1»\nd: \\u{110000}\n")
    assert read.lines == [HeaderLine("a", "1")]
    assert [fault.line for fault in read.faults] == [2, 3, 4, 5]
    assert "write name: value" in read.faults[0].text and "\\\\" in read.faults[1].text
