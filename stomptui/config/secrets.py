"""Passwords from the environment or the system's keyring (package `keyring`); never in a file of ours."""

from __future__ import annotations

import os
from typing import Any

from stomptui.config.connection import Connection
from stomptui.config.url import format_url

SERVICE = "stomptui"


class SecretError(RuntimeError):
    """The keyring failed; the message says why."""


def environment_password() -> str:
    """The password in STOMPTUI_PASSWORD, "" if there is none."""
    return os.environ.get("STOMPTUI_PASSWORD", "")


class Keyring:
    """The system's keyring. It may ask the person to unlock it, so every call can take long: not for the event loop."""

    def unavailable_reason(self) -> str | None:
        """Why it cannot be used, in plain words; None if it can."""
        try:
            backend = self._module().get_keyring()
            priority = backend.priority
        except SecretError as error:
            return str(error)
        except Exception as error:  # backends raise anything
            return f"the keyring does not answer: {error}"
        return None if priority > 0 else "the system has no keyring that can be used"

    def get(self, connection: Connection) -> str:
        """The password stored for the URL of a connection, "" if there is none.

        Raises:
            SecretError: The keyring does not answer.
        """
        try:
            return self._module().get_password(SERVICE, format_url(connection)) or ""
        except SecretError:
            raise
        except Exception as error:
            raise SecretError(f"the keyring gave no password: {error}") from error

    def set(self, connection: Connection) -> None:
        """Store the password of a connection. Raises `SecretError`."""
        try:
            self._module().set_password(SERVICE, format_url(connection), connection.passcode)
        except SecretError:
            raise
        except Exception as error:
            raise SecretError(f"the keyring did not take the password: {error}") from error

    def forget(self, connection: Connection) -> None:
        """Delete the password of a connection if there is one. Raises `SecretError`."""
        try:
            module = self._module()
            if module.get_password(SERVICE, format_url(connection)) is not None:
                module.delete_password(SERVICE, format_url(connection))
        except SecretError:
            raise
        except Exception as error:
            raise SecretError(f"the keyring did not forget the password: {error}") from error

    def _module(self) -> Any:
        try:
            import keyring
        except ImportError as error:
            raise SecretError("keyring is not installed: pip install 'stomptui[keyring]'") from error
        return keyring
