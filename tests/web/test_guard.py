"""The guard: what is let in, and each thing that is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stomptui.web.guard import MOST_BROWSERS, Asked, Guard, Refusal, cookies_in, is_loopback

HOST = "127.0.0.1:8000"


def let_in(guard: Guard) -> Asked:
    """A request for the console by a browser that was let in."""
    cookie = guard.exchange(guard.new_token())
    assert cookie is not None
    return Asked("GET", f"{guard.folder}/", (HOST,), cookies=(cookie,))


def test_a_token_works_once() -> None:
    guard = Guard("127.0.0.1")
    token = guard.new_token()
    assert guard.exchange("") is None
    assert guard.exchange(token[:-1]) is None
    cookie = guard.exchange(token)
    assert cookie is not None and cookie != token
    assert guard.exchange(token) is None


def test_a_new_token_takes_the_place_of_the_last_and_keeps_browsers_in() -> None:
    guard = Guard("127.0.0.1")
    asked = let_in(guard)
    first, second = guard.new_token(), guard.new_token()
    assert guard.exchange(first) is None
    assert guard.exchange(second) is not None
    assert guard.refusal(asked) is None


def test_the_oldest_browser_is_forgotten_for_the_one_that_is_too_many() -> None:
    guard = Guard("127.0.0.1")
    asked = let_in(guard)
    for _ in range(MOST_BROWSERS):
        newest = let_in(guard)
    assert guard.refusal(asked) is Refusal.COOKIE
    assert guard.refusal(newest) is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"fetch_site": "none"}, None),
        ({"fetch_site": "same-origin", "origins": (f"http://{HOST}",)}, None),
        ({"method": "POST"}, Refusal.METHOD),
        ({"method": "HEAD"}, Refusal.METHOD),
        ({"cookies": ()}, Refusal.COOKIE),
        ({"cookies": ("",)}, Refusal.COOKIE),
        ({"cookies": ("ä", "guess")}, Refusal.COOKIE),
        ({"path": "/favicon.ico"}, Refusal.PATH),
        ({"fetch_site": "same-site"}, Refusal.ORIGIN),
        ({"fetch_site": "cross-site"}, Refusal.ORIGIN),
        ({"origins": ("null",)}, Refusal.ORIGIN),
        ({"origins": ("http://127.0.0.1:9000",)}, Refusal.ORIGIN),
        ({"origins": (f"http://{HOST}", "http://evil.example")}, Refusal.ORIGIN),
        ({"hosts": ()}, Refusal.HOST),
        ({"hosts": (HOST, HOST)}, Refusal.HOST),
    ],
)
def test_what_is_let_in_by_a_cookie(change: dict[str, Any], expected: Refusal | None) -> None:
    guard = Guard("127.0.0.1")
    assert guard.refusal(replace(let_in(guard), **change)) is expected


def test_a_cookie_opens_nothing_outside_of_its_folder() -> None:
    guard = Guard("127.0.0.1")
    asked = let_in(guard)
    assert guard.refusal(replace(asked, path=guard.folder)) is Refusal.PATH
    assert guard.refusal(replace(asked, path=f"{Guard('127.0.0.1').folder}/")) is Refusal.PATH


def test_a_cookie_of_the_same_name_from_another_server_locks_nobody_out() -> None:
    guard = Guard("127.0.0.1")
    asked = let_in(guard)
    header = f"theme=dark; stomptui={asked.cookies[0]};stomptui=tossed"
    assert guard.refusal(replace(asked, cookies=cookies_in([header]))) is None
    assert cookies_in(["theme=dark", "stomptui", "other=stomptui=1"]) == [""]


def test_a_websocket_needs_an_origin() -> None:
    guard = Guard("127.0.0.1")
    asked = replace(let_in(guard), path=f"{guard.folder}/ws")
    assert guard.refusal(asked) is Refusal.ORIGIN
    assert guard.refusal(replace(asked, origins=(f"http://{HOST}",))) is None
    assert guard.refusal(replace(asked, origins=("http://localhost:8000",))) is Refusal.ORIGIN


def test_the_way_in_is_open_to_links_and_closed_to_a_browser_that_looks_ahead() -> None:
    guard = Guard("127.0.0.1")
    asked = Asked("GET", "/", (HOST,), fetch_site="cross-site")
    assert guard.refusal(asked) is None
    assert guard.refusal(replace(asked, prefetched=True)) is Refusal.TOKEN
    assert guard.refusal(replace(asked, hosts=("evil.example",))) is Refusal.HOST


@pytest.mark.parametrize(
    ("address", "host", "expected"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("127.0.0.1", "localhost:9999", True),  # Through ssh -L
        ("127.0.0.1", "LOCALHOST.", True),
        ("127.0.0.1", "[::1]:8000", True),
        ("127.0.0.1", "evil.example:8000", False),
        ("127.0.0.1", "127.0.0.1.evil.example:8000", False),
        ("127.0.0.1", "evil.example@127.0.0.1:8000", False),
        ("127.0.0.1", "127.0.0.1:8000/evil", False),
        ("127.0.0.1", "127.0.0.1:8000;", False),
        ("127.0.0.1", "127.0.0.1:99999", False),
        ("127.0.0.1", "192.168.1.2:8000", False),
        ("127.0.0.1", "", False),
        ("::1", "[::1]:8000", True),
        ("192.168.1.2", "192.168.1.2:8000", True),
        ("192.168.1.2", "127.0.0.1:8000", False),
        ("broker.example", "Broker.Example:8000", True),
        ("0.0.0.0", "192.168.1.2:8000", True),
        ("0.0.0.0", "evil.example:8000", False),
        ("::", "[2001:db8::1]:8000", True),
    ],
)
def test_the_names_of_the_server(address: str, host: str, expected: bool) -> None:
    refusal = Guard(address).refusal(Asked("GET", "/", (host,)))
    assert refusal is (None if expected else Refusal.HOST)


def test_loopback_is_this_machine_alone() -> None:
    assert [is_loopback(address) for address in ("127.0.0.1", "127.9.9.9", "::1", "localhost")] == [True] * 4
    assert [is_loopback(address) for address in ("0.0.0.0", "::", "10.0.0.1", "example")] == [False] * 4
