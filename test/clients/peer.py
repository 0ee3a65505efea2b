"""Calls the Python client as the lines on its input say, and prints one JSON object for the outcome of each.

    PYTHONPATH=clients/python python3 peer.py

A line: {"call": "check", "with": {...}, "curfew": {"url": ..., "service_key": ...}}, and `threads` to make the call so
many times at once.
"""

import dataclasses
import json
import ssl
import sys
import threading

from curfew_client import Curfew, CurfewError

curfews = {}


def curfew_of(options):
    """One for each set of options, as a process would have."""
    key = json.dumps(options, sort_keys=True)
    if key not in curfews:
        options = dict(options)
        authority = options.pop("authority", None)
        context = ssl.create_default_context(cafile=authority) if authority else None
        curfews[key] = Curfew(**options, ssl_context=context)
    return curfews[key]


def outcome_of(line):
    arguments = line.get("with", {})
    try:
        result = getattr(curfew_of(line["curfew"]), line["call"])(**arguments)
    except CurfewError as error:
        return {"error": error.code}
    if not dataclasses.is_dataclass(result):
        return {"result": result}
    return {"kind": type(result).__name__, "shown": repr(result), **dataclasses.asdict(result)}


def outcomes_of(line):
    outcomes = []
    threads = [threading.Thread(target=lambda: outcomes.append(outcome_of(line))) for _ in range(line["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


for text in sys.stdin:
    line = json.loads(text)
    outcome = outcomes_of(line) if "threads" in line else outcome_of(line)
    print(json.dumps(outcome, default=lambda time: time.isoformat()), flush=True)
