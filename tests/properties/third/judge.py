"""Works out a whole run in SQL and compares it with the run of another evaluator, measure by measure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import duckdb

from scoring.decimals import MODES
from scoring.evaluate import Evaluation
from scoring.past import PastResult
from scoring.rulebook import document as doc
from tests.properties.third.aggregates import aggregate
from tests.properties.third.cells import (
    STRENGTH,
    Outside,
    all_present,
    answered,
    gap,
    passed,
    plain,
    strictly,
    text,
)
from tests.properties.third.chain import Chain
from tests.properties.third.history import previous, run, window
from tests.properties.third.order import rank, running
from tests.properties.third.rowwise import ROWWISE
from tests.properties.third.spaces import Spaces, connect

OPERATORS: dict[type[Any], Any] = {
    **ROWWISE,
    doc.Aggregate: aggregate,
    doc.Rank: rank,
    doc.Running: running,
    doc.Previous: previous,
    doc.Run: run,
    doc.Window: window,
}


@dataclass
class Verdict:
    """What came of a comparison: measures and values compared, measures taken over and why, and what differs."""

    measures: int = 0
    values: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    differ: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        """Add another comparison to this one."""
        self.measures += other.measures
        self.values += other.values
        self.taken += other.taken
        self.differ += other.differ


class Judge:
    """One run in SQL; what SQL does not reach is taken over from the run it is compared with."""

    def __init__(self, evaluation: Evaluation, database: duckdb.DuckDBPyConnection) -> None:
        """Bind to a finished run."""
        self.evaluation, self.plan = evaluation, evaluation.plan
        self.spaces = Spaces(evaluation, database)
        self.verdict = Verdict()

    def run(self) -> Verdict:
        """Work out every measure of the run, and compare."""
        self._parts()
        for grain, name in self.plan.order:
            if (grain, name) in self.evaluation.measures:
                self._measure(self.plan.document.measures[grain][name])
        for space in self.spaces.made():
            self._rows(space)
        return self.verdict

    def _parts(self) -> None:
        """Work out the parts of the run by themselves and put their rows together."""
        parts, tables = self.evaluation.parts, []
        for part in parts:
            if isinstance(part, PastResult):
                raise Outside("parts fixed earlier")
            judge = Judge(part, self.spaces.database)
            self.verdict.add(judge.run())
            tables.append(judge.spaces)
        for grain in self.plan.part_grains if parts else ():
            names = self.plan.document.measures.get(grain, {})
            keys = [f"k_{key}" for key in self.plan.scope.spaces[grain].keys]
            columns = ", ".join([*keys, *(f"m_{name}" for name in names)])
            whole = " UNION ALL ".join(f"SELECT {columns} FROM {one.table(grain)}" for one in tables)
            order = ", ".join(keys)
            self.spaces.put(
                grain, f"SELECT (row_number() OVER (ORDER BY {order}) - 1)::INTEGER AS _row, * FROM ({whole})"
            )

    def _measure(self, measure: doc.Measure) -> None:
        """Work out one measure, or take it over, and compare it."""
        kind = self.plan.type_of(measure.grain, measure.name)
        try:
            self._work_out(measure, kind.kind)
        except Outside as reason:
            self._take(measure, kind.kind, str(reason))
            return
        except duckdb.OutOfRangeException:
            self._take(measure, kind.kind, "more than 128 bits")
            return
        self._compare(measure)

    def _take(self, measure: doc.Measure, kind: str, why: str) -> None:
        self.verdict.taken[why] += 1
        rows = range(len(self.evaluation.rows(measure.grain)))
        values = [self.evaluation.value(measure.grain, at, measure.name) for at in rows]
        self.spaces.take(measure.grain, measure.name, values, kind)

    def _work_out(self, measure: doc.Measure, kind: str) -> None:
        """Write the SQL of one measure: require, needs, operator, floor, cap, round."""
        work = OPERATORS[type(measure.operator)]
        formulas, grain = self.spaces.formulas, measure.grain
        chain = Chain(grain, self.spaces.table(grain))
        blocked = self._blocked(chain, measure, kind)
        if blocked is not None:
            chain.live = f"{blocked}.k = 0"
        found = work(formulas, chain, measure.operator, kind)
        for bound, lower in ((measure.floor, True), (measure.cap, False)):
            if bound is not None:
                limit = formulas.of(chain, bound, "number")
                pair = (f"{found}.v", f"{limit}.v") if lower else (f"{limit}.v", f"{found}.v")
                value = f"CASE WHEN less({pair[0]}, {pair[1]}) THEN {limit}.v ELSE {found}.v END"
                strict = strictly([limit], value, kind)
                found = chain.add(f"CASE WHEN {found}.k <> 0 THEN {found} ELSE {strict} END")
        if measure.round is not None:
            mode = measure.round.mode
            mode = mode if mode in MODES else str(self.spaces.settings[mode]).lower()
            value = f"rounded({found}.v, {10**measure.round.places}::HUGEINT, {text(mode)})"
            found = chain.add(strictly([found], value, kind))
        if blocked is not None:
            found = chain.add(f"CASE WHEN {blocked}.k <> 0 THEN {blocked} ELSE {found} END")
        whole = f"{self.spaces.table(grain)} s JOIN ({chain.sql}) p USING (_row)"
        self.spaces.put(grain, f"SELECT s.*, {found} AS m_{measure.name} FROM {whole}")

    def _blocked(self, chain: Chain, measure: doc.Measure, kind: str) -> str | None:
        """Return the absence a failed requirement or a missing need makes, or None where there is neither."""
        require, formulas = measure.require, self.spaces.formulas
        needs = [f"p.m_{name}" for name in measure.needs]
        if require is None and not needs:
            return None
        cases = []
        if require is not None:
            wrong = [
                f"CASE WHEN NOT {formulas.condition(chain, one)} THEN {text(code)} END" for code, one in require.that
            ]
            failed = chain.add(f"list_filter([{', '.join(wrong)}]::VARCHAR[], lambda x: x IS NOT NULL)")
            missing = gap(STRENGTH[require.kind], f"list_sort({failed})", kind)
            cases.append(f"WHEN len({failed}) > 0 THEN {missing}")
        if needs:
            cases.append(f"WHEN NOT ({all_present(needs)}) THEN {passed(needs, kind)}")
        return chain.add(f"CASE {' '.join(cases)} ELSE {gap(0, '[]', kind)} END")

    def _compare(self, measure: doc.Measure) -> None:
        grain, name = measure.grain, measure.name
        kind = self.plan.type_of(grain, name)
        sql = f"SELECT m_{name} FROM {self.spaces.table(grain)} ORDER BY _row"
        mine = [answered(one, kind) for (one,) in self.spaces.database.execute(sql).fetchall()]
        rows = self.evaluation.rows(grain)
        theirs = [plain(self.evaluation.value(grain, at, name), kind) for at in range(len(rows))]
        self.verdict.measures += 1
        self.verdict.values += len(rows)
        wrong = [(key, a, b) for key, a, b in zip(rows, theirs, mine, strict=False) if a != b]
        if len(mine) != len(rows):
            self.verdict.differ.append(f"{grain}.{name}: {len(rows)} rows, in SQL {len(mine)}")
        elif wrong:
            key, a, b = wrong[0]
            self.verdict.differ.append(
                f"{grain}.{name} at {'|'.join(key)}: {a}, in SQL {b} ({len(wrong)} of {len(rows)})"
            )
            values = [self.evaluation.value(grain, at, name) for at in range(len(rows))]
            self._mend(measure, values, kind.kind)

    def _mend(self, measure: doc.Measure, values: list[Any], kind: str) -> None:
        """Go on from the other's values, so that one difference is told once."""
        self.spaces.put(measure.grain, f"SELECT * EXCLUDE (m_{measure.name}) FROM {self.spaces.table(measure.grain)}")
        self.spaces.take(measure.grain, measure.name, values, kind)

    def _rows(self, space: str) -> None:
        """Compare the keys of a space."""
        declared = self.plan.scope.spaces[space]
        listed = ", ".join(f"k_{key}" for key in declared.keys) or "1"
        found = self.spaces.database.execute(
            f"SELECT {listed} FROM {self.spaces.table(space)} ORDER BY _row"
        ).fetchall()
        frame = self.evaluation.frames.frame(space)
        theirs = [
            tuple(plain(part, kind)[1] for part, kind in zip(key, declared.key_types, strict=True))
            for key in frame.keys
        ]
        if (found if declared.keys else [()] * len(found)) != theirs:
            self.verdict.differ.append(f"{space}: rows {theirs[:3]}…, in SQL {found[:3]}…")


def compare(evaluation: Evaluation) -> Verdict:
    """Work out a finished run in SQL and say what differs."""
    with connect() as database:
        return Judge(evaluation, database).run()
