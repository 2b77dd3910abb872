"""RabbitMQ from Debian's packages: a private node with STOMP over TCP, TLS, WebSocket and secure WebSocket."""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, ClassVar

from stomptui.config.connection import Connection, Tls, TransportKind
from tests.support.brokers.base import ManagedBroker, packaged
from tests.support.certificates import Certificates, make_certificates
from tests.support.ports import accepts, free_ports

# The wrapper in /usr/sbin changes to the user rabbitmq; the script behind it runs as anybody.
PROGRAMS = Path(os.environ.get("STOMPTUI_RABBITMQ_BIN", "/usr/lib/rabbitmq/bin"))
OTHER_ADDRESS = "127.0.0.2"
"""The TLS listener answers here too, with a certificate that does not name this address."""

# What quorum queues and streams show by HTTP or rabbitmqctl is up to five seconds old, so their own state is asked.
COUNTS = """
case rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, NAME)) of
  {ok, Queue} ->
    case amqqueue:get_type(Queue) of
      rabbit_quorum_queue ->
        Both = fun(State) ->
          {rabbit_fifo:query_messages_ready(State), rabbit_fifo:query_messages_checked_out(State)} end,
        {ok, {_, Counts}, _} = ra:local_query(amqqueue:get_pid(Queue), Both),
        Counts;
      rabbit_stream_queue ->
        Written = maps:get({osiris_writer, amqqueue:get_name(Queue)}, osiris_counters:overview()),
        {maps:get(offset, Written) - maps:get(first_offset, Written) + 1, 0};
      _ ->
        [{_, Ready}, {_, Held}] = rabbit_amqqueue:info(Queue, [messages_ready, messages_unacknowledged]),
        {Ready, Held}
    end;
  _ -> none
end"""


