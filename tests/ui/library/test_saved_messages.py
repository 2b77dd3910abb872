"""Saving what is written, finding it again, and what else is done with it."""

from __future__ import annotations

from pathlib import Path

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.library.library import Library
from stomptui.compose.library.saved_message import SavedMessage
from stomptui.config.secret_names import MASK
from stomptui.protocol.jsonl import FileMessage
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.library.save_form import SaveForm
from stomptui.ui.library.screen import LibraryScreen
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


def saved(name: str, folder: str = "", destination: str = "/queue/a", body: str = "hello") -> Path:
    lines = [HeaderLine("x", "1"), HeaderLine("x", "2")]
    return Library().save(SavedMessage(name, Draft(destination, lines, body), folder)).path


async def listed(driver: Driver) -> LibraryScreen:
    await driver.press("M")
    await driver.until(lambda: isinstance(driver.app.screen, LibraryScreen), "the list")
    screen = driver.app.screen
    assert isinstance(screen, LibraryScreen)
    await driver.until(lambda: screen._read, "read")
    return screen


async def test_a_message_is_saved_under_a_name_and_then_to_the_same_file(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("c")
        pane = driver.app.console_screen.pane
        pane.load(Draft("/queue/orders", [HeaderLine("token", "s3cr3t-value")], "one", variables=True))
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveForm), "the form")
        await driver.sees("Secrets are not saved, and asked for again: token")
        await driver.type_in("Order")
        await driver.press("tab")
        await driver.type_in("eu")
        await driver.press("ctrl+s")
        await driver.until(lambda: "order.toml" in driver.outcome, "where it went")
        assert "not saved, since secret, and asked for again: token" in driver.outcome
        path = Library().root / "eu" / "order.toml"
        kept = driver.app.history.path
        assert kept is not None
        drafts = kept.with_name("drafts")
        await driver.until(lambda: any(b"order.toml" in file.read_bytes() for file in drafts.glob("*.jsonl")), "kept")
        assert b"s3cr3t" not in path.read_bytes()
        pane.set_body("two")
        await driver.press("ctrl+s")
        await driver.until(lambda: 'body = "two"' in path.read_text(), "saved again")
        await driver.until(lambda: driver.outcome.startswith("saved in "), "said")
        assert [entry.title for entry in Library().entries()] == ["eu/Order"]


async def test_a_file_that_was_changed_meanwhile_is_asked_about(embedded: EmbeddedBroker) -> None:
    path = saved("Order")
    async with console(embedded.port) as driver:
        await driver.up()
        await listed(driver)
        await driver.press("enter")
        pane = driver.app.console_screen.pane
        await driver.until(lambda: pane.draft.body == "hello" and pane.has_focus_within, "opened")
        path.write_text(path.read_text().replace("hello", "theirs"))
        pane.set_body("mine")
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the question")
        await driver.sees("Order: it was changed on disk since it was opened")
        await driver.press("n")
        await driver.until(lambda: driver.outcome == "not saved", "left alone")
        assert "theirs" in path.read_text()
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, ConfirmScreen), "the question again")
        await driver.press("y")
        await driver.until(lambda: "mine" in path.read_text(), "saved over it")


async def test_another_draft_is_not_saved_over_the_one_that_was_open(embedded: EmbeddedBroker) -> None:
    path = saved("Order")
    async with console(embedded.port) as driver:
        await driver.up()
        await listed(driver)
        await driver.press("enter")
        pane = driver.app.console_screen.pane
        await driver.until(lambda: pane.draft.body == "hello" and pane.has_focus_within, "opened")
        await driver.press("ctrl+n")
        pane.load(Draft("/queue/other"))
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveForm), "the form")
        await driver.type_in("order")
        await driver.press("enter")
        await driver.sees("there is a message of that name already")
        await driver.press("escape")
        assert 'body = "hello"' in path.read_text()


