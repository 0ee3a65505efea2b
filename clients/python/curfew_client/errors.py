"""What the calls of this package raise. No text of an error contains a token or a key."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class CurfewError(Exception):
    """A refusal of Curfew, or a failure to reach it.

    `code` is one of Curfew's codes (see its schema), or `UNAVAILABLE`: no answer within the timeout, one that cannot be
    read, or one to try again later. `details` are Curfew's further details, such as `reason` and `field`.
    """

    def __init__(self, code: str, message: str, details: Optional[Mapping[str, Any]] = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.details: dict[str, Any] = dict(details or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def unavailable(message: str) -> CurfewError:
    return CurfewError("UNAVAILABLE", message)
