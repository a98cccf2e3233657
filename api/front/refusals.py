"""Why a request is not executed: a stable code, the status it has over HTTP, and a text in both languages."""

from dataclasses import dataclass
from typing import Final

from graphql import GraphQLError

from api.front import limits


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to execute a request."""

    code: str
    zh: str
    en: str
    status: int = 400
    headers: tuple[tuple[str, str], ...] = ()

    def error(self) -> GraphQLError:
        """As an error of its own; a shared one would gather the tracebacks of all requests."""
        return GraphQLError(f"{self.zh} / {self.en}", extensions={"code": self.code})


class Inadmissible(Exception):  # noqa: N818 (an answer)
    """A request that is not executed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


# ---- what is no request
NO_JSON: Final = Refusal(
    "JSON_PARSE_FAILED",
    f"请求体不是有效的 JSON（UTF-8，键不重复，最多 {limits.NESTING_MAX} 层）。",
    f"The body is not JSON in UTF-8 with keys that differ and at most {limits.NESTING_MAX} levels.",
)
WRONG_SHAPE: Final = Refusal(
    "BAD_REQUEST",
    "请求体须为对象：query 或 documentId 为文本（二者取一），operationName 为文本，variables 与 extensions 为对象。",
    "The body is an object: query or documentId (one of them) and operationName are texts, variables and extensions"
    " objects.",
)
BATCH: Final = Refusal(
    "BATCHING_DISABLED", "每个请求只能含一个操作，不能是数组。", "A request holds one operation; an array is refused."
)
TOO_LARGE: Final = Refusal(
    "BAD_REQUEST",
    f"请求体超过 {limits.BODY_MAX // 1024} KiB，或变量超过 {limits.VARIABLES_MAX // 1024} KiB。",
    f"The body is larger than {limits.BODY_MAX // 1024} KiB, or its variables than {limits.VARIABLES_MAX // 1024} KiB.",
    413,
)
TOO_SLOW_TO_COME: Final = Refusal(
    "BAD_REQUEST",
    f"请求体未在 {limits.BODY_SECONDS} 秒内到齐。",
    f"The body did not arrive within {limits.BODY_SECONDS} seconds.",
    408,
    (("Connection", "close"),),
)
WRONG_MEDIA: Final = Refusal(
    "BAD_REQUEST",
    "只接受未压缩的 application/json（UTF-8）。",
    "Only application/json in UTF-8 is taken, not compressed.",
    415,
    (("Accept-Post", "application/json"),),
)
NOT_ACCEPTABLE: Final = Refusal(
    "BAD_REQUEST",
    "只能以 application/graphql-response+json、application/json 或 text/event-stream 回答。",
    "Answers are application/graphql-response+json, application/json or text/event-stream.",
    406,
)
NO_SUCH_METHOD: Final = Refusal(
    "BAD_REQUEST",
    "请用 POST；GET 用于以 documentId 查询（开发模式下也可用 query）。",
    "Use POST; GET is for queries by documentId, in development mode also by query.",
    405,
    (("Allow", "GET, POST"),),
)
LONG_ADDRESS: Final = Refusal(
    "BAD_REQUEST",
    f"网址超过 {limits.ADDRESS_MAX // 1024} KiB。",
    f"The URL is longer than {limits.ADDRESS_MAX // 1024} KiB.",
    414,
)
LARGE_HEADERS: Final = Refusal(
    "BAD_REQUEST",
    f"请求头超过 {limits.HEADERS_MAX // 1024} KiB。",
    f"The headers are larger than {limits.HEADERS_MAX // 1024} KiB.",
    431,
)

# ---- what is no document that may be executed
NO_OPERATION: Final = Refusal(
    "OPERATION_RESOLUTION_FAILURE",
    "文档中没有所指的操作；含多个操作时须给出 operationName。",
    "The document has no such operation; with several operations, name one in operationName.",
)
CYCLE: Final = Refusal(
    "GRAPHQL_VALIDATION_FAILED", "片段循环引用自身。", "A fragment spreads itself, directly or through others."
)
INVALID: Final = Refusal(
    "GRAPHQL_VALIDATION_FAILED",
    "文档与接口模式不符。登录并具备查看模式的权限后可见详情。",
    "The document does not fit the schema. Callers who may see the schema are told why.",
)
MISFIT: Final = Refusal(
    "BAD_USER_INPUT",
    "某个变量的值与其类型不符。登录并具备查看模式的权限后可见详情。",
    "The value of a variable does not fit its type. Callers who may see the schema are told why.",
)
UNFIT_TEXT: Final = Refusal(
    "BAD_USER_INPUT",
    "文本中不能有控制字符、零宽字符、双向控制符或不成对的代理项。",
    "A text must not hold control, zero-width or bidirectional characters, or a lone surrogate.",
)
WRONG_PAGE: Final = Refusal("BAD_USER_INPUT", "first 须在 1 到 100 之间。", "first must be from 1 to 100.")
NOT_LISTED: Final = Refusal(
    "PERSISTED_QUERY_NOT_FOUND",
    "没有这个 documentId 的文档。",
    "There is no document with this documentId.",
)
LISTED_ONLY: Final = Refusal(
    "PERSISTED_QUERY_REQUIRED",
    "此处只执行已登记的文档，请以 documentId 查询。",
    "Only listed documents are executed here; ask by documentId.",
)
SCHEMA_HIDDEN: Final = Refusal(
    "FORBIDDEN",
    "无权查看接口模式：须以审计或工作人员身份登录。",
    "The schema is shown to auditors and staff with a token.",
    403,
)


