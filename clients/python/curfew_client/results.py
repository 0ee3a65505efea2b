"""What Curfew answers, with types. All times are on Curfew's clock, in UTC. No `repr` contains a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Optional, Union

Role = Literal["OWNER", "MEMBER"]


@dataclass(frozen=True)
class Session:
    """A session that `create_session` created."""

    id: str
    #: Curfew's id of the user.
    user_id: str
    user_name: str
    #: The user's id in the application that created the session.
    external_id: Optional[str]
    account_id: str
    #: As of this answer.
    role: Role
    #: When the user last authenticated.
    authenticated_at: datetime
    #: The nearer of the two deadlines.
    expires_at: datetime
    #: Which of them is nearer. Activity moves `IDLE`; after `ABSOLUTE` only a new sign-in helps.
    expiry_reason: Literal["IDLE", "ABSOLUTE"]
    idle_expires_at: datetime
    absolute_expires_at: datetime
    #: None while it is live.
    ended_at: Optional[datetime]
    #: One of Curfew's `SessionEndReason`.
    end_reason: Optional[str]


@dataclass(frozen=True)
class Live:
    """The token's session is live: let the request through. True in an `if`."""

    #: `session_token`: of `create_session`. `access_token`: a JWT from Curfew's own sign-in.
    kind: Literal["session_token", "access_token"]
    user_id: str
    #: None with an access token, and for a user without one.
    external_id: Optional[str]
    session_id: str
    account_id: str
    #: As of this check.
    role: Role
    authenticated_at: datetime
    #: When the token stops being good: the session's nearer deadline, or the expiry of the access token.
    expires_at: datetime
    #: Whether that deadline is near enough to warn. None with an access token, whose page Curfew warns.
    warning: Optional[bool] = None
    #: Whole seconds until `expires_at`. None with an access token.
    seconds_remaining: Optional[int] = None
    #: The session in full. None with an access token.
    session: Optional[Session] = None

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Refused:
    """No live session: answer 401. False in an `if`.

    `reason`:
    - `NO_TOKEN`: there is none.
    - `INVALID_TOKEN`: not a token of Curfew, or not for this API; or an access token that has expired, or whose
      session has ended.
    - `SESSION_SCOPED_TOKEN`: of `issue_session_access_token`. It only follows its own session and
      does not prove that its holder is signed in.
    - `NOT_FOUND`, `IDLE`, `ABSOLUTE`, `REVOKED`: Curfew's answer about a session token.
    - `REAUTHENTICATION_REQUIRED`: live, but the user authenticated longer ago than `max_auth_age`.
    """

    reason: Literal[
        "NO_TOKEN",
        "INVALID_TOKEN",
        "SESSION_SCOPED_TOKEN",
        "NOT_FOUND",
        "IDLE",
        "ABSOLUTE",
        "REVOKED",
        "REAUTHENTICATION_REQUIRED",
    ]
    #: With `REVOKED`: one of Curfew's `SessionEndReason`.
    end_reason: Optional[str] = None
    #: With `REAUTHENTICATION_REQUIRED`: the session, which is live.
    live: Optional[Live] = None

    def __bool__(self) -> Literal[False]:
        return False


@dataclass(frozen=True)
class Unavailable:
    """The state is unknown: answer 503, and let no request through. False in an `if`.

    `code` is `UNAVAILABLE`, or Curfew's code for a fault of this application, such as `UNAUTHENTICATED` for a service
    key that was revoked. `message` is for the log and contains no token.
    """

    code: str
    message: str

    def __bool__(self) -> Literal[False]:
        return False


CheckResult = Union[Live, Refused, Unavailable]


@dataclass(frozen=True)
class CreatedSession:
    #: Shown this once. Keep it in a cookie that is HttpOnly, Secure and SameSite.
    session_token: str = field(repr=False)
    session: Session


@dataclass(frozen=True)
class SessionAccessToken:
    """A session-scoped token, with which the user's page follows its session."""

    access_token: str = field(repr=False)
    expires_at: datetime