async def test_one_is_found_by_letters_renamed_deleted_and_brought_back(embedded: EmbeddedBroker) -> None:
    saved("Order placed", "shop")
    saved("Invoice", "billing", "/queue/money")
    (Library().root / "broken.toml").write_text("\x1b]0;title\x07")
    async with console(embedded.port) as driver:
        await driver.up()
        screen = await listed(driver)
        await driver.sees("billing/Invoice", "shop/Order placed", "broken.toml", "cannot be read: it is no TOML")
        assert "\x1b" not in driver.screen
        await driver.type_in("money")
        await driver.until(lambda: [entry.name for entry in screen._shown] == ["Invoice"], "by its queue")
        await driver.press("ctrl+u")
        await driver.type_in("shpl")
        await driver.until(lambda: [entry.name for entry in screen._shown] == ["Order placed"], "by its letters")
        await driver.press("ctrl+r")
        await driver.until(lambda: isinstance(driver.app.screen, SaveForm), "the form")
        await driver.press("end")
        await driver.type_in(" twice")
        await driver.press("enter")
        await driver.sees("shop/Order placed is shop/Order placed twice now")
        await driver.press("ctrl+y")
        await driver.sees("deleted shop/Order placed twice; ctrl+b brings it back")
        assert len(Library().entries()) == 2
        await driver.press("ctrl+b")
        await driver.sees("shop/Order placed twice is back")
        await driver.press("ctrl+t")
        await driver.until(lambda: isinstance(driver.app.screen, SaveForm), "the form")
        await driver.press("enter")
        await driver.sees("shop/Order placed twice copy is a copy of")
        await driver.press("enter")
        pane = driver.app.console_screen.pane
        await driver.until(lambda: pane.draft.headers == [HeaderLine("x", "1"), HeaderLine("x", "2")], "opened")
        await driver.until(lambda: driver.outcome == "opened shop/Order placed twice copy", "said")


async def test_what_was_secret_is_asked_for_when_it_is_opened(embedded: EmbeddedBroker) -> None:
    Library().save(SavedMessage("a", Draft("/queue/a", [HeaderLine("passcode", "s3cr3t-value")])))
    async with console(embedded.port) as driver:
        await driver.up()
        await listed(driver)
        await driver.press("enter")
        await driver.until(lambda: "type them again: passcode" in driver.outcome, "what is missing")
        assert driver.app.console_screen.pane.draft.headers == [HeaderLine("passcode", MASK)]
        await driver.press("f5")
        await driver.until(lambda: "secrets are not saved: type it again" in driver.outcome, "not sent")


async def test_a_file_of_messages_is_imported_and_what_is_listed_is_exported(
    embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    (tmp_path / "in.jsonl").write_bytes(FileMessage("/queue/a", (("x", "1"),), b"hello").line())
    saved("Invoice")
    async with console(embedded.port) as driver:
        await driver.up()
        await listed(driver)
        await driver.press("ctrl+o")
        await driver.sees("Import the messages of which JSON Lines file?")
        await driver.type_in(str(tmp_path / "in.jsonl"))
        await driver.press("enter")
        await driver.sees("1 imported into in", "in/a 1")
        await driver.type_in("in/")
        await driver.press("ctrl+g")
        await driver.sees("Save 1 message as JSON Lines to")
        await driver.type_in(str(tmp_path / "out.jsonl"))
        await driver.press("enter")
        await driver.until(lambda: (tmp_path / "out.jsonl").exists(), "exported")
        expected = FileMessage("/queue/a", (("destination", "/queue/a"), ("x", "1")), b"hello").line()
        await driver.until(lambda: (tmp_path / "out.jsonl").read_bytes() == expected, "written")


async def test_what_is_saved_is_listed_under_the_subscriptions(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        assert "Saved messages" not in driver.screen
        pane = driver.app.console_screen.pane
        driver.app.console_screen.composing.edit(Draft("/queue/orders", [], "one"))
        await driver.until(lambda: pane.has_focus_within, "in the pane")
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveForm), "the form")
        await driver.press("enter")
        await driver.sees("Saved messages  M", "│ orders ")
        await driver.press("ctrl+n", "escape")
        await driver.until(lambda: driver.app.console_screen.log_view.has_focus, "the log")
        driver.app.console_screen.composing.saved.list.focus()
        await driver.press("enter")
        await driver.until(lambda: pane.draft.body == "one" and pane.has_focus_within, "opened")
