"""The arguments that say which broker to connect to, shared by all commands that connect."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import Any

from stomptui.cli.handshake_arguments import HTTP_PASSWORD, add_handshake_options, with_handshake
from stomptui.cli.header_arguments import NOTES, add_header_options, check_headers, read_headers
from stomptui.cli.parser import Parser
from stomptui.config.connection import LONGEST_TIMEOUT, Connection, timeout_problem
from stomptui.config.dialects import DIALECTS
from stomptui.config.files.logs import hide_secrets
from stomptui.config.files.paths import directory_problem
from stomptui.config.output import ask_secret, on_a_terminal, say
from stomptui.config.profiles import Profile, ProfileError, Profiles
from stomptui.config.secret_names import use_secret_names
from stomptui.config.secrets import Keyring, SecretError, environment_password
from stomptui.config.settings import load_settings
from stomptui.config.url import UrlError, parse_url

ENVIRONMENT = f"""\
{NOTES}
environment:
  STOMPTUI_URL         the broker, when neither a URL nor --profile is given
  STOMPTUI_PASSWORD    the password, unless the URL has one, which every user of the machine can see
  STOMPTUI_HTTP_PASSWORD  the password of --http-login
  STOMPTUI_KEY_PASSWORD   the password of the key of our certificate
  https_proxy          the proxy of wss://, as http_proxy is of ws://; no_proxy lists hosts reached without
  STOMPTUI_CONFIG_DIR  the directory of profiles.toml and settings.toml
  STOMPTUI_STATE_DIR   the directory of the log and the history
"""
"""For the notes of a command that connects."""
URL_HELP = (
    "the broker: stomp://, stomp+ssl://, ws:// or wss://, as in stomp://guest@127.0.0.1:61613/; hosts with commas "
    "between them are tried in their order"
)


def add_connection_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what says how to connect, beside a URL; returns their group, for more options of that kind."""
    group = parser.add_argument_group("connection")
    add = group.add_argument
    add("--profile", metavar="NAME", help="connect as saved under this name")
    add("--login", metavar="NAME", help="the login, instead of the one in the URL or the profile")
    add("--vhost", metavar="NAME", help="the virtual host, instead of the one in the URL or the profile")
    add("--read-only", action="store_true", help="refuse everything that sends, acknowledges or changes anything")
    told = "what to treat the broker as, whatever it says"
    add("--dialect", metavar="NAME", choices=tuple(DIALECTS), help=f"{told}: {', '.join(DIALECTS)}")
    add_header_options(group)
    add_handshake_options(group)
    add("--connect-timeout", metavar="SECONDS", type=float, help="how long connecting may take (default: 10)")
    return group


def read_connection(parser: Parser, given: argparse.Namespace) -> Connection:
    """The connection that is asked for by `url` (or STOMPTUI_URL if that is None) and `add_connection_options`.

    A password that is not at hand is asked for on the terminal. What is wrong is said, and ends in status 2.

    Raises:
        SystemExit: There is no such connection.
    """
    check_places(parser)
    settings, settings_problem = load_settings()
    use_secret_names(settings.secret_names)
    changes = connection_changes(parser, given)
    headers = read_headers(parser, given)
    profile = wanted_profile(parser, given)
    if profile is None:
        parser.error("a URL, --profile or STOMPTUI_URL is needed")
    profile = headers.over_profile(profile)
    profile = replace(profile, connection=with_handshake(parser, given, profile.connection))
    connection, _ = with_password(changed(profile.connection, changes, given.read_only), profile)
    if profile.secret_headers:
        parser.refuse(f"the value of {', '.join(profile.secret_headers)} is not saved: give it in the console")
    check_headers(parser, headers, connection)
    problems = connection.problems()
    if problems:
        parser.refuse("; ".join(problems.values()))
    hide_secrets(connection.secrets())
    for notice in filter(None, (settings_problem, settings.unknown, profile.unknown)):
        say(notice)
    return _asked_for_password(parser, connection)


def check_places(parser: Parser) -> None:
    """See that the directories of settings and state can be used."""
    if problem := directory_problem():
        parser.refuse(problem)


def connection_changes(parser: Parser, given: argparse.Namespace) -> dict[str, Any]:
    """What is given over the URL or the profile, by the fields of `Connection`."""
    timeout = given.connect_timeout
    if timeout is not None and timeout_problem(timeout):
        parser.error(f"--connect-timeout is a number of seconds up to {LONGEST_TIMEOUT:.0f}")
    wanted = (("login", given.login), ("vhost", given.vhost), ("dialect", given.dialect), ("timeout", timeout))
    return {name: value for name, value in wanted if value is not None}


def changed(connection: Connection, changes: dict[str, Any], read_only: bool) -> Connection:
    """The connection with what is given over it; a read-only one stays so.

    Args:
        connection: That of the URL or the profile.
        changes: As of `connection_changes`.
        read_only: Whether it is asked for to be read-only.
    """
    environment = connection.environment
    return replace(
        connection, environment=replace(environment, read_only=environment.read_only or read_only), **changes
    )


def wanted_profile(parser: Parser, given: argparse.Namespace) -> Profile | None:
    """The profile or the URL that is given, else that of STOMPTUI_URL; None without any."""
    if given.profile is not None:
        try:
            return Profiles().profile(given.profile)
        except ProfileError as error:
            parser.refuse(str(error))
    url, source = given.url, ""
    if url is None:
        url, source = os.environ.get("STOMPTUI_URL"), "STOMPTUI_URL: "
    if not url and given.url is None:
        return None
    try:
        return Profile(parse_url(url or ""))
    except UrlError as error:
        parser.refuse(f"{source}{error}")


def with_password(connection: Connection, profile: Profile) -> tuple[Connection, str]:
    """The connection with its password if one is at hand, and what is missing otherwise."""
    if not connection.passcode:
        connection = replace(connection, passcode=environment_password())
    if not connection.passcode and profile.keyring:
        try:
            connection = replace(connection, passcode=Keyring().get(connection))
        except SecretError as error:
            return connection, f"{error}; enter the password"
    if connection.login and not connection.passcode:
        return connection, f"type the password of {connection.login}"
    if connection.ws_login and not connection.ws_passcode and connection.transport.websocket:
        return connection, f"type the HTTP password of {connection.ws_login}"
    if profile.secret_headers:
        return connection, f"type the value of {', '.join(profile.secret_headers)}: it is not saved"
    return connection, ""


def _asked_for_password(parser: Parser, connection: Connection) -> Connection:
    if connection.login and not connection.passcode:
        connection = replace(connection, passcode=_asked(parser, connection.login, "password", "STOMPTUI_PASSWORD"))
    if connection.ws_login and not connection.ws_passcode and connection.transport.websocket:
        given = _asked(parser, connection.ws_login, "HTTP password", HTTP_PASSWORD)
        connection = replace(connection, ws_passcode=given)
    hide_secrets(connection.secrets())
    return connection


def _asked(parser: Parser, login: str, what: str, variable: str) -> str:
    if not on_a_terminal():
        parser.refuse(f"the {what} of {login} is needed, for example in {variable}")
    try:
        return ask_secret(f"{what} of {login}: ")
    except (EOFError, KeyboardInterrupt):
        parser.refuse("no password was given")
