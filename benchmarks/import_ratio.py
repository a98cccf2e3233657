"""Time of reading and checking a workbook, as a ratio to calamine alone reading the same bytes into lists.

Both are measured in one process, in turn, and the medians compared: `python benchmarks/import_ratio.py FILE.xlsx`.
"""

import argparse
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

from python_calamine import CalamineWorkbook

from api.workbook import read_workbook

RATIO_MAX = 3.5
"""Reading with all its checks may cost so many times the bare values."""


def values_alone(data: bytes) -> int:
    """Read every sheet into lists with calamine; the number of rows."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    return sum(len(workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names)


def whole_reading(data: bytes) -> int:
    """Read and check the workbook; the number of rows accepted."""
    return sum(len(rows) for rows in read_workbook(data).rows.values())


def seconds(work: Callable[[bytes], int], data: bytes) -> float:
    """Time of one run."""
    start = perf_counter()
    work(data)
    return perf_counter() - start


def main() -> int:
    """Measure, print, and fail if the ratio is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    order = parser.parse_args()
    data = order.file.read_bytes()
    rows = whole_reading(data)
    pairs = [(seconds(values_alone, data), seconds(whole_reading, data)) for _ in range(order.rounds)]
    alone, whole = (median(times) for times in zip(*pairs, strict=True))
    ratio = whole / alone
    sys.stdout.write(
        f"{order.file.name}: {rows} rows, {order.rounds} rounds\n"
        f"calamine alone {alone:.3f} s, reading with checks {whole:.3f} s, ratio {ratio:.2f} (limit {RATIO_MAX})\n"
    )
    return 0 if ratio <= RATIO_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
