"""A read that shows personal data in the clear is an entry of the log, made before the answer leaves."""

from api.audit.leaf import Actor
from api.desk import desk
from api.front.callers import Caller
from api.graphql import Source
from schema.directives import Role
from schema.loaders import Reader


async def unmasked(source: Source, caller: Caller, reader: Reader) -> None:
    """Record whose data were shown, to which account, and the purpose it gave."""
    viewer = caller.viewer
    role = next((each.name for each in (Role.BUREAU_ADMIN, Role.DECISION_OFFICER) if viewer.holds(each)), "PUBLIC")
    actor = Actor(f"account:{viewer.account_id}", viewer.name, role, viewer.organisation)
    async with desk(source.database, actor=actor, district=source.district_id) as act:
        await act.record(
            "personal.unmasked",
            subject=f"account:{viewer.account_id}",
            payload={
                "reason": viewer.purpose,
                "request": caller.request_id,
                "records": sorted(map(str, reader.unmasked)),
            },
        )
