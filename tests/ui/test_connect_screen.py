"""The connection form as a person uses it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button, Select, Static

from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.config.profiles import Profiles
from stomptui.config.secrets import Keyring
from stomptui.ui.connect.preview import ConnectPreview
from stomptui.ui.connect.screen import ConnectScreen
from stomptui.ui.connect.typed import Typed
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.widgets.text.fields import ExactField
from tests.ui.waiting import until


class Host(App[None]):
    """An app that only shows the form and remembers what it asked for."""

    form_screen: ConnectScreen

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__()
        self._arguments, self._more = arguments, more
        self.asked: list[Any] = []

    async def on_mount(self) -> None:
        self.form_screen = ConnectScreen(*self._arguments, **self._more)
        await self.push_screen(self.form_screen)

    def on_connect_screen_connect_requested(self, message: ConnectScreen.ConnectRequested) -> None:
        self.asked.append(message)

    def on_connect_screen_test_requested(self, message: ConnectScreen.TestRequested) -> None:
        self.asked.append(message)

    def on_connect_screen_demo_requested(self, message: ConnectScreen.DemoRequested) -> None:
        self.asked.append(message)

    def on_connect_screen_profile_renamed(self, message: ConnectScreen.ProfileRenamed) -> None:
        self.asked.append(message)

    def on_connect_screen_cancel_requested(self, message: ConnectScreen.CancelRequested) -> None:
        self.asked.append(message)

    def on_connect_screen_leave_requested(self, message: ConnectScreen.LeaveRequested) -> None:
        self.asked.append(message)

    def value(self, name: str) -> str:
        return self.form_screen.query_one(f"#field-{name}", ExactField).exact

    def shown(self) -> str:
        """Everything that can be read on the screen."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())

    def problem(self, name: str) -> str:
        row = self.form_screen.query_one(f"#row-{name}")
        return str(row.query_one(".problem", Static).content) if row.has_class("-wrong") else ""

    @property
    def preview(self) -> str:
        return self.form_screen.query_one(ConnectPreview).plain

    @property
    def outcome(self) -> str:
        return f"{self.form_screen.query_one('#said', Static).content}"


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    return Profiles(tmp_path / "profiles.toml")


def host(profiles: Profiles, connection: Connection | None = None, **more: Any) -> Host:
    return Host(profiles, connection, **more)


async def paste(pilot: Pilot[None], text: str) -> None:
    assert pilot.app.focused is not None
    pilot.app.focused.post_message(events.Paste(text))
    await pilot.pause()


async def write(pilot: Pilot[None], name: str, text: str) -> None:
    """Go to a field and put a text where the old one was."""
    field = pilot.app.screen.query_one(f"#field-{name}", ExactField)
    field.focus()
    await pilot.pause()
    field.action_delete_left_all()
    field.action_delete_right_all()
    if text:
        field.post_message(events.Paste(text))
    await pilot.pause()


async def test_a_pasted_url_fills_the_rest_and_loses_its_password(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 48)) as pilot:
        await paste(pilot, "stomp+ssl://gu%40st:s3%3Acret@rabbit.staging:61700/orders\n")
        await until(
            lambda: (
                [app.value(n) for n in ("host", "port", "vhost", "login", "passcode")]
                == [
                    "rabbit.staging",
                    "61700",
                    "orders",
                    "gu@st",
                    "s3:cret",
                ]
            )
        )
        await until(lambda: app.value("url") == "stomp+ssl://gu%40st@rabbit.staging:61700/orders")
        await until(lambda: "s3" not in app.shown())
        await until(lambda: "CA file" in app.shown())
        await pilot.press("enter")
        await until(
            lambda: (
                app.asked[0].connection
                == Connection(
                    host="rabbit.staging",
                    port=61700,
                    vhost="orders",
                    login="gu@st",
                    passcode="s3:cret",
                    transport=TransportKind.TLS,
                )
            )
        )


