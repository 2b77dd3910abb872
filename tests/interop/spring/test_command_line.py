"""Into a Spring application from the command line: each way in, and nothing secret among the arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.listening import connected
from tests.support.brokers.spring import TOKEN, Door, Spring
from tests.support.command_line import console_options
from tests.support.running import stomptui


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(tmp_path / "state"))


def user(*arguments: str) -> str | None:
    """Who one is with these arguments."""
    options = console_options(*arguments)
    assert options.connection is not None and options.autoconnect, options.notice
    with connected(options.connection) as listening:
        return listening.wait_for_frames("CONNECTED", 1)[0].get("user-name")


def test_an_address_is_all_that_is_needed(spring: Spring) -> None:
    for address in (f"ws://localhost:{spring.port}/ws", f'"http://127.0.0.1:{spring.port}/ws/info"'):
        assert user(address) is None


def test_http_login(spring: Spring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOMPTUI_HTTP_PASSWORD", "alice")
    assert user("--http-login", "alice", f"ws://127.0.0.1:{spring.port}{Door.BASIC.value}/ws") == "alice"


def test_a_token_by_a_command(spring: Spring, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    address = f"ws://127.0.0.1:{spring.port}{Door.BEARER.value}/ws"
    assert user("--connect-header", f"Authorization: Bearer {{{{command cat {tmp_path}/token}}}}", address) == "alice"


def test_certificates(spring: Spring) -> None:
    own = spring.certificates.client
    files = ("--ca-file", str(spring.certificates.ca), "--cert-file", str(own.cert), "--key-file", str(own.key))
    assert user(*files, f"wss://127.0.0.1:{spring.client_tls_port}/ws") is None


def test_a_cookie_and_a_csrf_token_in_files_in_the_real_app(spring: Spring, tmp_path: Path) -> None:
    cookie = spring.log_in("alice")
    name, value = spring.csrf_header(cookie)
    for file, line in (("cookie", f"Cookie: {cookie}"), ("csrf", f"{name}: {value}")):
        (tmp_path / file).write_text(f"# of the development server\n{line}\n")
        (tmp_path / file).chmod(0o600)
    headers = ("-H", f"@{tmp_path}/cookie", "--connect-header", f"@{tmp_path}/csrf")
    with stomptui(*headers, f"ws://127.0.0.1:{spring.port}{Door.CSRF.value}/ws") as terminal:
        screen = terminal.wait_for("● connected", "alice")
        assert value not in screen and cookie not in screen
