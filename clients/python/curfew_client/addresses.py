"""Looks up a host within a time limit, which name resolution itself does not have."""

from __future__ import annotations

import concurrent.futures
import socket
import threading
from typing import Any, Optional

#: family, type, protocol, canonical name, address: as `socket.getaddrinfo` returns them.
Address = tuple[int, int, int, str, Any]


class Addresses:
    """Of one host. Safe for many threads."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._lock = threading.Lock()
        self._lookup: Optional[concurrent.futures.Future[list[Address]]] = None
        self._preferred: Any = None

    def find(self, timeout: float) -> list[Address]:
        """Returns the addresses, the preferred one first. Raises OSError, or UnicodeError for what is no name."""
        try:
            lookup = self._join()
        except RuntimeError:
            # No thread can be started: the interpreter ends, or the process has too many.
            found = self._look_up()
        else:
            try:
                found = lookup.result(timeout)
            except concurrent.futures.TimeoutError:
                raise socket.timeout("The name was not resolved in time.") from None
        return sorted(found, key=lambda each: each[4] != self._preferred)

    def prefer(self, address: Any) -> None:
        """The others before it could not be reached."""
        self._preferred = address

    def _join(self) -> concurrent.futures.Future[list[Address]]:
        """One thread at a time, so that a resolver that hangs does not gather them."""
        with self._lock:
            lookup = self._lookup
            if lookup is None or lookup.done():
                lookup = concurrent.futures.Future()
                threading.Thread(target=self._run, args=(lookup,), name="curfew-lookup", daemon=True).start()
                self._lookup = lookup
            return lookup

    def _run(self, lookup: concurrent.futures.Future[list[Address]]) -> None:
        try:
            lookup.set_result(self._look_up())
        except Exception as error:
            lookup.set_exception(error)

    def _look_up(self) -> list[Address]:
        return list(socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM))
