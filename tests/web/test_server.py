"""The web server by real requests on loopback: who gets in, what a tab is, and that no process is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping

import pytest

try:
    import aiohttp

    from stomptui.web import tab
    from stomptui.web.guard import Refusal
    from tests.support.web import Served, ask, serving
except ModuleNotFoundError as error:
    pytest.skip(f"the web extra is not installed: no {error.name}", allow_module_level=True)


async def test_the_address_lets_one_browser_in() -> None:
    async with serving() as served:
        way_in = f"http://{served.host}/?token={served.guard.new_token()}"
        answer = await ask(way_in, {})
        assert answer.status == 200
        assert f'content="0; url={served.guard.folder}/"' in answer.text
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and f"Path={served.guard.folder}/" in cookie

        again = await ask(way_in, {})
        assert (again.status, again.said) == (403, Refusal.TOKEN.value)
        assert "Set-Cookie" not in again.headers

        known = {"Cookie": cookie.partition(";")[0]}
        page = await ask(served.console, known)
        assert page.status == 200 and "static/textual.js" in page.text
        for name, kind in (
            ("textual.js", "text/javascript"),
            ("RobotoMono.ttf", "font/ttf"),
            ("console.css", "text/css"),
        ):
            file = await ask(f"{served.console}static/{name}", known)
            assert (file.status, file.headers["Content-Type"].partition(";")[0]) == (200, kind)
        for answer in (page, again):
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Server"] == "stomptui"


async def test_everything_else_is_refused_with_a_sentence() -> None:
    async with serving() as served:
        known, page, root = served.cookie(), served.console, f"http://{served.host}"
        token = served.guard.new_token()
        cases: list[tuple[str, str, dict[str, str], Refusal]] = [
            ("GET", page, {}, Refusal.COOKIE),
            ("GET", f"{page}static/textual.js", {}, Refusal.COOKIE),
            ("GET", page, {"Cookie": "stomptui=guess"}, Refusal.COOKIE),
            ("GET", page, {**known, "Host": f"evil.example:{served.port}"}, Refusal.HOST),
            ("GET", f"{root}/?token={token}", {"Host": "evil.example"}, Refusal.HOST),
            ("GET", f"{root}/?token={token}", {"Sec-Purpose": "prefetch;prerender"}, Refusal.TOKEN),
            ("GET", page, {**known, "Origin": "http://evil.example"}, Refusal.ORIGIN),
            ("GET", page, {**known, "Sec-Fetch-Site": "same-site"}, Refusal.ORIGIN),
            ("POST", page, known, Refusal.METHOD),
            ("HEAD", f"{root}/?token={token}", {}, Refusal.METHOD),
            ("GET", f"{root}/", {}, Refusal.TOKEN),
            ("GET", f"{root}/favicon.ico", known, Refusal.PATH),
            ("GET", f"{page}static/nothing", known, Refusal.PATH),
            ("GET", f"{page}static/..%2Fguard.py", known, Refusal.PATH),
            ("GET", f"{page}download/1", known, Refusal.PATH),
        ]
        for method, address, headers, refusal in cases:
            answer = await ask(address, headers, method)
            assert answer.status == 403, (method, address, headers)
            assert method == "HEAD" or answer.said == refusal.value, (method, address, headers)
        # None of these has used the token up.
        assert (await ask(f"{root}/?token={token}", {})).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Cookie": ""},
    ],
)
async def test_a_websocket_from_elsewhere_is_refused(wrong: Mapping[str, str]) -> None:
    async with serving() as served:
        headers = {**served.cookie(), "Origin": f"http://{served.host}", **wrong}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with connected(served, {name: value for name, value in headers.items() if value}):
                pass
        assert refused.value.status == 403


async def test_a_tab_has_a_process_of_its_own_which_ends_with_it() -> None:
    async with serving() as served:
        async with connected(served) as socket:
            pid, *shown = (await socket.receive_bytes()).decode().split()
            assert shown == ["133x27", "xterm-256color"]
            for message, expected in (
                ('["stdin", "héllo"]', "D héllo"),
                ('["resize", {"width": 90, "height": 20}]', 'M {"type": "resize", "width": 90, "height": 20}'),
                ('["focus"]', 'M {"type": "focus"}'),
                # What means nothing is ignored.
                ('["resize", {"width": 0, "height": 1e9}]', ""),
                ('["resize", 7]', ""),
                ("[]", ""),
                ("{", ""),
                ("7", ""),
                ('["stdin", 7]', ""),
                ('["stdin", "still here"]', "D still here"),
            ):
                await socket.send_str(message)
                if expected:
                    assert (await socket.receive_bytes()).decode() == expected
            await socket.send_str('["ping", "5"]')
            assert await socket.receive_json() == ["pong", "5"]
        await gone(int(pid))
        assert served.reports == []


async def test_what_a_console_tells_its_page() -> None:
    async with serving() as served, connected(served) as socket:
        await socket.receive_bytes()
        for told, expected in (
            ('{"type": "open_url", "url": "javascript:alert(1)"}', None),
            ('{"type": "bell"}', ["bell", None]),
            (
                '{"type": "open_url", "url": "https://a.example"}',
                ["open_url", {"url": "https://a.example", "new_tab": True}],
            ),
        ):
            await socket.send_json(["stdin", f"tell {told}"])
            if expected is not None:
                assert await socket.receive_json() == expected


async def test_a_console_that_is_left_closes_its_tab_and_one_that_crashes_says_why() -> None:
    async with serving() as served:
        async with connected(served) as socket:
            await socket.receive_bytes()
            await socket.send_str('["stdin", "quit"]')
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        async with connected(served) as socket:
            await socket.receive_bytes()
            await socket.send_str('["stdin", "crash"]')
            assert await socket.receive_json() == ["ended", "␛[31mit broke"]
        assert served.reports == ["␛[31mit broke"]


async def test_there_are_no_more_tabs_than_were_asked_for() -> None:
    async with serving(most_tabs=1) as served:
        async with connected(served) as socket:
            pid = int((await socket.receive_bytes()).split()[0])
            answer = await ask(served.console, served.cookie())
            assert answer.status == 503 and answer.said.startswith("1 console is open, which is the most")
            with pytest.raises(aiohttp.WSServerHandshakeError):
                async with connected(served):
                    pass
        await gone(pid)
        while (await ask(served.console, served.cookie())).status == 503:
            await asyncio.sleep(0.01)
        async with connected(served) as socket:
            await socket.receive_bytes()


async def test_stopping_ends_a_console_that_does_not_end_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "GRACE", 0.2)
    async with serving() as served:
        async with connected(served) as socket:
            pid = int((await socket.receive_bytes()).split()[0])
            await socket.send_str('["stdin", "stay"]')
            assert await socket.receive_bytes() == b"staying"
            await asyncio.wait_for(served.server.stop(), 30)
        await gone(pid)


@contextlib.asynccontextmanager
async def connected(
    served: Served, headers: Mapping[str, str] | None = None
) -> AsyncIterator[aiohttp.ClientWebSocketResponse[bool]]:
    """A WebSocket as the page opens it, or with other headers."""
    headers = headers or {**served.cookie(), "Origin": f"http://{served.host}"}
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
        client.ws_connect(f"{served.console}ws?width=133&height=27", headers=headers) as socket,
    ):
        yield socket


async def gone(pid: int) -> None:
    """Wait until a process has ended."""
    for _ in range(3000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"process {pid} is still there")
