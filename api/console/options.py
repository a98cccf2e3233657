"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

State = Annotated[
    Path | None,
    typer.Option(
        "--state", help="数据目录 Folder of the embedded database.", envvar="ZHUNZE_STATE", show_default=False
    ),
]
District = Annotated[
    str | None,
    typer.Option("--district", help="区划代码 Division code, if there are several.", envvar="ZHUNZE_DISTRICT"),
]
