"""What the README and the reference say is true: their tables, commands, options, keys, settings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.config.profile_file import KEYS
from stomptui.config.profiles import Profiles
from stomptui.config.settings import load_settings
from stomptui.queues.headers import translation
from stomptui.reference import reference
from stomptui.ui import chosen_keys
from stomptui.ui.console.compose_actions import ACTIONS
from stomptui.ui.keymap.registry import TABLE
from tests.interop import checked
from tests.interop.queues.promises import BEGIN, END, table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = reference()
SUBCOMMANDS = ("drain", "refill", "check", "web", "broker", "reference")


def between(text: str, begin: str, end: str) -> str:
    return text.partition(begin)[2].partition(end)[0].strip()


def blocks(language: str) -> list[str]:
    """The code blocks of the README in one language, "" for commands."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands() -> Iterator[list[str]]:
    """The words of each command line in the README, without its comment."""
    for block in blocks(""):
        for line in block.splitlines():
            yield line.partition(" #")[0].split()


class TestTables:
    def test_the_table_of_brokers_is_the_one_the_tests_prove(self) -> None:
        """Each row is a place of `tests/interop/queues`; print it with `python -m tests.interop.queues.promises`."""
        assert between(REFERENCE, BEGIN, END) == table()

    def test_the_table_of_what_brokers_do_has_all_brokers_and_questions(self) -> None:
        """Its values are what the brokers answered; print it anew with `python -m tests.interop.checked`."""
        head, line, *rows = between(README, checked.BEGIN, checked.END).splitlines()
        columns = [cell.strip() for cell in head.strip("|").split("|")]
        assert columns == ["Broker", *checked.COLUMNS]
        assert {row.count("|") for row in (line, *rows)} == {len(columns) + 1}
        first = [re.sub(r" \([\d.]+\)$", "", row.strip("|").split("|")[0].strip()) for row in rows]
        assert first == checked.titles()

    def test_the_table_of_translations_is_the_one_that_is_done(self) -> None:
        """Each row is tried in `tests.brokers.test_header_rules.py`."""
        found = between(REFERENCE, "<!-- translations: checked by the tests -->", "<!-- translations end -->")
        assert found == translation.table()

    def test_the_table_of_keys_is_the_one_that_works(self) -> None:
        """Print it with `python -c "from stomptui.ui.chosen_keys import table; print(table())"`."""
        assert between(README, "<!-- keys: checked by the tests -->", "<!-- keys end -->") == chosen_keys.table()


def test_every_option_is_in_the_help_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    helps = {}
    for name in ("", *SUBCOMMANDS):
        assert main([name, "--help"] if name else ["--help"]) == 0
        helps[name] = capsys.readouterr().out
    found = [words for words in commands() if words[:1] == ["stomptui"]]
    assert len(found) > 6
    for words in found:
        name = words[1] if words[1:2] and words[1] in SUBCOMMANDS else ""
        for option in (word for word in words if word.startswith("--")):
            assert option in helps[name], words
    for option in re.findall(r"(?<![-<])--[a-z][a-z-]+", README + REFERENCE):
        assert any(option in text for text in helps.values()), option


def test_every_make_target_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [words[1] for words in commands() if words[:1] == ["make"]]
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_key_in_the_text_is_a_key() -> None:
    keys = {key for place in TABLE.values() for each in place for key in chosen_keys.written(each.keys)}
    text = between(README, "## A tour", "## Brokers") + between(README, "## When something", "## Contributing")
    for word in re.findall(r"`([^`\s/]|f\d+|(?:ctrl|shift|alt)\+\S+)`", text):
        assert word in keys, word


def test_every_entry_of_the_menu_in_the_text_is_one() -> None:
    labels = {action.label for action in ACTIONS}
    found = re.findall(r"\*([^*]+)\*\s\(menu\)", README)
    assert found
    for label in found:
        assert " ".join(label.split()) in labels, label


def test_every_setting_is_one(tmp_path: Path) -> None:
    profile, settings = blocks("toml")
    (tmp_path / "profiles.toml").write_text(profile)
    profiles = Profiles(tmp_path / "profiles.toml")
    profiles.load("staging")
    assert not profiles.unknown("staging")
    assert set(re.findall(r"`(\w+)`", between(README, "Also: ", "`settings.toml`"))) < set(KEYS)
    (tmp_path / "settings.toml").write_text(settings)
    loaded, problem = load_settings(tmp_path / "settings.toml")
    assert not problem and not loaded.unknown
    assert not chosen_keys.problems(loaded.keys)
    assert loaded.keys and loaded.secret_names


def test_every_path_in_contributing_is_there() -> None:
    """Paths are from `stomptui/` or from the root, in a row of the table from the folder that the row is about."""
    package = ROOT / "stomptui"
    for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| [^|]*\| `(\w+/)(NAME/)?` \|", line)
        folders = [ROOT, package, *([package / row[1], package / row[1] / "rabbitmq"] if row else [])]
        for path in re.findall(r"`(\w[\w./]*)`", line):
            if "/" in path.replace("NAME/", "") or path.endswith(".py"):
                assert any((folder / path.replace("NAME/", "rabbitmq/")).exists() for folder in folders), path


def test_every_link_leads_somewhere() -> None:
    for folder, text in ((ROOT, README), (ROOT, REFERENCE)):
        for target in re.findall(r"\]\(([^)]+)\)", text):
            path, _, heading = target.partition("#")
            assert (folder / path).exists(), target
            headings = {line.strip("# ").lower().replace(",", "").replace(" ", "-") for line in text.splitlines()}
            assert not heading or heading in headings, target
