"""`stomptui check`: its arguments and its help."""

from __future__ import annotations

import argparse

from stomptui.cli.connection_arguments import ENVIRONMENT, URL_HELP, add_connection_options, read_connection
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.config.output import on_a_terminal

SHORTEST_WAIT, LONGEST_WAIT = 0.1, 60.0
EXAMPLES = (
    Example("stomptui check stomp://guest@127.0.0.1/", "a table of what the broker does"),
    Example("stomptui check --thorough stomp://guest@127.0.0.1/", "also what a NACK does, and the largest frame"),
    Example("stomptui check --json ws://127.0.0.1:8080/ws | jq .answers", "the same for a program"),
)
NOTES = f"""\
By default it leaves nothing behind and disturbs nobody: it has connections and a random, temporary destination of its
own, reads again what it sends there, and ends nobody's session. On a read-only connection it asks only what CONNECT
tells.

With --thorough it asks too what becomes of messages that are rejected or not acknowledged, the largest frame, what is
wrong on purpose, and frames cut over WebSocket messages. It says before what that may do, and at the end what may stay.

Each question has a deadline. One that ends the session is told as "ends the session", with the server's words, and the
next one has a new session. "no answer" means that nothing came in time.

json, one object:
  format          1; it grows when a field is removed or means something else
  stomptui        the version of stomptui
  checked         when, in UTC
  where           login and address, without secrets
  server          the server header of CONNECTED
  dialect         how stomptui recognised the broker
  works, beware   what was found in short, each a list of texts
  thorough        whether all was asked
  complete        whether it ended by itself; if not, broke_off says why not
  may_remain      what may stay on the broker, in words
  answers         objects with key, section, title, how, thorough, answer, detail, server_text, value and seconds

The answer is yes, no, no answer, ends the session or not asked. The value is a text, a number or null. Keys of answers
stay the same; new ones may come.

{ENVIRONMENT}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", nargs="?", metavar="URL", help=URL_HELP)
    add = parser.add_argument_group("check").add_argument
    thorough = "ask too what may end sessions of its own, make a dead letter or leave a queue; said before"
    add("--thorough", action="store_true", help=thorough)
    add("--yes", action="store_true", help="with --thorough: do not ask first where the profile is marked production")
    add(
        "--save",
        action="store_true",
        help="keep in the profile what it needs to know, such as commands never confirmed",
    )
    add("--json", action="store_true", help="print one JSON object instead of the table")
    add("--wait", type=float, metavar="SECONDS", help="how long the server has for each answer (default: 2)")
    add_connection_options(parser)


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Check; returns the exit status."""
    if given.url is not None and given.profile is not None:
        parser.error("give a URL or --profile, not both")
    if given.wait is not None and not SHORTEST_WAIT <= given.wait <= LONGEST_WAIT:
        parser.error(f"--wait is a number of seconds from {SHORTEST_WAIT:g} to {LONGEST_WAIT:g}")
    if given.save and given.profile is None:
        parser.error("--save needs --profile")
    connection = read_connection(parser, given)
    production = connection.environment.production
    if given.thorough and production and not given.yes and not on_a_terminal():
        parser.refuse("this is production: without a terminal to ask on, --thorough needs --yes")
    # Imported here: help and errors come at once.
    from stomptui.cli.checking import check
    from stomptui.cli.transfer.runner import logged

    return logged("check", lambda: check(connection, given))


COMMAND = Subcommand(
    name="check",
    summary="Ask a broker what it does, and print a table.",
    arguments=("[options] URL", "[options] --profile NAME"),
    description="Asks a broker, one question at a time, what it does: STOMP versions, heart-beats, which commands it "
    "confirms, ack modes, transactions, escapes, the order of headers and repeated ones, bodies.",
    examples=EXAMPLES,
    notes=NOTES,
    add_arguments=add_arguments,
    run=run,
)
