"""Verifies webhooks of Curfew, by the specification Standard Webhooks (https://www.standardwebhooks.com).

This file needs nothing but the standard library: it may be copied alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import Any, Iterable, Optional, Protocol, Sequence, Union

_SECONDS = re.compile(r"[0-9]{1,12}")


class Headers(Protocol):
    """A dict, `BaseHTTPRequestHandler.headers`, and the `request.headers` of Flask, Django or Starlette."""

    def items(self) -> Iterable[tuple[str, Any]]: ...


class WebhookError(Exception):
    """A request that is not to be taken for a webhook of Curfew. Answer 401.

    `code`: `MALFORMED` (a header is missing, or the body is no event), `TIMESTAMP` (too old or too new), `SIGNATURE`
    (not signed with any of the secrets).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True)
class WebhookEvent:
    #: The same at every attempt: keep it for a day, and drop a repeat.
    id: str
    #: Such as `session.ended`.
    type: str
    #: When it happened, as Curfew wrote it: RFC 3339, in UTC.
    timestamp: str
    data: dict[str, Any]


def verify_webhook(
    secrets: Union[str, Sequence[str]],
    headers: Headers,
    body: bytes,
    *,
    tolerance: float = 300.0,
    now: Optional[float] = None,
) -> WebhookEvent:
    """Returns the event of a request that Curfew has signed now.

    `secrets`: the stream's `whsec_...`, or several. `headers`: names in any case. `body`: as it came, before anything
    parses it. `tolerance`: seconds that it may be old or early. `now`: seconds since 1970; default: this computer's
    clock.

    Raises WebhookError for what is not to be taken, ValueError for a secret that is none, TypeError for a body that
    is not bytes.
    """
    keys = [_key_of(secret) for secret in (secrets if isinstance(secrets, (list, tuple)) else [secrets])]
    if not keys:
        raise ValueError("There is no secret.")
    if not isinstance(body, (bytes, bytearray)):
        raise TypeError("body has to be the bytes of the request, as they came.")
    event_id = _header(headers, "webhook-id")
    sent_at = _header(headers, "webhook-timestamp")
    if not _SECONDS.fullmatch(sent_at):
        raise WebhookError("MALFORMED", "webhook-timestamp is not a number of seconds.")
    # Written so that a tolerance that is no number admits nothing.
    if not abs((time.time() if now is None else now) - int(sent_at)) <= tolerance:
        raise WebhookError("TIMESTAMP", "The request is too old, or this computer's clock is wrong.")
    signed = f"{event_id}.{sent_at}.".encode("utf-8", "replace") + body
    expected = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in keys]
    given = _signatures(_header(headers, "webhook-signature"))
    # Every pair is compared, so that the time says nothing.
    matches = [hmac.compare_digest(one, other) for one in given for other in expected]
    if not any(matches):
        raise WebhookError("SIGNATURE", "The request is not signed with this secret.")
    return _event_of(event_id, body)


def _key_of(secret: Any) -> bytes:
    if not isinstance(secret, str):
        raise ValueError("A secret is a string: is its environment variable set?")
    try:
        key = base64.b64decode(secret[len("whsec_") :], validate=True) if secret.startswith("whsec_") else b""
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("A secret is whsec_ and base64.")
    return key


def _header(headers: Headers, name: str) -> str:
    values = [str(value) for key, value in headers.items() if str(key).lower() == name]
    if len(values) != 1 or not values[0]:
        raise WebhookError("MALFORMED", f"The request needs one header {name}.")
    return values[0]


def _signatures(text: str) -> list[bytes]:
    """Those of version 1. Others may come beside them."""
    return [each[len("v1,") :].encode("utf-8", "replace") for each in text.split() if each.startswith("v1,")]


def _event_of(event_id: str, body: bytes) -> WebhookEvent:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    if isinstance(event, dict):
        kind, timestamp, data = event.get("type"), event.get("timestamp"), event.get("data")
        if isinstance(kind, str) and isinstance(timestamp, str) and isinstance(data, dict):
            return WebhookEvent(event_id, kind, timestamp, data)
    raise WebhookError("MALFORMED", "The body is not an event.")
