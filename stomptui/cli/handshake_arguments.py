"""Options for TLS, a proxy and HTTP Basic: what a server wants to see before STOMP begins."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from stomptui.cli.parser import Parser
from stomptui.config.connection import Connection
from stomptui.config.files.paths import typed_path
from stomptui.config.proxy import without_password

HTTP_PASSWORD = "STOMPTUI_HTTP_PASSWORD"
KEY_PASSWORD = "STOMPTUI_KEY_PASSWORD"
NAMES = ("http_login", "proxy", "ca_file", "cert_file", "key_file")
"""The options, as argparse names them."""


def add_handshake_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `with_handshake` reads."""
    add = group.add_argument
    add("--http-login", metavar="NAME", help="the login of HTTP Basic in the WebSocket handshake, apart from STOMP's")
    proxy = "the HTTP proxy of a WebSocket, as http://host:3128; none goes without one"
    add("--proxy", metavar="URL", help=proxy)
    add("--ca-file", metavar="PATH", help="PEM file of the authorities that sign the server's certificate")
    add("--cert-file", metavar="PATH", help="PEM file of our own certificate")
    add("--key-file", metavar="PATH", help="PEM file of its key, if that is another file")


def with_handshake(parser: Parser, given: argparse.Namespace, connection: Connection) -> Connection:
    """The connection with these options over it, and with the passwords that the environment has for them.

    Raises:
        SystemExit: One of them cannot be used; status 2.
    """
    kind = connection.transport
    for name, fits, what in (
        ("http_login", kind.websocket, "ws:// and wss://"),
        ("proxy", kind.websocket, "ws:// and wss://"),
        ("ca_file", kind.encrypted, "stomp+ssl:// and wss://"),
        ("cert_file", kind.encrypted, "stomp+ssl:// and wss://"),
        ("key_file", kind.encrypted, "stomp+ssl:// and wss://"),
    ):
        if getattr(given, name) and not fits:
            parser.refuse(f"--{name.replace('_', '-')} is about {what}")
    if given.proxy and without_password(given.proxy) != given.proxy.strip():
        parser.refuse("--proxy: every user can read a command line: a password of a proxy goes into https_proxy")
    tls = replace(
        connection.tls,
        ca_file=_path(given.ca_file) or connection.tls.ca_file,
        cert_file=_path(given.cert_file) or connection.tls.cert_file,
        key_file=_path(given.key_file) or connection.tls.key_file,
        key_password=connection.tls.key_password or os.environ.get(KEY_PASSWORD, ""),
    )
    return replace(
        connection,
        ws_login=given.http_login or connection.ws_login,
        ws_passcode=connection.ws_passcode or os.environ.get(HTTP_PASSWORD, ""),
        proxy=given.proxy or connection.proxy,
        tls=tls,
    )


def _path(given: str | None) -> str:
    """A path that a profile, and a console in another directory, can be given."""
    return os.path.abspath(typed_path(given)) if given else ""
