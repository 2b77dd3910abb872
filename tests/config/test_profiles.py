"""Profiles in a file that belongs to the person."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.config.environment import UNMARKED, Environment, EnvironmentColour
from stomptui.config.files.regular_files import read_regular
from stomptui.config.profile_file import _places
from stomptui.config.profiles import ProfileError, Profiles

FULL = Connection(
    host="rabbit.staging",
    port=61614,
    vhost="orders",
    login="guest",
    passcode="s3cret",
    versions=("1.1", "1.2"),
    transport=TransportKind.TLS,
    tls=Tls("~/ca.pem", "c.pem", "k.pem", "keypass", "rabbit.internal", verify=False),
    heart_beat=(5000, 0),
    headers=(("app-id", "APP"), ("app-id", "again"), ("Authorization", "Bearer t0ken")),
    timeout=3.5,
    dialect="rabbitmq",
    management="https://rabbit.staging:15671",
)


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    return Profiles(tmp_path / "config" / "profiles.toml")


def test_a_profile_comes_back_without_its_secrets(profiles: Profiles) -> None:
    profiles.save("staging", FULL, subscribe=("/topic/orders",), keyring=True)
    loaded = profiles.profile("staging")
    assert loaded.connection == replace(
        FULL, passcode="", tls=replace(FULL.tls, key_password=""), headers=(*FULL.headers[:2], ("Authorization", ""))
    )
    assert loaded.subscribe == ("/topic/orders",)
    assert loaded.keyring
    assert loaded.secret_headers == ("Authorization",)
    text = profiles.path.read_text()
    assert not any(secret in text for secret in FULL.secrets())


def test_how_a_connection_is_marked_stays_with_its_profile(profiles: Profiles) -> None:
    marked = Environment(EnvironmentColour.MAGENTA, production=True, read_only=True)
    profiles.save("old", Connection())
    assert profiles.load("old").environment == UNMARKED
    assert not {"colour", "production", "read_only"} & set(profiles._current().tables["old"])
    profiles.save("old", replace(Connection(), environment=marked))
    profiles.rename("old", "eu")
    profiles.duplicate("eu", "us")
    assert profiles.load("eu").environment == profiles.load("us").environment == marked
    profiles.save("eu", replace(Connection(), environment=Environment(read_only=True)))
    assert profiles.load("eu").environment == Environment(read_only=True)
    assert profiles.load("us").environment == marked


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('colour = "pink"', "line 3: a: colour: there is no colour 'pink': choose green, blue, "),
        ("colour = 3", "the name of a colour in quotes is expected"),
        ('production = "yes"', "production: true or false is expected"),
        ("read_only = 1", "read_only: true or false is expected"),
        ('no_receipts = ["send"]', "no_receipts: send is none of SEND, SUBSCRIBE"),
        ('no_receipts = "SEND"', "no_receipts: a list of texts is expected"),
    ],
)
def test_a_mark_that_cannot_be_read_is_told(profiles: Profiles, line: str, words: str) -> None:
    profiles.path.parent.mkdir(parents=True)
    profiles.path.write_text(f'[profiles.a]\nurl = "stomp://h"\n{line}\n')
    with pytest.raises(ProfileError, match=re.escape(words)):
        profiles.load("a")


def test_websocket_profile_keeps_its_virtual_host(profiles: Profiles) -> None:
    connection = Connection(
        transport=TransportKind.WS,
        vhost="/",
        ws_path="/ws?a=1&token=s3cret",
        ws_headers=(("Origin", "x"),),
        ws_basic=True,
        ws_message_size=0,
        frame_limit=200_000,
        ws_login="alice",
        ws_passcode="s3cret",
        proxy="http://me:s3cret@proxy:3128",
        no_receipts=("SUBSCRIBE", "ACK"),
    )
    profiles.save("spring", connection)
    assert profiles.load("spring") == replace(
        connection, ws_path="/ws?a=1&token=", ws_passcode="", proxy="http://me@proxy:3128"
    )
    assert "s3cret" not in profiles.path.read_text()


def test_some_keys_are_changed_and_no_others(profiles: Profiles) -> None:
    profiles.save("a", Connection(headers=(("Authorization", "Bearer x"),), ws_message_size=0))
    profiles.path.write_text(profiles.path.read_text().replace("url", "team = 'orders'  # ours\nurl", 1))
    before = profiles.path.read_text()
    profiles.change("a", {"no_receipts": ("SEND",), "ws_message_size": None})
    assert profiles.load("a").no_receipts == ("SEND",) and profiles.load("a").ws_message_size is None
    assert "team = 'orders'  # ours" in profiles.path.read_text()
    profiles.change("a", {"no_receipts": (), "ws_message_size": 0})
    assert profiles.load("a").no_receipts == () and sorted(profiles.path.read_text()) == sorted(before)
    with pytest.raises(ProfileError, match="no profile b any more"):
        profiles.change("b", {})


def test_only_its_owner_can_read_it(profiles: Profiles) -> None:
    profiles.save("a", Connection())
    assert stat.S_IMODE(profiles.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(profiles.path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in profiles.path.parent.iterdir()] == ["profiles.toml"]


def test_comments_order_and_strange_keys_survive(profiles: Profiles) -> None:
    profiles.path.parent.mkdir()
    profiles.path.write_text(
        "# mine\n[profiles.a]  # first\nurl = 'stomp://h:1/'  # where\nteam = 'orders'\ntimeout = 3\n"
        "subscribe = ['/queue/a'] # watched\n\n# the other\n[profiles.b]\nurl = 'stomp://b:2/'\n"
    )
    profiles.save("a", Connection(host="new", port=1), subscribe=("/queue/a",))
    text = profiles.path.read_text()
    for kept in ("# mine", "# first", "# where", "team = 'orders'", "# watched", "# the other"):
        assert kept in text
    assert "timeout" not in text
    assert profiles.names() == ["a", "b"]
    assert profiles.load("a").host == "new"
    profiles.remove("a")
    assert profiles.names() == ["b"]
    assert "# the other" in profiles.path.read_text()
    profiles.remove("a")


def test_saving_changes_nothing_in_other_profiles(profiles: Profiles) -> None:
    profiles.save("a", FULL)
    before = profiles.profile("a")
    profiles.save("b", Connection())
    assert profiles.profile("a") == before


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip),
    value=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    beat=st.tuples(st.integers(0, 99999), st.integers(0, 99999)),
)
def test_any_name_and_any_text(profiles: Profiles, name: str, value: str, beat: tuple[int, int]) -> None:
    connection = Connection(
        vhost=value, login=value, headers=(("x", value),), heart_beat=beat, tls=Tls(server_name=value)
    )
    profiles.save(name, connection)
    assert name in profiles.names()
    assert profiles.load(name) == connection


@pytest.mark.parametrize(
    "connection", [Connection(host="a:s3cret@h/"), Connection(port=0), Connection(headers=(("a", "\ud800"),))]
)
def test_what_makes_no_profile_is_not_written(profiles: Profiles, connection: Connection) -> None:
    profiles.save("good", Connection(host="h"))
    with pytest.raises(ProfileError, match="cannot be saved") as told:
        profiles.save("bad", connection)
    assert "s3cret" not in str(told.value)
    assert profiles.names() == ["good"]


def test_no_file_is_no_profile(profiles: Profiles) -> None:
    assert profiles.names() == []
    with pytest.raises(ProfileError, match="no profile staging"):
        profiles.load("staging")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[profiles.a]\nurl = stomp", r"profiles.toml, line 2: "),
        ("[profiles.a]\nurl = 'amqp://h'", r"line 2: a: url: amqp"),
        ("[profiles.a]\n", r"line 1: a: url: a URL is needed"),
        ("\n[profiles.a]\nurl = 'h'\nport = 1\ntimeout = 'x'", r"line 5: a: timeout: a number"),
        ("[profiles.a]\nurl = 'h'\nverify = 1", r"line 3: a: verify: true or false"),
        ("[profiles.a]\nurl = 'h'\nheart_beat = [1]", r"line 3: a: heart_beat: two numbers"),
        ("[profiles.a]\nurl = 'h'\nheaders = ['x']", r"line 3: a: headers: a list such as"),
        ("[profiles.a]\nurl = 'h'\nversions = ['2.0']", r"line 3: a: versions: "),
        ("[profiles.a]\nurl = 'h'\nsubscribe = '/queue/a'", r"line 3: a: subscribe: a list of texts"),
        ("[profiles.a]\nurl = 'h'\ndialect = 'kafka'", r"line 3: a: dialect: one of rabbitmq, "),
        ("profiles = 3", r"profiles are tables"),
        ("[profiles]\na = 3", r"line 2: a is no table|a is no table"),
    ],
)
def test_a_broken_file_is_told_by_line(profiles: Profiles, text: str, words: str) -> None:
    profiles.path.parent.mkdir()
    profiles.path.write_text(text)
    with pytest.raises(ProfileError, match=words):
        profiles.load("a")


def test_a_broken_file_is_never_overwritten(profiles: Profiles) -> None:
    profiles.path.parent.mkdir()
    profiles.path.write_text("[profiles.a\n# precious")
    with pytest.raises(ProfileError):
        profiles.save("b", Connection())
    assert profiles.path.read_text() == "[profiles.a\n# precious"


def test_one_broken_profile_does_not_hide_the_others(profiles: Profiles) -> None:
    profiles.path.parent.mkdir()
    profiles.path.write_text("[profiles.a]\nurl = 3\n[profiles.b]\nurl = 'h'\n")
    assert profiles.names() == ["a", "b"]
    assert profiles.load("b").host == "h"


def test_a_linked_file_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("# dot\n")
    link = tmp_path / "profiles.toml"
    link.symlink_to(real)
    Profiles(link).save("a", Connection())
    assert link.is_symlink()
    assert "# dot" in real.read_text() and "[profiles.a]" in real.read_text()


def test_a_thousand_profiles_are_read_at_once(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often they are asked for, until the file changes; an error looks for its line once."""
    profiles.path.parent.mkdir()
    broken = "".join(f"[profiles.b{number}]\nurl = {number}\n" for number in range(100))
    profiles.path.write_text("".join(f"[profiles.p{number}]\nurl = 'h{number}'\n" for number in range(1000)) + broken)
    reads, looks = Mock(wraps=read_regular), Mock(wraps=_places)
    monkeypatch.setattr("stomptui.config.profiles.read_regular", reads)
    monkeypatch.setattr("stomptui.config.profile_file._places", looks)
    for _ in range(3):
        assert len(profiles.names()) == 1100
        found = profiles.connections()
        assert len(found) == 1100 and sum(one is None for one in found.values()) == 100
        assert profiles.load("p999").host == "h999"
    assert (reads.call_count, looks.call_count) == (1, 1)
    with pytest.raises(ProfileError, match=r"there are: p0, .*, p19 and 1,080 more$"):
        profiles.load("nope")
    profiles.save("new", Connection())
    assert profiles.names()[-1] == "new"


