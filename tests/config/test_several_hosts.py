"""One connection with several addresses, from URL to form and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.config.connection import Connection, TransportKind
from stomptui.config.form import Form
from stomptui.config.several_hosts import Address, joined, split_addresses
from stomptui.config.url import UrlError, format_url, hide_password, parse_url

HOSTS = st.one_of(st.from_regex(r"[a-z][a-z0-9.-]{0,8}", fullmatch=True), st.sampled_from(["::1", "fe80::1%eth0"]))
ADDRESSES = st.lists(st.builds(Address, HOSTS, st.integers(1, 65535)), min_size=2, max_size=4, unique=True).map(tuple)


def test_hosts_of_a_url_are_tried_in_their_order() -> None:
    found = parse_url("stomp://guest:secret@a,b:61700,[::1]/shop")
    assert found.addresses == (Address("a", 61613), Address("b", 61700), Address("::1", 61613))
    assert (found.host, found.port, found.login, found.passcode, found.vhost) == ("a", 61613, "guest", "secret", "shop")


@pytest.mark.parametrize(
    "text",
    [
        "failover:(tcp://a:61613,tcp://b:61700)",
        "failover://(tcp://a:61613,tcp://b:61700)?randomize=false&maxReconnectAttempts=3",
        "FAILOVER:(tcp://a:61613?soTimeout=0, stomp://b:61700?trace=true)?timeout=3000",
        "failover:tcp://a:61613,tcp://b:61700",
        "  failover:(tcp://a,tcp://b:61700,tcp://a) ",
        "(tcp://a:61613,tcp://b:61700)?ha=true&reconnectAttempts=-1",
        "stomp://a:61613,stomp://b:61700",
        "'tcp://a, stomp://b:61700/, tcp://a'",
        "a,b:61700",
        "static:(tcp://a:61613,tcp://b:61700)",
        "masterslave:(tcp://a,tcp://b:61700)",
        '["stomp://a:61613","stomp://b:61700"]',
        "['stomp://a:61613', 'stomp://b:61700'],",
        '"stomp://a:61613", "stomp://b:61700"',
        '{ "tcp://a",\n  "tcp://b:61700" };',
    ],
)
def test_lists_as_they_are_pasted(text: str) -> None:
    assert parse_url(text).addresses == (Address("a", 61613), Address("b", 61700))


def test_one_quoted_url_in_brackets_is_that_url() -> None:
    assert parse_url('["stomp://a:61700/"]').addresses == () and parse_url('["stomp://a:61700/"]').host == "a"
    assert parse_url('["ws://a/ws?x=1"]').ws_path == "/ws?x=1"


def test_a_list_over_websocket_keeps_its_path_and_a_url_in_a_query_begins_none() -> None:
    assert [each.text for each in parse_url("ws://a/ws,ws://b:8080/ws").addresses] == ["a:80", "b:8080"]
    assert parse_url("ws://a/ws,ws://b:8080/ws").ws_path == "/ws"
    assert parse_url("ws://a/ws?back=x,http://b/").ws_path == "/ws?back=x,http://b/"


def test_a_failover_list_has_one_login_which_one_of_them_may_say() -> None:
    found = parse_url("failover:(ssl://a,ssl://app:s3c)ret@b)")
    assert (found.login, found.passcode, found.transport, found.host) == ("app", "s3c)ret", TransportKind.TLS, "a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("failover:()", "names no broker"),
        ("failover:", "names no broker"),
        ("failover:(tcp://a,ssl://b)", "same scheme"),
        ("failover:(tcp://x:one@a,tcp://y:two@b)", "one login"),
        ("failover:(amqp://a,amqp://b)", "amqp:// is not known"),
        ("failover:(failover:(tcp://one@a))", "not failover:"),
        ("failover:(tcp://a,'FAILOVER://(tcp://b)')", "not failover:"),
        ("failover:(" * 1500 + "tcp://a" + ")" * 1500, "not failover:"),
        ("ws://a/ws,wss://b/ws", "same scheme"),
        ("stomp://x:one@a,stomp://y:two@b", "one login"),
        ("stomp://x:one@a:61613,y:two@b:61613/", "several hosts have one login"),
        ("stomp://x:one@a,b,y@c/", "several hosts have one login"),
        ("x:one@a,y:two@b", "several hosts have one login"),
        ("wss://x:one@a:port,y:two@[::1]/ws", "several hosts have one login"),
        ("stomp://a,/", "names no host"),
        ("stomp://a,b:0/", "1 to 65535"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(text: str, words: str) -> None:
    with pytest.raises(UrlError, match=words) as error:
        parse_url(text)
    assert "one@" not in str(error.value)
    assert "two@" not in str(error.value)


@pytest.mark.parametrize("text", ["stomp://u:s3cret@a,b/", "failover:(tcp://u:s3cret@a,tcp://u:s3cret@b)"])
def test_its_password_is_masked_and_not_written(text: str) -> None:
    assert "s3cret" not in hide_password(text)
    assert "s3cret" not in format_url(parse_url(text))


@given(ADDRESSES, st.sampled_from(TransportKind), st.integers(0, 3))
def test_url_and_form_keep_the_list_whichever_of_it_is_in_use(
    addresses: tuple[Address, ...], transport: TransportKind, used: int
) -> None:
    first = Connection(transport=transport, addresses=addresses, vhost=None if transport.websocket else "/")
    connection = first.at(addresses[used % len(addresses)])
    again = parse_url(format_url(connection))
    assert (again.addresses, again.host) == (addresses, addresses[0].host)
    said, problems = Form.of(connection).connection()
    assert said == connection.at(addresses[0])
    assert not {"host", "port"} & problems.keys()


@given(ADDRESSES, st.integers(1, 65535))
def test_a_list_typed_as_a_host_is_read_as_it_was_written(addresses: tuple[Address, ...], port: int) -> None:
    assert split_addresses(joined(addresses, port), port) == addresses


def test_a_host_in_the_list_that_is_none_is_told() -> None:
    form = Form.of(Connection())
    form.host = "a,b c"
    assert "without blanks" in form.connection()[1]["host"]
    form.host = "a,b:99999"
    assert "port" in form.connection()[1]


def test_in_turn_begins_with_the_one_in_use() -> None:
    connection = parse_url("stomp://a,b,c/")
    assert [one.host for one in connection.at(connection.addresses[1]).in_turn] == ["b", "c", "a"]
    assert Connection().in_turn == (Connection(),)
