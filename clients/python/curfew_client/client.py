"""The connection of a back end to Curfew."""

from __future__ import annotations

import json
import math
import os
import re
import ssl
import time
import weakref
from datetime import datetime, timezone
from typing import Any, Literal, Mapping, Optional
from urllib.parse import urlencode

from . import documents
from .errors import CurfewError, unavailable
from .gathering import Gatherer
from .http_calls import HttpCalls
from .reading import created_of, member, read_data, role_of, time_of, validation_of
from .results import CheckResult, CreatedSession, Live, Refused, SessionAccessToken, Unavailable

#: The form of the tokens of `create_session`.
_SESSION_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SERVICE_KEY = re.compile(r"cfk_[A-Za-z0-9_-]+")
#: Curfew's access tokens have about 700 characters.
_MAX_TOKEN_LENGTH = 4_096
#: Far beyond what a user waits for, and within what the system's timers take.
_MAX_TIMEOUT = 3_600
#: The limit of Curfew's `validateSessions`.
_MAX_BATCH_SIZE = 1_000

EndReason = Literal["LOGOUT", "REVOKED_BY_SERVICE", "PASSWORD_CHANGED", "USER_DEACTIVATED"]
_Validation = tuple[str, bool]


class Curfew:
    """One for each process, safe for many threads, and after a fork.

    All calls but `check` raise CurfewError with Curfew's code, or `UNAVAILABLE` when no answer came in time.
    """

    def __init__(
        self,
        url: str,
        service_key: str,
        *,
        timeout: float = 2.0,
        issuer: Optional[str] = None,
        audience: str = "curfew",
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        """Connects nothing yet.

        `url`: where this process reaches Curfew, such as `https://curfew.example.com`. `service_key`: `cfk_...`, sent
        there only. `timeout`: the longest wait for an answer, in seconds. `issuer` (Curfew's PUBLIC_URL, if it is not
        `url`) and `audience` are those of the access tokens to accept. `ssl_context`: for an authority of your own; by
        default the system's authorities are trusted.

        Raises ValueError for an invalid argument.
        """
        if not isinstance(url, str):
            raise ValueError("url has to be a string: is its environment variable set?")
        if not isinstance(service_key, str) or not _SERVICE_KEY.fullmatch(service_key):
            raise ValueError("service_key is not a service key of Curfew (cfk_...): is its environment variable set?")
        if not (0 < timeout <= _MAX_TIMEOUT):
            raise ValueError(f"timeout has to be a number of seconds above 0, at most {_MAX_TIMEOUT}.")
        self._url = url.rstrip("/")
        self._key = service_key
        self._timeout = timeout
        self._issuer = self._url if issuer is None else issuer
        self._audience = audience
        self._context = ssl_context
        self._connect()
        _instances.add(self)

    def __repr__(self) -> str:
        return f"Curfew({self._url!r})"

    def close(self) -> None:
        """Closes the connections that are idle. Later calls work, and leave none open."""
        self._http.close()

    def check(self, token: Optional[str], *, touch: bool = True, max_auth_age: Optional[int] = None) -> CheckResult:
        """Checks a session token or an access token. Never raises for what Curfew or the network does.

        `touch`: whether this is activity of the user, which moves the idle deadline of a session token; say False for
        polling. `max_auth_age`: how many seconds ago the user may have authenticated; an age equal to it passes.

        Each check is Curfew's answer from after it began. Checks of session tokens by many threads share calls.
        """
        if max_auth_age is not None and not (type(max_auth_age) is int and max_auth_age >= 1):
            raise ValueError("max_auth_age has to be a whole number of seconds, from 1 on.")
        if token is None or token == "":
            return Refused("NO_TOKEN")
        try:
            result = self._check(token, touch)
        except CurfewError as error:
            return Unavailable(error.code, error.message)
        if isinstance(result, Live) and max_auth_age is not None:
            # By whole seconds, because the auth_time of a token has no fractions.
            age = math.floor(time.time()) - math.floor(result.authenticated_at.timestamp())
            if age > max_auth_age:
                return Refused("REAUTHENTICATION_REQUIRED", live=result)
        return result

    def create_session(
        self,
        *,
        external_id: Optional[str] = None,
        email: Optional[str] = None,
        name: Optional[str] = None,
        user_id: Optional[str] = None,
        account_id: Optional[str] = None,
        account_external_id: Optional[str] = None,
        app_type: Optional[Literal["CONTROL_PANEL", "TENANT_APP"]] = None,
        ip_address: Optional[str] = None,
        user_agent: Optional[str] = None,
        absolute_expires_at: Optional[datetime] = None,
    ) -> CreatedSession:
        """Creates a session for a user whom this application has just signed in.

        The user by `external_id`, your own id of them, with e-mail and name for a new one; or by `user_id`. The account
        only with a service key for all. `ip_address` and `user_agent`: of the browser. `absolute_expires_at`: the
        latest end, with a time zone. After `UNAVAILABLE` a session may exist whose token is lost; it expires by
        itself.
        """
        if absolute_expires_at is not None and absolute_expires_at.tzinfo is None:
            raise ValueError("absolute_expires_at needs a time zone.")
        latest = None
        if absolute_expires_at is not None:
            latest = absolute_expires_at.astimezone(timezone.utc).isoformat()
        given = {
            "externalId": external_id,
            "email": email,
            "name": name,
            "userId": user_id,
            "accountId": account_id,
            "accountExternalId": account_external_id,
            "appType": app_type,
            "ipAddress": ip_address,
            "userAgent": user_agent,
            "absoluteExpiresAt": latest,
        }
        # Not repeated: a session whose answer was lost would live on beside the second one.
        data = self._call(documents.CREATE_SESSION, {"input": _present(given)}, repeatable=False)
        return created_of(data.get("createSession"))

    def reauthenticate_session(self, session_token: str) -> CreatedSession:
        """Records that this application has just authenticated the session's user again: both deadlines count from now.

        Returns a new token, and the presented one is `NOT_FOUND` from then on; so it may be after `UNAVAILABLE`, too.
        """
        # Not repeated: the second answer would be that the token is unknown.
        variables = {"sessionToken": _text(session_token)}
        data = self._call(documents.REAUTHENTICATE_SESSION, variables, repeatable=False)
        return created_of(data.get("reauthenticateSession"))

    def end_session(self, session_token: str, reason: EndReason = "LOGOUT") -> bool:
        """Returns whether this call ended the session. False: it had ended before, or is unknown."""
        given = {"sessionToken": _text(session_token), "reason": reason}
        # Not repeated: the second answer would be that this call did not end it.
        data = self._call(documents.END_SESSION, {"input": given}, repeatable=False)
        return member(data, "endSession", bool)

    def end_user_sessions(
        self,
        *,
        external_id: Optional[str] = None,
        user_id: Optional[str] = None,
        account_id: Optional[str] = None,
        account_external_id: Optional[str] = None,
        reason: EndReason = "REVOKED_BY_SERVICE",
    ) -> int:
        """Signs one user out everywhere. Returns how many sessions this call ended."""
        given = {
            "externalId": external_id,
            "userId": user_id,
            "accountId": account_id,
            "accountExternalId": account_external_id,
            "reason": reason,
        }
        data = self._call(documents.END_USER_SESSIONS, {"input": _present(given)}, repeatable=False)
        return member(data.get("endUserSessions"), "revokedCount", int)

    def issue_session_access_token(self, session_token: str, audience: Optional[str] = None) -> SessionAccessToken:
        """Issues a session-scoped token for the user's page. `NOT_FOUND`: the session has ended."""
        variables = {"sessionToken": _text(session_token), "audience": audience}
        data = self._call(documents.ISSUE_SESSION_ACCESS_TOKEN, variables)
        issued = member(data, "issueSessionAccessToken", dict)
        return SessionAccessToken(member(issued, "accessToken", str), time_of(issued, "expiresAt"))

    def introspect(self, token: str) -> dict[str, Any]:
        """Returns Curfew's answer about any token, by RFC 7662: `{"active": False}`, or `active` and its claims.

        To let a request through use `check`: a token with a `scope` is active, too, and does not prove
        that its holder is signed in.
        """
        if not 0 < len(_text(token)) <= _MAX_TOKEN_LENGTH:
            return {"active": False}
        # Half a surrogate pair, which no token has, becomes a question mark.
        form = urlencode({"token": token}, errors="replace")
        answer = self._http.post("/oauth/introspect", "application/x-www-form-urlencoded", form)
        if answer.status == 401:
            raise CurfewError("UNAUTHENTICATED", "Curfew refused the service key.")
        if answer.status != 200:
            raise unavailable(f"Curfew answered with status {answer.status}.")
        member(answer.body, "active", bool)
        return dict(answer.body)

    def _connect(self) -> None:
        self._http = HttpCalls(self._url, self._key, self._timeout, self._context)
        self._gatherer: Gatherer[_Validation, CheckResult] = Gatherer(
            self._validate, _merge, _MAX_BATCH_SIZE, self._timeout
        )

    def _check(self, token: str, touch: bool) -> CheckResult:
        if len(_text(token)) > _MAX_TOKEN_LENGTH:
            return Refused("INVALID_TOKEN")
        if _SESSION_TOKEN.fullmatch(token):
            return self._gatherer.ask(token, (token, touch))
        if _JWT.fullmatch(token):
            return self._check_access_token(token)
        return Refused("INVALID_TOKEN")

    def _check_access_token(self, token: str) -> CheckResult:
        claims = self.introspect(token)
        if not claims["active"] or claims.get("token_type") != "access_token":
            return Refused("INVALID_TOKEN")
        # Checked first, because such a token has no role or account.
        if claims.get("scope") is not None:
            return Refused("SESSION_SCOPED_TOKEN")
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            return Refused("INVALID_TOKEN")
        return Live(
            kind="access_token",
            user_id=member(claims, "sub", str),
            external_id=None,
            session_id=member(claims, "sid", str),
            account_id=member(claims, "account_id", str),
            role=role_of(claims),
            authenticated_at=_from_seconds(claims, "auth_time"),
            expires_at=_from_seconds(claims, "exp"),
        )

    def _validate(self, requests: list[_Validation]) -> list[CheckResult]:
        given = [{"sessionToken": token, "touch": touch} for token, touch in requests]
        data = self._call(documents.VALIDATE_SESSIONS, {"input": given})
        return [_result_of(node) for node in member(data, "validateSessions", list)]

    def _call(self, query: str, variables: Mapping[str, Any], repeatable: bool = True) -> Mapping[str, Any]:
        text = json.dumps({"query": query, "variables": variables})
        return read_data(self._http.post("/graphql", "application/json", text, repeatable))


def _merge(one: _Validation, other: _Validation) -> _Validation:
    return one[0], one[1] or other[1]


def _result_of(node: Any) -> CheckResult:
    # One that cannot be read says nothing about the others of its batch.
    try:
        return validation_of(node)
    except CurfewError as error:
        return Unavailable(error.code, error.message)


def _present(given: Mapping[str, Optional[str]]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


def _text(token: str) -> str:
    # Curfew's refusal of another type would quote the value.
    if not isinstance(token, str):
        raise TypeError("The token has to be a string.")
    return token


def _from_seconds(claims: Mapping[str, Any], name: str) -> datetime:
    try:
        return datetime.fromtimestamp(member(claims, name, int), timezone.utc)
    except (ValueError, OverflowError, OSError):
        raise unavailable(f"Curfew's answer has no time in {name}.") from None


_instances: "weakref.WeakSet[Curfew]" = weakref.WeakSet()


def _forget_parent() -> None:
    """Two processes must not share a connection, or a lock that a thread of the parent held at the fork."""
    for instance in list(_instances):
        instance._http.abandon()
        instance._connect()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)
