"""Reads Curfew's answers strictly: what is not as its schema says is no answer."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Mapping, Optional, TypeVar, cast

from .errors import CurfewError, unavailable
from .http_calls import HttpAnswer
from .results import CheckResult, CreatedSession, Live, Refused, Role, Session

T = TypeVar("T")

#: Codes that say nothing about the request.
_TEMPORARY = ("UNAVAILABLE", "INTERNAL_SERVER_ERROR", "RATE_LIMITED")


def read_data(answer: HttpAnswer) -> Mapping[str, Any]:
    """Returns `data`. Raises CurfewError with Curfew's code, or UNAVAILABLE."""
    body = answer.body if isinstance(answer.body, dict) else {}
    if answer.status >= 500 or answer.status == 429:
        raise unavailable(f"Curfew answered with status {answer.status}.")
    errors = body.get("errors")
    if errors:
        first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
        extensions = first.get("extensions")
        details = dict(extensions) if isinstance(extensions, dict) else {}
        code = str(details.pop("code", "INTERNAL_SERVER_ERROR"))
        message = str(first.get("message", "No message."))
        raise CurfewError("UNAVAILABLE" if code in _TEMPORARY else code, message, details)
    data = body.get("data")
    if answer.status != 200 or not isinstance(data, dict):
        raise unavailable(f"Curfew answered with status {answer.status} and no data.")
    return data


def member(node: Any, name: str, kind: type[T]) -> T:
    """Returns a field of an answer. Raises CurfewError UNAVAILABLE unless it is of that kind."""
    value = optional(node, name, kind)
    if value is None:
        raise unavailable(f"Curfew's answer has no {name}.")
    return value


def optional(node: Any, name: str, kind: type[T]) -> Optional[T]:
    value = node.get(name) if isinstance(node, dict) else None
    # Python counts True as an int.
    if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
        return value
    raise unavailable(f"Curfew's answer has another {name} than its schema says.")


def time_of(node: Any, name: str) -> datetime:
    text = member(node, name, str)
    try:
        # Python before 3.11 does not know the Z.
        time = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
        if time.tzinfo is not None:
            return time.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise unavailable(f"Curfew's answer has no time in {name}.")


def session_of(node: Any) -> Session:
    user = member(node, "user", dict)
    return Session(
        id=member(node, "id", str),
        user_id=member(user, "id", str),
        user_name=member(user, "name", str),
        external_id=optional(user, "externalId", str),
        account_id=member(member(user, "account", dict), "id", str),
        role=role_of(user),
        authenticated_at=time_of(node, "authenticatedAt"),
        expires_at=time_of(node, "expiresAt"),
        expiry_reason=cast(Any, one_of(node, "expiryReason", ("IDLE", "ABSOLUTE"))),
        idle_expires_at=time_of(node, "idleExpiresAt"),
        absolute_expires_at=time_of(node, "absoluteExpiresAt"),
        ended_at=None if optional(node, "endedAt", str) is None else time_of(node, "endedAt"),
        end_reason=optional(node, "endReason", str),
    )


def created_of(node: Any) -> CreatedSession:
    return CreatedSession(member(node, "sessionToken", str), session_of(member(node, "session", dict)))


def validation_of(node: Any) -> CheckResult:
    """Returns Live or Refused."""
    is_valid = member(node, "valid", bool)
    found = optional(node, "session", dict)
    session = None if found is None else session_of(found)
    if is_valid:
        if session is None or session.ended_at is not None or optional(node, "reason", str) is not None:
            raise unavailable("Curfew's answer contradicts itself.")
        return Live(
            kind="session_token",
            user_id=session.user_id,
            external_id=session.external_id,
            session_id=session.id,
            account_id=session.account_id,
            role=session.role,
            authenticated_at=session.authenticated_at,
            expires_at=session.expires_at,
            warning=member(node, "warning", bool),
            seconds_remaining=member(node, "secondsRemaining", int),
            session=session,
        )
    reason = one_of(node, "reason", ("NOT_FOUND", "IDLE", "ABSOLUTE", "REVOKED"))
    return Refused(cast(Any, reason), session.end_reason if session and reason == "REVOKED" else None)


def role_of(node: Any) -> Role:
    return cast(Role, one_of(node, "role", ("OWNER", "MEMBER")))


def one_of(node: Any, name: str, values: tuple[str, ...]) -> str:
    value = member(node, name, str)
    if value not in values:
        raise unavailable(f"Curfew's answer has a {name} that is not known here.")
    return value
