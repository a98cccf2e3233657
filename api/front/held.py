"""Connections that are held open, counted by address and by caller, whatever they carry."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from api.addresses import block_of
from api.front import limits
from api.front.buckets import name_of
from schema.viewer import Viewer


class TooManyHeld(Exception):  # noqa: N818 (an answer)
    """One more connection than a caller, or an address, may hold open."""


@dataclass
class Held:
    """Connections that are open now; sockets and event streams of one application share the count."""

    count: Counter[str] = field(default_factory=Counter)

    def at(self, address: str) -> AbstractContextManager[None]:
        """One more at an address, for as long as the block lasts."""
        return self._one_of(f"at {block_of(address)}", limits.CONNECTIONS_PER_ADDRESS_MAX)

    def of(self, viewer: Viewer, address: str) -> AbstractContextManager[None]:
        """One more of a caller, for as long as the block lasts."""
        most = limits.CONNECTIONS_PER_CALLER_MAX if viewer.account_id else limits.CONNECTIONS_PER_ADDRESS_MAX
        return self._one_of(name_of(viewer, address), most)

    @contextmanager
    def _one_of(self, name: str, most: int) -> Iterator[None]:
        if self.count[name] >= most:
            raise TooManyHeld
        self.count[name] += 1
        try:
            yield
        finally:
            self.count[name] -= 1
            if not self.count[name]:
                del self.count[name]
