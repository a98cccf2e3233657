"""Relay connections, forward only: rows, edges, position and count of a page, each read only if it is selected."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Generic, Protocol, TypeVar, get_args, get_origin

import strawberry

from schema.codes import shown

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page in order, the cursor of each by its place, and whether more follow."""

    nodes: Sequence[Any]
    cursor: Callable[[int], str]
    more: bool


class Pages(Protocol):
    """One list that is being paged."""

    def slice(self) -> Awaitable[Slice]:
        """The rows asked for."""

    def total(self) -> Awaitable[int]:
        """How many rows match, counted to 10,000."""

    def preceded(self) -> Awaitable[bool]:
        """Whether rows stand before the first row asked for."""


@strawberry.type(description="Page position (Relay).")
class PageInfo:
    """Position of a page."""

    pages: strawberry.Private[Pages]

    @shown("More rows follow.")
    async def has_next_page(self) -> bool:
        """Told by the row behind the page."""
        return (await self.pages.slice()).more

    @shown("Always false when `after` is null.")
    async def has_previous_page(self) -> bool:
        """Told by a look before the page."""
        return await self.pages.preceded()

    @shown("Cursor of the first row.")
    async def start_cursor(self) -> str | None:
        """Null on an empty page."""
        page = await self.pages.slice()
        return page.cursor(0) if page.nodes else None

    @shown("Cursor of the last row; pass it as `after`.")
    async def end_cursor(self) -> str | None:
        """Null on an empty page."""
        page = await self.pages.slice()
        return page.cursor(len(page.nodes) - 1) if page.nodes else None


class Connection(Generic[Node]):
    """A page of some type; `connection_of` makes the type that is served."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    async def read_edges(self) -> Any:
        """Rows with cursors."""
        page = await self.pages.slice()
        return [edge_of(self.node)(node, page, index) for index, node in enumerate(page.nodes)]

    async def read_nodes(self) -> Any:
        """Rows."""
        return (await self.pages.slice()).nodes

    def read_page_info(self) -> PageInfo:
        """Position."""
        return PageInfo(pages=self.pages)

    async def read_total_count(self) -> int:
        """Rows that match."""
        return await self.pages.total()

    node: Any = None
    """Type of the rows."""


class Edge:
    """A row and its place in a page."""

    def __init__(self, node: Any, page: Slice, index: int) -> None:
        self.node = node
        self.page = page
        self.index = index

    def read_cursor(self) -> str:
        """Made only where it is selected."""
        return self.page.cursor(self.index)


def type_name(node: Any) -> str:
    """The GraphQL name of a type, or of a union as it is annotated."""
    if get_origin(node) is Annotated:
        return str(get_args(node)[1].graphql_name)
    return str(node.__strawberry_definition__.name)


@cache
def edge_of(node: Any) -> Any:
    """The edge type of a type."""
    members = {
        "__init__": Edge.__init__,
        "__annotations__": {"node": node},
        "cursor": strawberry.field(
            resolver=Edge.read_cursor, description="Opaque; bound to order and filter.", graphql_type=str
        ),
        "node": strawberry.field(description="Row."),
    }
    return strawberry.type(type(f"{type_name(node)}Edge", (Edge,), members), description="Row of a page.")


@cache
def connection_of(node: Any) -> Any:
    """The connection type of a type, e.g. FindingConnection for Finding."""
    read: dict[str, tuple[Any, Any, str]] = {
        "edges": (Connection.read_edges, list[edge_of(node)], "Rows with cursors."),  # type: ignore[misc]  # made here
        "nodes": (Connection.read_nodes, list[node], "Rows."),
        "page_info": (Connection.read_page_info, PageInfo, "Position."),
        "total_count": (Connection.read_total_count, int, "Rows that match; counting stops at 10,000."),
    }
    members = {
        name: strawberry.field(resolver=resolver, graphql_type=type_, description=description)
        for name, (resolver, type_, description) in read.items()
    }
    name = type_name(node)
    made = type(f"{name}Connection", (Connection,), {"node": node, "__init__": Connection.__init__, **members})
    return strawberry.type(made, description=f"Page of {name}.")
