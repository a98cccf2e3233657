"""How much may be asked for at most."""

from typing import Final

import schema.query

TOKENS_MAX: Final = schema.query.TOKENS_MAX
COST_MAX: Final = 5_000
NODES_MAX: Final = 50_000
DEPTH_MAX: Final = 10
"""Selection sets in each other, the outermost counted; `edges { node` counts like `nodes`."""
META_DEPTH_MAX: Final = 20
"""Selection sets below `__schema` and `__type`; what tools ask for there nests fifteen."""
META_LISTS_MAX: Final = 2
"""Lists of introspection in each other (`fields { args … }` is none): a third one multiplies the schema by itself."""
FIELDS_MAX: Final = 1_500
ROOTS_MAX: Final = 10
ALIASES_MAX: Final = 15
DIRECTIVES_MAX: Final = 25
REPEATS_MAX: Final = 15
"""Fields written twice in the same braces; each pair of them is compared by validation."""
ERRORS_MAX: Final = 5
"""Validation errors reported at once."""

BODY_MAX: Final = 256 * 1024
VARIABLES_MAX: Final = 128 * 1024
HEADERS_MAX: Final = 16 * 1024
ADDRESS_MAX: Final = 8 * 1024
NESTING_MAX: Final = 64
BODY_SECONDS: Final = 10
REQUEST_SECONDS: Final = 10

STREAMS_MAX: Final = 20
CONNECTIONS_PER_CALLER_MAX: Final = 5
CONNECTIONS_PER_ADDRESS_MAX: Final = 20
INIT_SECONDS: Final = 10
