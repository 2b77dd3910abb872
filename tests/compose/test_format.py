"""Formatting lays a text out and changes nothing that it says."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.compose.format import FormatError, format_text, language_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, ascii_only=st.booleans())
def test_json_says_the_same_and_stays_as_it_is_the_second_time(value: object, ascii_only: bool) -> None:
    formatted = format_text(json.dumps(value, ensure_ascii=ascii_only), "json")
    assert json.loads(formatted) == value
    assert formatted == json.dumps(value, ensure_ascii=ascii_only, indent=2)
    assert format_text(formatted, "json") == formatted


def test_json_keeps_numbers_names_and_the_last_line_end() -> None:
    text = '{"a":1.50,"a":1e400,"n":12345678901234567890123,"s":"\\u00e9, {}"}\n'
    assert format_text(text, "json") == (
        '{\n  "a": 1.50,\n  "a": 1e400,\n  "n": 12345678901234567890123,\n  "s": "\\u00e9, {}"\n}\n'
    )


def test_xml_is_laid_out_where_blanks_mean_nothing() -> None:
    text = '<?xml version="1.0" encoding="latin1"?><a x="1>2"><b/><c>t <i>é</i></c><!--n--><d><e>1</e></d><f></f></a>'
    assert format_text(text, "xml") == (
        '<?xml version="1.0" encoding="latin1"?>\n<a x="1>2">\n  <b/>\n  <c>t <i>é</i></c>\n  <!--n-->\n'
        "  <d>\n    <e>1</e>\n  </d>\n  <f></f>\n</a>"
    )


NAMES = st.sampled_from("abc")
XML = st.recursive(
    st.text(st.sampled_from("x <&é\n"), max_size=4),
    lambda inner: st.tuples(NAMES, st.lists(inner, max_size=4)),
    max_leaves=10,
)


def _build(tree: object, parent: ElementTree.Element) -> None:
    if isinstance(tree, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + tree
        else:
            parent.text = (parent.text or "") + tree
    elif isinstance(tree, tuple):
        child = ElementTree.SubElement(parent, tree[0])
        for part in tree[1]:
            _build(part, child)


def _words(element: ElementTree.Element) -> object:
    """What an element says: text as it is where there is any, blanks alone as nothing."""
    mixed = bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)
    keep = mixed or not len(element)

    def said(text: str | None) -> str:
        return text or "" if keep else (text or "").strip()

    return element.tag, said(element.text), [(_words(child), said(child.tail)) for child in element]


@given(tree=XML)
def test_xml_says_the_same(tree: object) -> None:
    root = ElementTree.Element("root")
    _build(tree, root)
    text = ElementTree.tostring(root, encoding="unicode")
    formatted = format_text(text, "xml")
    assert _words(ElementTree.fromstring(formatted)) == _words(ElementTree.fromstring(text))
    assert format_text(formatted, "xml") == formatted


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ('{"a":}', "json", "line 1 column 6"),
        ("<a>\n<b></a>", "xml", "line 2 column 6"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml", "DOCTYPE"),
        ("hello", "", "content-type"),
        ("<a>\ud800</a>", "xml", "half a character"),
    ],
)
def test_what_cannot_be_formatted_is_said(text: str, language: str, told: str) -> None:
    with pytest.raises(FormatError, match=told):
        format_text(text, language)


def test_the_language_is_what_the_content_type_says() -> None:
    assert language_of("application/json; charset=utf-8") == "json"
    assert language_of("application/soap+xml") == "xml"
    assert language_of("text/plain", "{}") == ""
    assert language_of("", "  [1]") == "json"
