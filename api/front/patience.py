"""How long a connection is waited for, and how much of a head is read: what the server itself does not bound."""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS: Final = 10
HEAD_BYTES_MAX: Final = 32 * 1024
"""More than the headers that are answered with 431, so that these get their answer."""
TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose requests come with their whole head in time, and with a bearable one."""

    _timer: asyncio.TimerHandle | None = None
    _read = 0
    """Bytes of the head that is being read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # narrower, as uvicorn has it
        """The first head is waited for from here."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._read = 0
        self._wait()

    def on_headers_complete(self) -> None:
        """The head is there; the body has its own deadline."""
        self._rest()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has no end."""
        super().data_received(data)
        if self._timer is not None:
            self._read += len(data)
            if self._read > HEAD_BYTES_MAX and not self.transport.is_closing():
                self.transport.write(TOO_LARGE)
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._rest()
        self._timer = self.loop.call_later(HEAD_SECONDS, self._close)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()