class RabbitMQ(ManagedBroker):
    """One node. Its ports stay the same when it is restarted.

    Args:
        folder: for its data, logs, certificates and Erlang cookie.
        client_certificate: TLS listeners turn away who shows no certificate of the CA.
        ws_binary: WebSocket messages to clients are binary ones.
    """

    key: ClassVar[str] = "rabbitmq"
    title: ClassVar[str] = "RabbitMQ 3"
    logins: ClassVar[tuple[str, ...]] = ("guest", "reader")
    statistics_every: ClassVar[int] = 5000
    """Milliseconds between two times that queues report their counts to the management; this is RabbitMQ's default."""

    def __init__(self, folder: Path, *, client_certificate: bool = False, ws_binary: bool = False) -> None:
        super().__init__(folder)
        self.client_certificate = client_certificate
        self.ws_binary = ws_binary
        ports = free_ports(8)
        self.port, self.tls_port, self.ws_port, self.wss_port, self.http_port = ports[:5]
        self._amqp_port, self._dist_port, self._epmd_port = ports[5:]

    @classmethod
    def version(cls) -> str:
        return packaged("rabbitmq-server")

    @classmethod
    def missing(cls) -> str:
        return "" if (PROGRAMS / "rabbitmq-server").is_file() else "rabbitmq-server is not installed"

    @functools.cached_property
    def certificates(self) -> Certificates:
        return make_certificates(self.folder / "certs")

    def start(self) -> None:
        for name in ("home", "mnesia", "log", "generated"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        (self.folder / "pid").unlink(missing_ok=True)
        self._spawn(self._command("rabbitmq-server"), self.environment)
        # The node boots its listeners one by one; the plugin started last decides.
        self._wait_until(lambda: all(map(accepts, (self.port, self.tls_port, self.ws_port, self.wss_port))))
        self._wait_until(self._management_answers)
        self.api("PUT", "/api/users/reader", {"password": "reader", "tags": ""})
        self.api("PUT", "/api/permissions/%2F/reader", {"configure": "", "write": "", "read": ".*"})

    def _command(self, program: str, *arguments: str) -> list[str]:
        """How a program of RabbitMQ or Erlang is called."""
        path = str(PROGRAMS / program) if program.startswith("rabbitmq") else program
        return [path, *arguments]

    @property
    def inside(self) -> Path:
        """The node's folder as the node sees it."""
        return self.folder

    @property
    def pid(self) -> int | None:
        # The process started may be a shell that waits for the node, so signals must go to the node itself.
        if super().pid is None:
            return None
        try:
            pid = int((self.folder / "pid").read_text())
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return super().pid
        return pid

    def stop(self) -> None:
        super().stop()
        self._end_epmd()

    def kill(self) -> None:
        super().kill()
        self._end_epmd()

    @property
    def environment(self) -> dict[str, str]:
        """What the node's programs find around them."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
        return {**own, **self._node()}

    def _node(self) -> dict[str, str]:
        """What makes the node private: its own name, ports, folders, cookie and port mapper."""
        folder = self.inside
        return {
            "HOME": str(folder / "home"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_NODENAME": f"stomptui{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._amqp_port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def connection(self) -> Connection:
        return Connection(port=self.port, login="guest", passcode="guest")

    def tls_connection(self) -> Connection:
        """Over TLS, trusting this node's CA."""
        trusting = Tls(ca_file=str(self.certificates.ca))
        return Connection(
            port=self.tls_port, login="guest", passcode="guest", transport=TransportKind.TLS, tls=trusting
        )

    def ws_connection(self) -> Connection:
        return Connection(port=self.ws_port, login="guest", passcode="guest", transport=TransportKind.WS)

    def wss_connection(self) -> Connection:
        """Over a secure WebSocket, trusting this node's CA."""
        trusting = Tls(ca_file=str(self.certificates.ca))
        return Connection(
            port=self.wss_port, login="guest", passcode="guest", transport=TransportKind.WSS, tls=trusting
        )

    def ctl(self, *arguments: str) -> str:
        """Run rabbitmqctl on this node, which takes a second or two; returns what it prints."""
        done = subprocess.run(
            self._command("rabbitmqctl", "-q", *arguments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def evaluate(self, erlang: str) -> str:
        """Run Erlang in the node, in a few milliseconds; gives the value of the last expression, as it is written.

        Args:
            erlang: Expressions with commas between them, without the full stop.
        """
        for _ in range(5):
            done = subprocess.run(
                self._command("erl_call", "-address", f"127.0.0.1:{self._dist_port}", "-e"),
                env=self.environment,
                input=f"{erlang}.\n",
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            # On a busy machine the node may not answer in the time that erl_call gives it; nothing was run then.
            if "failed to connect to node" not in done.stderr:
                break
        kind, _, value = done.stdout.strip().removeprefix("{").removesuffix("}").partition(", ")
        if done.returncode or kind != "ok":
            raise AssertionError(f"{erlang}: {done.stdout}{done.stderr}")
        return value

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the management API, for example `api("GET", "/api/queues/%2F/test")`; returns its JSON."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Basic Z3Vlc3Q6Z3Vlc3Q=", "Content-Type": "application/json"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def declare(self, queue: str, kind: str = "classic", **arguments: Any) -> None:
        """A durable queue; `kind` is classic, quorum or stream, arguments have `_` for `-` ("x_max_length")."""
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        self.api("PUT", _queue_path(queue), {"durable": True, "arguments": {"x-queue-type": kind, **named}})

    def delete(self, queue: str) -> None:
        """Remove a queue; one that is not there is fine."""
        try:
            self.api("DELETE", _queue_path(queue))
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise

    def make_queue(self, name: str) -> None:
        self.drop_queue(name)
        self.declare(name)

    def drop_queue(self, name: str) -> None:
        self.delete(name)

    def destination(self, queue: str) -> str:
        # /queue/ would declare it, and be refused if it is not of the kind that the node makes.
        return f"/amq/queue/{queue}"

    def counts(self, name: str) -> tuple[int, int]:
        octets = ",".join(str(octet) for octet in name.encode())
        answer = self.evaluate(COUNTS.replace("NAME", f"<<{octets}>>"))
        assert answer != "none", f"{self.title} has no queue {name}"
        ready, held = answer.strip("{}").split(", ")
        return int(ready), int(held)

    def close_connections(self, reason: str = "closed by the test") -> None:
        """Let the broker throw out every client."""
        self.ctl("close_all_connections", reason)

    def _write_configuration(self) -> None:
        server = self.certificates.server
        ca, cert, key = (
            self.inside / path.relative_to(self.folder) for path in (self.certificates.ca, server.cert, server.key)
        )
        verify = "verify_peer" if self.client_certificate else "verify_none"
        needed = "true" if self.client_certificate else "false"
        lines = [
            f"stomp.listeners.tcp.1 = 127.0.0.1:{self.port}",
            f"stomp.listeners.ssl.1 = 127.0.0.1:{self.tls_port}",
            f"stomp.listeners.ssl.2 = {OTHER_ADDRESS}:{self.tls_port}",
            f"management.tcp.port = {self.http_port}",
            "management.tcp.ip = 127.0.0.1",
            f"web_stomp.tcp.port = {self.ws_port}",
            "web_stomp.tcp.ip = 127.0.0.1",
            f"ssl_options.cacertfile = {ca}",
            f"ssl_options.certfile = {cert}",
            f"ssl_options.keyfile = {key}",
            f"ssl_options.verify = {verify}",
            f"ssl_options.fail_if_no_peer_cert = {needed}",
            # A loaded machine must not stop publishers in the middle of a test.
            "disk_free_limit.absolute = 50MB",
            "log.file.level = warning",
            f"collect_statistics_interval = {self.statistics_every}",
        ]
        if self.ws_binary:
            lines.append("web_stomp.ws_frame = binary")
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.folder / "enabled_plugins").write_text("[rabbitmq_management,rabbitmq_stomp,rabbitmq_web_stomp].\n")
        # Only this older form of configuration lets the WebSocket listener ask for client certificates.
        (self.folder / "advanced.config").write_text(
            f"""[{{rabbit, [{{quorum_tick_interval, {self.statistics_every}}}]}}, {{rabbitmq_web_stomp, [{{ssl_config, [
  {{ip, "127.0.0.1"}}, {{port, {self.wss_port}}},
  {{cacertfile, "{ca}"}}, {{certfile, "{cert}"}},
  {{keyfile, "{key}"}}, {{verify, {verify}}}, {{fail_if_no_peer_cert, {needed}}}
]}}]}}].
"""
        )

    def _management_answers(self) -> bool:
        try:
            self.api("GET", "/api/whoami")
        except (OSError, http.client.HTTPException):
            return False
        return True

    def _end_epmd(self) -> None:
        """The port mapper outlives its node; this one has a port of its own and knows no other node."""
        with contextlib.suppress(FileNotFoundError, subprocess.TimeoutExpired):
            subprocess.run(
                self._command("epmd", "-port", str(self._epmd_port), "-kill"),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=10,
                check=False,
            )


def _queue_path(queue: str) -> str:
    return f"/api/queues/%2F/{urllib.parse.quote(queue, safe='')}"
