"""The proxy of a WebSocket: what a person says, and what the environment says."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import Connection
from stomptui.config.proxy import Proxy, ProxyError, parse_proxy, proxy_for, proxy_problem, without_password


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy:8080", Proxy("proxy", 8080)),
        ("proxy", Proxy("proxy", 3128)),
        (" http://me:p%40ss@10.0.0.1:8080/ ", Proxy("10.0.0.1", 8080, "me", "p@ss")),
        ("http://[::1]:8080", Proxy("::1", 8080)),
    ],
)
def test_a_proxy_is_read(text: str, proxy: Proxy) -> None:
    assert parse_proxy(text) == proxy


@pytest.mark.parametrize(
    "text", ["socks5://me:s3cret@h", "http://", "http://h:0", "http://h:x", "http://h/path?s3cret"]
)
def test_what_is_no_proxy_is_told_without_repeating_it(text: str) -> None:
    with pytest.raises(ProxyError) as refused:
        parse_proxy(text)
    assert "s3cret" not in str(refused.value) and proxy_problem(text)


@given(st.text())
def test_no_text_does_more_than_parse_or_say_why(text: str) -> None:
    with contextlib.suppress(ProxyError):
        parse_proxy(text)
    without_password(text)


def test_the_environment_is_asked_but_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://me:pw@plain:1")
    monkeypatch.setenv("HTTPS_PROXY", "secure:2")
    monkeypatch.setenv("no_proxy", "inside.example, .local")
    assert proxy_for("", "h", 80, False) == Proxy("plain", 1, "me", "pw", "http_proxy")
    assert proxy_for("", "h", 443, True) == Proxy("secure", 2, source="https_proxy")
    for host in ("localhost", "127.0.0.1", "::1", "inside.example", "a.local"):
        assert proxy_for("", host, 80, False) is None
    assert proxy_for("none", "h", 80, False) is None
    assert proxy_for("http://mine:3", "127.0.0.1", 80, False) == Proxy("mine", 3), "who names one means it"


def test_a_kind_that_is_not_known_is_told_with_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://h:1")
    with pytest.raises(
        ProxyError, match="all_proxy of the environment: a proxy is http://host:port here, and not socks5"
    ):
        proxy_for("", "h", 80, False)


def test_a_file_gets_no_password() -> None:
    assert without_password("http://me:s3cret@h:1") == "http://me@h:1"
    assert without_password("h:1") == "h:1"


@pytest.mark.parametrize(
    "text",
    ["me:s%33cret@h:3128", "http://me:s%33cret@h", " me:s%33cret@h", "me:s%33cret://x@h", "http://me:a@s%33cret@h"],
)
def test_a_password_is_found_with_and_without_a_scheme(text: str) -> None:
    assert without_password(text) in ("me@h:3128", "http://me@h", "me@h")
    assert any("s3cret" in secret for secret in Connection(proxy=text).secrets())
    assert "cret" not in (proxy_problem(text) or "")


@pytest.mark.parametrize("text", ["h:3128", "http://h:3128", "me@h", "none", ""])
def test_a_proxy_without_a_password_has_none(text: str) -> None:
    assert without_password(text) == text and not Connection(proxy=text).secrets()
