"""HTTP with the service key, to one origin. Redirects and proxies of the environment are not followed."""

from __future__ import annotations

import http.client
import io
import json
import selectors
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable, Optional
from urllib.parse import SplitResult, urlsplit

from .addresses import Addresses
from .errors import CurfewError, unavailable

#: Further calls wait for a connection, while their timeout runs.
MAX_CONNECTIONS = 50
MAX_ANSWER_BYTES = 8 * 1024 * 1024
#: Seconds without use after which a connection is not used again: something between may have dropped it silently.
MAX_IDLE = 30.0


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    #: Parsed JSON; None if it is something else.
    body: Any


class HttpCalls:
    """Keeps connections alive between calls. Safe for many threads."""

    def __init__(self, url: str, service_key: str, timeout: float, context: Optional[ssl.SSLContext]) -> None:
        """Raises ValueError for an address that is none."""
        self._url = _parse_url(url)
        self._key = service_key
        self._timeout = timeout
        self._context = context
        if context is None and self._url.scheme == "https":
            self._context = ssl.create_default_context()
        self._addresses = Addresses(self._url.hostname or "", _port_of(self._url))
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._lock = threading.Lock()
        self._idle: list[tuple[_Connection, float]] = []
        self._is_closed = False

    def post(self, path: str, content_type: str, text: str, repeatable: bool = True) -> HttpAnswer:
        """Sends text and returns the answer, of any status.

        A reused connection may turn out to be closed. Then the request is repeated once on a fresh one; one that is not
        repeatable has a fresh one from the start. Raises CurfewError UNAVAILABLE without a complete answer within the
        timeout, which all of this shares.
        """
        deadline = time.monotonic() + self._timeout
        if not self._slots.acquire(timeout=self._timeout):
            raise unavailable("Curfew did not answer in time.")
        try:
            reused = self._take() if repeatable else None
            if reused is not None:
                try:
                    return self._exchange(reused, deadline, path, content_type, text)
                except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
                    pass
            return self._exchange(self._connection(), deadline, path, content_type, text)
        except CurfewError:
            raise
        except (socket.timeout, TimeoutError):
            raise unavailable("Curfew did not answer in time.") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Without the cause: what it quotes of an answer is not known.
            raise unavailable(f"Curfew could not be reached ({type(error).__name__}).") from None
        finally:
            self._slots.release()

    def close(self) -> None:
        """Closes what is idle now and what becomes idle later."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def abandon(self) -> None:
        """In a forked process: closes its copies of the idle connections.

        Without the lock, which a thread of the parent may have held.
        """
        for connection, _ in self._idle:
            connection.close()

    def _exchange(
        self, connection: _Connection, deadline: float, path: str, content_type: str, text: str
    ) -> HttpAnswer:
        try:
            answer = connection.exchange(
                self._url.path.rstrip("/") + path,
                text.encode(),
                {
                    "Accept": "application/json",
                    "Authorization": "Bearer " + self._key,
                    "Content-Type": content_type,
                },
                deadline,
            )
        except BaseException:
            connection.close()
            raise
        self._put(connection)
        return answer

    def _connection(self) -> _Connection:
        return _Connection(self._url, self._addresses, self._context)

    def _take(self) -> Optional[_Connection]:
        oldest = time.monotonic() - MAX_IDLE
        with self._lock:
            stale = [connection for connection, since in self._idle if since < oldest]
            self._idle = [each for each in self._idle if each[1] >= oldest]
            # The one that was used last, so that those of a peak are not kept alive after it.
            connection = self._idle.pop()[0] if self._idle else None
        if connection is not None and not connection.is_quiet():
            stale.append(connection)
            connection = None
        for each in stale:
            each.close()
        return connection

    def _put(self, connection: _Connection) -> None:
        with self._lock:
            if connection.is_open() and not self._is_closed:
                self._idle.append((connection, time.monotonic()))
                return
        connection.close()


class _Connection:
    """One connection, on which every wait ends at the deadline of the call."""

    def __init__(self, url: SplitResult, addresses: Addresses, context: Optional[ssl.SSLContext]) -> None:
        self._deadline = 0.0
        self._addresses = addresses
        self._context = context if url.scheme == "https" else None
        self._socket: Optional[socket.socket] = None
        host, port = url.hostname or "", _port_of(url)
        self._http: http.client.HTTPConnection
        if url.scheme == "https":
            self._http = http.client.HTTPSConnection(host, port, context=context)
        else:
            self._http = http.client.HTTPConnection(host, port)

    def exchange(self, path: str, body: bytes, headers: dict[str, str], deadline: float) -> HttpAnswer:
        self._deadline = deadline
        if not self.is_open():
            self._socket = self._open()
            self._http.sock = _DeadlineSocket(self._socket, self._remaining)
        self._http.request("POST", path, body, headers)
        response = self._http.getresponse()
        if response.status < 200:
            # The answer follows, and must not be taken for that of the next request.
            raise unavailable(f"Curfew answered with status {response.status}.")
        content = bytearray()
        while chunk := response.read(min(65_536, MAX_ANSWER_BYTES + 1 - len(content))):
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                raise unavailable("The answer is too long.")
        if response.length:
            raise unavailable("The answer is not complete.")
        return HttpAnswer(response.status, _parse(bytes(content)))

    def _open(self) -> socket.socket:
        opened = self._open_plain()
        if self._context is None:
            return opened
        try:
            opened.settimeout(self._remaining())
            return self._context.wrap_socket(opened, server_hostname=self._http.host)
        except BaseException:
            opened.close()
            raise

    def _open_plain(self) -> socket.socket:
        """Each address of the host gets its share of what is left, so that a dead one leaves time for the next."""
        addresses = self._addresses.find(self._remaining())
        problem = OSError("The host has no address.")
        for index, (family, kind, protocol, _, address) in enumerate(addresses):
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(self._remaining() / (len(addresses) - index))
                opened.connect(address)
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if index > 0:
                    self._addresses.prefer(address)
                return opened
            except BaseException as error:
                opened.close()
                if not isinstance(error, OSError):
                    raise
                problem = error
        raise problem

    def is_open(self) -> bool:
        return self._http.sock is not None

    def is_quiet(self) -> bool:
        """Whether nothing has come since the last answer: not its end, and no bytes that nobody asked for, which would
        be taken for the next answer."""
        opened = self._socket
        if opened is None or not self.is_open() or (isinstance(opened, ssl.SSLSocket) and opened.pending() > 0):
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(opened, selectors.EVENT_READ)
            return not selector.select(0)

    def close(self) -> None:
        self._http.close()

    def _remaining(self) -> float:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise socket.timeout("The deadline of the call has passed.")
        return remaining


class _DeadlineSocket:
    """What `http.client` uses of a socket. A plain socket gives the whole timeout to each read, so that a server that
    sends byte by byte could take forever."""

    def __init__(self, inner: socket.socket, remaining: Callable[[], float]) -> None:
        self._inner = inner
        self._remaining = remaining

    def sendall(self, data: bytes) -> None:
        self._inner.settimeout(self._remaining())
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_DeadlineReader(self._inner, self._remaining))

    def close(self) -> None:
        self._inner.close()


class _DeadlineReader(io.RawIOBase):
    def __init__(self, inner: socket.socket, remaining: Callable[[], float]) -> None:
        self._inner = inner
        self._remaining = remaining
        # Keeps the socket open until the answer is read, also when the server closes after it.
        self._file = inner.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._inner.settimeout(self._remaining())
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


def _parse_url(text: str) -> SplitResult:
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("url has to begin with http:// or https:// and name a host.")
    if url.username is not None or url.query or url.fragment:
        raise ValueError("url must not have a user, a query or a fragment.")
    if url.port == 0:  # Raises ValueError itself for one that is no port.
        raise ValueError("url has to name another port than 0.")
    return url


def _port_of(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        # A page in place of JSON, which Curfew did not send.
        return None
