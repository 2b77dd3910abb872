"""`stomptui reference`: print what few people need to know, and those exactly."""

from __future__ import annotations

import argparse

from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.parser import Parser
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.config.output import put
from stomptui.reference import reference


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(parser: Parser, given: argparse.Namespace) -> int:
    """Print the reference."""
    put(reference().rstrip("\n"), keep="\n")
    return ExitStatus.DONE


COMMAND = Subcommand(
    name="reference",
    summary="Print the reference: each broker, headers, drain and refill, files, limits.",
    arguments=("",),
    description="Prints the reference in Markdown: what a peek leaves behind on each broker, what a receipt proves, "
    "what becomes of headers, durable subscriptions, names of queues, files and limits. The console shows it too.",
    examples=(Example("stomptui reference | less", "read it page by page"),),
    notes="",
    add_arguments=add_arguments,
    run=run,
)
