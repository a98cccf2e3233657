"""A map whose values are made when first asked for."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lazily(dict[K, V]):
    """Values by name, each made once by its maker; a name without maker is an ordinary entry.

    >>> made = Lazily({"a": lambda: [1]})
    >>> "a" in made, made.get("b"), made["a"], sorted(made)
    (True, None, [1], ['a'])
    """

    def __init__(self, makers: "dict[K, Callable[[], V]] | None" = None) -> None:
        """Start with makers only."""
        super().__init__()
        self._makers: dict[K, Callable[[], V]] = dict(makers or {})

    def later(self, name: K, maker: Callable[[], V]) -> None:
        """Add a name whose value is made when asked for."""
        self._makers[name] = maker

    def __missing__(self, name: K) -> V:
        """Make a value and keep it."""
        value = self[name] = self._makers[name]()
        return value

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a value or a maker."""
        return super().__contains__(name) or name in self._makers

    def get(self, name: K, default: Any = None) -> Any:
        """Return a value, made if need be, or the default."""
        if name not in self:
            return default
        return self[name]

    def _all(self) -> "Lazily[K, V]":
        for name in self._makers:
            _ = self[name]
        return self

    def __iter__(self) -> Any:
        """Go through all names."""
        return super(Lazily, self._all()).__iter__()

    def __len__(self) -> int:
        """Count all names."""
        return super(Lazily, self._all()).__len__()

    def keys(self) -> Any:
        """Return all names."""
        return super(Lazily, self._all()).keys()

    def values(self) -> Any:
        """Return all values."""
        return super(Lazily, self._all()).values()

    def items(self) -> Any:
        """Return all names with their values."""
        return super(Lazily, self._all()).items()
