"""Several drafts are open side by side, and none of them is lost."""

from __future__ import annotations

from textual.geometry import Offset

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.open_drafts import OpenDraft
from stomptui.compose.send_state import SendState
from stomptui.config.secret_names import MASK
from stomptui.ui.widgets.compose.draft_tabs import DraftTabs, TabLabel, tab_line
from stomptui.ui.widgets.text.editor import Editor
from tests.ui.compose.compose_bench import Hand, bench
from tests.ui.waiting import until


def line(hand: Hand) -> str:
    tabs = hand.pane.query_one(DraftTabs)
    return str(tabs.render()).rstrip() if tabs.display else ""


async def two_drafts(hand: Hand) -> None:
    await hand.go("#destination")
    await hand.type("/queue/a")
    await hand.go("#body")
    await hand.type("one")
    await hand.press("ctrl+n")
    await until(lambda: hand.pilot.app.focused is hand.pane.query_one("#destination"))
    await hand.type("/queue/b")


async def test_unsent_work_stays_open_beside_a_new_draft() -> None:
    async with bench() as hand:
        assert line(hand) == ""
        await two_drafts(hand)
        await until(lambda: line(hand) == " •/queue/a  •/queue/b ✕  +", lambda: line(hand))
        await hand.press("ctrl+pageup")
        await until(lambda: (hand.draft.destination, hand.draft.body) == ("/queue/a", "one"))
        assert hand.pane.query_one("#body", Editor).exact == "one"
        await hand.press("ctrl+pagedown")
        await until(lambda: hand.draft.destination == "/queue/b")
        await hand.press("ctrl+pagedown")
        await until(lambda: hand.draft.destination == "/queue/a")
        hand.pane.was_sent(hand.draft.copy())
        await until(lambda: line(hand) == " /queue/a ✕  •/queue/b  +", lambda: line(hand))


async def test_each_tab_undoes_its_own_typing() -> None:
    async with bench() as hand:
        await two_drafts(hand)
        await hand.press("enter")
        await hand.type("two")
        await hand.press("ctrl+pageup")
        await hand.go("#body")
        await until(lambda: hand.pane.query_one("#body", Editor).cursor_location == (0, 3))
        await hand.press("ctrl+z")
        await until(lambda: hand.draft.body == "")
        await hand.press("ctrl+pagedown", "ctrl+z")
        await until(lambda: (hand.draft.destination, hand.draft.body) == ("/queue/b", ""))


async def test_a_closed_one_is_found_among_the_earlier_drafts_and_that_is_said() -> None:
    async with bench() as hand:
        await two_drafts(hand)
        await hand.pane.run_action("close_tab")
        await until(lambda: "what was not sent to /queue/b is among the earlier drafts" in hand.outcome(), hand.outcome)
        await until(lambda: (hand.draft.destination, line(hand)) == ("/queue/a", ""))
        await hand.press("ctrl+up")
        await until(lambda: hand.draft.destination == "/queue/b")


async def test_the_mouse_goes_to_a_tab_opens_one_and_closes_one() -> None:
    async with bench() as hand:
        await two_drafts(hand)
        await until(lambda: line(hand) != "")
        tabs = hand.pane.query_one(DraftTabs)

        async def click(text: str) -> None:
            await hand.pilot.click(tabs, Offset(line(hand).index(text), 0))

        await click("/queue/a")
        await until(lambda: hand.draft.destination == "/queue/a")
        await until(lambda: "✕  •/queue/b" in line(hand), lambda: line(hand))
        await click("+")
        await until(lambda: hand.draft.empty)
        await until(lambda: "new ✕" in line(hand), lambda: line(hand))
        await click("✕")
        await until(lambda: hand.draft.destination == "/queue/b")


async def test_what_became_of_a_send_is_told_in_its_own_tab() -> None:
    async with bench() as hand:
        await two_drafts(hand)
        first = hand.pane.open_drafts.tabs[0]
        hand.pane.show_outcome(SendState.REFUSED, "refused: no", first)
        await until(lambda: " •/queue/a ✗ " in line(hand), lambda: line(hand))
        assert hand.outcome() == ""
        await hand.press("ctrl+pageup")
        await until(lambda: "refused: no" in hand.outcome(), hand.outcome)
        await hand.press("ctrl+pageup")
        await until(lambda: hand.outcome() == "", hand.outcome)


async def test_what_was_only_looked_at_gives_way() -> None:
    async with bench(Draft("/queue/seen")) as hand:
        hand.pane.take_up(Draft("/queue/other"))
        await hand.pilot.pause()
        assert line(hand) == ""
        await hand.press("ctrl+up")
        await until(lambda: hand.draft.destination == "/queue/seen")


async def test_what_is_back_says_which_secrets_were_not_kept() -> None:
    async with bench() as hand:
        lost = Draft("/queue/a", [HeaderLine("Authorization", MASK)])
        hand.pane.reopen([OpenDraft(Draft("/queue/b")), OpenDraft(lost)], 1)
        hand.pane.show_back(2, 1)
        await until(lambda: "type the value of Authorization again" in hand.outcome(), hand.outcome)
        assert "2 drafts are open again; 1 more is among the earlier drafts" in hand.outcome()
        assert (hand.draft.destination, len(hand.pane.open_drafts.tabs)) == ("/queue/a", 2)


def test_names_are_shortened_at_their_beginning_before_tabs_go_out_of_sight() -> None:
    labels = [TabLabel(f"/queue/orders.created.{number}") for number in range(12)]
    wide = "".join(piece.text for piece in tab_line(labels[:3], 1, 60))
    assert len(wide) <= 60
    assert "created.0  " in wide
    assert "created.1 ✕ " in wide
    narrow = tab_line(labels, 6, 60)
    assert narrow[-1].end <= 60
    assert [narrow[0].text, narrow[-2].text, narrow[-1].does] == ["‹", "›", "new"]
    assert any(piece.does == "close" and piece.place == 6 for piece in narrow)
