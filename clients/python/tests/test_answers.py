"""What a broken or foreign server answers. The real one is asked by test/clients/python.test.ts."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import unittest
from typing import Any, Callable, Iterator, Optional, Sequence
from unittest import mock

from curfew_client import CheckResult, Curfew, CurfewError, Live, Refused, Unavailable
from curfew_client.addresses import Addresses

TOKEN = "t" * 43
KEY = "cfk_" + "k" * 43
USER = {"id": "u", "externalId": "mia", "name": "Mia", "role": "MEMBER", "account": {"id": "a"}}
SESSION = {
    "id": "s",
    "authenticatedAt": "2026-11-30T10:00:00.000Z",
    "expiresAt": "2026-11-30T10:10:00.000Z",
    "expiryReason": "IDLE",
    "idleExpiresAt": "2026-11-30T10:10:00.000Z",
    "absoluteExpiresAt": "2026-11-30T22:00:00.000Z",
    "endedAt": None,
    "endReason": None,
    "user": USER,
}
VALID = {"valid": True, "reason": None, "warning": False, "secondsRemaining": 600, "session": SESSION}

REFUSED = {**VALID, "valid": False, "reason": "NOT_FOUND", "session": None}


def http(body: Any, status: str = "200 OK", extra: str = "") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{extra}\r\n".encode() + content


def validations(*nodes: Any) -> bytes:
    return http({"data": {"validateSessions": list(nodes)}})


class Server:
    """Reads a request, sends what `answers` yields next, piece by piece, and closes where the pieces end with None."""

    def __init__(self, answers: Iterator[Sequence[Optional[bytes]]], pause: float = 0.0) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        #: Released when all pieces of an answer are sent.
        self.sent = threading.Semaphore(0)
        self._answers = answers
        self._pause = pause
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while request := self._read(connection):
                self.requests.append(request)
                for piece in next(self._answers):
                    if piece is None:
                        return
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    time.sleep(self._pause)
                self.sent.release()

    def _read(self, connection: socket.socket) -> bytes:
        head = b""
        try:
            while b"\r\n\r\n" not in head:
                received = connection.recv(65_536)
                if not received:
                    return b""
                head += received
            head, _, body = head.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            while len(body) < length:
                body += connection.recv(65_536)
        except OSError:
            return b""
        return head + b"\r\n\r\n" + body


class AnswersTest(unittest.TestCase):
    def serve(self, *answers: Sequence[Optional[bytes]], pause: float = 0.0) -> Server:
        server = Server(iter(answers), pause)
        self.addCleanup(server.close)
        return server

    def curfew(self, url: str, timeout: float = 2.0) -> Curfew:
        curfew = Curfew(url, KEY, timeout=timeout)
        self.addCleanup(curfew.close)
        return curfew

    def check(self, answer: bytes) -> CheckResult:
        return self.curfew(self.serve([answer]).url).check(TOKEN)

    def test_live_and_refused_are_read_and_the_key_goes_in_the_header(self) -> None:
        server = self.serve([validations(VALID)])
        result = self.curfew(server.url + "/behind/a/path/").check(TOKEN)
        assert isinstance(result, Live) and result.session
        self.assertEqual((result.external_id, result.seconds_remaining), ("mia", 600))
        self.assertEqual(result.expires_at.isoformat(), "2026-11-30T10:10:00+00:00")
        self.assertIn(b"POST /behind/a/path/graphql HTTP/1.1", server.requests[0])
        self.assertIn(f"Authorization: Bearer {KEY}".encode(), server.requests[0])
        self.assertEqual(self.check(validations(REFUSED)), Refused("NOT_FOUND"))

    def test_an_answer_that_is_none_lets_no_one_through(self) -> None:
        contradictions: list[dict[str, Any]] = [
            {"valid": 1},
            {"valid": None},
            {"valid": "true"},
            {"session": None},
            {"session": []},
            {"reason": "IDLE"},
            {"secondsRemaining": True},
            {"session": {**SESSION, "endedAt": "2026-11-30T10:00:00.000Z"}},
            {"session": {**SESSION, "expiresAt": "soon"}},
            {"session": {**SESSION, "expiresAt": "2026-11-30T10:10:00"}},
            {"session": {**SESSION, "user": {**USER, "role": "ADMIN"}}},
            {"valid": False},
            {"valid": False, "reason": "ELSE"},
        ]
        bodies: list[Any] = [
            None,
            [],
            "x",
            {"data": None},
            {"data": []},
            {"data": {}},
            {"errors": [None]},
            {"errors": "x"},
        ]
        bodies += [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, {"data": {"validateSessions": None}}]
        lists: list[list[Any]] = [[], [VALID, VALID], [None], [[]]]
        bodies += [{"data": {"validateSessions": nodes}} for nodes in lists]
        bodies += [{"data": {"validateSessions": [{**VALID, **each}]}} for each in contradictions]
        bodies += [{"data": {"validateSessions": [VALID]}, "errors": [{"message": "no"}]}]
        answers = [http(body) for body in bodies]
        good = {"data": {"validateSessions": [VALID]}}
        answers += [http(good, status) for status in ("500 No", "503 No", "429 No", "401 No", "201 Yes", "404 No")]
        answers += [http(good, "302 Found", "Location: http://127.0.0.1:1/\r\n"), b"nonsense\r\n\r\n"]
        server = self.serve(*([answer, None] for answer in answers))
        curfew = self.curfew(server.url)
        for number, answer in enumerate(answers):
            result = curfew.check(TOKEN)
            self.assertIsInstance(result, Unavailable, answer[:200])
            self.assertFalse(result)
            self.assertEqual(len(server.requests), number + 1)

    def test_a_code_of_curfew_is_given_and_a_temporary_one_is_unavailable(self) -> None:
        def refusal(code: str) -> bytes:
            return http({"data": None, "errors": [{"message": "No.", "extensions": {"code": code, "reason": "R"}}]})

        self.assertEqual(self.check(refusal("UNAUTHENTICATED")), Unavailable("UNAUTHENTICATED", "No."))
        self.assertEqual(self.check(refusal("RATE_LIMITED")), Unavailable("UNAVAILABLE", "No."))
        with self.assertRaises(CurfewError) as raised:
            self.curfew(self.serve([refusal("BAD_USER_INPUT")]).url).create_session(external_id="mia")
        self.assertEqual((raised.exception.code, raised.exception.details), ("BAD_USER_INPUT", {"reason": "R"}))

    def test_all_waits_together_end_at_the_timeout(self) -> None:
        answer = validations(VALID)
        drip: list[Optional[bytes]] = [answer[at : at + 1] for at in range(len(answer))]
        stuck = self.serve(drip, pause=0.05)
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        for url in (stuck.url, f"http://127.0.0.1:{silent.getsockname()[1]}"):
            began = time.monotonic()
            self.assertEqual(
                self.curfew(url, timeout=0.3).check(TOKEN), Unavailable("UNAVAILABLE", "Curfew did not answer in time.")
            )
            self.assertLess(time.monotonic() - began, 1.5)

    def test_an_answer_that_is_too_long_or_cut_off_is_none(self) -> None:
        huge = http(b"[" + b"1," * 5_000_000 + b"1]")
        cut = validations(VALID)[:-1]
        unending = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1"
        cases: list[tuple[list[Optional[bytes]], str]] = [
            ([huge], "too long"),
            ([cut, None], "complete"),
            ([unending, None], "reached"),
        ]
        for pieces, message in cases:
            result = self.curfew(self.serve(pieces).url).check(TOKEN)
            assert isinstance(result, Unavailable)
            self.assertIn(message, result.message)

    def test_one_connection_serves_many_and_one_that_was_closed_is_replaced(self) -> None:
        good = validations(VALID)
        # The third answer says so; the fourth does not, and the connection is found closed at the next request.
        closing = http({"data": {"validateSessions": [VALID]}}, extra="Connection: close\r\n")
        server = self.serve([good], [good], [closing, None], [good, None], [good], [good])
        curfew = self.curfew(server.url)
        for _ in range(6):
            self.assertIsInstance(curfew.check(TOKEN), Live)
        self.assertEqual(server.connections, 3)

    def test_what_no_request_asked_for_is_never_taken_for_an_answer(self) -> None:
        live, refused = validations(VALID), validations(REFUSED)
        early = self.serve([b"HTTP/1.1 103 Early Hints\r\n\r\n" + live], [refused])
        curfew = self.curfew(early.url)
        self.assertIsInstance(curfew.check(TOKEN), Unavailable)
        self.assertEqual(curfew.check(TOKEN), Refused("NOT_FOUND"))
        # Such as the 408 with which some proxies close what is idle.
        late = self.serve([refused, live], [refused], pause=0.05)
        curfew = self.curfew(late.url)
        self.assertEqual(curfew.check(TOKEN), Refused("NOT_FOUND"))
        late.sent.acquire(timeout=10)
        self.assertEqual(curfew.check(TOKEN), Refused("NOT_FOUND"))
        self.assertEqual((early.connections, late.connections), (2, 2))

    def test_an_answer_that_cannot_be_read_says_nothing_about_the_others_of_its_call(self) -> None:
        curfew = self.curfew(self.serve([validations({**VALID, "reason": "ELSE"}, VALID)]).url)
        strange, live = curfew._validate([(TOKEN, True), ("u" * 43, True)])
        self.assertIsInstance(strange, Unavailable)
        self.assertIsInstance(live, Live)

    def test_what_must_not_be_repeated_is_sent_once_on_a_fresh_connection(self) -> None:
        server = self.serve([validations(VALID)], [None])
        curfew = self.curfew(server.url)
        self.assertIsInstance(curfew.check(TOKEN), Live)
        with self.assertRaises(CurfewError) as raised:
            curfew.create_session(external_id="mia")
        self.assertEqual(raised.exception.code, "UNAVAILABLE")
        self.assertEqual((len(server.requests), server.connections), (2, 2))

    def test_an_address_that_is_dead_leaves_time_for_the_next_and_the_deadline_holds_for_all(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as waiting:
            # A queue that is full drops what comes, as a host does that is gone.
            for _ in range(3):
                client = waiting.enter_context(socket.socket())
                client.setblocking(False)
                client.connect_ex(full.getsockname())
            server = self.serve([validations(VALID)])
            dead = (socket.AF_INET, socket.SOCK_STREAM, 6, "", full.getsockname())
            alive = (*dead[:4], ("127.0.0.1", int(server.url.rpartition(":")[2])))
            with mock.patch("socket.getaddrinfo", return_value=[dead, alive]):
                self.assertIsInstance(self.curfew("http://curfew.example").check(TOKEN), Live)
            began = time.monotonic()
            with mock.patch("socket.getaddrinfo", return_value=[dead] * 10):
                self.assertIsInstance(self.curfew("http://curfew.example", 0.3).check(TOKEN), Unavailable)
            self.assertLess(time.monotonic() - began, 2.0)

    def test_a_name_that_is_never_resolved_holds_up_no_call_and_gathers_no_threads(self) -> None:
        may_answer, lookups = threading.Event(), []

        def hang(*given: Any, **_: Any) -> Any:
            lookups.append(given)
            may_answer.wait(30)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        port = int(self.serve([validations(VALID)]).url.rpartition(":")[2])
        curfew = self.curfew("http://curfew.example", timeout=0.2)
        with mock.patch("socket.getaddrinfo", hang):
            for _ in range(3):
                self.assertEqual(curfew.check(TOKEN), Unavailable("UNAVAILABLE", "Curfew did not answer in time."))
            self.assertEqual(lookups, [("curfew.example", 80)])
            may_answer.set()
            curfew._timeout = curfew._http._timeout = 10.0
            self.assertIsInstance(curfew.check(TOKEN), Live)

    def test_where_no_thread_can_be_started_the_name_is_resolved_without_one(self) -> None:
        curfew = self.curfew(self.serve([validations(VALID)]).url)
        with mock.patch.object(Addresses, "_join", side_effect=RuntimeError("can't start new thread")):
            self.assertIsInstance(curfew.check(TOKEN), Live)

    def test_the_address_that_answered_behind_a_dead_one_is_tried_first_from_then_on(self) -> None:
        addresses = Addresses("curfew.example", 80)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{last}", 80)) for last in (1, 2, 3)]
        with mock.patch("socket.getaddrinfo", return_value=found):
            self.assertEqual(addresses.find(10), found)
            addresses.prefer(found[1][4])
            self.assertEqual(addresses.find(10), [found[1], found[0], found[2]])

    def test_tokens_that_cannot_be_any_are_refused_without_a_call_and_nothing_shows_a_secret(self) -> None:
        curfew = self.curfew("http://127.0.0.1:1")
        self.assertEqual(curfew.check(None), Refused("NO_TOKEN"))
        for token in ("x", TOKEN + "\n", "é" * 43, TOKEN + "t", "a.b", "x" * 5_000 + ".y.z", "a.b.c\r\nX: y"):
            self.assertEqual(curfew.check(token), Refused("INVALID_TOKEN"))
        away = curfew.check(TOKEN)
        self.assertEqual(away, Unavailable("UNAVAILABLE", "Curfew could not be reached (ConnectionRefusedError)."))
        self.assertNotIn("cfk_", repr(curfew) + repr(away) + repr(vars(away)))
        calls: list[Callable[[Any], object]] = [curfew.check, curfew.end_session, curfew.introspect]
        for call in calls:
            with self.assertRaises(TypeError) as raised:
                call(TOKEN.encode())
            self.assertEqual(str(raised.exception), "The token has to be a string.")

    def test_introspection_has_no_active_token_that_cannot_be_one(self) -> None:
        server = self.serve([http({"active": False})])
        curfew = self.curfew(server.url)
        for token in ("", "x" * 5_000, "\ud800"):
            self.assertEqual(curfew.introspect(token), {"active": False})
        self.assertEqual(len(server.requests), 1)

    def test_wrong_arguments_are_refused_at_once(self) -> None:
        timeouts = (0, -1, float("nan"), float("inf"), 1e10)
        ages: tuple[Any, ...] = (0, True, 1.5, float("nan"), float("inf"), "900")
        wrong: list[Callable[[], object]] = [
            lambda: Curfew("ftp://curfew.example", KEY),
            lambda: Curfew("curfew.example", KEY),
            lambda: Curfew("https://user:word@curfew.example", KEY),
            lambda: Curfew("https://curfew.example?x", KEY),
            lambda: Curfew("https://curfew.example:port", KEY),
            lambda: Curfew("https://curfew.example", "key\r\nX: y"),
            lambda: Curfew(None, KEY),  # type: ignore[arg-type]
            lambda: Curfew("https://curfew.example", None),  # type: ignore[arg-type]
            *(lambda timeout=timeout: Curfew("https://curfew.example", KEY, timeout=timeout) for timeout in timeouts),
            *(lambda age=age: self.curfew("http://127.0.0.1:1").check(TOKEN, max_auth_age=age) for age in ages),
        ]
        for attempt in wrong:
            with self.assertRaises(ValueError) as raised:
                attempt()
            for secret in (KEY, "X: y", TOKEN):
                self.assertNotIn(secret, str(raised.exception))

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_process_that_is_forked_has_connections_of_its_own(self) -> None:
        server = self.serve(*([validations(VALID)] for _ in range(3)))
        curfew = self.curfew(server.url)
        self.assertIsInstance(curfew.check(TOKEN), Live)
        child = os.fork()
        if child == 0:
            os._exit(0 if isinstance(curfew.check(TOKEN), Live) else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertIsInstance(curfew.check(TOKEN), Live)
        self.assertEqual(server.connections, 2)
