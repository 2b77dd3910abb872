"""A series, as a person sends it from the compose pane."""

from __future__ import annotations

from pathlib import Path

from stomptui.config.environment import Environment
from stomptui.ui.dialogs.answers import AnswersScreen
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.typed_name import TypedNameScreen
from stomptui.ui.series.form import SeriesForm
from stomptui.ui.series.screen import SeriesScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker

KEY = "ctrl+right_square_bracket"


async def form(driver: Driver, body: str = "hello", destination: str = "/queue/series") -> None:
    """Write a draft and ask for a series of it."""
    await driver.up()
    await driver.compose(destination, body)
    await driver.press(KEY)
    await driver.until(lambda: isinstance(driver.app.screen, (SeriesForm, ConfirmScreen)), "the form")
    if isinstance(driver.app.screen, ConfirmScreen):
        # The broker has told its queues by now, and the queue is a new one.
        await driver.press("y")
    await driver.until(lambda: isinstance(driver.app.screen, SeriesForm), "the form")


async def test_a_series_is_confirmed_counted_and_one_row_of_the_log(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await form(driver)
        await driver.type_in("250")
        await driver.press("enter")
        await driver.sees("✓ 250 sent, 250 confirmed, 0 refused, 0 unconfirmed", "p50", "Receipt times: ")
        assert embedded.depth("series") == (250, 0)
        await driver.press("enter")
        await driver.sees("sending a series", "/queue/series", "250 sent")
        assert sum("sending a series" in row or "SEND" in row for row in driver.screen.splitlines()[:20]) == 1


async def test_it_is_stopped_by_a_key_and_says_how_many_went(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(60, 24)) as driver:
        await form(driver)
        await driver.type_in("1000")
        await driver.press("tab", "tab")
        # Slow enough that it is not over before a busy machine has painted.
        await driver.type_in("10")
        await driver.press("enter")
        await driver.sees(" sent, ", "a second")
        # A key from before the screen is painted means nothing there.
        await driver.until(lambda: driver.app.gate.idle and not driver.app.gate._unseen, "painted")
        await driver.press("escape")
        await driver.sees("In full: ", "not sent.", "Ended early: stopped.")
        assert isinstance(driver.app.screen, SeriesScreen)
        sent = driver.app.screen._series.figures
        assert sent.sent == sent.confirmed == embedded.depth("series")[0] < 1000


async def test_a_number_typed_for_the_window_takes_the_place_of_the_one_proposed(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await form(driver)
        await driver.type_in("5")
        await driver.press("tab", "tab", "tab")
        await driver.type_in("1")
        await driver.press("enter")
        await driver.sees("✓ 5 sent, 5 confirmed")
        assert isinstance(driver.app.screen, SeriesScreen) and driver.app.screen._series.wish.window == 1


async def test_leaving_while_one_is_sent_is_asked_about_and_it_is_known_as_sent_from_the_first_message(
    embedded: EmbeddedBroker,
) -> None:
    async with console(embedded.port) as driver:
        await form(driver)
        await driver.type_in("1000")
        await driver.press("tab", "tab")
        await driver.type_in("10")
        await driver.press("enter")
        await driver.sees(" sent, ", "a second")
        await driver.until(lambda: not driver.app.console_screen.composing.unsent, "known as sent")
        await driver.press("ctrl+q")
        await driver.sees("A series is being sent. Leave all the same?", "of 1,000 were sent so far")
        await driver.press("n")
        await driver.until(lambda: isinstance(driver.app.screen, SeriesScreen), "the series again")
        await driver.press("escape")
        await driver.sees("Ended early: stopped.")
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console")
        assert driver.app._place.series_prospect == ""


async def test_the_row_of_one_that_failed_does_not_look_as_if_it_had_not(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await form(driver)
        await driver.type_in("1000")
        await driver.press("tab", "tab")
        await driver.type_in("10")
        await driver.press("enter")
        await driver.sees(" sent, ", "a second")
        embedded.drop_clients()
        await driver.sees("Ended early:")
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "the console")
        await driver.sees("sending a series")
        row = next(line for line in driver.screen.splitlines() if "sending a series" in line)
        assert "✗" in row and "✓" not in row


async def test_the_summary_stands_behind_all_frames_of_the_series(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await form(driver)
        await driver.type_in("300")
        await driver.press("tab", "tab", "tab")
        await driver.type_in("3")
        await driver.press("enter")
        await driver.sees("✓ 300 sent, 300 confirmed")
        await driver.until(lambda: any("300 sent" in note for note in driver.notes), "the summary")
        entries = driver.entries
        last = max(at for at, entry in enumerate(entries) if entry.note and "300 sent" in entry.note.text)
        receipts = [at for at, entry in enumerate(entries) if entry.raw.startswith(b"RECEIPT")]
        assert len(receipts) >= 300 and max(receipts) < last


async def test_many_messages_are_asked_about(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await form(driver)
        await driver.type_in("1001")
        await driver.press("enter")
        await driver.sees("Send 1,001 messages to /queue/series?")
        assert isinstance(driver.app.screen, ConfirmScreen)
        await driver.press("escape", "escape")
        await driver.until(lambda: driver.app.screen is driver.app.console_screen, "left")
        assert embedded.depth("series") == (0, 0)


async def test_in_production_the_name_is_typed_for_any_number(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, environment=Environment(production=True)) as driver:
        await form(driver)
        await driver.type_in("2")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, TypedNameScreen), "the question")
        assert embedded.depth("series") == (0, 0)
        await driver.type_in("/queue/series")
        await driver.press("enter")
        await driver.sees("✓ 2 sent, 2 confirmed")


async def test_a_read_only_connection_sends_none(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, environment=Environment(read_only=True)) as driver:
        await driver.up()
        driver.app.console_screen.add_class("-compose")
        driver.app.console_screen.pane.query_one("#destination").focus()
        await driver.press(KEY)
        await driver.until(lambda: any("ead-only" in told for told in driver.told), "a word")
        assert driver.app.screen is driver.app.console_screen


async def test_a_message_for_each_line_of_a_file(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text('{"id": 1}\n{"id": 2}\n')
    async with console(embedded.port) as driver:
        await form(driver, "order {{id}}")
        await driver.press("tab")
        await driver.type_in(str(file))
        await driver.press("enter")
        await driver.sees("Send a message for each line of the file to /queue/series?")
        await driver.press("y")
        await driver.sees("✓ 2 sent, 2 confirmed")
        assert embedded.bodies("series") == [b"order 1", b"order 2"]


async def test_a_draft_sent_as_a_series_is_an_earlier_draft_and_not_asked_about(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await form(driver, "sent as a series")
        await driver.type_in("3")
        await driver.press("enter")
        await driver.sees("✓ 3 sent, 3 confirmed")
        await driver.press("enter", "f2")
        await driver.sees("Search for an earlier draft", "/queue/series")
        await driver.press("escape", "escape", "escape", "q")
        await driver.until(lambda: not driver.app.is_running, "left without a question")


async def test_what_one_message_asks_is_asked_once_before_all(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.compose("/queue/o\u200brders", "hello")
        await driver.press(KEY)
        await driver.sees("holds a zero width space")
        await driver.press("down", "enter")
        await driver.until(lambda: isinstance(driver.app.screen, (SeriesForm, ConfirmScreen)), "the next question")
        if isinstance(driver.app.screen, ConfirmScreen):
            await driver.press("y")
        await driver.until(lambda: isinstance(driver.app.screen, SeriesForm), "the form")
        await driver.press("escape", KEY)
        await driver.until(lambda: isinstance(driver.app.screen, SeriesForm), "the form at once")


async def test_a_prompt_is_asked_once_for_all_messages(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.compose("/queue/series", "{{counter}} for {{prompt Customer}}")
        await driver.press(KEY)
        await driver.until(lambda: isinstance(driver.app.screen, (AnswersScreen, ConfirmScreen)), "asked")
        if isinstance(driver.app.screen, ConfirmScreen):
            await driver.press("y")
        await driver.sees("Fill in all messages of the series", "Customer")
        await driver.type_in("Ada")
        await driver.press("enter")
        await driver.sees("How many")
        await driver.type_in("2")
        await driver.press("enter")
        await driver.sees("✓ 2 sent, 2 confirmed")
        assert embedded.bodies("series") == [b"1 for Ada", b"2 for Ada"]


async def test_braces_of_a_message_from_elsewhere_are_not_filled_in_from_a_file(
    embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text('{"id": 1}\n')
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.compose("/queue/series", "order {{id}}")
        await driver.press("ctrl+backslash", KEY)
        await driver.until(lambda: isinstance(driver.app.screen, (SeriesForm, ConfirmScreen)), "the form")
        if isinstance(driver.app.screen, ConfirmScreen):
            await driver.press("y")
        await driver.sees("How many")
        await driver.press("tab")
        await driver.type_in(str(file))
        await driver.press("enter")
        await driver.sees("✗ {{…}} is sent as it stands", "in compose first")
