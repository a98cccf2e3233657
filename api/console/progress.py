"""A progress line on a terminal; nothing where the output is a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.console.edge import ERRORS


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Tell each step as it begins."""
    if not ERRORS.is_terminal:
        yield lambda step: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(pulse_style="cyan"), TimeElapsedColumn())
    with Progress(*columns, console=ERRORS, transient=True) as progress:
        task = progress.add_task("…", total=None)
        yield lambda step: progress.update(task, description=step)
