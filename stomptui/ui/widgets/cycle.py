"""Going round the members of an enum with a key."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

Member = TypeVar("Member", bound=Enum)


def after(member: Member, step: int = 1) -> Member:
    """The member that many further on, in the order of the enum; after the last comes the first."""
    members = list(type(member))
    return members[(members.index(member) + step) % len(members)]
