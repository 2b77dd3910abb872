"""The options of the console, made of its arguments, a profile and the environment."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from pathlib import Path

from stomptui.cli.connection_arguments import (
    changed,
    check_places,
    connection_changes,
    wanted_profile,
    with_password,
)
from stomptui.cli.handshake_arguments import with_handshake
from stomptui.cli.header_arguments import check_headers, read_headers
from stomptui.cli.parser import Parser
from stomptui.config.connection import Connection
from stomptui.config.files.logs import default_log_file, hide_secrets
from stomptui.config.files.paths import typed_path
from stomptui.config.options import Options
from stomptui.config.profiles import Profile, ProfileError, Profiles
from stomptui.config.secret_names import use_secret_names
from stomptui.config.settings import load_settings


def read_options(parser: Parser, given: argparse.Namespace) -> Options:
    """What the arguments and the environment ask for. What is wrong with them is said, and ends in status 2.

    Raises:
        SystemExit: They cannot be used.
    """
    check_places(parser)
    settings, _ = load_settings()
    use_secret_names(settings.secret_names)
    ways = [name for name, used in (("a URL", given.url), ("--profile", given.profile), ("--demo", given.demo)) if used]
    if len(ways) > 1:
        parser.error(f"{' and '.join(ways)} cannot be used together")
    if not all([*given.subscribe, *given.consume, *given.work]) or given.peek == "":
        parser.error("--subscribe, --peek, --work and --consume need a destination, for example /queue/test")
    changes = connection_changes(parser, given)
    headers = read_headers(parser, given)
    profile = None if given.demo else wanted_profile(parser, given)
    last = _Last()
    if profile is None and (changes or headers) and not given.demo:
        profile = Profile(Connection())
    elif profile is None and not given.demo:
        last = _last(settings.last_profile, bool(given.work or given.consume))
        profile = last.profile
    name = given.profile or last.name
    connection, notice = None, ""
    if profile is not None:
        profile = headers.over_profile(profile)
        check_headers(parser, headers, profile.connection)
        profile = replace(profile, connection=with_handshake(parser, given, profile.connection))
        connection, notice = with_password(changed(profile.connection, changes, given.read_only), profile)
        problems = connection.problems()
        if problems and not name:
            parser.refuse("; ".join(problems.values()))
        hide_secrets(connection.secrets())
        if connection.environment.read_only and (given.work or given.consume):
            parser.refuse("--work and --consume take messages out of queues, and this connection is read-only")
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
        read_only=given.read_only,
        profile=name,
        quiet=given.quiet,
        log_file=given.log_file or default_log_file(),
        theme=given.theme,
        library=_library(parser, given.library),
        warnings=(profile.unknown,) if profile and profile.unknown else (),
        notice="; ".join(filter(None, (last.notice, notice))),
    )


def _library(parser: Parser, given: Path | None) -> Path | None:
    """The directory of saved messages, if one was named."""
    if given is None:
        return None
    path = Path(os.path.abspath(typed_path(str(given))))
    if not path.is_dir():
        parser.refuse(f"--library {given}: {'it is no directory' if path.exists() else 'there is no such directory'}")
    return path


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
