"""What a reader of the API did wrong, as a top-level GraphQL error with a stable code."""

from graphql import GraphQLError


class BadInput(GraphQLError):  # noqa: N818 - what was given
    """An id, cursor, page size or scalar that cannot be meant; `extensions.code` is BAD_USER_INPUT.

    `reason` narrows the code where clients act on it (INVALID_CURSOR). The text says in both languages what is wrong
    and what to write instead.

    >>> BadInput("游标无效", "The cursor is not valid.", reason="INVALID_CURSOR").extensions
    {'code': 'BAD_USER_INPUT', 'reason': 'INVALID_CURSOR'}
    """

    def __init__(self, zh: str, en: str, *, reason: str | None = None) -> None:
        extensions = {"code": "BAD_USER_INPUT"} | ({} if reason is None else {"reason": reason})
        super().__init__(f"{zh} / {en}", extensions=extensions)