def test_an_edit_by_hand_is_seen(profiles: Profiles) -> None:
    profiles.save("a", Connection())
    assert profiles.names() == ["a"]
    text = profiles.path.read_text()
    profiles.path.write_text("\ufeff" + text.replace("profiles.a", "profiles.b"), encoding="utf-8")
    assert profiles.names() == ["b"]
    profiles.path.unlink()
    assert profiles.names() == []


COMMENTED = """# Brokers of the shop
[profiles.staging] # the small one
url = "stomp://guest@staging/"
headers = [{ name = "app-id", value = "A" }]
mine = 1
# the next one is careful

[profiles."staging.2"]
url = "stomp://h/"
"""


@pytest.mark.parametrize("new", ["live", "with blank", 'quo"ted', "staging.3", "é\\"])
def test_a_renamed_profile_keeps_its_place_and_every_comment(profiles: Profiles, new: str) -> None:
    profiles.path.parent.mkdir()
    profiles.path.write_text(COMMENTED)
    profiles.rename("staging", new)
    assert profiles.names() == [new, "staging.2"]
    profiles.rename(new, "staging")
    assert profiles.path.read_text() == COMMENTED
    profiles.rename("staging.2", new)
    assert profiles.names() == ["staging", new] and profiles.load(new).host == "h"


