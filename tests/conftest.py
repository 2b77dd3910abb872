"""Fixtures for every test: nobody's own configuration is seen, and brokers are started when a test asks for one.

A real broker that is not installed skips its tests, and one line at the end says so. With
STOMPTUI_REQUIRE_BROKERS=1, as in continuous integration, a missing broker is a failure instead.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from tests.support.brokers import (
    MANAGED,
    REGISTRY,
    ActiveMQ5,
    ActiveMQ6,
    Artemis,
    Box,
    Broker,
    CoilMQ,
    GoStomp,
    ManagedBroker,
    RabbitMQ,
    RabbitMQ40,
    RabbitMQ43,
    Spring,
    StompBrokerJs,
    running,
)
from tests.support.embedded import EmbeddedBroker
from tests.support.needs import BROKER_SKIPPED, need_broker
from tests.support.ports import free_port
from tests.support.settling import settle_by_the_loop

B = TypeVar("B", bound=Broker)
HALVED = ("rabbitmq", "rabbitmq43", "artemis")
"""Brokers with so many tests that two workers share them, each with a node of its own: one alone ends last by far."""
MIDDLE = "test_k"
"""The names of modules before this are the first half; both take about as long."""
SEVERAL = "artemis"
"""Whose worker has the tests that need several brokers: it takes the longest to start, so the others come to it."""
ELDER = {
    "rabbitmq": (
        "rabbitmq43",
        {"test_cutting", "test_looking", "test_repairing", "test_requests", "test_selected_queue"}
        | {"test_transactions_by_hand"},
    ),
    "rabbitmq40": (
        "rabbitmq43",
        {"test_acting", "test_all_of_it", "test_dead_letters", "test_durable", "test_header_carrying"}
        | {"test_keeping_rabbitmq", "test_leaving", "test_limits", "test_listing", "test_looking"}
        | {"test_making_targets", "test_read_only", "test_refusing", "test_requests", "test_restoring"}
        | {"test_selected_queue", "test_transactions_by_hand", "test_true_words"},
    ),
    "activemq5": (
        "activemq6",
        {"test_activemq", "test_activemq_faults", "test_all_of_it", "test_brokers", "test_header_carrying"}
        | {"test_looking", "test_making_targets", "test_names", "test_read_only", "test_refusing"}
        | {"test_requests", "test_restoring", "test_selected_queue", "test_transactions_by_hand"},
    ),
}
"""By broker, a later version of it, and modules whose tests it does as that one: where that one is installed, they run
nightly alone on this."""
_brokers_of_test = pytest.StashKey[set[str]]()
"""The brokers that the running test is marked with."""

# How long an example takes says how busy the machine is.
settings.register_profile("stomptui", deadline=None)
settings.load_profile("stomptui")


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for each test. They are counted here: pytest would search all of them for the last number each time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _isolation(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, profiles, history, editor and colours of whoever runs the tests stay out of them."""
    home = next(_homes)
    home.mkdir()
    settle_by_the_loop(monkeypatch)
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(home / "config"))
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(home / "state"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in list(os.environ):
        own = name.startswith(("STOMPTUI_", "TEXTUAL")) and not name.endswith(("_DIR", "_BROKERS", "_BIN"))
        if own or name in ("NO_COLOR", "VISUAL", "EDITOR", "PAGER", "COLUMNS", "LINES"):
            monkeypatch.delenv(name)


@pytest.fixture
def embedded() -> Iterator[EmbeddedBroker]:
    """The embedded broker, empty, for one test."""
    with EmbeddedBroker(free_port()) as broker:
        yield broker


def provide(kind: type[B], folder: Path, **options: bool) -> Iterator[B]:
    """Start a broker for a fixture; skip the test, or fail it where brokers are required, if that cannot be."""
    need_broker(kind.title, kind.missing())
    with running(kind(folder, **options)) as broker:
        yield broker


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A node for the whole run: name queues after your test, and leave it running if you stop it."""
    yield from provide(RabbitMQ, tmp_path_factory.mktemp("rabbitmq"))


@pytest.fixture(scope="session")
def rabbitmq_strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A second node whose TLS listeners want a client certificate, and whose WebSocket messages are binary."""
    folder = tmp_path_factory.mktemp("rabbitmq-strict")
    yield from provide(RabbitMQ, folder, client_certificate=True, ws_binary=True)


@pytest.fixture(scope="session")
def rabbitmq40(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ40]:
    yield from provide(RabbitMQ40, tmp_path_factory.mktemp("rabbitmq40"))


@pytest.fixture(scope="session")
def rabbitmq43(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ43]:
    yield from provide(RabbitMQ43, tmp_path_factory.mktemp("rabbitmq43"))


@pytest.fixture(scope="session")
def activemq5(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ActiveMQ5]:
    yield from provide(ActiveMQ5, tmp_path_factory.mktemp("activemq5"))


@pytest.fixture(scope="session")
def activemq6(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ActiveMQ6]:
    yield from provide(ActiveMQ6, tmp_path_factory.mktemp("activemq6"))


@pytest.fixture(scope="session")
def artemis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Artemis]:
    yield from provide(Artemis, tmp_path_factory.mktemp("artemis"))


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spring]:
    """Spring with its defaults, for the whole run: leave it running, its token valid; name topics after your test."""
    yield from provide(Spring, tmp_path_factory.mktemp("spring"))


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """The embedded broker, asked in the same ways as the real ones; `embedded` is a fresh one for each test."""
    yield from provide(Box, tmp_path_factory.mktemp("box"))


