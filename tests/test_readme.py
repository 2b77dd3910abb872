"""What the README says of brokers is what the tests prove."""

from __future__ import annotations

from pathlib import Path

from stomptui.queues.headers import translation
from stomptui.ui import chosen_keys
from tests.interop.queues.promises import BEGIN, END, table

README = Path(__file__).parent.parent / "README.md"


def test_the_table_of_brokers_is_the_one_the_tests_prove() -> None:
    """Each row is a place of `tests/interop/queues`; print it with `python -m tests.interop.queues.promises`."""
    text = README.read_text(encoding="utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0].strip() == table()


def test_the_table_of_translations_is_the_one_that_is_done() -> None:
    """Each row is tried in `tests/brokers/test_send_headers.py`."""
    text = README.read_text(encoding="utf-8")
    found = text.partition("<!-- translations: checked by the tests -->")[2].partition("<!-- translations end -->")[0]
    assert found.strip() == translation.table()


def test_the_table_of_keys_is_the_one_that_works() -> None:
    """Print it with `python -c "from stomptui.ui.chosen_keys import table; print(table())"`."""
    text = README.read_text(encoding="utf-8")
    found = text.partition("<!-- keys: checked by the tests -->")[2].partition("<!-- keys end -->")[0]
    assert found.strip() == chosen_keys.table()
