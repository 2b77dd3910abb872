"""Completion: the whole word, a list where several fit, and nothing taken that the person did not say."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Button, Input

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.matching import matching, matching_paths
from stomptui.ui.peek.form import PeekForm
from stomptui.ui.widgets.compose.header_editor import HeaderEditor
from stomptui.ui.widgets.text.completion import complete, complete_path
from stomptui.ui.widgets.text.completion_list import CompletionList
from stomptui.ui.widgets.text.fields import ExactField
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.ui.waiting import until

QUEUES = ["/queue/shipping", "/queue/ship", "/topic/shop", "/queue/orders", "/queue/a\x1b[2J"]


class Host(App[None]):
    """Fields as there are on all screens."""

    def __init__(self) -> None:
        super().__init__()
        self.queues = list(QUEUES)
        self.submitted: list[str] = []
        self.lines = [HeaderLine("x", "1"), HeaderLine()]

    def compose(self) -> ComposeResult:
        queue, path = ExactField(id="queue"), ExactField(id="path")
        complete(queue, lambda: self.queues)
        complete_path(path)
        with Vertical():
            yield queue
            yield path
            yield HeaderEditor(
                self.lines,
                lambda: {"persistent": "kept over a restart", "priority": "0 to 9"},
                lambda name: ("true", "false") if name == "persistent" else (),
            )
            yield Button("elsewhere", id="elsewhere")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.submitted.append(event.value)

    @property
    def listed(self) -> list[str]:
        """What the list says, row by row; nothing while there is none."""
        return [
            shown.render_line(y).text.strip()
            for shown in self.query(CompletionList)
            if shown.display
            for y in range(shown.size.height)
        ]


def field(app: Host, name: str) -> ExactField:
    return app.query_one(f"#{name}", ExactField)


async def test_right_takes_the_whole_word_however_fast_the_keys_come() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        queue = field(app, "queue")
        queue.focus()
        await pilot.pause()
        for character in "/queue/sh":
            app.post_message(events.Key(character if character != "/" else "slash", character))
        app.post_message(events.Key("right", None))
        await until(lambda: queue.exact == "/queue/shipping", lambda: queue.exact)
        assert queue.cursor_at_end
        assert app.listed == []


async def test_the_whole_rest_of_the_word_is_seen_before_it_is_taken() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        queue = field(app, "queue")
        queue.focus()
        await pilot.press(*"/queue/o")
        await until(lambda: queue.render_line(0).text.strip() == "/queue/orders", lambda: queue.render_line(0).text)
        await pilot.press("backspace", "a")
        await until(lambda: queue.render_line(0).text.strip() == "/queue/a␛[2J", lambda: queue.render_line(0).text)
        assert queue.exact == "/queue/a"


async def test_where_several_fit_there_is_a_list_to_choose_from_by_keys() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        queue = field(app, "queue")
        queue.focus()
        await pilot.press(*"sh")
        # Found by their middle: nothing goes on from what is typed, so nothing stands behind the cursor.
        await until(lambda: app.listed == ["/queue/shipping", "/queue/ship", "/topic/shop"], lambda: app.listed)
        assert queue.completion is not None
        assert queue.completion.rest == ""
        await pilot.press("down", "down", "enter")
        assert (queue.exact, app.listed, app.submitted) == ("/queue/ship", [], [])
        await pilot.press("enter")
        assert app.submitted == ["/queue/ship"]


async def test_what_is_typed_is_entered_as_it_is_while_nothing_was_chosen() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        queue = field(app, "queue")
        queue.focus()
        await pilot.press(*"/queue/sh")
        await until(lambda: len(app.listed) == 2, lambda: app.listed)
        await pilot.press("enter")
        assert (app.submitted, app.listed) == (["/queue/sh"], [])
        await pilot.press("i")
        await until(lambda: len(app.listed) == 2, lambda: app.listed)
        await pilot.press("tab")
        assert queue.exact == "/queue/shi"
        assert app.focused is field(app, "path")
        assert app.listed == []


async def test_escape_takes_the_list_away_and_nothing_else() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        field(app, "queue").focus()
        await pilot.press("down")
        await until(lambda: len(app.listed) == len(QUEUES), lambda: app.listed)
        assert app.listed[-1] == "/queue/a␛[2J"
        await pilot.press("escape")
        assert app.listed == []
        assert app.focused is field(app, "queue")


async def test_a_click_takes_a_word() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        queue = field(app, "queue")
        queue.focus()
        await pilot.press("down")
        await until(lambda: len(app.listed) == len(QUEUES), lambda: app.listed)
        await pilot.click(CompletionList, offset=(3, 3))
        assert (queue.exact, app.focused, app.listed) == ("/queue/orders", queue, [])
        await pilot.press("backspace", *"s2", "down")
        await pilot.pause()
        assert queue.exact == "/queue/orders2"


async def test_what_becomes_known_while_somebody_types_is_offered_too() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.queues = []
        queue = field(app, "queue")
        queue.focus()
        await pilot.press(*"/queue/sh")
        assert app.listed == []
        app.queues = list(QUEUES)
        assert queue.completion is not None
        queue.completion.more()
        await until(lambda: len(app.listed) == 2, lambda: app.listed)
        # Also where the list of all is open, and what was chosen in it stays chosen.
        await pilot.press("escape", *["backspace"] * 9, "down")
        await until(lambda: len(app.listed) == len(QUEUES), lambda: app.listed)
        await pilot.press("down", "down")
        app.queues.insert(0, "/queue/new")
        queue.completion.more()
        await until(lambda: app.listed[:1] == ["/queue/new"], lambda: app.listed)
        await pilot.press("enter")
        assert queue.exact == QUEUES[1]


async def test_header_names_say_what_they_mean_and_their_values_are_completed() -> None:
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.query_one(HeaderEditor).go_to(1)
        await pilot.pause()
        await pilot.press("p")
        await until(lambda: app.listed == ["persistent  kept over a restart", "priority  0 to 9"], lambda: app.listed)
        await pilot.press("up", "up", "enter")
        assert app.lines[1].name == "persistent"
        await pilot.press("enter", "t", "right")
        assert app.lines[1].value == "true"
        # Up and down go from line to line while no list is open.
        await pilot.press("up")
        assert app.query_one(HeaderEditor).current == 0


async def test_the_list_stays_on_the_screen() -> None:
    async with Host().run_test(size=(30, 6)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        app.queues = [f"/queue/{'long' * 20}{number}" for number in range(50)]
        field(app, "queue").focus()
        await pilot.press("down", "up")
        await until(lambda: app.listed, lambda: app.listed)
        region = app.query_one(CompletionList).region
        assert app.screen.region.contains_region(region)
        assert app.listed[-1].endswith("long49") or "…" in app.listed[-1]


async def test_file_names_are_completed_one_directory_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "body.json").touch()
    (tmp_path / "other.json").touch()
    (tmp_path / ".hidden").touch()
    async with Host().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, Host)
        path = field(app, "path")
        path.focus()
        await pilot.pause()
        path.insert_text_at_cursor(f"{tmp_path}/")
        await until(lambda: len(app.listed) == 2, lambda: app.listed)
        await pilot.press("o", "n")
        assert path.completion is not None
        completion = path.completion
        await until(lambda: completion.rest == f"{tmp_path}/one/", lambda: completion.rest)
        await pilot.press("right")
        await until(lambda: completion.rest == f"{tmp_path}/one/body.json", lambda: completion.rest)
        await pilot.press("right")
        assert path.exact == f"{tmp_path}/one/body.json"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/queue/sh", ["/queue/shipping", "/queue/ship"]),
        ("/QUEUE/SH", ["/queue/shipping", "/queue/ship"]),
        ("/queue/ship", ["/queue/shipping"]),
        ("orders", ["/queue/orders"]),
        ("s", []),
        ("", QUEUES),
    ],
)
def test_the_likeliest_words_come_first(typed: str, words: list[str]) -> None:
    assert [word.text for word in matching(typed, QUEUES)] == words


def test_a_directory_that_cannot_be_read_offers_nothing(tmp_path: Path) -> None:
    assert matching_paths(f"{tmp_path}/none/x") == []
    assert matching_paths("\0/x") == []
    assert matching_paths("~nosuchuser/x") == []


async def test_the_queues_of_the_broker_are_known_without_asking_for_their_list(embedded: EmbeddedBroker) -> None:
    for name in ("shipping", "shipped", "invoices"):
        embedded.publish(f"/queue/{name}", b"x")
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("p")
        await driver.until(lambda: isinstance(driver.app.screen, PeekForm), "the form")
        await driver.type_in("/queue/ship")
        await driver.sees("/queue/shipped", "/queue/shipping")
        await driver.press("down", "down", "enter")
        assert driver.app.screen.query_one("#peek-queue", ExactField).exact == "/queue/shipping"
        await driver.press("escape")
        # It went on beside the connection, and nothing of it is in the log.
        assert not [note for note in driver.notes if "listing" in note]
        await driver.press("c")
        await driver.until(
            lambda: driver.app.focused is driver.app.console_screen.pane.query_one("#destination"), "the pane"
        )
        await driver.type_in("/queue/inv")
        await driver.until(lambda: driver.app.console_screen.pane.query_one("#destination", ExactField).completion, "")
        await driver.press("right")
        await driver.until(
            lambda: driver.app.console_screen.pane.draft.destination == "/queue/invoices", "the whole word"
        )


async def test_what_was_heard_and_sent_before_is_offered(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/orders.*",)) as driver:
        await driver.up()
        await driver.until(lambda: "subscribed to /topic/orders.*" in driver.notes, "subscribed")
        embedded.publish("/topic/orders.eu", b"x")
        await driver.until(lambda: driver.messages, "the message")
        driver.app.history.add(Draft("/queue/of-yesterday"))
        destinations = driver.app.console_screen.console.destinations
        seen = destinations.names()
        assert seen[:2] == ["/topic/orders.*", "/topic/orders.eu"]
        assert "/queue/of-yesterday" in seen
        await driver.press("p", "down")
        await until(lambda: bool(driver.app.screen.query(CompletionList)), lambda: "what can be peeked into")
        offered = [word.text for word in driver.app.screen.query_one(CompletionList).words]
        assert offered == destinations.queues() and "/queue/of-yesterday" in offered
        assert not [name for name in offered if name.startswith("/topic/")]