async def test_typing_in_the_fields_updates_url_and_preview(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        await write(pilot, "host", "rabbit")
        await write(pilot, "login", "guest")
        await write(pilot, "passcode", "gu3st")
        await until(lambda: app.value("url") == "stomp://guest@rabbit:61613/")
        await until(
            lambda: (
                app.preview
                == (
                    "CONNECT\naccept-version:1.0,1.1,1.2\nlogin:guest\npasscode:••••••\nhost:/\nheart-beat:10000,10000\n\n␀"
                )
            )
        )
        await until(lambda: "gu3st" not in app.shown())
        await pilot.press("f3")
        await until(lambda: "gu3st" in app.shown())
        await pilot.press("f3")
        await until(lambda: "gu3st" not in app.shown())


async def test_secrets_in_the_form_are_covered_and_one_key_shows_them(profiles: Profiles) -> None:
    connection = Connection(
        transport=TransportKind.WS,
        vhost=None,
        ws_path="/ws?sig=s3cret&x=1",
        headers=(("x-csrf-token", "s3cret"), ("note", "Bearer s3cret")),
        ws_headers=(("X-Session", "s3cret"),),
    )
    app = host(profiles, connection)
    async with app.run_test(size=(150, 84)) as pilot:
        await write(pilot, "url", "stomp://guest:pa/s3cret@h/")
        await until(lambda: "s3cret" not in app.shown() and "stomp://guest:•" in app.shown())
        await until(lambda: "/ as %2F" in app.problem("url") and "s3cret" not in app.problem("url"))
        await pilot.press("f3")
        await pilot.pause()
        await until(lambda: app.shown().count("s3cret") >= 5)
        await pilot.press("f3")
        await pilot.pause()
        await until(lambda: "s3cret" not in app.shown())
        await until(
            lambda: app.value("ws_path") == "/ws?sig=s3cret&x=1", lambda: "what is covered is sent all the same"
        )


async def test_the_management_url_is_optional_and_checked_under_its_field(profiles: Profiles) -> None:
    app = host(profiles, Connection(login="guest"))
    async with app.run_test(size=(120, 40)) as pilot:
        await write(pilot, "management", "http://guest:guest@rabbit:15672")
        await write(pilot, "host", "rabbit")
        await until(lambda: "leave login and password out" in app.problem("management"))
        await pilot.press("enter")
        await until(lambda: not app.asked)
        await write(pilot, "management", "http://rabbit:15672")
        await until(lambda: app.problem("management") == "")
        await pilot.press("enter")
        await until(lambda: app.asked[0].connection.management == "http://rabbit:15672")
        await until(lambda: "15672" not in app.preview, lambda: "it is no part of the CONNECT frame")


async def test_the_frame_of_the_lua_script_can_be_said(profiles: Profiles) -> None:
    app = host(profiles, Connection(login="guest", passcode="guest"))
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.query_one("#field-versions", Select).value = ("1.2",)
        await write(pilot, "beat_out", "0")
        await write(pilot, "beat_in", "0")
        await pilot.press("enter")
        await until(
            lambda: (
                app.asked[0].connection.connect_frame()
                == (b"CONNECT\naccept-version:1.2\nlogin:guest\npasscode:guest\nhost:/\n\n\0")
            )
        )


async def test_a_url_typed_by_hand_keeps_the_password_field(profiles: Profiles) -> None:
    app = host(profiles, Connection(host="a", login="guest", passcode="s3cret"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("shift+tab", "tab")
        app.form_screen.form.focus_field("url")
        await pilot.press("end", "o", "r", "d", "e", "r", "s")
        await until(lambda: app.value("vhost") == "orders")
        await until(lambda: app.value("passcode") == "s3cret")


async def test_a_password_is_not_taken_to_another_host_by_a_paste(profiles: Profiles) -> None:
    app = host(profiles, Connection(host="a", login="guest", passcode="s3cret"))
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.form.focus_field("url")
        await pilot.press("end")
        await paste(pilot, "stomp://guest@b/")
        await until(lambda: app.value("host") == "b")
        await until(lambda: app.value("passcode") == "")


@pytest.mark.parametrize("field", ["url", "host"])
@pytest.mark.parametrize(
    "pasted",
    [
        "failover:(tcp://a,tcp://b)?randomize=false",
        "failover:tcp://a,tcp://b",
        "(tcp://a,tcp://b)",
        "stomp://a,tcp://b",
    ],
)
async def test_a_pasted_list_takes_the_place_of_a_url(profiles: Profiles, field: str, pasted: str) -> None:
    app = host(profiles, Connection(host="a", login="guest", passcode="s3cret"))
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.form.focus_field(field)
        await pilot.press("end")
        await paste(pilot, pasted)
        await until(lambda: app.value("host") == "a,b")
        # b never had it.
        await until(lambda: app.value("passcode") == "")


async def test_what_a_paste_of_another_address_removes_is_told_by_name(profiles: Profiles) -> None:
    lines = (("x-tenant", "a"), ("Authorization", "Bearer t0ken"))
    cookie = (("Cookie", "JSESSIONID=c00kie"),)
    begun = Connection(
        host="a", port=8080, transport=TransportKind.WS, ws_path="/ws", login="me", passcode="s3cret",
        headers=lines, ws_headers=cookie,
    )  # fmt: skip
    app = host(profiles, begun)
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.form.focus_field("url")
        await pilot.press("end")
        await paste(pilot, "ws://me@a:8080/other")
        await until(lambda: app.value("ws_path") == "/other")
        assert "Removed" not in app.outcome, "it is the same server"
        await paste(pilot, "ws://me@b:8080/ws")
        await until(lambda: "another server" in app.outcome, lambda: app.outcome)
        assert app.outcome.strip().endswith(": Authorization, Cookie, password."), app.outcome
        assert "x-tenant:a" in app.preview and "Authorization" not in app.preview
        assert not any(secret in app.shown() for secret in ("t0ken", "c00kie", "s3cret"))
        await paste(pilot, "ws://me@cc.example:8080/ws")
        await until(lambda: "Removed" not in app.outcome, lambda: app.outcome)


async def test_what_is_wrong_is_said_under_its_field_and_nothing_is_sent(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        for name, typed, words, right in (
            ("host", "", "a host is needed", "h"),
            ("port", "70000", "1 to 65535", "1"),
            ("port", "abc", "1 to 65535", "61613"),
            ("timeout", "soon", "seconds", "10"),
            ("timeout", "0", "more than 0", "10"),
            ("beat_out", "-1", "0 is none", "10"),
            ("url", "amqp://h", "amqp:// is not known", "stomp://h"),
        ):
            await write(pilot, name, typed)
            await pilot.press("enter", "f5")
            await until(lambda: words in app.problem(name))
            await until(lambda: app.asked == [])
            await until(lambda: app.focused is not None and app.focused.id == f"field-{name}")
            await write(pilot, name, right)
            await until(lambda: app.problem(name) == "")


async def test_one_thing_at_a_time_is_said_to_be_wrong(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(80, 24)) as pilot:
        await write(pilot, "timeout", "soon")
        await write(pilot, "port", "70000")
        await pilot.press("enter")
        for name, other, right in (("timeout", "port", "10"), ("port", "timeout", "61613")):
            await until(lambda: app.focused is not None and app.focused.id == f"field-{name}")
            await until(lambda: app.problem(name) != "" and app.problem(other) == "" and app.shown().count("✗") == 1)
            await write(pilot, name, right)
            await until(lambda: app.problem(name) == "")
            await pilot.press("enter")
        await until(lambda: len(app.asked) == 1 and "✗" not in app.shown())


async def test_a_field_is_not_scolded_while_it_is_typed(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        await write(pilot, "port", "")
        await until(lambda: app.problem("port") == "")
        await pilot.press("tab")
        await until(lambda: "1 to 65535" in app.problem("port"))
        await write(pilot, "port", "1")
        await until(lambda: app.problem("port") == "")


async def test_tls_fields_show_when_there_is_tls(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 50)) as pilot:
        assert "CA file" not in app.shown()
        app.form_screen.query_one("#field-transport", Select).value = TransportKind.TLS
        await pilot.pause()
        await until(lambda: "CA file" in app.shown())
        await until(lambda: app.value("port") == "61614")
        await until(lambda: app.value("url") == "stomp+ssl://127.0.0.1:61614/")
        await until(lambda: "Not verified" not in app.shown())
        app.form_screen.query_one("#field-verify").focus()
        await pilot.press("space")
        await until(lambda: "Not verified" in app.shown())
        await write(pilot, "ca_file", "/no/such.pem")
        await pilot.press("tab")
        await until(lambda: "no such file" in app.problem("ca_file"))


async def test_websocket_leaves_the_host_header_out_and_shows_the_handshake(profiles: Profiles) -> None:
    app = host(profiles, Connection(login="alice", passcode="s3cret"))
    async with app.run_test(size=(140, 50)) as pilot:
        app.form_screen.query_one("#field-transport", Select).value = TransportKind.WS
        await pilot.pause()
        await until(lambda: "host:" not in app.preview)
        await write(pilot, "ws_path", "/ws?access_token=t0ken")
        await until(lambda: "t0ken" not in app.value("url") + app.preview)
        app.form_screen.query_one("#field-ws_basic").focus()
        await pilot.press("space")
        await until(lambda: "Authorization: ••••••" in app.preview)
        app.form_screen.query_one("#field-send_host").focus()
        await pilot.press("space")
        await until(lambda: "host:/" in app.preview)
        await write(pilot, "ws_message_size", "12")
        await pilot.press("enter")
        await until(lambda: "a number of bytes from 128 on" in app.problem("ws_message_size"))
        await write(pilot, "ws_message_size", "0")
        await write(pilot, "proxy", "http://me:s3cret@proxy:1")
        await until(lambda: "s3cret" not in app.shown())
        app.form_screen.form.focus_field("ws_path")
        await pilot.press("enter")
        await until(lambda: app.asked[0].connection.ws_path == "/ws?access_token=t0ken")
        connection = app.asked[0].connection
        assert connection.ws_message_size == 0
        assert connection.proxy == "http://me:s3cret@proxy:1"
        assert connection.ws_path == "/ws?access_token=t0ken"
        assert connection.handshake_headers()[0] == ("Authorization", "Basic YWxpY2U6czNjcmV0")


STOMPJS = """const client = new Client({
  brokerURL: 'ws://spring.local:8080/ws',
  connectHeaders: { login: 'alice', passcode: 's3cret', Authorization: 'Bearer t0ken', 'X-CSRF-TOKEN': csrf() },
  heartbeatIncoming: 4000,
  heartbeatOutgoing: 20000,
});
"""


@pytest.mark.parametrize("field", ["url", "host", "passcode", "vhost"])
async def test_pasted_code_fills_the_form_and_says_what_it_could_not_read(profiles: Profiles, field: str) -> None:
    app = host(profiles)
    async with app.run_test(size=(140, 50)) as pilot:
        app.form_screen.query_one(f"#field-{field}").focus()
        await pilot.pause()
        await paste(pilot, STOMPJS)
        await until(lambda: app.value("url") == "ws://alice@spring.local:8080/ws", lambda: app.value("url"))
        assert [app.value(name) for name in ("host", "login", "beat_in", "beat_out")] == [
            "spring.local", "alice", "4", "20",
        ]  # fmt: skip
        assert app.value("passcode") == "s3cret"
        await until(lambda: "Authorization:••••••" in app.preview, lambda: app.preview)
        await until(
            lambda: "it computes X-CSRF-TOKEN: enter what is missing yourself" in app.outcome, lambda: app.outcome
        )
        assert "s3cret" not in app.shown() and "t0ken" not in app.shown()
        app.form_screen.form.focus_field("url")
        await until(lambda: app.form_screen.query_one("#field-url").has_focus)
        await paste(pilot, "new SockJS(config.url)")
        await until(lambda: "nothing in the pasted code says how to connect" in app.outcome)
        assert app.value("url") == "ws://alice@spring.local:8080/ws", "what was there stays"
        app.form_screen.form.focus_field("url")
        await paste(pilot, "ws://other.local/ws")
        await until(lambda: "code" not in app.outcome, lambda: app.outcome)


@pytest.mark.parametrize(
    "pasted", ["ws://me@c.local/ws", "ws://me@cc.local/ws", "ws://me@c.local/x", "wss://me@b.com/ws"]
)
async def test_an_address_as_long_as_the_one_before_takes_no_secret_along(profiles: Profiles, pasted: str) -> None:
    app = host(profiles, Connection(headers=(("Authorization", "Bearer t0ken"),)))
    async with app.run_test(size=(140, 50)) as pilot:
        app.form_screen.form.focus_field("url")
        await until(lambda: app.form_screen.query_one("#field-url").has_focus)
        await paste(pilot, "ws://me@b.local/ws")
        await until(lambda: app.value("host") == "b.local")
        form = app.form_screen.form
        form.form.passcode = "s3cret"
        form.put_back(form.typed)
        await until(lambda: app.value("passcode") == "s3cret")
        await paste(pilot, pasted)
        await until(lambda: app.value("host") == pasted.split("/")[2].split("@")[1], lambda: app.value("url"))
        assert app.value("passcode") == ""
        assert "Authorization" not in app.preview


async def test_one_line_pasted_as_a_password_is_the_password_whatever_it_looks_like(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(140, 50)) as pilot:
        app.form_screen.form.focus_field("passcode")
        await until(lambda: app.form_screen.query_one("#field-passcode").has_focus)
        await paste(pilot, "new Client({})")
        await until(lambda: app.value("passcode") == "new Client({})")


async def test_a_command_that_was_typed_or_pasted_runs_only_after_a_question(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.form.focus_field("headers")
        await pilot.press("t")
        await until(lambda: "t:" in app.preview)
        await pilot.press("enter")
        await pilot.pause()
        await paste(pilot, "{{command curl evil}}")
        await until(lambda: "t:{{command" in app.preview)
        for answer, asked in (("n", 0), ("y", 1)):
            await pilot.press("ctrl+g")
            await until(lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press(answer)
            await until(lambda: not isinstance(app.screen, ConfirmScreen))
            await until(lambda: len(app.asked) == asked)
        assert app.asked[0].connection.headers == (("t", "{{command curl evil}}"),)


async def test_a_command_of_the_profile_runs_without_a_question(profiles: Profiles) -> None:
    app = host(profiles, Connection(headers=(("Authorization", "Bearer {{command known --aud x}}"),)))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: "Authorization:Bearer {{command known" in app.preview)
        await pilot.press("ctrl+g")
        await until(lambda: app.asked)


async def test_what_is_read_for_one_host_is_asked_about_anew_for_another(profiles: Profiles) -> None:
    app = host(profiles, Connection(host="a", headers=(("Authorization", "Bearer {{command known}}"),)))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: "{{command known" in app.preview)
        app.form_screen.form.focus_field("url")
        await paste(pilot, "stomp://b/")
        await until(lambda: app.value("host") == "b" and "{{command" not in app.preview)
        app.form_screen.form.focus_field("headers")
        await pilot.press("t")
        await until(lambda: "t:" in app.preview)
        await pilot.press("enter")
        await pilot.pause()
        await paste(pilot, "{{command known}}")
        await until(lambda: "t:{{command known" in app.preview)
        await pilot.press("ctrl+g")
        await until(lambda: isinstance(app.screen, ConfirmScreen))
        assert not app.asked


async def test_extra_connect_headers_keep_their_order(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.form.focus_field("headers")
        for key in (*"b", "enter", *"1", "enter", *"a", "enter", *"2"):
            # A key typed ahead of a moving focus misses it.
            await pilot.press(key)
            await pilot.pause(0.02)
        assert "b:1\na:2" in app.preview
        await pilot.press("ctrl+g")
        await until(lambda: app.asked[0].connection.headers == (("b", "1"), ("a", "2")))


async def test_a_failure_is_told_in_place_and_the_form_stays(profiles: Profiles) -> None:
    app = host(profiles, Connection(host="h", login="guest", passcode="wrong"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter")
        await until(lambda: app.asked)
        app.form_screen.show_progress("TLS handshake")
        await until(lambda: "TLS handshake…" in app.shown() and "Esc cancels" in app.shown())
        await pilot.press("enter", "f5")
        await until(lambda: len(app.asked) == 1)
        app.form_screen.show_failure("the broker refused", "message:Bad CONNECT\n[/x] \x1b[2J", "passcode")
        await pilot.pause()
        await until(
            lambda: "message:Bad CONNECT" in app.shown() and "[/x] ␛[2J" in app.shown() and ("\x1b" not in app.shown())
        )
        shown = app.shown()
        assert "message:Bad CONNECT" in shown and "[/x] ␛[2J" in shown and "\x1b" not in shown
        assert "the broker refused" in app.problem("passcode")
        assert app.value("host") == "h" and app.value("passcode") == "wrong"
        await write(pilot, "passcode", "right")
        await until(lambda: app.problem("passcode") == "")
        await pilot.press("enter")
        await until(lambda: app.asked[1].connection.passcode == "right")


@pytest.mark.parametrize("changed", ["port", "host", "url"])
async def test_an_error_goes_with_its_cause(profiles: Profiles, changed: str) -> None:
    app = host(profiles)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(lambda: len(app.asked) == 1)
        app.form_screen.show_failure("nothing listens there", field="port")
        await until(lambda: "nothing listens" in app.problem("port"))
        await until(lambda: app.focused is not None and app.focused.id == "field-port")
        await write(pilot, "timeout", "20")
        assert "nothing listens" in app.problem("port")
        await write(pilot, changed, {"port": "61700", "host": "h", "url": "stomp://h:61700/"}[changed])
        await until(lambda: app.problem("port") == "" and app.outcome == "")


async def test_an_error_of_tls_is_where_the_person_looks(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        await until(lambda: len(app.asked) == 1)
        app.form_screen.show_failure("that port speaks TLS", field="tls", instead=TransportKind.TLS)
        await pilot.press("f4")
        await until(lambda: len(app.asked) == 2)
        app.form_screen.show_failure("nobody known has signed its certificate", field="ca_file")
        await until(lambda: app.focused is not None and app.focused.id == "field-ca_file")
        await until(lambda: app.shown().count("nobody known has signed its certificate") == 2)
        await write(pilot, "server_name", "other")
        await until(lambda: app.problem("ca_file") == "" and app.outcome == "")


async def test_one_key_tries_the_transport_that_the_port_speaks(profiles: Profiles) -> None:
    """The port, the login and the checking of certificates stay; what was asked for is asked for again."""
    connection = Connection("rabbit", 61700, login="guest", passcode="s3cret", vhost="orders")
    app = host(profiles, connection)
    async with app.run_test(size=(120, 40)) as pilot:
        for key, kind in (("f5", ConnectScreen.TestRequested), ("ctrl+g", ConnectScreen.ConnectRequested)):
            await pilot.press("f4")
            await until(lambda: not app.asked)
            await pilot.press(key)
            await until(lambda: len(app.asked) == 1)
            reason = "rabbit port 61700 speaks TLS: choose TLS as the transport"
            app.form_screen.show_failure(reason, "", "transport", TransportKind.TLS)
            await until(lambda: "F4 tries it" in app.outcome and "Try TLS" in app.shown())
            await until(lambda: "Try TCP" not in app.shown())
            await pilot.press("f4")
            await until(lambda: len(app.asked) == 2)
            assert isinstance(app.asked[1], kind)
            assert app.asked[1].connection == replace(connection, transport=TransportKind.TLS)
            assert app.asked[1].connection.tls.verify
            assert app.value("url") == "stomp+ssl://guest@rabbit:61700/orders"
            app.form_screen.show_idle()
            app.form_screen.form.load(connection)
            app.asked.clear()
        await pilot.press("ctrl+g")
        app.form_screen.show_failure("it speaks TLS", "", "transport", TransportKind.TLS)
        await until(lambda: "Try TLS" in app.shown())
        await write(pilot, "host", "other")
        await until(lambda: "Try TLS" not in app.shown())
        await until(lambda: len(app.asked) == 1)


async def test_esc_cancels_an_attempt_then_leaves(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f5", "escape")
        await until(lambda: isinstance(app.asked[0], ConnectScreen.TestRequested))
        assert isinstance(app.asked[0], ConnectScreen.TestRequested)
        await until(lambda: isinstance(app.asked[1], ConnectScreen.CancelRequested))
        assert isinstance(app.asked[1], ConnectScreen.CancelRequested)
        app.form_screen.show_idle("cancelled")
        await pilot.press("escape")
        await until(lambda: isinstance(app.asked[2], ConnectScreen.LeaveRequested))
        assert isinstance(app.asked[2], ConnectScreen.LeaveRequested)


@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_the_demo_is_offered_to_who_has_no_broker_yet(profiles: Profiles, size: tuple[int, int]) -> None:
    app = host(profiles, offers_demo=True)
    async with app.run_test(size=size) as pilot:
        await until(lambda: "No broker at hand? F6 starts a demo" in " ".join(app.shown().split()))
        for button in app.form_screen.query(Button):
            assert app.form_screen.region.contains_region(button.region) and button.region.height == 1
        await pilot.click("#demo")
        await until(lambda: [type(message) for message in app.asked] == [ConnectScreen.DemoRequested])
        await until(lambda: "The demo is starting" in app.shown())
        app.form_screen.show_failure("the demo did not start")
        await pilot.press("f6")
        await until(lambda: len(app.asked) == 2)


async def test_the_result_of_a_test_is_shown(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f5")
        app.form_screen.show_test_result("RabbitMQ 3.10.8, STOMP 1.2, heart-beat 10 s", True)
        await pilot.pause()
        await until(lambda: "✓ RabbitMQ 3.10.8" in app.shown())
        await pilot.click("#connect")
        await until(lambda: isinstance(app.asked[1], ConnectScreen.ConnectRequested))
        assert isinstance(app.asked[1], ConnectScreen.ConnectRequested)


async def test_saving_and_loading_a_profile(profiles: Profiles) -> None:
    app = host(profiles, Connection(host="h", login="guest", passcode="s3cret"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f2")
        await pilot.pause()
        await until(lambda: isinstance(app.screen, PromptScreen))
        assert isinstance(app.screen, PromptScreen)
        await pilot.press("ctrl+u", "ctrl+k", "enter")
        await until(lambda: "needs a name" in app.shown())
        await pilot.press(*"staging", "enter")
        await pilot.pause()
        await until(lambda: profiles.load("staging") == Connection(host="h", login="guest"))
        await until(lambda: "s3cret" not in profiles.path.read_text())
        await until(lambda: "staging" in app.shown() and "saved" in app.outcome)
        await write(pilot, "host", "other")
        app.form_screen.query_one("#profiles").focus()
        await pilot.press("home", "enter")
        await until(lambda: app.value("host") == "h")
        await until(lambda: app.focused is not None and app.focused.id == "field-passcode")
        await pilot.press("x", "enter")
        await until(lambda: app.asked[0].profile_name == "staging")


async def test_what_is_no_host_is_not_saved_and_told_at_its_field(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        for typed, words in (
            ("guest@rabbit", "the login has a field of its own"),
            ("rabbit:61613", "the port has a field of its own"),
            ("stomp:/guest:s3cret@rabbit/", "a name or an address"),
            ("", "a host is needed"),
        ):
            await write(pilot, "port", "1")
            await write(pilot, "host", typed)
            await pilot.press("f2")
            await until(lambda: words in app.problem("host") and app.outcome == "")
            await until(lambda: app.focused is not None and app.focused.id == "field-host")
            assert app.screen is app.form_screen
            assert "s3cret" not in app.outcome + app.problem("host")


@pytest.mark.parametrize("way", ["pasted", "typed", "typed and entered"])
async def test_a_url_in_place_of_the_host_fills_the_form(profiles: Profiles, way: str) -> None:
    app = host(profiles, Connection(host="h", passcode="other"))
    async with app.run_test(size=(120, 40)) as pilot:
        await write(pilot, "host", "")
        url = "stomp+ssl://guest:s3cret@127.0.0.1:21300/"
        if way == "pasted":
            await paste(pilot, url)
        else:
            await pilot.press(*url)
            await until(lambda: app.value("host") == url)
            assert "s3cret" not in app.shown()
            await pilot.press("enter" if way == "typed and entered" else "tab")
        await until(
            lambda: (
                [app.value(name) for name in ("url", "host", "port", "login", "passcode")]
                == ["stomp+ssl://guest@127.0.0.1:21300/", "127.0.0.1", "21300", "guest", "s3cret"]
            )
        )
        await until(lambda: app.problem("host") == app.problem("url") == "")
        if way == "typed and entered":
            await until(lambda: bool(app.asked) and app.asked[0].connection.host == "127.0.0.1")


async def test_a_url_pasted_in_place_of_the_host_that_is_wrong_is_told_where_it_can_be_mended(
    profiles: Profiles,
) -> None:
    app = host(profiles, Connection(host="h"))
    async with app.run_test(size=(120, 40)) as pilot:
        await write(pilot, "host", "stomp://guest:s3@cret/@there/")
        await until(lambda: "write @ as %40" in app.problem("url"))
        await until(lambda: app.focused is not None and app.focused.id == "field-url")
        assert "cret" not in app.shown()


async def test_another_profile_is_overwritten_after_asking_only(profiles: Profiles) -> None:
    profiles.save("staging", Connection(host="precious"))
    app = host(profiles, Connection(host="h"))
    async with app.run_test(size=(120, 40)) as pilot:
        for answer, kept in (("n", "precious"), ("y", "h")):
            await pilot.press("f2")
            await pilot.pause()
            await pilot.press("ctrl+u", "ctrl+k", *"staging", "enter")
            await pilot.pause()
            await pilot.press(answer)
            await pilot.pause()
            await until(lambda: profiles.load("staging").host == kept)


async def test_a_key_that_nothing_reads_is_told_where_the_profile_is_chosen(profiles: Profiles) -> None:
    profiles.path.parent.mkdir(exist_ok=True)
    profiles.path.write_text('[profiles.lab]\nurl = "stomp://h/"\nmanagement_url = "http://h"\n[stray]\n')
    told = "profile 'lab' has an unknown key 'management_url': did you mean 'management'?"
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: "has an unknown key 'stray'" in app.outcome)
        app.form_screen.query_one("#profiles").focus()
        await pilot.press("home", "enter")
        await until(lambda: app.outcome == told and "did you mean 'management'?" in app.shown())
    app = host(profiles, profiles.load("lab"), profile="lab")
    async with app.run_test(size=(80, 24)):
        await until(lambda: told in app.outcome and "did you mean 'management'?" in " ".join(app.shown().split()))


async def test_deleting_a_profile_asks_first(profiles: Profiles) -> None:
    profiles.save("[/staging]", Connection(host="h"))
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.query_one("#profiles").focus()
        await pilot.press("home", "delete")
        await pilot.pause()
        await until(lambda: "Delete the profile [/staging]?" in app.shown())
        await pilot.press("enter")
        await pilot.pause()
        await until(lambda: profiles.names() == ["[/staging]"])
        await pilot.press("delete")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        await until(lambda: profiles.names() == [])
        await until(lambda: "[/staging]" not in app.shown().replace("Deleted the profile [/staging]", ""))


async def test_what_was_typed_is_kept_beside_what_is_saved(profiles: Profiles) -> None:
    profiles.save("a", Connection(host="h"))
    profiles.save("b", Connection(host="other"))
    kept: dict[str, Typed] = {}
    app = host(profiles, kept=kept, can_return=True)
    async with app.run_test(size=(120, 40)) as pilot:

        async def choose(*keys: str) -> None:
            app.form_screen.query_one("#profiles").focus()
            await pilot.press(*keys)

        await write(pilot, "url", "amqp://h")
        await choose("home", "enter")
        await until(lambda: app.value("host") == "h")
        await write(pilot, "login", "guest")
        await write(pilot, "passcode", "s3cret")
        await choose("n")
        await until(lambda: app.value("url") == "amqp://h" and "amqp:// is not known" in app.problem("url"))
        assert "what you typed before" in app.outcome
        await choose("home", "down", "enter")
        await until(lambda: app.value("host") == "other" and app.outcome == "")
        await choose("home", "enter")
        await until(lambda: (app.value("login"), app.value("passcode")) == ("guest", "s3cret"))
        await choose("home", "enter")
        await until(lambda: app.value("login") == "" and "As saved; choose a again" in app.outcome)
        await choose("home", "enter")
        await until(lambda: app.value("login") == "guest")
        await pilot.press("escape")
        await until(lambda: app.asked)
    again = host(profiles, profiles.load("a"), profile="a", kept=kept, bring_back=True)
    async with again.run_test(size=(120, 40)):
        await until(lambda: (again.value("host"), again.value("login")) == ("h", "guest"))


async def test_a_connection_that_was_typed_is_not_left_without_asking(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(80, 24)) as pilot:
        await write(pilot, "host", "rabbit")
        await pilot.press("escape")
        await until(lambda: "is not saved. Leave all the same?" in app.shown())
        await pilot.press("n")
        await until(lambda: app.screen is app.form_screen and app.value("host") == "rabbit")
        await pilot.press("escape", "y")
        await until(lambda: [type(message) for message in app.asked] == [ConnectScreen.LeaveRequested])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_profile_is_renamed_and_duplicated_by_key_and_mouse(profiles: Profiles, size: tuple[int, int]) -> None:
    profiles.save("a", Connection(host="h"), subscribe=("/topic/x",))
    profiles.save("b", Connection(host="other"))
    app = host(profiles, profiles.load("a"), profile="a")

    async def click(pilot: Pilot[None], word: str) -> None:
        await until(lambda: word in app.shown())
        y, line = next((y, line) for y, line in enumerate(app.shown().splitlines()) if word in line)
        await pilot.click(offset=(line.index(word) + 1, y))

    async with app.run_test(size=size) as pilot:
        await click(pilot, "Rename")
        await until(lambda: "Rename the profile a to" in app.shown())
        await pilot.press("b", "enter")
        await until(lambda: "a profile named b already exists" in app.shown())
        await pilot.press("ctrl+u", "ctrl+k", *"first", "enter")
        await until(lambda: profiles.names() == ["first", "b"] and app.outcome == "✓ a is named first now")
        await until(lambda: [(m.old, m.new) for m in app.asked] == [("a", "first")])
        app.form_screen.query_one("#profiles").focus()
        await pilot.press("d")
        await until(lambda: "Save a copy of the profile first as" in app.shown())
        await pilot.press("enter")
        await until(lambda: profiles.names() == ["first", "b", "first 2"])
        await until(lambda: profiles.profile("first 2") == profiles.profile("first"))
        await pilot.press("down")
        await until(lambda: app.shown().index("other:61613") < app.shown().index("Delete"))
        await click(pilot, "Delete")
        await until(lambda: "Delete the profile b?" in app.shown())
        await pilot.press("y")
        await until(lambda: profiles.names() == ["first", "first 2"])
        # None of it changed what is in the form.
        assert app.value("host") == "h" and len(app.asked) == 1


async def test_a_broken_profile_file_is_told(profiles: Profiles) -> None:
    profiles.path.write_text("[profiles.a]\nurl = nothing")
    app = host(profiles)
    async with app.run_test(size=(160, 40)):
        assert "profiles.toml, line 2" in app.shown().replace("\n", " ")


async def test_one_broken_profile_is_told_when_it_is_chosen(profiles: Profiles) -> None:
    profiles.path.write_text("[profiles.a]\nurl = 3\n[profiles.b]\nurl = 'h'\n")
    app = host(profiles)
    async with app.run_test(size=(120, 40)) as pilot:
        app.form_screen.query_one("#profiles").focus()
        await pilot.press("home", "enter")
        await until(lambda: "line 2" in app.outcome)
        await pilot.press("down", "enter")
        await until(lambda: app.value("host") == "h")


async def test_odd_texts_are_painted_harmlessly_and_kept(profiles: Profiles) -> None:
    app = host(profiles, Connection(vhost="[/a]\x1b[2J", login="日本é[b]"))
    async with app.run_test(size=(120, 40)) as pilot:
        assert "\x1b" not in app.shown() and "日本é[b]" in app.shown()
        await write(pilot, "passcode", "x")
        await pilot.press("enter")
        await until(lambda: app.asked[0].connection.vhost == "[/a]\x1b[2J")


async def test_what_is_missing_is_asked_for_where_it_goes(profiles: Profiles) -> None:
    app = host(profiles, Connection(login="guest"), notice="type the password of guest")
    async with app.run_test(size=(80, 24)) as pilot:
        assert "type the password of guest" in app.shown()
        await pilot.press(*"guest", "enter")
        await until(lambda: app.asked[0].connection.passcode == "guest")


class FakeKeyring(Keyring):
    """A keyring that works, and knows one password."""

    def __init__(self, password: str = "fr0m-keyring") -> None:
        self.kept: list[str] = []
        self.password = password

    def unavailable_reason(self) -> str | None:
        return None

    def get(self, connection: Connection) -> str:
        return self.password

    def set(self, connection: Connection) -> None:
        self.kept.append(connection.passcode)


async def test_the_keyring_is_offered_only_where_it_works(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    app = host(profiles, keyring=Keyring())
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await until(lambda: "in the keyring" not in app.shown())


async def test_a_ticked_password_goes_into_the_keyring_and_comes_back(profiles: Profiles) -> None:
    keyring = FakeKeyring()
    app = host(profiles, Connection(host="h", login="guest", passcode="s3cret"), profile="a", keyring=keyring)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await until(lambda: "in the keyring" in app.shown())
        app.form_screen.query_one("#field-remember").focus()
        await pilot.press("space", "f2")
        await pilot.pause()
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await until(lambda: keyring.kept == ["s3cret"])
        await until(lambda: profiles.profile("a").keyring)
        app.form_screen.query_one("#profiles").focus()
        await pilot.press("home", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await until(lambda: app.value("passcode") == "fr0m-keyring")
        await pilot.press("ctrl+g")
        await until(lambda: app.asked[0].remember)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 60)])
async def test_every_size_shows_the_buttons_and_reaches_every_field(profiles: Profiles, size: tuple[int, int]) -> None:
    profiles.save("staging", Connection())
    connection = Connection(transport=TransportKind.WSS, tls=Tls(verify=False), vhost=None, headers=(("a", "b"),))
    app = host(profiles, connection)
    async with app.run_test(size=size) as pilot:
        app.form_screen.show_failure("nothing listens there\n" * 9, "<html>\n" * 50, "ws_path")
        await pilot.pause()
        for button in app.form_screen.query(Button):
            assert app.form_screen.region.contains_region(button.region) and button.region.height == 1
        reached = {widget.id: widget for widget in app.form_screen.focus_chain}
        for name in ("field-host", "field-key_file", "field-ws_path", "profiles", "connect"):
            reached[name].focus()
            await pilot.pause()
            await until(lambda: reached[name].region.intersection(reached[name].container_viewport).height >= 1)


async def test_wide_and_combining_characters_are_typed_as_they_are(profiles: Profiles) -> None:
    app = host(profiles)
    async with app.run_test(size=(80, 24)) as pilot:
        await write(pilot, "login", "é日本")
        await paste(pilot, "👩‍🚀")
        await pilot.press("enter")
        await until(lambda: app.asked[0].connection.login == "é日本👩‍🚀")
