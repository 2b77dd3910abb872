"""Which names carry secrets, and how a person changes the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.profiles import Profiles
from stomptui.config.secret_names import is_secret, secret_spans, use_secret_names, without_secrets
from stomptui.config.settings import Settings, load_settings, save_settings
from stomptui.config.url import format_url, parse_url
from tests.support.command_line import console_options

SECRETS = """
x-session x-csrf-token sig code otp apikey cookie accessToken X_API_KEY X-Amz-Security-Token X-Amz-Signature pin
x-vault-token JSESSIONID PHPSESSID connect.sid client_secret private-key user.password dbPassword x-code
Ocp-Apim-Subscription-Key id_token csrfmiddlewaretoken X-Auth-Token proxy-authorization sessionId
password2 new_password_1 secret12 XApiKey xapikey one-time-code oneTimeCode creds authz sess_id token_value
"""
OTHERS = """
destination content-type message-id subscription design postcode error-code status-code x-token-count token-type
sha256 sha-1 v2
compass bypass monkey key keyboard author authority secretary tango app-id user-id ack id receipt signal
"""


@pytest.fixture(autouse=True)
def _own_list() -> Iterator[None]:
    yield
    use_secret_names(())


def test_names_of_secrets() -> None:
    for name in SECRETS.split():
        assert is_secret(name) and is_secret(name.upper()) and is_secret(f" {name} "), name


def test_whole_names_count() -> None:
    assert [name for name in OTHERS.split() if is_secret(name)] == []


def test_a_person_adds_names_and_takes_some_off(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('secret_names = ["customer-number", "!code", "!x-*-token", "x-real-token"]\n')
    settings, problem = load_settings(path)
    assert not problem
    use_secret_names(settings.secret_names)
    assert is_secret("Customer_Number") and not is_secret("code")
    assert not is_secret("x-some-token") and is_secret("x-real-token") and is_secret("otp")
    save_settings(settings, path)
    assert load_settings(path)[0].secret_names == settings.secret_names
    path.write_text("secret_names = [1]\n")
    assert "secret_names is a list of names" in (load_settings(path)[1] or "")


def test_names_in_any_script() -> None:
    use_secret_names(["пароль", "Größe", "x-*-ключ", "!password2"])
    assert all(map(is_secret, ("Пароль", "GRÖSSE", "gro\u0308ße", "x-мой-ключ", "password3")))
    others = ("количество", "日本", "gr-e", "ключ", "password2", "", "--")
    assert [name for name in others if is_secret(name)] == []


def test_the_list_of_the_settings_holds_for_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path))
    save_settings(Settings(secret_names=["customer"]), tmp_path / "settings.toml")
    console_options("stomp://h")
    assert is_secret("customer")


def test_a_profile_and_the_last_url_have_no_secret(tmp_path: Path) -> None:
    connection = Connection(
        host="h",
        transport=TransportKind.WS,
        vhost=None,
        login="me",
        passcode="s3cret",
        ws_path="/ws?code=s3cret&x=1&x-session=s3cret",
        headers=(
            ("note", "Bearer s3cret"),
            ("otp", "s3cret"),
            ("u", "https://a:s3cret@h/?sig=s3cret"),
            ("app", "A"),
        ),
        ws_headers=(("X-Session", "s3cret"),),
    )
    profiles = Profiles(tmp_path / "profiles.toml")
    profiles.save("p", connection)
    assert "s3cret" not in profiles.path.read_text()
    loaded = profiles.profile("p")
    assert loaded.secret_headers == ("note", "otp", "u", "X-Session"), "what is not kept is asked for"
    assert dict(loaded.connection.headers)["app"] == "A"
    assert "s3cret" not in format_url(connection)
    assert parse_url(format_url(connection)).ws_path == "/ws?code=&x=1&x-session="
    assert all(secret == "s3cret" or secret == "Bearer s3cret" for secret in connection.secrets())


def test_half_typed_values_are_covered_as_they_grow() -> None:
    for value in ("Bearer s", "Bearer s3cret", "https://h/?token=s"):
        assert secret_spans("note", value)
        assert "s3" not in without_secrets("note", value + "3cret")
