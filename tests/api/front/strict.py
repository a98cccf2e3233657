"""Asking over HTTP in the form whose status codes say what went wrong."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

FORM = "application/graphql-response+json"


@dataclass(frozen=True)
class Told:
    """An answer: status, codes of its errors, body, headers."""

    status: int
    codes: list[str]
    body: Any
    headers: httpx.Headers

    @property
    def brief(self) -> tuple[int, list[str]]:
        """Status and codes, once it is sure that a refused request has no data."""
        if self.codes and self.status in {400, 403}:
            assert "data" not in self.body
        return self.status, self.codes


@dataclass(frozen=True)
class Strict:
    """A client that wants `application/graphql-response+json`."""

    client: httpx.AsyncClient

    async def ask(self, query: str, **more: Any) -> Told:
        """What comes of a document."""
        return await self.post(json.dumps({"query": query, **more}))

    async def post(self, content: str | bytes, **headers: str) -> Told:
        """What comes of a body."""
        said = {"Content-Type": "application/json", "Accept": FORM}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        return told(await self.client.post("/graphql", content=content, headers=said))

    async def request(self, method: str, **options: Any) -> Told:
        """What comes of any request."""
        return told(await self.client.request(method, "/graphql", **options))


def told(answer: httpx.Response) -> Told:
    """An answer, read."""
    json_ = bool(answer.content) and "json" in answer.headers.get("content-type", "")
    body: Any = answer.json() if json_ else answer.text
    codes = [each["extensions"]["code"] for each in body.get("errors", ())] if json_ else []
    return Told(answer.status_code, codes, body, answer.headers)
