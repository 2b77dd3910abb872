"""The web server: which request gets which answer, and a console for each WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from stomptui.web.guard import COOKIE, Asked, Guard, Refusal, cookies_in
from stomptui.web.pages import HEADERS, Page, console_page, content_policy, entrance, plain_page, static_files
from stomptui.web.tab import Program, Tab, size_of

log = logging.getLogger(__name__)
HEARTBEAT = 20.0
"""Seconds between pings; a browser that answers none has gone."""
LARGEST_MESSAGE = 32 << 20
"""Bytes of what a browser sends at once, such as a paste."""


@dataclass(frozen=True)
class Listening:
    """Where the server listens."""

    host: str
    """An address or a name."""
    port: int
    """0 for a free one."""


class WebServer:
    """Serves the console to browsers that the guard lets in.

    Args:
        guard: Decides who is let in.
        program: What runs in each tab.
        most_tabs: How many tabs there may be at the same time.
        report: Told, in a line each, what goes wrong in a tab.
    """

    def __init__(self, guard: Guard, program: Program, most_tabs: int, report: Callable[[str], object]) -> None:
        self._guard = guard
        self._program = program
        self._most_tabs = most_tabs
        self._report = report
        self._page = console_page()
        self._files = static_files()
        self._tabs: set[Tab] = set()
        self._runner: web.AppRunner | None = None

    async def start(self, where: Listening) -> int:
        """Listen; returns the port.

        Raises:
            OSError: It cannot listen there.
        """
        app = web.Application(middlewares=[self._admit])
        app.on_response_prepare.append(self._add_headers)
        folder = self._guard.folder
        app.router.add_get("/", self._enter, allow_head=False)
        app.router.add_get(f"{folder}/", self._console, allow_head=False)
        app.router.add_get(f"{folder}/ws", self._websocket, allow_head=False)
        app.router.add_get(f"{folder}/static/{{name}}", self._static, allow_head=False)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, where.host, where.port)
        await site.start()
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        """End all tabs and their processes, and listen no longer."""
        await asyncio.gather(*(tab.stop() for tab in self._tabs))
        if self._runner is not None:
            await self._runner.cleanup()

    def kill(self) -> None:
        """End the processes of all tabs at once."""
        for tab in self._tabs:
            tab.kill()

    # -- every request ---------------------------------------------------------------------------------------------

    @web.middleware
    async def _admit(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        headers = request.headers
        asked = Asked(
            method=request.method,
            path=request.raw_path.partition("?")[0],
            hosts=headers.getall("Host", []),
            origins=headers.getall("Origin", []),
            fetch_site=headers.get("Sec-Fetch-Site", ""),
            prefetched="prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", "")),
            cookies=cookies_in(headers.getall("Cookie", [])),
        )
        if refusal := self._guard.refusal(asked):
            log.info("refused: %s", refusal.name)
            return _response(plain_page(refusal.value), 403)
        try:
            return await handler(request)
        except web.HTTPException:
            return _response(plain_page(Refusal.PATH.value), 403)

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)
        # The guard has not seen what cannot be read; what it refused may have any host.
        host = request.host if response.status == 200 else "localhost"
        response.headers["Content-Security-Policy"] = content_policy(host)

    # -- pages -----------------------------------------------------------------------------------------------------

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        cookie = self._guard.exchange(request.query.get("token", ""))
        if cookie is None:
            return _response(plain_page(Refusal.TOKEN.value), 403)
        place = f"{self._guard.folder}/"
        response = _response(entrance(place))
        response.set_cookie(COOKIE, cookie, path=place, httponly=True, samesite="Strict")
        return response

    async def _console(self, request: web.Request) -> web.StreamResponse:
        if self._full:
            return _response(plain_page(self._too_many()), 503)
        return _response(self._page)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        page = self._files.get(request.match_info["name"])
        if page is None:
            raise web.HTTPNotFound
        return _response(page)

    @property
    def _full(self) -> bool:
        return len(self._tabs) >= self._most_tabs

    def _too_many(self) -> str:
        count = "1 console is" if self._most_tabs == 1 else f"{self._most_tabs} consoles are"
        return f"{count} open, which is the most: close one first, then load this page again."

    # -- a tab -----------------------------------------------------------------------------------------------------

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if self._full:
            return _response(plain_page(self._too_many()), 503)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE, compress=False)
        tab = Tab(self._program, _SocketBrowser(socket), self._report)
        self._tabs.add(tab)
        try:
            await socket.prepare(request)
            await self._serve(socket, tab, size_of(request.query.get("width"), request.query.get("height")) or (80, 24))
        finally:
            await tab.stop()
            self._tabs.discard(tab)
        return socket

    async def _serve(self, socket: web.WebSocketResponse, tab: Tab, size: tuple[int, int]) -> None:
        try:
            await tab.start(size)
        except OSError as error:
            self._report(f"a console cannot be started: {error.strerror or error}")
            await socket.close()
            return
        shown = asyncio.create_task(tab.run())
        shown.add_done_callback(lambda _: asyncio.ensure_future(socket.close()))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _handle(message.data, socket, tab)
        finally:
            await tab.stop()
            await shown


class _SocketBrowser:
    """Sends as the page expects it: bytes are for the terminal, a JSON list of two is anything else.

    Args:
        socket: The WebSocket of the tab.
    """

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket

    async def show(self, data: bytes) -> None:
        if not self._socket.closed:
            await self._socket.send_bytes(data)

    async def tell(self, kind: str, value: object = None) -> None:
        if not self._socket.closed:
            await self._socket.send_json([kind, value])


async def _handle(text: str, socket: web.WebSocketResponse, tab: Tab) -> None:
    """Do what a message of the page says; one that says nothing is ignored."""
    try:
        kind, *values = json.loads(text)
    except (ValueError, TypeError):
        return
    value = values[0] if values else None
    if kind == "stdin" and isinstance(value, str):
        tab.type(value)
    elif kind == "resize" and isinstance(value, dict):
        if size := size_of(value.get("width"), value.get("height")):
            tab.resize(size)
    elif kind in ("focus", "blur"):
        tab.focus(kind == "focus")
    elif kind == "ping":
        with contextlib.suppress(ConnectionError):
            await socket.send_json(["pong", str(value)])


def _response(page: Page, status: int = 200) -> web.Response:
    charset = "utf-8" if page.media_type.startswith("text/") else None
    return web.Response(body=page.body, status=status, content_type=page.media_type, charset=charset)
