"""History of a grain without keys: the whole district's one row, whose subject is the empty text."""

from pathlib import Path

from api.facts.history import read_history
from scoring.evaluate import Run
from tests.scoring.batch.same import both
from tests.scoring.tiny import column, make

DISTRICT = """
facts:
  company: {most: 9, columns: {points: number 0 0..9}}
grains:
  district: {keys: [], rows: company}
measures:
  district:
    total: {over: company, sum: points}
    before: {previous: {of: total, back: 1, otherwise: 0}}
results: {district: {score: total, remember: [total]}}
"""


def test_the_one_row_of_a_district_is_remembered_from_a_file(tmp_path: Path) -> None:
    made, file = make(DISTRICT), tmp_path / "2024.csv"
    file.write_text("rulebook,grain,subject,period,district.total\ntiny,district,,2024,7\n", encoding="utf-8")
    run = both(made, {"company": [{"id": "K", "points": 2}]}, Run("2025", history=read_history(made, [file])))
    assert column(run, "before", "district") == {"": 7}
    assert column(run, "total", "district") == {"": 2}
