"""Checks at Curfew that each request has a live session. On the standard library alone, for Python 3.9 and newer.

from curfew_client import Curfew, Live, Unavailable

curfew = Curfew("https://curfew.example.com", os.environ["CURFEW_SERVICE_KEY"])
result = curfew.check(token)
if isinstance(result, Live): ...         # result.user_id, result.role, ...
elif isinstance(result, Unavailable): ...  # 503: never let the request through
else: ...                                # Refused: 401, result.reason says why
"""

from .client import Curfew
from .errors import CurfewError
from .results import CheckResult, CreatedSession, Live, Refused, Session, SessionAccessToken, Unavailable
from .webhooks import WebhookError, WebhookEvent, verify_webhook

__all__ = [
    "CheckResult",
    "CreatedSession",
    "Curfew",
    "CurfewError",
    "Live",
    "Refused",
    "Session",
    "SessionAccessToken",
    "Unavailable",
    "WebhookError",
    "WebhookEvent",
    "verify_webhook",
]