@pytest.fixture(params=[pytest.param(key, marks=[pytest.mark.broker(key)] * (key in REGISTRY)) for key in MANAGED])
def managed(request: pytest.FixtureRequest) -> ManagedBroker:
    """The test runs on each broker whose counters can be asked: name queues after your test."""
    broker = request.getfixturevalue(request.param)
    assert isinstance(broker, ManagedBroker)
    return broker


@pytest.fixture
def coilmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoilMQ]:
    """A fresh one for each test: it starts in no time, and what broke it stays broken."""
    yield from provide(CoilMQ, tmp_path_factory.mktemp("coilmq"))


@pytest.fixture
def gostomp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoStomp]:
    """A fresh one for each test: it starts in no time, and some frames end it."""
    yield from provide(GoStomp, tmp_path_factory.mktemp("gostomp"))


@pytest.fixture
def stompbrokerjs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StompBrokerJs]:
    """A fresh one for each test, for the same reasons."""
    yield from provide(StompBrokerJs, tmp_path_factory.mktemp("stompbrokerjs"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Packed bytes have the time in them: in the name of a test it would differ from worker to worker."""
    if isinstance(val, bytes) and (len(val) > 40 or val.startswith(b"\x1f\x8b")):
        return f"{argname} of {len(val)} bytes"
    return None


@pytest.hookimpl
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.session.stash[_brokers_of_test] = {mark.args[0] for mark in item.iter_markers("broker")}


@pytest.hookimpl
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """A test that asks for a broker by name and has no mark would start one in whichever worker it runs in."""
    name = fixturedef.argname
    if name in REGISTRY and name not in request.session.stash[_brokers_of_test]:
        pytest.fail(f"a test that asks for the fixture {name} needs the mark broker({name!r})", pytrace=False)


def asks_by_name(item: pytest.Function) -> bool:
    """Whether the test, or a fixture of ours that it uses, can ask for a fixture whose name is a parameter.

    Any other only calls something as a broker is called, and needs none.
    """
    found = item._fixtureinfo
    ours = (
        one
        for defined in found.name2fixturedefs.values()
        for one in defined
        if one.func.__module__.startswith("tests.")
    )
    return "request" in found.argnames or any("request" in one.argnames for one in ours)


# First, since pytest-xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that uses a broker's fixture is marked with it: `-m "not broker"` leaves those out."""
    collected = {item.nodeid for item in items}
    elder = {key: pair for key, pair in ELDER.items() if not REGISTRY[pair[0]].missing()}
    for item in items:
        for key, (later, modules) in elder.items():
            if item.path.stem in modules and key in item.name and item.nodeid.replace(key, later) in collected:
                item.add_marker(pytest.mark.nightly)
    if "nightly" not in config.option.markexpr:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("nightly")])
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
    for item in items:
        used = list(getattr(item, "fixturenames", ()))
        if isinstance(item, pytest.Function) and hasattr(item, "callspec") and asks_by_name(item):
            used += [value for value in item.callspec.params.values() if isinstance(value, str)]
        for key in REGISTRY:
            if any(name == key or name.startswith(f"{key}_") for name in used):
                item.add_marker(pytest.mark.broker(key))
        needed = {mark.args[0] for mark in item.iter_markers("broker")}
        if needed:
            # A broker is started once, by the worker that has all of its tests; those of several brokers are together.
            group = next(iter(needed)) if len(needed) == 1 else SEVERAL
            if group in HALVED and len(needed) == 1 and item.path.name > MIDDLE:
                group = f"{group}-second"
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line which real brokers were not there."""
    reasons = set()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if BROKER_SKIPPED in reason:
            reasons.add(reason.partition(BROKER_SKIPPED)[2])
    if reasons:
        terminalreporter.write_line(f"real brokers skipped: {', '.join(sorted(reasons))}")
