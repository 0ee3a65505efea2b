from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from email.message import Message
from pathlib import Path
from typing import Any, Union

from curfew_client import WebhookError, WebhookEvent, verify_webhook

NOW = 1_790_000_000
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
NEXT = "whsec_" + base64.b64encode(b"n" * 24).decode()
BODY = json.dumps({"type": "test", "timestamp": "2026-09-21T14:13:20.000Z", "data": {"né": 1}}).encode()


def sign(secret: str, body: bytes = BODY, sent_at: int = NOW) -> str:
    key = base64.b64decode(secret[6:])
    return "v1," + base64.b64encode(hmac.new(key, f"id.{sent_at}.".encode() + body, hashlib.sha256).digest()).decode()


def headers(signature: str, sent_at: Union[int, str] = NOW) -> dict[str, str]:
    return {"Webhook-Id": "id", "webhook-timestamp": str(sent_at), "WEBHOOK-SIGNATURE": signature}


class WebhookTest(unittest.TestCase):
    def refused(self, code: str, secrets: Any, given: Any, body: bytes = BODY, **more: Any) -> None:
        with self.assertRaises(WebhookError) as raised:
            verify_webhook(secrets, given, body, **{"now": NOW, **more})
        self.assertEqual(raised.exception.code, code)

    def test_what_curfew_signed_now_is_taken_with_headers_of_any_kind(self) -> None:
        event = verify_webhook(SECRET, headers(sign(SECRET)), BODY, now=NOW)
        self.assertEqual(event, WebhookEvent("id", "test", "2026-09-21T14:13:20.000Z", {"né": 1}))
        message = Message()
        for name, value in headers(sign(SECRET)).items():
            message[name] = value
        self.assertEqual(verify_webhook([SECRET], message, BODY, now=NOW), event)

    def test_a_rotated_secret_is_good_with_either_of_two_signatures(self) -> None:
        both = headers(f"v1a,AAAA {sign(SECRET)} {sign(NEXT)}")
        for secrets in (SECRET, NEXT, [NEXT, SECRET]):
            self.assertEqual(verify_webhook(secrets, both, BODY, now=NOW).type, "test")
        self.assertEqual(verify_webhook([NEXT, SECRET], headers(sign(SECRET)), BODY, now=NOW).type, "test")

    def test_the_vector_of_the_specification_is_signed_and_no_event_of_curfew(self) -> None:
        given = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
        self.refused("MALFORMED", secret, given, body, now=1614265330)
        self.refused("SIGNATURE", secret, given, body + b" ", now=1614265330)

    def test_another_secret_body_or_version_is_refused(self) -> None:
        self.refused("SIGNATURE", NEXT, headers(sign(SECRET)))
        self.refused("SIGNATURE", SECRET, headers(sign(SECRET)), BODY.replace(b"1", b"2"))
        self.refused("SIGNATURE", SECRET, headers(sign(SECRET).replace("v1,", "v2,")))
        self.refused("SIGNATURE", SECRET, headers("v1,é \ud800 v1, nothing"))
        self.refused("SIGNATURE", SECRET, {**headers(sign(SECRET)), "Webhook-Id": "another"})

    def test_the_clock_may_differ_by_the_tolerance_either_way(self) -> None:
        for distance in (-300, 300):
            sent_at = NOW + distance
            given = headers(sign(SECRET, sent_at=sent_at), sent_at)
            self.assertEqual(verify_webhook(SECRET, given, BODY, now=NOW).id, "id")
            self.refused("TIMESTAMP", SECRET, given, now=NOW - distance / 100)
            self.refused("TIMESTAMP", SECRET, given, tolerance=299)
        self.refused("TIMESTAMP", SECRET, headers(sign(SECRET)), tolerance=float("nan"))

    def test_a_copy_of_the_file_alone_verifies(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(Path(__file__).parents[1] / "curfew_client" / "webhooks.py", folder)
            command = [sys.executable, "-c", "from webhooks import WebhookError, verify_webhook"]
            subprocess.run(command, cwd=folder, check=True, timeout=60)

    def test_malformed_requests_and_misuse(self) -> None:
        good = headers(sign(SECRET))
        for name in good:
            self.refused("MALFORMED", SECRET, {key: value for key, value in good.items() if key != name})
            self.refused("MALFORMED", SECRET, {**good, name: ""})
        self.refused("MALFORMED", SECRET, {**good, "Webhook-Signature": sign(SECRET)})
        for text in ("²", "-1", "1e9", "nan", " 1", "9" * 400):
            self.refused("MALFORMED", SECRET, headers(sign(SECRET), text))
        for body in (
            b"",
            b"null",
            b"[]",
            b'{"type": 1}',
            b'{"type":"a","timestamp":"b","data":[]}',
            b"\xff",
            b"[" * 100_000,
        ):
            self.refused("MALFORMED", SECRET, headers(sign(SECRET, body)), body)
        wrong: list[Any] = ["", "whsec_", "whsec_!", "cfk_abc", [], None, b"whsec_QUJD", [None]]
        for secret in wrong:
            with self.assertRaises(ValueError):
                verify_webhook(secret, good, BODY, now=NOW)
        with self.assertRaises(TypeError):
            verify_webhook(SECRET, good, BODY.decode(), now=NOW)  # type: ignore[arg-type]
