"""Published rows: food hygiene in Norwich, San Francisco's inspections of 2013; read where they lie."""

import csv
from pathlib import Path

import pytest

from api.facts.answers import answers
from tests.scoring.regimes.vectors import SHARED, english, run

ROWS = SHARED / "rows"
RISKS = {"Low Risk": "LOW", "Moderate Risk": "MODERATE", "High Risk": "HIGH", "": ""}

pytestmark = pytest.mark.skipif(
    not ROWS.is_dir(), reason="../shared/regimes/rows is absent: published rows were not compared"
)


def published(name: str) -> list[dict[str, str]]:
    with (ROWS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_norwich_rating_is_recomputed(tmp_path: Path) -> None:
    rows = published("19-uk-fhrs.norwich.rows.csv")
    scores = ("hygiene", "structural", "confidence")
    premises = [{"code": row["fhrsid"]} | {name: row[name] for name in scores} for row in rows]
    evaluation = run("19-uk-fhrs", {"premises": premises}, tmp_path, "2026")
    computed = {row["subject"]: row["score"] for row in answers(evaluation)}
    assert len(rows) == len(computed) == 1319
    assert sum(computed[row["fhrsid"]] == row["published_rating"] for row in rows) == 1319
    total_alone = {"15": "5", "20": "4", "30": "3", "40": "2", "50": "1"}
    by_total = [
        next(
            (rating for most, rating in total_alone.items() if sum(int(row[name]) for name in scores) <= int(most)), "0"
        )
        for row in rows
    ]
    differing = sum(rating != row["published_rating"] for rating, row in zip(by_total, rows, strict=True))
    assert differing == 75, "the single-item limiter must matter"


@pytest.mark.parametrize(("repeats", "agreeing"), [("COUNT", 6080), ("DROP", 6074)])
def test_san_francisco_agrees_as_far_as_its_data_do(repeats: str, agreeing: int, tmp_path: Path) -> None:
    inspections = published("20-sf-lives.2013.inspections.csv")
    tables = {
        "inspection": [
            {"code": f"{row['business_id']}-{row['date']}", "date": iso(row["date"])} for row in inspections
        ],
        "finding": [
            {
                "inspection": f"{row['business_id']}-{row['date']}",
                "violation_type": row["violation_type"],
                "risk": RISKS[row["risk_category"]],
            }
            for row in published("20-sf-lives.2013.findings.csv")
        ],
    }
    evaluation = run("20-sf-lives", tables, tmp_path, "2013", settings={"repeats": repeats})
    computed = {row["subject"]: row for row in answers(evaluation)}
    assert (len(computed), len(tables["finding"])) == (6205, 15634)
    got = [computed[f"{row['business_id']}-{row['date']}"]["score"] == row["published_score"] for row in inspections]
    assert sum(got) == agreeing
    found = {row["inspection"] for row in tables["finding"]}
    without = [row for row in inspections if f"{row['business_id']}-{row['date']}" not in found]
    assert (len(without), sum(row["published_score"] == "100" for row in without)) == (1271, 1214)


def test_the_published_band_follows_the_published_score(tmp_path: Path) -> None:
    """Scores are put in as so many low findings of 2, an odd point as none: the bands alone are compared."""
    rows = published("20-sf-lives.2013.inspections.csv")
    even = sorted(
        {(row["published_score"], row["published_band"]) for row in rows if int(row["published_score"]) % 2 == 0}
    )
    tables = {
        "inspection": [{"code": score, "date": "2013-01-01"} for score, _ in even],
        "finding": [
            {"inspection": score, "violation_type": "1", "risk": "LOW"}
            for score, _ in even
            for _ in range((100 - int(score)) // 2)
        ],
    }
    evaluation = run("20-sf-lives", tables, tmp_path, "2013")
    got = [(row["score"], english("20-sf-lives", row["grade"])) for row in answers(evaluation)]
    assert sorted(got) == even


def iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
