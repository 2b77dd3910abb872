"""Views that a person set up: commands of their own, and Protobuf by a descriptor file."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path

import pytest

from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.settings import load_settings
from stomptui.config.view_approvals import ViewApprovals
from stomptui.journal.body import Content, content_of
from stomptui.journal.views import command_view
from stomptui.journal.views.command_view import CommandFailed, run_command
from stomptui.journal.views.personal import PersonalViews, ViewFailed
from stomptui.protocol.frame import Frame
from tests.journal.views.test_protobuf_view import FULL, descriptors, order


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def content(body: bytes, content_type: str = "application/avro") -> Content:
    return content_of(Frame(f"MESSAGE\ncontent-type:{content_type}\n\n".encode() + body, "1.2"))


def views(tmp_path: Path, commands: dict[str, str]) -> PersonalViews:
    return PersonalViews(commands, ViewApprovals(tmp_path / "views.json"))


def test_the_body_is_its_input_and_its_output_is_text() -> None:
    body = bytes(range(256)) * 4000
    code = "import sys; print(len(sys.stdin.buffer.read())); sys.stderr.write('x' * 99999)"
    assert run_command(python(code), body) == f"{len(body)}\n"


def test_a_command_that_does_not_read_is_no_error() -> None:
    assert run_command(python("print('fixed')"), bytes(1 << 20)) == "fixed\n"


def test_how_it_fails_is_said() -> None:
    with pytest.raises(CommandFailed, match="no-such-tool cannot be run: No such file"):
        run_command(["no-such-tool"], b"")
    with pytest.raises(CommandFailed, match="ended with status 3: no avro"):
        run_command(python("import sys; sys.stderr.write('no avro'); sys.exit(3)"), b"")


def test_it_is_bounded_in_time_and_size_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_view, "LONGEST", 0.6)
    began = time.monotonic()
    with pytest.raises(CommandFailed, match="more than 1 seconds"):
        run_command(python("import time; time.sleep(60)"), b"")
    with pytest.raises(CommandFailed, match="was ended"):
        run_command(python("import time; time.sleep(60)"), b"", lambda: True)
    assert time.monotonic() - began < 10
    monkeypatch.setattr(command_view, "LONGEST", 5.0)
    monkeypatch.setattr(command_view, "LARGEST", 1 << 20)
    text = run_command(python("import sys\nwhile True: sys.stdout.write('y' * 4096)"), b"")
    assert text.startswith("y" * (1 << 20)) and "only the first 1 MB" in text


def test_a_command_is_chosen_by_media_type_and_nothing_of_the_message_is_in_it(tmp_path: Path) -> None:
    command = shlex.join(python("import sys; print(sys.argv[1:], sys.stdin.read())"))
    made = views(tmp_path, {"application/avro": command, "application/*+avro": command})
    for media in ("application/avro", "application/x+avro", "Application/AVRO; charset=$(id)"):
        view = made.view_of(content(b"$(id)", media), "/queue/a")
        assert view is not None and view.command == command
        assert view.make(lambda: False).all_text() == "[] $(id)\n"
    assert made.view_of(content(b"x", "text/plain"), "/queue/a") is None
    assert made.view_of(content(b"", "application/avro"), "/queue/a") is None


def test_output_that_is_json_is_laid_out_and_what_it_says_is_made_safe(tmp_path: Path) -> None:
    command = shlex.join(python(r"print('{\"a\": \"\x1b[2J\"}')"))
    view = views(tmp_path, {"application/avro": command}).view_of(content(b"x"), "")
    assert view is not None
    text = view.make(lambda: False).all_text()
    assert text.startswith('{\n  "a": ') and "\x1b" not in text


def test_a_command_is_agreed_to_once_in_each_profile(tmp_path: Path) -> None:
    made = views(tmp_path, {"application/avro": "avro"})
    made.use("staging", "", {})
    assert not made.allowed("avro")
    made.allow("avro")
    again = views(tmp_path, {})
    again.use("staging", "", {})
    assert again.allowed("avro") and not again.allowed("avro --other")
    again.use("production", "", {})
    assert not again.allowed("avro")
    again.use("", "", {})
    again.allow("avro")
    assert again.allowed("avro")
    assert not views(tmp_path, {}).allowed("avro")


@pytest.mark.parametrize("text", ["[]", "{", '{"staging": 1, "x": [2]}', "\x00"])
def test_a_broken_file_of_agreements_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "views.json").write_text(text)
    assert not ViewApprovals(tmp_path / "views.json").allowed("staging", "avro")


def test_protobuf_is_shown_by_the_descriptor_and_message_of_the_profile(tmp_path: Path) -> None:
    path = tmp_path / "shop.binpb"
    path.write_bytes(descriptors().SerializeToString())
    made = views(tmp_path, {})
    made.use("staging", str(path), {"/queue/orders*": "shop.Order", "/queue/odd": "shop.None"})
    body = content(order(**FULL).SerializeToString(), "application/x-protobuf")
    view = made.view_of(body, "/queue/orders.dlq")
    assert view is not None and view.command is None
    assert view.make(lambda: False).all_text().startswith('id: -5\ncustomer: "Ada"\nstate: SENT\n')
    assert made.view_of(body, "/queue/else") is None
    odd = made.view_of(body, "/queue/odd")
    assert odd is not None
    with pytest.raises(ViewFailed, match=r"has no message shop\.None"):
        odd.make(lambda: False)
    made.use("staging", str(tmp_path / "none"), {"*": "shop.Order"})
    missing = made.view_of(body, "/queue/orders")
    assert missing is not None
    with pytest.raises(ViewFailed, match="cannot be read: No such file"):
        missing.make(lambda: False)


def test_settings_and_profiles_name_them(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('[views]\n"application/avro" = "avro-tool tojson -"\n')
    assert load_settings(settings)[0].views == {"application/avro": "avro-tool tojson -"}
    settings.write_text('[views]\n"application/avro" = "avro-tool \'"\n')
    assert "[views] has commands" in (load_settings(settings)[1] or "")
    path = tmp_path / "profiles.toml"
    path.write_text(
        '[profiles.a]\nurl = "stomp://b/"\nprotobuf = "o.binpb"\nprotobuf_messages = { "/queue/o*" = "shop.Order" }\n'
    )
    profile = Profiles(path).profile("a")
    assert (profile.protobuf, dict(profile.protobuf_messages)) == ("o.binpb", {"/queue/o*": "shop.Order"})
    Profiles(path).save("a", profile.connection)
    assert Profiles(path).profile("a").protobuf == "o.binpb"
    path.write_text('[profiles.a]\nurl = "stomp://b/"\nprotobuf_messages = { "/queue/o*" = 3 }\n')
    with pytest.raises(ProfileError, match="protobuf_messages: a table such as"):
        Profiles(path).profile("a")
