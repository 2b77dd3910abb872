"""Frames as they are shown: without the secrets in their headers, and with all the rest byte for byte."""

from __future__ import annotations

import pytest

from stomptui.config.secret_names import MASK
from stomptui.journal.secrets import masked_frame
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame

SECRET = "s3cret-v4lue"


def frame(command: str, *headers: tuple[str, str], version: str = "1.2") -> Frame:
    return Frame(encode(command, headers, b"body \xff x-session:inside", version)[:-1], version)


@pytest.mark.parametrize("command", ["SEND", "SUBSCRIBE", "CONNECT", "MESSAGE", "ERROR"])
@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize(
    "name", ["x-session", "X-CSRF-Token", "sig", "code", "otp", "apiKey", "cookie", "Authorization", "refresh_token"]
)
def test_a_secret_is_masked_in_both_directions(command: str, sent: bool, name: str) -> None:
    whole = frame(command, ("a", "1"), (name, SECRET), ("b", "2"), (name, SECRET))
    shown = masked_frame(whole, sent)
    assert SECRET.encode() not in shown.raw
    assert shown.headers == (("a", "1"), (name, MASK), ("b", "2"), (name, MASK))
    assert shown.body == whole.body
    assert SECRET.encode() in whole.raw, "the frame itself is as it was"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"Bearer {SECRET}", MASK),
        (f"https://u:{SECRET}@h/x?sig={SECRET}&n=1", f"https://u:{MASK}@h/x?sig={MASK}&n=1"),
        (f"line\nhttp://h/?otp={SECRET}", f"line\nhttp://h/?otp={MASK}"),
        ("plain", "plain"),
    ],
)
def test_what_a_person_sends_is_masked_by_its_value_too_and_what_arrives_is_not(value: str, shown: str) -> None:
    whole = frame("SEND", ("note", value))
    assert masked_frame(whole, sent=True).get("note") == shown
    assert masked_frame(whole, sent=False) is whole


def test_the_name_of_a_session_in_connected_is_no_secret() -> None:
    whole = frame("CONNECTED", ("session", "abc"), ("version", "1.2"))
    assert masked_frame(whole, sent=False) is whole


def test_odd_frames_keep_their_bytes() -> None:
    raw = b"SEND\r\nno colon\r\n:no name\r\na\\q:a\r\notp:\xff" + SECRET.encode() + b"\r\n\r\nbody"
    shown = masked_frame(Frame(raw, "1.2"), sent=True)
    assert shown.raw == raw.replace(b"\xff" + SECRET.encode(), MASK.encode())
