"""The URL of a broker's management: what it may say, and that it never takes a password along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.form import Form
from stomptui.config.management import is_loopback, management_problem, parse_management
from stomptui.config.profiles import ProfileError, Profiles


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:15672", "http://127.0.0.1:15672"),
        (" HTTPS://Rabbit/ ", "https://rabbit:443"),
        ("http://broker:8161/console/jolokia/", "http://broker:8161/console/jolokia"),
        ("http://[::1]:15672/x", "http://[::1]:15672/x"),
        ("http://h", "http://h:80"),
    ],
)
def test_what_a_url_says(text: str, url: str) -> None:
    assert parse_management(text).url == url
    assert management_problem(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("broker:15672", "begins with http:// or https://"),
        ("ftp://h", "begins with http:// or https://"),
        ("http://guest:guest@h", "leave login and password out"),
        ("http://guest@h", "leave login and password out"),
        ("http://h?x=1", "no ? and no #"),
        ("http://h/#", "no ? and no #"),
        ("http://", "names no host"),
        ("http://:80", "names no host"),
        ("http://h:99999", "cannot be read"),
        ("http://h:x", "cannot be read"),
        ("http://h:0", "from 1 to 65535"),
        ("http://[::1", "cannot be read"),
        ("http://h/ä", "beyond ASCII"),
        ("http://h/\r\nx: y", "no blanks and no control characters"),
    ],
)
def test_what_is_no_such_url_is_said_in_words(text: str, words: str) -> None:
    assert words in (management_problem(text) or "")
    assert words in Connection(management=text).problems()["management"]


def test_none_is_fine() -> None:
    assert management_problem("") is None and "management" not in Connection().problems()


def test_a_password_that_goes_encrypted_does_not_go_plain_to_the_management() -> None:
    for transport in (TransportKind.TLS, TransportKind.WSS):
        connection = Connection(host="h", transport=transport, management="http://h:15672")
        assert "use https://" in connection.problems()["management"]
        for fine in ("https://h:15671", "http://localhost:15672", "http://127.0.0.2:1", "http://[::1]:1"):
            assert "management" not in replace(connection, management=fine).problems()
    assert "management" not in Connection(host="h", management="http://h:15672").problems()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_what_stays_on_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_a_profile_keeps_it_and_never_with_a_password(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path / "profiles.toml")
    connection = Connection(management="https://rabbit:15671")
    profiles.save("a", connection)
    assert profiles.load("a") == connection
    profiles.save("a", replace(connection, management="http://guest:s3cret@rabbit"))
    assert profiles.load("a").management == "" and "s3cret" not in profiles.path.read_text()


@pytest.mark.parametrize(
    ("line", "words"), [("management = 3", "a URL in quotes"), ("management = 'rabbit:15672'", "begins with http")]
)
def test_a_wrong_one_in_a_profile_is_told_by_line(tmp_path: Path, line: str, words: str) -> None:
    profiles = Profiles(tmp_path / "profiles.toml")
    profiles.path.write_text(f"[profiles.a]\nurl = 'h'\n{line}\n")
    with pytest.raises(ProfileError, match=f"line 3: a: management: .*{words}"):
        profiles.load("a")


def test_a_url_of_another_broker_does_not_leave_the_old_management_behind() -> None:
    form = Form.of(Connection(host="old", management="http://old:15672"))
    form.fill_from_url("stomp://guest@old:61613/", pasted=True)
    assert form.management == "http://old:15672"
    form.fill_from_url("stomp://guest@new:61613/", pasted=True)
    assert form.management == ""
