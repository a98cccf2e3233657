"""Run one piece of work on the database from the command line, and say plainly why it could not be done."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from api.database import Database, opened
from api.desk import Actor
from api.postgres import Server, running
from api.refusals import Obstacle, Refused, Words
from api.settings import Settings, load
from scoring.diagnostics import Refused as ContentRefused

T = TypeVar("T")
ERRORS = Console(stderr=True, highlight=False, soft_wrap=True)
OUTPUT = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 400)


def clerk() -> Actor:
    """Whoever is logged in to this machine."""
    name = getpass.getuser()
    return Actor(f"console:{name}", name, "BUREAU_ADMIN")


def settings(state: Path | None) -> Settings:
    """The settings of this command: its options first, then the environment."""
    try:
        return load(state)
    except Obstacle as obstacle:
        _give_up(obstacle)


def perform(state: Path | None, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do `work` with a database; refusals and obstacles end the command with their text and status."""
    return on_server(state, lambda server: asyncio.run(_with(server, work)))


def on_server(state: Path | None, work: Callable[[Server], T]) -> T:
    """Do `work` while the server runs; refusals and obstacles end the command with their text and status."""
    try:
        with running(settings(state)) as server:
            return work(server)
    except Refused as refused:
        for each in refused.refusals:
            tell_words(each.code, each.message, each.remedy)
        raise typer.Exit(refused.exit_status) from None
    except ContentRefused as refused:
        tell_diagnostics(refused)
        raise typer.Exit(os.EX_DATAERR) from None
    except Obstacle as obstacle:
        _give_up(obstacle)


def _give_up(obstacle: Obstacle) -> NoReturn:
    tell_words(obstacle.code, obstacle.message, obstacle.remedy)
    for line in obstacle.sql:
        ERRORS.print(f"    {line}", markup=False)
    raise typer.Exit(obstacle.exit_status) from None


async def _with(server: Server, work: Callable[[Database], Awaitable[T]]) -> T:
    async with opened(server) as database:
        return await work(database)


def tell_words(code: str, message: Words, remedy: Words | None) -> None:
    """One refusal on standard error, in both languages, with what to do; what it quotes is no markup."""
    ERRORS.print(Text.assemble((code, "bold red"), f" {message.zh}\n  {message.en}"))
    if remedy is not None:
        ERRORS.print(f"  → {remedy.zh}\n    {remedy.en}", markup=False)


def tell_diagnostics(refused: ContentRefused) -> None:
    """Everything that is wrong with a rulebook or its facts, each with its place and remedy."""
    for each in refused.diagnostics:
        ERRORS.print(str(each), markup=False)
