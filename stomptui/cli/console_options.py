"""The command line and the environment, checked and put together."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stomptui import __version__
from stomptui.cli.parser import Parser
from stomptui.config.connection import LONGEST_TIMEOUT, Connection, timeout_problem
from stomptui.config.logs import default_log_file, hide
from stomptui.config.options import Options
from stomptui.config.output import say
from stomptui.config.paths import place_problem
from stomptui.config.profiles import Profile, ProfileError, Profiles
from stomptui.config.secret_names import use_secret_names
from stomptui.config.secrets import Keyring, SecretError, environment_password
from stomptui.config.settings import load_settings
from stomptui.config.url import UrlError, parse_url

EXAMPLES = """\
examples:
  stomptui                                          by the profile used last, else the connection form
  stomptui stomp://guest@127.0.0.1:61613/           asks for the password, then connects
  stomptui stomp+ssl://guest@rabbit:61614/orders    TLS, virtual host orders
  stomptui ws://127.0.0.1:15674/ws                  WebSocket
  stomptui --profile staging --subscribe /topic/orders --subscribe /queue/test
  stomptui --demo                                   an embedded broker with sample traffic
  stomptui broker --port 61613                      that broker alone; see stomptui broker --help
  stomptui drain URL /queue/test FILE               take the messages of a queue into a file; see stomptui drain --help
  stomptui refill URL FILE                          send the messages of a file; see stomptui refill --help

--peek opens the view of a queue: what is in it now, to be acted on; nothing is taken.
A queue given with --subscribe is looked at in the log: nothing is acknowledged, nothing is consumed.
With --work each message waits for your ack or nack. With --consume all are taken for good.

environment:
  STOMPTUI_URL            where to connect to when neither a URL nor --profile nor --demo is given
  STOMPTUI_PASSWORD       the password, unless the URL has one (which every user of the machine can see)
  STOMPTUI_CONFIG_DIR     where profiles.toml and settings.toml are
  STOMPTUI_STATE_DIR      where the log and the history are
