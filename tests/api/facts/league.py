"""A small rulebook for tests of files: clubs, their matches, a table in which the season before matters."""

from pathlib import Path

TEXT = """
rulebook: league
version: "1"
name: [联赛, League]
in_force: {from: 2024-01-01}
period: {unit: year, evaluate_after: 3, history: optional}
settings:
  win: {value: 3, type: number 0 point 0..9}
  strict: {value: true, type: bool}
facts:
  club: {key: code, most: 20, columns: {code: text}}
  match:
    most: 100
    columns: {club: ref club, date: date, goals: number 0 0..99, won: bool, fine: optional number 2 point 0..9}
    keep: "in_period(date)"
measures:
  club:
    matches: {over: match, count: rows}
    points: {over: match, sum: "won ? win : 0"}
    fines: {over: match, sum: "default(fine, 0)"}
    goals_each: {over: match, mean: goals, empty: {none: NOT_APPLICABLE, reason: NO_MATCH}}
    score:
      require: {that: {NO_MATCH: "matches > 0"}, else: NO_RESULT}
      value: "points - fines"
    rank: {rank: {by: [{key: score, first: high}], from: best, ties: competition}}
    grade:
      table:
        - {when: "absent(score) && strict", give: D}
        - {when: "absent(score)", give: {none: PENDING, reason: NO_MATCH}}
        - {when: "score >= 3", give: A}
        - {else: B}
    led: {value: "present(rank) && rank == 1"}
    led_before: {previous: {of: led, back: 1, otherwise: {value: "false", reason: NO_SEASON}}}
    prizes: {flags: {CUP: "led", DOUBLE: "led && led_before"}}
    ceremony: {value: "led ? add_days(as_of, 7) : none('NOT_APPLICABLE', 'NO_PRIZE')"}
results:
  club: {score: score, grade: grade, rank: rank, lists: [prizes], actions: {CEREMONY: ceremony}, remember: [led]}
labels: {}
"""

CLUBS = "code\nA\nB\nC\n"
MATCHES = "club,date,goals,won,fine\nA,2025-03-01,2,true,\nA,2025-04-01,1,false,0.50\nB,2025-03-01,1,false,\n"


def league(folder: Path, match: str = MATCHES, club: str = CLUBS) -> tuple[str, Path]:
    """Write the rulebook and a folder of facts; return both paths."""
    facts = folder / "facts"
    facts.mkdir(exist_ok=True)
    (folder / "league.yaml").write_text(TEXT, encoding="utf-8")
    (facts / "club.csv").write_text(club, encoding="utf-8")
    (facts / "match.csv").write_text(match, encoding="utf-8")
    return str(folder / "league.yaml"), facts
