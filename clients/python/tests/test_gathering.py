from __future__ import annotations

import sys
import threading
import time
import unittest
from types import FrameType
from typing import Callable

from curfew_client.errors import CurfewError, unavailable
from curfew_client.gathering import MAX_WAIT, Gatherer


def gatherer(call: Callable[[list[str]], list[str]], max_size: int = 1_000) -> Gatherer[str, str]:
    return Gatherer(call, lambda one, other: max(one, other), max_size, timeout=2.0)


def run_all(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


class GatheringTest(unittest.TestCase):
    def test_a_hundred_threads_make_few_calls_and_each_gets_its_own_answer(self) -> None:
        calls: list[list[str]] = []
        may_answer = threading.Event()

        def call(requests: list[str]) -> list[str]:
            calls.append(requests)
            may_answer.wait(0.05)
            return [request.upper() for request in requests]

        answers: dict[str, str] = {}
        ask = gatherer(call).ask
        keys = [f"k{number}" for number in range(100)]
        run_all([lambda key=key: answers.update({key: ask(key, key)}) for key in keys])  # type: ignore[misc]
        self.assertEqual(answers, {key: key.upper() for key in keys})
        self.assertLessEqual(len(calls), 10)

    def test_a_call_that_has_begun_is_never_joined(self) -> None:
        calls: list[list[str]] = []
        began, may_answer = threading.Event(), threading.Event()

        def call(requests: list[str]) -> list[str]:
            number = len(calls)
            calls.append(requests)
            if number == 0:
                began.set()
                may_answer.wait(10)
            return [f"{request}{number}" for request in requests]

        ask = gatherer(call).ask
        answers: list[str] = []
        first = threading.Thread(target=lambda: answers.append(ask("a", "a")))
        first.start()
        began.wait(10)
        # Not for long does the call that hangs hold up this one.
        self.assertEqual(ask("a", "a"), "a1")
        may_answer.set()
        first.join(10)
        self.assertEqual(answers, ["a0"])

    def test_one_key_is_asked_once_with_requests_merged_and_a_full_batch_is_not_joined(self) -> None:
        calls: list[list[str]] = []
        began, may_answer = threading.Event(), threading.Event()

        def call(requests: list[str]) -> list[str]:
            calls.append(requests)
            began.set()
            may_answer.wait(10)
            return requests

        gathering = gatherer(call, max_size=2)
        threads = [threading.Thread(target=gathering.ask, args=("first", "first"))]
        threads[0].start()
        began.wait(10)
        for key, request in (("a", "a1"), ("a", "a2"), ("b", "b"), ("c", "c")):
            threads.append(threading.Thread(target=gathering.ask, args=(key, request)))
            threads[-1].start()
            time.sleep(0.005)
        may_answer.set()
        for thread in threads:
            thread.join(10)
        self.assertEqual(sorted(calls), [["a2", "b"], ["c"], ["first"]])

    def test_a_failure_of_the_call_reaches_every_thread(self) -> None:
        def fail(requests: list[str]) -> list[str]:
            raise unavailable("no")

        calls: list[Callable[[list[str]], list[str]]] = [fail, lambda requests: []]
        for call in calls:
            self.assertEqual(self.outcomes_of(call), ["UNAVAILABLE"] * 3)

    def test_an_exception_that_is_of_one_thread_alone_reaches_no_other(self) -> None:
        calls: list[list[str]] = []

        def break_down_once(requests: list[str]) -> list[str]:
            calls.append(requests)
            if len(calls) == 1:
                raise KeyboardInterrupt
            return requests

        outcomes = self.outcomes_of(break_down_once)
        self.assertEqual(outcomes.count("interrupted"), 1)
        self.assertEqual(outcomes.count("a") + outcomes.count("b"), 2)

    def test_a_thread_that_is_interrupted_before_it_sends_holds_up_no_one_for_good(self) -> None:
        def interrupt(frame: FrameType, *_: object) -> None:
            if frame.f_code.co_name == "_send":
                raise KeyboardInterrupt

        ask = gatherer(lambda requests: requests).ask
        before = sys.gettrace()
        sys.settrace(interrupt)
        try:
            with self.assertRaises(KeyboardInterrupt):
                ask("a", "a")
        finally:
            sys.settrace(before)
        time.sleep(2.5 * MAX_WAIT)
        self.assertEqual(ask("b", "b"), "b")

    def outcomes_of(self, then: Callable[[list[str]], list[str]]) -> list[str]:
        """Of three calls that share one, made while another is in flight."""
        began, may_answer = threading.Event(), threading.Event()

        def call(requests: list[str]) -> list[str]:
            if requests != ["first"]:
                return then(requests)
            began.set()
            may_answer.wait(10)
            return requests

        ask = gatherer(call).ask
        outcomes: list[str] = []

        def task(key: str) -> None:
            try:
                outcomes.append(ask(key, key))
            except CurfewError as error:
                outcomes.append(error.code)
            except KeyboardInterrupt:
                outcomes.append("interrupted")

        first = threading.Thread(target=ask, args=("first", "first"))
        first.start()
        began.wait(10)
        run_all([lambda key=key: task(key) for key in ("a", "b", "a")])  # type: ignore[misc]
        may_answer.set()
        first.join(10)
        return outcomes
