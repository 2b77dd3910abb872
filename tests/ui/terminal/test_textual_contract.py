"""What is used of Textual's inside to paint: it fails when a new Textual does that in another way."""

from __future__ import annotations

import inspect

from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen


def source(what: object) -> str:
    return inspect.getsource(what)  # type: ignore[arg-type]


def test_every_frame_goes_through_display() -> None:
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert "renderable.render_segments(console)" in source(App._display)
    assert source(Screen._compositor_refresh).count("app._display(") == 2
    assert "_driver.write" not in source(Screen)


def test_updates_say_what_they_paint() -> None:
    assert issubclass(LayoutUpdate, CompositorUpdate)
    assert issubclass(ChopsUpdate, CompositorUpdate)
    assert list(inspect.signature(LayoutUpdate).parameters) == ["strips", "region"]
    assert list(inspect.signature(ChopsUpdate).parameters) == ["chops", "spans", "chop_ends"]
    for made in (Compositor.render_full_update, Compositor.render_partial_update):
        assert source(made).count("Update(") == 1


def test_the_driver_writes_with_what_it_has_begun() -> None:
    begun = source(LinuxDriver.start_application_mode)
    assert "self._writer_thread = WriterThread(self._file)" in begun
    assert "self._writer_thread.start()" in begun
    assert "self._writer_thread.write(data)" in source(LinuxDriver.write)
    assert "self._writer_thread.stop()" in source(LinuxDriver.close)
    assert source(LinuxDriver).count("self._file") == 2


def test_a_screen_paints_when_it_is_told_to() -> None:
    update = source(Screen._on_timer_update)
    for part in ("_layout_required", "_repaint_required", "_dirty_widgets", "self._compositor_refresh()"):
        assert part in update
    assert list(inspect.signature(Screen._on_timer_update).parameters) == ["self"]
