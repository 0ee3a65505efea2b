"""Gathers the concurrent calls of many threads into few."""

from __future__ import annotations

import threading
import time
from typing import Callable, Generic, Optional, TypeVar

from .errors import CurfewError, unavailable

Request = TypeVar("Request")
Answer = TypeVar("Answer")

#: Longest wait in seconds for a call in flight, before the next batch is sent beside it.
MAX_WAIT = 0.1


class _Batch(Generic[Request, Answer]):
    def __init__(self) -> None:
        self.opened_at = time.monotonic()
        self.requests: dict[str, Request] = {}
        self.answers: Optional[dict[str, Answer]] = None
        self.failure: Optional[CurfewError] = None
        self.done = threading.Event()


class Gatherer(Generic[Request, Answer]):
    """While a call is in flight, the threads that come share the next one.

    None joins a call that has begun, whose answer may be older than the question. The first thread of a batch makes
    its call, so there is no thread in the background. `call` answers for every request, in their order. `merge`
    combines two requests with the same key.
    """

    def __init__(
        self,
        call: Callable[[list[Request]], list[Answer]],
        merge: Callable[[Request, Request], Request],
        max_size: int,
        timeout: float,
    ) -> None:
        self._call = call
        self._merge = merge
        self._max_size = max_size
        self._timeout = timeout
        self._state = threading.Condition()
        self._in_flight = 0
        self._open: Optional[_Batch[Request, Answer]] = None

    def ask(self, key: str, request: Request) -> Answer:
        """Raises CurfewError: of the call, or UNAVAILABLE when it takes longer than the timeout."""
        while True:
            batch, is_first = self._join(key, request)
            if is_first:
                self._send(batch)
            elif not batch.done.wait(MAX_WAIT + self._timeout):
                raise unavailable("Curfew did not answer in time.")
            if batch.answers is not None:
                return batch.answers[key]
            if batch.failure is not None:
                # An exception of its own for each thread, which adds its traceback to it.
                raise CurfewError(batch.failure.code, batch.failure.message, batch.failure.details)
            # The first thread was interrupted, such as by a signal. That is its own affair: this one asks again.

    def _join(self, key: str, request: Request) -> tuple[_Batch[Request, Answer], bool]:
        with self._state:
            batch = self._open
            # Too old: its first thread was interrupted before it began, such as by a signal. Nobody will send it.
            if batch is not None and time.monotonic() - batch.opened_at > 2 * MAX_WAIT:
                batch = None
            if batch is None or (len(batch.requests) >= self._max_size and key not in batch.requests):
                self._open = batch = _Batch()
                batch.requests[key] = request
                return batch, True
            known = batch.requests.get(key)
            batch.requests[key] = request if known is None else self._merge(known, request)
            return batch, False

    def _send(self, batch: _Batch[Request, Answer]) -> None:
        has_begun = False
        try:
            with self._state:
                # A call that hangs does not hold up the next one for long.
                self._wait_for_turn(time.monotonic() + MAX_WAIT)
                self._close(batch)
                self._in_flight += 1
                has_begun = True
            answers = self._call(list(batch.requests.values()))
            if len(answers) != len(batch.requests):
                raise unavailable("Not as many answers as questions.")
            batch.answers = dict(zip(batch.requests, answers))
        except CurfewError as error:
            batch.failure = error
        finally:
            # The others get an answer, also when this thread is interrupted.
            with self._state:
                self._close(batch)
                if has_begun:
                    self._in_flight -= 1
                    self._state.notify_all()
            batch.done.set()

    def _wait_for_turn(self, until: float) -> None:
        while self._in_flight > 0:
            remaining = until - time.monotonic()
            if remaining <= 0:
                return
            self._state.wait(remaining)

    def _close(self, batch: _Batch[Request, Answer]) -> None:
        if self._open is batch:
            self._open = None
