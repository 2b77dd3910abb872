"""`stomptui web` at a terminal: what it prints, Enter for another address, and its end."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

try:
    from stomptui.web.serving import address, explanation
except ModuleNotFoundError as error:
    pytest.skip(f"the web extra is not installed: no {error.name}", allow_module_level=True)

ADDRESS = r"http://127\.0\.0\.1:\d+/\?token=[\w-]+"


def test_enter_prints_another_address_and_ctrl_c_ends_it() -> None:
    root = Path(__file__).parents[2]
    web: Any = pexpect.spawn(  # type: ignore[no-untyped-call]
        sys.executable, ["-m", "stomptui", "web"], cwd=root, timeout=60, encoding="utf-8", dimensions=(24, 200)
    )
    addresses = []
    for _ in range(2):
        web.expect(ADDRESS)
        addresses.append(web.after)
        if not addresses[1:]:
            assert "press Enter for another one" in web.before
            assert "acts on brokers as you do" in web.before
        web.sendline("")
    assert addresses[0] != addresses[1]
    web.expect(ADDRESS)
    web.sendintr()
    web.expect(pexpect.EOF)
    web.close()
    assert web.exitstatus == 0
    assert not re.search("Traceback|crashed", web.before)


@pytest.mark.parametrize(
    ("host", "begin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/?"),
        ("::1", "http://[::1]:8000/?"),
        ("0.0.0.0", "http://127.0.0.1:8000/?"),
        ("10.1.2.3", "http://10.1.2.3:8000/?"),
    ],
)
def test_the_address_names_the_server(host: str, begin: str) -> None:
    assert address(host, 8000, "t") == f"{begin}token=t"


def test_a_warning_says_what_other_machines_can_do() -> None:
    assert not any("warning" in line for line in explanation("127.0.0.1", 8, True))
    assert any("warning" in line and "encrypted" in line for line in explanation("0.0.0.0", 8, True))
    assert any("start stomptui web again" in line for line in explanation("127.0.0.1", 8, False))
