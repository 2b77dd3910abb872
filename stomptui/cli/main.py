"""Where the command line begins: it finds the subcommand, runs it, and makes its end an exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from stomptui.cli.exit_status import ExitStatus
from stomptui.config.output import Stream, crash_line, guard_process, put


def main(argv: Sequence[str] | None = None) -> int:
    """Run stomptui.

    Args:
        argv: The arguments after the program's name; those of the process if None.

    Returns:
        The exit status, one of `ExitStatus`.
    """
    if argv is None:
        guard_process()
    arguments = list(sys.argv[1:] if argv is None else argv)
    return _ended(lambda: _run(arguments))


def _ended(run: Callable[[], int]) -> int:
    """The exit status, however it ends."""
    try:
        return run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else ExitStatus.DONE
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except Exception as error:
        put(crash_line(error), Stream.ERROR)
        return ExitStatus.NOT_DONE


def _run(arguments: list[str]) -> int:
    # Imported here: what goes wrong meanwhile is one line too.
    from stomptui.cli.registry import parse

    command, parser, given = parse(arguments)
    return command.run(parser, given)
