"""What each variable gives."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from stomptui.compose.variables.sources import Sources
from stomptui.compose.variables.template import Call

_OFFSET = re.compile(r"([+-]\d{1,9})(ms|[smhdw])(?:\s+|$)")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_DIRECTIVES = "YmdHMSfjyaAbBpIzZuVG%"
_INTEGER = re.compile(r"[+-]?\d{1,30}")


class WrongVariable(ValueError):
    """A variable cannot be filled in; the text says why."""


def value_of(call: Call, sources: Sources) -> str:
    """The text that a variable gives.

    Raises:
        WrongVariable: It gives none.
    """
    if (function := FUNCTIONS.get(call.name)) is not None:
        return function(call, sources)
    if not call.rest and call.name in sources.columns:
        return sources.columns[call.name]
    known = ", ".join(dict.fromkeys((*FUNCTIONS, *sources.columns)))
    raise WrongVariable(f"{call.name} is no variable; there are {known}")


def _uuid(call: Call, sources: Sources) -> str:
    _nothing_after(call)
    return str(uuid.UUID(int=sources.random.getrandbits(128), version=4))


def _counter(call: Call, sources: Sources) -> str:
    _nothing_after(call)
    return str(sources.counter)


def _randint(call: Call, sources: Sources) -> str:
    ends = call.arguments
    if len(ends) != 2 or not all(_INTEGER.fullmatch(end) for end in ends):
        raise WrongVariable("randint takes the least and the greatest number, as randint 0 65535")
    least, greatest = map(int, ends)
    if least > greatest:
        raise WrongVariable(f"randint goes from {least} down to {greatest}: the least number comes first")
    return str(sources.random.randint(least, greatest))


def _choice(call: Call, sources: Sources) -> str:
    if not (offered := call.arguments):
        raise WrongVariable('choice takes what to choose from, as choice a b "c d"')
    return sources.random.choice(offered)


def _env(call: Call, sources: Sources) -> str:
    if len(call.rest.split()) != 1:
        raise WrongVariable("env takes one name, as env HOME")
    if (value := sources.environment(call.rest)) is None:
        raise WrongVariable(f"{call.rest} is not set in the environment")
    return value


def _prompt(call: Call, sources: Sources) -> str:
    if not call.rest:
        raise WrongVariable("prompt takes what to ask for, as prompt Order number")
    if call.rest not in sources.prompts:
        raise WrongVariable(f"{call.rest} was not answered")
    return sources.prompts[call.rest]


def _file(call: Call, sources: Sources) -> str:
    if not call.rest:
        raise WrongVariable("file takes a path, as file ~/order.json")
    try:
        return sources.read_file(call.rest)
    except UnicodeDecodeError:
        raise WrongVariable(f"the file is not UTF-8: {call.rest}") from None
    except (OSError, ValueError) as error:
        raise WrongVariable(f"{getattr(error, 'strerror', None) or error}: {call.rest}") from None


def _column(call: Call, sources: Sources) -> str:
    if call.rest not in sources.columns:
        raise WrongVariable(f"there is no column {call.rest}".rstrip())
    return sources.columns[call.rest]


def _now(call: Call, sources: Sources) -> str:
    moment, form = sources.now, call.rest
    try:
        while (offset := _OFFSET.match(form)) is not None:
            moment += int(offset[1]) * _UNITS[offset[2]]
            form = form[offset.end() :]
    except OverflowError:
        raise WrongVariable("that time is beyond the years 1 to 9999") from None
    if not form:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if form == "unix":
        return str(_since_1970(moment) // timedelta(seconds=1))
    if form == "unixms":
        return str(_since_1970(moment) // timedelta(milliseconds=1))
    if "%" not in form:
        raise WrongVariable(
            f"now cannot be followed by {form}; it takes offsets as +5m or -1d, and unix, unixms or a form as %Y-%m-%d"
        )

    def part(found: re.Match[str]) -> str:
        if not found[1] or found[1] not in _DIRECTIVES:
            raise WrongVariable(f"{found[0]} is no part of a time; there are {' '.join('%' + d for d in _DIRECTIVES)}")
        return moment.strftime(found[0])

    return _DIRECTIVE.sub(part, form)


def _since_1970(moment: datetime) -> timedelta:
    return moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo) + (moment.utcoffset() or timedelta()) * -1


def _nothing_after(call: Call) -> None:
    if call.rest:
        raise WrongVariable(f"{call.name} takes nothing after its name")


FUNCTIONS: dict[str, Callable[[Call, Sources], str]] = {
    "uuid": _uuid,
    "now": _now,
    "counter": _counter,
    "randint": _randint,
    "choice": _choice,
    "env": _env,
    "prompt": _prompt,
    "file": _file,
    "column": _column,
}
"""What gives each variable its value."""

OFFERED: dict[str, str] = {
    "{{uuid}}": "a new UUID wherever it stands",
    "{{now}}": "the time in UTC, as 2026-11-30T06:00:00.000Z",
    "{{now +5m %Y-%m-%d}}": "the time in five minutes, laid out; s, m, h, d, w and ms can be added or taken away",
    "{{now unix}}": "seconds since 1970",
    "{{now unixms}}": "milliseconds since 1970",
    "{{counter}}": "1, 2, 3… for each message sent",
    "{{randint 0 65535}}": "a number between two, both of them possible",
    '{{choice a b "c d"}}': "one of these",
    "{{env HOME}}": "a variable of the environment",
    "{{prompt Label}}": "asked for when you send",
    "{{file path}}": "the text of a file",
    "{{{{": "a literal {{",
}
"""What can be inserted into a draft, with its meaning."""