@pytest.mark.parametrize(
    "text",
    ['[profiles]\na = { url = "stomp://a/" }\nb.url = "stomp://b/"\n', 'profiles.a.url = "stomp://a/"\n'],
)
def test_a_profile_is_renamed_however_it_is_written(profiles: Profiles, text: str) -> None:
    profiles.path.parent.mkdir()
    profiles.path.write_text(text)
    profiles.rename("a", "c")
    assert "a" not in profiles.names() and profiles.load("c").host == "a"


def test_a_duplicate_has_all_that_the_profile_has(profiles: Profiles) -> None:
    profiles.save("staging", FULL, subscribe=("/topic/orders",), keyring=True)
    before = profiles.path.read_text()
    profiles.duplicate("staging", "copy of staging")
    assert profiles.profile("copy of staging") == profiles.profile("staging")
    assert profiles.path.read_text().startswith(before) and "[[" not in profiles.path.read_text()


def test_a_name_that_is_taken_is_not_given_twice(profiles: Profiles) -> None:
    profiles.save("a", Connection())
    profiles.save("b", Connection(host="precious"))
    before = profiles.path.read_text()
    for change in (profiles.rename, profiles.duplicate):
        for old, new, words in (("a", "b", "already exists"), ("c", "d", "no profile c"), ("a", " ", "needs a name")):
            with pytest.raises(ProfileError, match=words):
                change(old, new)
    assert profiles.path.read_text() == before


def test_what_is_kept_of_drafts_is_a_matter_of_the_profile(profiles: Profiles) -> None:
    profiles.path.parent.mkdir(parents=True)
    profiles.path.write_text(
        '[profiles.a]\nurl = "stomp://h/"\nkeep_drafts = "7 days"\n[profiles.b]\nurl = "stomp://h/"\n'
        '[profiles.c]\nurl = "stomp://h/"\nkeep_drafts = "some"\n'
    )
    assert profiles.profile("a").keep_drafts == "7 days"
    assert profiles.profile("b").keep_drafts is None
    with pytest.raises(ProfileError, match="keep_drafts"):
        profiles.profile("c")
