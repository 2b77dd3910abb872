"""Passwords: from the environment, or in the system's keyring if `keyring` is installed. Never in a file of ours."""

from __future__ import annotations

import os
from typing import Any

from stomptui.config.connection import Connection
from stomptui.config.url import format_url

SERVICE = "stomptui"


class SecretError(RuntimeError):
    """The keyring did not do what it was asked; says why."""


def environment_password() -> str:
    """The password in STOMPTUI_PASSWORD, "" if there is none."""
    return os.environ.get("STOMPTUI_PASSWORD", "")


class Keyring:
    """The system's keyring. It may ask the person to unlock it, so every call can take long and stays off the loop."""

    def why_not(self) -> str:
        """Why it cannot be used, in plain words; "" if it can."""
        try:
            backend = self._module().get_keyring()
            priority = backend.priority
        except SecretError as error:
            return str(error)
        except Exception as error:  # Backends raise what they like; none of it may end the app.
            return f"the keyring does not answer: {error}"
        return "" if priority > 0 else "the system has no keyring that can be used"

    def get(self, connection: Connection) -> str:
        """The password kept for that login at that place, "" if there is none.

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
        """Keep the password of a connection; raises SecretError."""
        try:
            self._module().set_password(SERVICE, format_url(connection), connection.passcode)
        except SecretError:
            raise
        except Exception as error:
            raise SecretError(f"the keyring did not take the password: {error}") from error

    def forget(self, connection: Connection) -> None:
        """Remove the password of a connection if there is one; raises SecretError."""
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