"""


def make_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="stomptui",
        description="A terminal console for message brokers that speak STOMP.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("url", nargs="?", metavar="URL", help="the broker: stomp://, stomp+ssl://, ws:// or wss://")
    add_connection_options(parser)
    add("--demo", action="store_true", help="connect to an embedded broker with sample traffic")
    add("--subscribe", metavar="DEST", action="append", default=[], help="look at a destination; may be repeated")
    add("--peek", metavar="QUEUE", help="look into a queue, in a view of its own")
    add("--work", metavar="QUEUE", action="append", default=[], help="work a queue; may be repeated")
    add("--consume", metavar="DEST", action="append", default=[], help="consume from a destination; may be repeated")
    add("--theme", metavar="NAME", help="the theme to start with; it is remembered")
    add("--log-file", metavar="PATH", type=Path, help="where the app's own log goes")
    add("--quiet", action="store_true", help="print no counts on leaving")
    add("--version", action="version", version=f"stomptui {__version__}")
    return parser


def add_connection_options(parser: argparse.ArgumentParser) -> None:
    """Add what says how to connect, beside a URL."""
    add = parser.add_argument
    add("--profile", metavar="NAME", help="connect as saved under this name")
    add("--login", metavar="NAME", help="the login, over the one in the URL or the profile")
    add("--vhost", metavar="NAME", help="the virtual host, over the one in the URL or the profile")
    add("--connect-timeout", metavar="SECONDS", type=float, help="how long connecting may take (default: 10)")


def read_connection(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Connection:
    """The connection that is asked for by `url` (or STOMPTUI_URL if that is None) and `add_connection_options`.

    Its password is there if it was at hand, and "" otherwise. What is wrong ends in `parser.error`: status 2.
    """
    _check_places(parser)
    settings, settings_problem = load_settings()
    use_secret_names(settings.secret_names)
    changes = _changes(parser, given)
    profile = _wanted(parser, given)
    if profile is None:
        parser.error("a URL, --profile or STOMPTUI_URL is needed")
    connection, _ = _with_password(replace(profile.connection, **changes), profile)
    if profile.asked_for:
        parser.error(f"the value of {', '.join(profile.asked_for)} is not saved: give it in the console")
    problems = connection.problems()
    if problems:
        parser.error("; ".join(problems.values()))
    hide(connection.secrets())
    for told in filter(None, (settings_problem, settings.unknown, profile.unknown)):
        say(told)
    return connection


def read_options(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> Options:
    """What the arguments and the environment ask for. Whatever is wrong with them ends in `parser.error`: status 2."""
    given = parser.parse_args(arguments)
    _check_places(parser)
    settings, _ = load_settings()
    use_secret_names(settings.secret_names)
    ways = [name for name, used in (("a URL", given.url), ("--profile", given.profile), ("--demo", given.demo)) if used]
    if len(ways) > 1:
        parser.error(f"{' and '.join(ways)} cannot be used together")
    if not all([*given.subscribe, *given.consume, *given.work]) or given.peek == "":
        parser.error("--subscribe, --peek, --work and --consume need a destination, for example /queue/test")
    changes = _changes(parser, given)
    profile = None if given.demo else _wanted(parser, given)
    last = _Last()
    if profile is None and changes and not given.demo:
        profile = Profile(Connection())
    elif profile is None and not given.demo:
        last = _last(settings.last_profile, bool(given.work or given.consume))
        profile = last.profile
    name = given.profile or last.name
    connection, notice = None, ""
    if profile is not None:
        connection, notice = _with_password(replace(profile.connection, **changes), profile)
        problems = connection.problems()
        if problems and not name:
            parser.error("; ".join(problems.values()))
        hide(connection.secrets())
    return Options(
        connection=connection,
        autoconnect=bool(
            profile
            and connection
            and (given.url or name or os.environ.get("STOMPTUI_URL"))
            and not notice
            and not last.notice
            and not connection.problems()
        ),
        subscribe=(*(profile.subscribe if profile else ()), *given.subscribe),
        peek=given.peek or "",
        work=tuple(given.work),
        consume=(*(profile.consume if profile else ()), *given.consume),
        demo=given.demo,
        profile=name,
        quiet=given.quiet,
        log_file=given.log_file or default_log_file(),
        theme=given.theme,
        warnings=(profile.unknown,) if profile and profile.unknown else (),
        notice="; ".join(filter(None, (last.notice, notice))),
    )


@dataclass(frozen=True)
class _Last:
    """By what the person was connected last, and why it is not done again without a key."""

    profile: Profile | None = None
    name: str = ""
    notice: str = ""


def _last(name: str, takes: bool) -> _Last:
    """The profile used last, if it was one.

    Args:
        name: As the settings remember it.
        takes: Whether the command line asks for messages to be taken, without saying from where.
    """
    if not name:
        return _Last()
    try:
        profile = Profiles().profile(name)
    except ProfileError as error:
        return _Last(notice=str(error))
    takes = takes or bool(profile.consume)
    notice = f"this takes messages out of queues: connect to go on as '{name}'" if takes else ""
    return _Last(profile, name, notice)


def _check_places(parser: argparse.ArgumentParser) -> None:
    if problem := place_problem():
        parser.error(problem)


def _changes(parser: argparse.ArgumentParser, given: argparse.Namespace) -> dict[str, Any]:
    """What is given over the URL or the profile, by the fields of `Connection`."""
    timeout = given.connect_timeout
    if timeout is not None and timeout_problem(timeout):
        parser.error(f"--connect-timeout is a number of seconds up to {LONGEST_TIMEOUT:.0f}")
    wanted = (("login", given.login), ("vhost", given.vhost), ("timeout", timeout))
    return {name: value for name, value in wanted if value is not None}


def _wanted(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Profile | None:
    if given.profile is not None:
        try:
            return Profiles().profile(given.profile)
        except ProfileError as error:
            parser.error(str(error))
    url, source = given.url, ""
    if url is None:
        url, source = os.environ.get("STOMPTUI_URL"), "STOMPTUI_URL: "
    if not url and given.url is None:
        return None
    try:
        return Profile(parse_url(url or ""))
    except UrlError as error:
        parser.error(f"{source}{error}")


def _with_password(connection: Connection, profile: Profile) -> tuple[Connection, str]:
    """The connection with its password if one is at hand, and what is missing otherwise."""
    if not connection.passcode:
        connection = replace(connection, passcode=environment_password())
    if not connection.passcode and profile.keyring:
        try:
            connection = replace(connection, passcode=Keyring().get(connection))
        except SecretError as error:
            return connection, f"{error}; type the password"
    if connection.login and not connection.passcode:
        return connection, f"type the password of {connection.login}"
    if profile.asked_for:
        return connection, f"type the value of {', '.join(profile.asked_for)}: it is not saved"
    return connection, ""
