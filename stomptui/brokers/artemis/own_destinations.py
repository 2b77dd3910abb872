"""Destinations of our own on Artemis: bare names, which acceptors with and without prefixes read alike."""

from __future__ import annotations

import json

from stomptui.connection.dialect.own_destination import OwnDestination, OwnSend, own_name

_REMAINS = "the address {}"


def own_address(token: str) -> OwnDestination:
    """An address whose temporary queue ends with the subscription; the address itself has to be deleted."""
    name = own_name(token)
    return OwnDestination(name, remains=_REMAINS.format(name), removal=(_operation("deleteAddress", name),))


def own_anycast_queue(token: str) -> OwnDestination:
    """A queue that keeps what is not acknowledged."""
    name = own_name(token)
    return OwnDestination(
        name,
        subscribe=(("subscription-type", "ANYCAST"),),
        send=(("destination-type", "ANYCAST"),),
        remains=_REMAINS.format(name),
        removal=(_operation("destroyQueue", name, True, True), _operation("deleteAddress", name)),
    )


def _operation(name: str, *arguments: object) -> OwnSend:
    """A message to the management, which must go without content-length."""
    headers = (
        ("destination", "activemq.management"),
        ("_AMQ_ResourceName", "broker"),
        ("_AMQ_OperationName", name),
    )
    return OwnSend(headers, json.dumps(arguments).encode())
