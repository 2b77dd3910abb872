"""RabbitMQ 4 from Debian's later releases, each in a chroot that debootstrap makes once; root is needed to enter it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from tests.support.brokers.base import CannotFetch, packaged
from tests.support.brokers.cache import CACHE, NOT_FETCHED, fill
from tests.support.brokers.rabbitmq import RabbitMQ

NODE = Path("/node")
"""Where a node's folder is seen inside."""
PROGRAMS = "/usr/lib/rabbitmq/bin"
SCRIPTS = Path("/usr/share/debootstrap/scripts")
# $0 is the chroot, $1 the node's folder: both mounts are seen by this process and its children alone and end with them.
ENTER = f'mount -t proc proc "$0/proc" && mount --bind "$1" "$0{NODE}" && shift && exec chroot "$0" "$@"'


class RabbitMQ4(RabbitMQ):
    """What the releases have in common; all nodes of one release share its chroot."""

    suite: ClassVar[str]
    """The name of Debian's release."""

    @classmethod
    def home(cls) -> Path:
        return CACHE / f"rabbitmq-{cls.suite}"

    @classmethod
    def version(cls) -> str:
        return packaged("rabbitmq-server", cls.home())

    @classmethod
    def missing(cls) -> str:
        if os.geteuid() != 0:
            return "root is needed for its chroot"
        if not shutil.which("unshare"):
            return "unshare is not installed"
        return "" if cls.home().is_dir() else NOT_FETCHED

    @classmethod
    def fetch(cls) -> None:
        if os.geteuid() != 0:
            raise CannotFetch("root is needed for its chroot")
        if not shutil.which("debootstrap"):
            raise CannotFetch("debootstrap is not installed")
        fill(cls.home(), lambda folder: _install(cls.suite, folder))

    def _command(self, program: str, *arguments: str) -> list[str]:
        path = f"{PROGRAMS}/{program}" if program.startswith("rabbitmq") else program
        return ["unshare", "-m", "sh", "-c", ENTER, str(self.home()), str(self.folder), path, *arguments]

    @property
    def inside(self) -> Path:
        return NODE

    @property
    def environment(self) -> dict[str, str]:
        # Nothing of this machine's: paths in it mean something else inside.
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **self._node()}


class RabbitMQ40(RabbitMQ4):
    key: ClassVar[str] = "rabbitmq40"
    title: ClassVar[str] = "RabbitMQ 4.0"
    suite: ClassVar[str] = "trixie"
    # The other two wait as long for new counts as anybody does; what is tried on all three need not wait on each.
    statistics_every: ClassVar[int] = 1000


class RabbitMQ43(RabbitMQ4):
    key: ClassVar[str] = "rabbitmq43"
    title: ClassVar[str] = "RabbitMQ 4.3"
    suite: ClassVar[str] = "forky"


def _install(suite: str, folder: Path) -> None:
    """Make a chroot with RabbitMQ in it; no service is started."""
    script = SCRIPTS / suite
    if not script.exists():
        # A debootstrap that is older than the release makes it like the one it knows as the newest.
        script = SCRIPTS / "sid"
    command = [
        "debootstrap",
        "--variant=minbase",
        "--include=rabbitmq-server",
        suite,
        str(folder),
        _mirror(),
        str(script),
    ]
    # What debootstrap mounts goes with its own mount namespace, even if it is killed.
    done = subprocess.run(
        ["unshare", "-m", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout.decode(errors='replace')[-2000:]}"
    for leftover in ("var/cache/apt", "var/lib/apt/lists"):
        shutil.rmtree(folder / leftover)
    # Nothing inside is to ask a name server, and not every release brings the one name that is needed.
    (folder / "etc" / "resolv.conf").unlink(missing_ok=True)
    (folder / "etc" / "hosts").write_text("127.0.0.1 localhost\n")
    (folder / NODE.relative_to("/")).mkdir()


def _mirror() -> str:
    """Where this machine gets its own Debian from; "" leaves it to debootstrap."""
    release = platform.freedesktop_os_release()
    if release["ID"] != "debian":
        return ""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(CODENAME) $(COMPONENT) $(SITE)", "Created-By: Packages"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    wanted = [release["VERSION_CODENAME"], "main"]
    return next((site for *what, site in map(str.split, listed.stdout.splitlines()) if what == wanted), "")
