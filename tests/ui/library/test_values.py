"""A named set of values is chosen, seen in the preview, and sent."""

from __future__ import annotations

from pathlib import Path

from stomptui.compose.draft import Draft
from stomptui.compose.library.value_sets import FILE
from stomptui.config.chosen_values import chosen_values, chosen_values_path
from stomptui.ui.dialogs.choice import ChoiceScreen
from stomptui.ui.widgets.compose.frame_preview import FrameText
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


async def asked(driver: Driver) -> None:
    await driver.press("ctrl+circumflex_accent")
    await driver.sees("What is to be done with this message?")
    await driver.type_in("values of")
    await driver.press("enter")


async def test_a_set_is_chosen_seen_and_sent(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    embedded.publish("/queue/eu", "the queue is there")
    (tmp_path / FILE).write_text('[local]\nregion = "de"\n[staging]\nregion = "eu"\n')
    async with console(embedded.port, library=tmp_path) as driver:
        await driver.up()
        pane = driver.app.console_screen.pane
        driver.app.console_screen.composing.edit(Draft("/queue/{{region}}", [], "x", variables=True))
        await driver.until(lambda: pane.has_focus_within, "in the pane")
        await driver.press("f5")
        await driver.until(lambda: "region is no variable" in driver.outcome, "not known yet")
        await asked(driver)
        await driver.sees("Fill in which values?", "region = de", "region = eu")
        await driver.press("down", "down", "enter")
        await driver.until(lambda: "destination:/queue/eu" in str(pane.query_one(FrameText).render()), "the preview")
        await driver.sees("{{…}} staging")
        await driver.press("f5")
        await driver.until(lambda: embedded.depth("eu") == (2, 0), "sent")
        assert pane.draft.destination == "/queue/{{region}}"
        (tmp_path / FILE).write_text('[local]\nregion = "de"\ntoken = "s3cr3t"\n')
        await asked(driver)
        await driver.until(lambda: isinstance(driver.app.screen, ChoiceScreen), "the sets")
        await driver.until(
            lambda: any("local: token: a secret does not belong" in told for told in driver.told), "said"
        )
        assert "s3cr3t" not in driver.screen


async def test_the_chosen_set_is_there_again_after_a_restart_and_only_its_name_is_kept(
    embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text('[local]\nregion = "de"\n[staging]\nregion = "eu-central"\n')
    async with console(embedded.port, library=tmp_path) as driver:
        await driver.up()
        driver.app.console_screen.composing.edit(Draft("/queue/{{region}}", [], "x", variables=True))
        await asked(driver)
        # What is typed narrows every list.
        await driver.press(*"stag")
        await driver.press("enter")
        await driver.sees("{{…}} staging")
        await driver.until(lambda: chosen_values(tmp_path, f"127.0.0.1:{embedded.port}") == "staging", "kept")
    path = chosen_values_path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "eu-central" not in path.read_text()
    async with console(embedded.port, library=tmp_path) as driver:
        await driver.up()
        driver.app.console_screen.composing.edit(Draft("/queue/{{region}}", [], "x", variables=True))
        await driver.sees("{{…}} staging", "destination:/queue/eu-central")
    (tmp_path / FILE).write_text('[local]\nregion = "de"\n')
    async with console(embedded.port, library=tmp_path) as driver:
        await driver.up()
        await driver.until(lambda: any("staging that was used last is not in" in told for told in driver.told), "said")
