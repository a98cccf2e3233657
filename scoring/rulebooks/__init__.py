"""The rulebooks shipped with the engine: data only, opened by file name without `.yaml`."""

from importlib.resources import files

from scoring.rulebook import Rulebook, read


def names() -> tuple[str, ...]:
    """Return the shipped rulebooks, in order.

    >>> "yuetang-2025-1" in names()
    True
    """
    shipped = (entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in shipped))


def text(name: str) -> str:
    """Return the text of a shipped rulebook; KeyError when there is none of that name.

    >>> text("yuetang-2025-1").splitlines()[2]
    'rulebook: yuetang'
    """
    if name not in names():
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def open_rulebook(name: str) -> Rulebook:
    """Return a shipped rulebook.

    >>> open_rulebook("yuetang-2025-1").version
    '2025-1'
    """
    return read(text(name), f"{name}.yaml")
