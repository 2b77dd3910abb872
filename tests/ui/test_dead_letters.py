"""Dead letters on the screen: off until wanted, then a number everywhere, rows in the log, and a key to their queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.config.settings import DeadLetterWish
from stomptui.ui.peek.screen import PeekScreen
from stomptui.ui.program.settings_keeper import SettingsKeeper
from stomptui.ui.queue_list import dead_letters
from stomptui.ui.queue_list.screen import QueueListScreen
from stomptui.ui.widgets.status_bar import StatusBar
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker


def top(driver: Driver) -> str:
    """The first line of the screen."""
    return driver.screen.splitlines()[0]


def on(driver: Driver) -> str | None:
    """The queue under the cursor of the list."""
    screen = driver.app.screen
    queue = screen._table.queue if isinstance(screen, QueueListScreen) else None
    return queue.name if queue is not None else None


async def test_from_off_to_a_number_a_row_an_alert_and_their_queue(
    embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    every, alerts = [0], []
    wish = property(lambda _: DeadLetterWish(every[0], "notification"))
    monkeypatch.setattr(SettingsKeeper, "dead_letters", wish)
    monkeypatch.setattr(dead_letters, "alert", lambda app, how, text: alerts.append((how, text)))
    for number in range(40):
        embedded.publish(f"/queue/a{number:02}.dlq", "x")
    embedded.publish("/queue/errors.dlq", "1")
    embedded.publish("/queue/work", "1")
    async with console(embedded.port) as driver:
        await driver.up()
        assert "†" not in driver.status
        await driver.press("K")
        await driver.until(lambda: on(driver) == "a00.dlq", "the first, though nothing is counted")
        await driver.press("w")
        await driver.sees("w stop watching dead letters (every 30 s)")
        await driver.until(lambda: "† 41 dead" in top(driver), "the mark, in the list too")
        await driver.press("w")
        await driver.until(lambda: "†" not in top(driver), "off again")
        every[0] = 1
        await driver.until(lambda: "† 41 dead" in top(driver), "as the settings say")
        await driver.press("escape")
        await driver.until(lambda: "† 41 dead" in driver.status, "the mark on the console")
        assert not [row for row in driver.notes if "dead letter" in row], "what was there is no news"
        for _ in range(3):
            embedded.publish("/queue/errors.dlq", "evil \x1b[2J")
        await driver.sees("dead letters", "new dead letters in /queue/errors.dlq (4)", "† 44 dead")
        assert alerts and all(how == "notification" and "errors.dlq on 127.0.0.1" in text for how, text in alerts)
        # From the log, by key: that queue is selected, far down in the list.
        await driver.press("K")
        await driver.until(lambda: on(driver) == "errors.dlq", "the queue with the news")
        await driver.press("home", "slash", *"work")
        await driver.until(lambda: on(driver) == "work")
        # By a click on the mark, out of the filter.
        bar = driver.app.screen.query_one(StatusBar)
        await driver.pilot.click(bar, offset=(1 + bar._mark[0], 0))
        await driver.until(lambda: on(driver) == "errors.dlq", "by a click")
        await driver.press("enter")
        await driver.sees("Peek")
        await driver.press("f5")
        await driver.until(lambda: isinstance(driver.app.screen, PeekScreen) and "† 44 dead" in top(driver), "a peek")
        await driver.press("K")
        await driver.until(lambda: on(driver) == "errors.dlq", "back in the list")
        embedded.delete("errors.dlq")
        await driver.press("q")
        await driver.sees("/queue/errors.dlq is no longer there; it held 4", "† 40 dead")
        embedded.stop()
        await driver.until(lambda: "† ?" in driver.status, "not known while the connection is lost")
        embedded.start()
        await driver.until(lambda: "† 40 dead" in driver.status, "known again")
        assert not [row for row in driver.notes if "not counted" in row], "a lost connection says enough"


async def test_a_profile_may_say_otherwise_than_the_settings(
    embedded: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path))
    url = f"stomp://guest@127.0.0.1:{embedded.port}/"
    (tmp_path / "settings.toml").write_text('watch_dead_letters = 60\ndead_letter_alert = "bell"\n')
    (tmp_path / "profiles.toml").write_text(
        f'[profiles.calm]\nurl = "{url}"\nwatch_dead_letters = 0\n'
        f'[profiles.night]\nurl = "{url}"\nwatch_dead_letters = 9\n'
        f'[profiles.plain]\nurl = "{url}"\n'
    )
    embedded.publish("/queue/errors.dlq", "1")
    async with console() as driver:
        keeper = driver.app._settings
        for profile, seconds in (("calm", 0), ("night", 9), ("plain", 60), ("", 60)):
            keeper.use_profile(profile)
            assert keeper.dead_letters == DeadLetterWish(seconds, "bell"), profile
