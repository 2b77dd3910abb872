"""Headers on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.config.connection import Connection, TransportKind
from stomptui.config.profiles import Profiles
from tests.support.command_line import console_options as options


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(tmp_path / "state"))
    for name in ("STOMPTUI_URL", "STOMPTUI_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def test_headers_keep_their_order_and_repeats(tmp_path: Path) -> None:
    (tmp_path / "headers").write_text("# mine\nCookie: a=1; b=2\n\nx-tenant:b\n")
    found = options("-H", "x-tenant: a", "-H", f"@{tmp_path}/headers", "--connect-header", "app-id:A:B", "ws://h/ws")
    assert found.connection is not None and found.autoconnect
    assert found.connection.ws_headers == (("x-tenant", "a"), ("Cookie", "a=1; b=2"), ("x-tenant", "b"))
    assert found.connection.headers == (("app-id", "A:B"),)


def test_they_replace_those_of_the_profile_and_give_what_it_does_not_keep() -> None:
    saved = Connection(
        host="h",
        transport=TransportKind.WS,
        vhost=None,
        headers=(("X-CSRF-TOKEN", "s3cret"),),
        ws_headers=(("x-tenant", "a"), ("Accept", "b")),
    )
    Profiles().save("spring", saved)
    assert "X-CSRF-TOKEN" in options("--profile", "spring").notice
    given = ["--connect-header", "X-CSRF-TOKEN: {{env CSRF}}", "-H", "X-Tenant: c"]
    found = options("--profile", "spring", *given)
    assert found.connection is not None and found.autoconnect and not found.notice
    assert found.connection.headers == (("X-CSRF-TOKEN", "{{env CSRF}}"),)
    assert found.connection.ws_headers == (("Accept", "b"), ("X-Tenant", "c"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-H", "Authorization: Bearer s3cret", "ws://h"], "the value of Authorization is a secret"),
        (["-H", "cookie:s3cret", "ws://h"], "or, in its place, {{env NAME}}, {{file PATH}} or {{command WORDS}}"),
        (["--connect-header=X-CSRF-TOKEN: s3cret", "ws://h"], "--connect-header @FILE"),
        (["-H", "x: Bearer s3crets3cret", "ws://h"], "is a secret"),
        (["-H", "s3cret", "ws://h"], "-H needs a header such as 'x-tenant: a', or @FILE"),
        (["-H", ": s3cret", "ws://h"], "-H needs a header"),
        (["-H", "a: b\r\nc: d", "ws://h"], "a header has no line break"),
        (["-H", "a: b", "stomp://h"], "--connect-header adds to the CONNECT frame"),
        (["-H", "@/no/such", "ws://h"], "@/no/such cannot be read: No such file"),
        (["-H", "@/dev/null", "ws://h"], "it is a device"),
        (["-H", "a b: c", "ws://h"], "a b: this cannot be the name of an HTTP header"),
        (["--proxy", "http://me:s3cret@h", "ws://h"], "a password of a proxy goes into https_proxy"),
        (["--proxy", "me:s3cret@h:3128", "ws://h"], "a password of a proxy goes into https_proxy"),
        (["--proxy", "me:http://s3cret@h", "ws://h"], "a password of a proxy goes into https_proxy"),
        (["--proxy", "http://h", "stomp://h"], "--proxy is about ws:// and wss://"),
        (["--ca-file", "x", "ws://h"], "--ca-file is about stomp+ssl:// and wss://"),
        (["--ca-file", "/no/such", "wss://h"], "no such file: /no/such"),
        (["ws://h", "Authorization: Bearer s3cret"], "unrecognized arguments: Authorization: ••••••"),
    ],
)
def test_what_cannot_be_taken_is_one_line_without_secrets(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said and "s3cret" not in said
    assert said.count("\n") == 1


def test_what_a_server_wants_before_stomp_is_given_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("x")
    given = ("--http-login", "alice", "--proxy", "http://proxy:3128", "--ca-file", str(ca), "wss://h/ws")
    assert options(*given).notice == "type the HTTP password of alice"
    monkeypatch.setenv("STOMPTUI_HTTP_PASSWORD", "s3cret")
    found = options(*given)
    assert found.connection is not None and found.autoconnect
    assert (found.connection.ws_login, found.connection.ws_passcode) == ("alice", "s3cret")
    assert found.connection.proxy == "http://proxy:3128" and found.connection.tls.ca_file == str(ca)


def test_a_file_with_a_secret_that_others_can_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "headers").write_text("Authorization: Bearer s3cret\n")
    for mode, told in ((0o644, True), (0o600, False)):
        (tmp_path / "headers").chmod(mode)
        found = options("-H", f"@{tmp_path}/headers", "ws://h/ws")
        assert found.connection is not None and found.connection.ws_headers == (("Authorization", "Bearer s3cret"),)
        assert ("other users can read it" in capsys.readouterr().err) == told
