"""Header values that say where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.header_sources import SourceError, filled, has_sources, sources_in
from stomptui.config.profiles import Profiles
from stomptui.config.secret_names import without_secrets


def connection(value: str) -> Connection:
    return Connection(transport=TransportKind.WS, headers=(("a", "1"),), ws_headers=(("Authorization", value),))


def value(text: str, output: bytes = b"") -> str:
    return filled(connection(text), lambda words: output + b" ".join(word.encode() for word in words)).ws_headers[0][1]


def test_where_values_come_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOKEN", "t0ken")
    (tmp_path / "my token").write_text("fr0m-file\n")
    assert value("Bearer {{env TOKEN}}") == "Bearer t0ken"
    assert value(f"Bearer {{{{ file {tmp_path}/my token }}}}") == "Bearer fr0m-file"
    assert value("{{command get 'a b' --x $HOME;ls}}") == "get a b --x $HOME;ls", "no shell reads it"
    assert sources_in(connection("{{command get 'a b'}} {{env X}}")) == ["command get 'a b'", "env X"]


@pytest.mark.parametrize("text", ["{{uuid}}", "{{env}}", "{{ environ X }}", "{a}", "plain", "{{env TOKEN"])
def test_all_else_is_sent_as_it_is(text: str) -> None:
    assert not has_sources(connection(text))
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{env N0PE}}", "Authorization: env N0PE: the environment has no variable of that name"),
        ("{{file /no/such}}", "cannot be read: No such file"),
        ("{{file /dev/null}}", "it is a device, not a file"),
        ("{{command a 'b}}", "a quote is not closed"),
        ("{{command two lines}}", "more than one line"),
    ],
)
def test_why_a_value_cannot_be_had_is_said_with_the_field_to_blame(text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as refused:
        value(text, b"s3cret\n")
    assert refused.value.field == "ws_headers"
    assert "s3cret" not in str(refused.value)


@given(st.text())
def test_no_text_does_more_than_say_why(text: str) -> None:
    try:
        value("{{command x}}" + text)
    except SourceError:
        pass


def test_what_only_says_where_a_secret_comes_from_is_shown_and_saved(tmp_path: Path) -> None:
    saved = Connection(
        transport=TransportKind.WS,
        vhost=None,
        headers=(("Authorization", "Bearer {{env TOKEN}}"), ("X-CSRF-TOKEN", "abc {{env TOKEN}}")),
        ws_headers=(("Cookie", "{{file ~/cookie}}"),),
    )
    assert without_secrets(*saved.headers[0]) == "Bearer {{env TOKEN}}"
    assert without_secrets("Authorization", "s3cret {{env TOKEN}}") == "••••••"
    profiles = Profiles(tmp_path / "profiles.toml")
    profiles.save("a", saved)
    loaded = profiles.profile("a")
    assert loaded.connection.headers == (saved.headers[0], ("X-CSRF-TOKEN", ""))
    assert loaded.connection.ws_headers == saved.ws_headers
    assert loaded.secret_headers == ("X-CSRF-TOKEN",)