def forbidden(name: str) -> Refusal:
    """Nobody with the caller's roles may select this, by the name the caller wrote.

    >>> forbidden("Finding").status
    403
    """
    return Refusal("FORBIDDEN", f"当前角色无权选择 {name}。", f"The roles held do not allow selecting {name}.", 403)


# ---- how much is too much
TOO_DEEP: Final = Refusal(
    "DEPTH_LIMIT_EXCEEDED",
    f"查询嵌套超过 {limits.DEPTH_MAX} 层。",
    f"The query nests deeper than {limits.DEPTH_MAX} selection sets.",
)
TOO_MANY_TOKENS: Final = Refusal(
    "TOKEN_LIMIT_EXCEEDED",
    f"文档超过 {limits.TOKENS_MAX} 个词法单元。",
    f"The document has more than {limits.TOKENS_MAX} tokens.",
)
TOO_MANY_ALIASES: Final = Refusal(
    "ALIAS_LIMIT_EXCEEDED",
    f"查询展开后超过 {limits.ALIASES_MAX} 个别名。",
    f"The query has more than {limits.ALIASES_MAX} aliases when its fragments are flattened.",
)
TOO_MANY_DIRECTIVES: Final = Refusal(
    "DIRECTIVE_LIMIT_EXCEEDED",
    f"查询展开后超过 {limits.DIRECTIVES_MAX} 个指令。",
    f"The query has more than {limits.DIRECTIVES_MAX} directives when its fragments are flattened.",
)
TOO_MANY_FIELDS: Final = Refusal(
    "FIELD_LIMIT_EXCEEDED",
    f"查询展开后超过 {limits.FIELDS_MAX} 个字段。",
    f"The query has more than {limits.FIELDS_MAX} fields when its fragments are flattened.",
)
TOO_MANY_ROOTS: Final = Refusal(
    "FIELD_LIMIT_EXCEEDED",
    f"一个操作最多 {limits.ROOTS_MAX} 个顶层字段。",
    f"An operation has at most {limits.ROOTS_MAX} fields at its root.",
)
TOO_MANY_REPEATS: Final = Refusal(
    "FIELD_LIMIT_EXCEEDED",
    f"同一对花括号内重复的字段超过 {limits.REPEATS_MAX} 个。",
    f"More than {limits.REPEATS_MAX} fields stand a second time in the same braces.",
)
TOO_MANY_NODES: Final = Refusal(
    "NODE_LIMIT_EXCEEDED",
    f"查询最多可能返回的行数超过 {limits.NODES_MAX}，请减小各层的 first。",
    f"The query can come to more than {limits.NODES_MAX} rows; ask for smaller pages.",
)
TOO_DEAR: Final = Refusal(
    "COST_LIMIT_EXCEEDED",
    f"查询的成本超过 {limits.COST_MAX} 点，请减小各层的 first。",
    f"The query costs more than {limits.COST_MAX} points; ask for smaller pages.",
)

# ---- who asks, how often, how long
UNAVAILABLE: Final = Refusal(
    "UNAVAILABLE",
    "数据库暂不可用，请稍后重试。",
    "The database is not available; try again later.",
    503,
    (("Retry-After", "1"),),
)
TOO_SLOW: Final = Refusal(
    "DEADLINE_EXCEEDED",
    "查询超时，请缩小范围。",
    "The query took too long; ask for less.",
    503,
    (("Retry-After", "1"),),
)
TOO_MANY_STREAMS: Final = Refusal(
    "RATE_LIMITED",
    f"一个连接最多同时 {limits.STREAMS_MAX} 个操作。",
    f"A connection has at most {limits.STREAMS_MAX} operations at a time.",
    429,
)
TOO_MANY_CONNECTIONS: Final = Refusal(
    "RATE_LIMITED",
    f"同时保持的连接过多：每个调用者最多 {limits.CONNECTIONS_PER_CALLER_MAX} 个，"
    f"每个地址最多 {limits.CONNECTIONS_PER_ADDRESS_MAX} 个。",
    f"Too many connections are held open: a caller has at most {limits.CONNECTIONS_PER_CALLER_MAX},"
    f" an address {limits.CONNECTIONS_PER_ADDRESS_MAX}.",
    429,
    (("Retry-After", "1"),),
)


def rate_limited(seconds: int) -> Refusal:
    """Too much was asked for lately; the same will be answered after so many seconds.

    >>> rate_limited(3).headers
    (('Retry-After', '3'),)
    """
    return Refusal(
        "RATE_LIMITED",
        f"请求过于频繁，请 {seconds} 秒后再试。",
        f"Too many requests; try again in {seconds} seconds.",
        429,
        (("Retry-After", str(seconds)),),
    )
