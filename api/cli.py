"""The command line: `zhunze --help`."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api import clock
from api.console import accounts, reports
from api.console.edge import ERRORS, OUTPUT, clerk, perform, settings
from api.console.evaluators import Evaluator
from api.console.options import District, State
from api.console.progress import steps

app = typer.Typer(
    name="zhunze",
    help="准则 Zhunze: 物业服务企业考核评价与准入退出。\n\nEvaluate a district's property-service companies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
export = typer.Typer(help="导出 Write out what was computed.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(export, name="export")
app.add_typer(accounts.account, name="account")
app.add_typer(accounts.key, name="key")
app.command("token")(accounts.token)

Port = Annotated[int, typer.Option("--port", help="端口 Port on this machine.", min=1, max=65535)]
Rulebook = Annotated[
    str | None,
    typer.Option(
        "--rulebook", help="规则名或 YAML 文件 A shipped rulebook or a YAML file; default the district's own."
    ),
]


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def demo(
    port: Port = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="只计算,不启动服务 Do not serve.")] = False,
    state: State = None,
) -> None:
    """演示:导入样例区,评两个半年,打印总数,启动服务。Import the sample district, score it, print totals, serve."""
    from api.console.demonstration import demonstrate

    perform(state, demonstrate)
    if not no_serve:
        serve(port=port, state=state)


@app.command()
def serve(
    port: Port = 8000,
    host: Annotated[str, typer.Option("--host", help="只允许本机地址 Loopback addresses only.")] = "127.0.0.1",
    district: District = None,
    state: State = None,
) -> None:
    """启动 GraphQL 服务(仅限本机)。Serve GraphQL on this machine."""
    from api.console.serving import serve_until_stopped

    chosen = settings(state)
    perform(state, lambda database: serve_until_stopped(database, chosen, (host, port), district))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="工作簿 Workbook (.xlsx).", exists=True, dir_okay=False, readable=True)],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", help="数据截止日 Day of the file; default today.", formats=["%Y-%m-%d"]),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不写入 Check, write nothing.")] = False,
    report: Annotated[Path | None, typer.Option("--report", help="JSON 报告 Write the report as JSON.")] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", help="退回行工作簿 Write the rejected rows.")] = None,
    replace: Annotated[
        list[str] | None, typer.Option("--replace", help="整表替换 Sheet whose absent rows are closed; repeatable.")
    ] = None,
    district: District = None,
    district_name: Annotated[str | None, typer.Option("--district-name", help="区名 Name of a new district.")] = None,
    state: State = None,
) -> None:
    """导入工作簿。Import a workbook: good rows go in, every problem is reported, all or nothing on failure."""
    from api.actions.import_workbook import Order, import_workbook

    for path in (report, rejects):
        if path is not None and not path.absolute().parent.is_dir():
            raise typer.BadParameter(f"没有目录 {path.absolute().parent}。 There is no such folder.")
    day: date = as_of.date() if as_of else clock.today()
    order = Order(
        file.name,
        file.read_bytes(),
        day,
        dry_run=dry_run,
        replace=frozenset(replace or ()),
        district=district,
        district_name=district_name,
    )
    with steps() as told:
        outcome = perform(state, lambda database: import_workbook(database, clerk(), order, told))
    reports.write_report(outcome, report, rejects)
    reports.show_import(outcome, dry_run=dry_run)
    if outcome.reading.refused:
        raise typer.Exit(os.EX_DATAERR)


@app.command()
def imports(district: District = None, state: State = None) -> None:
    """列出全部导入批次。List all imports."""
    reports.show_batches(perform(state, lambda database: reports.batches(database, district)))


@app.command()
def undo(
    batch: Annotated[UUID, typer.Argument(help="批次号,见 zhunze imports Id of the import, see zhunze imports.")],
    state: State = None,
) -> None:
    """撤销一次导入。Undo an import as a whole, as long as nothing rests on it."""
    from api.actions.undo_import import undo_import

    undone = perform(state, lambda database: undo_import(database, clerk(), batch))
    OUTPUT.print(f"已撤销批次 {undone.batch_id} / import undone")
    reports.show_changes(undone.changes)


@app.command()
def template(out: Annotated[Path, typer.Argument(help="文件名 File to write.", dir_okay=False)]) -> None:
    """生成空白工作簿(表头、可选值、填写说明)。Write a blank workbook with headers, allowed values and notes."""
    from api.workbook.template import template as blank

    if out.exists():
        raise typer.BadParameter(f"{out} 已存在,不会覆盖。 It exists and is not overwritten.")
    out.write_bytes(blank())
    OUTPUT.print(f"已写入 {out} / written")


@app.command()
def score(
    period: Annotated[str, typer.Argument(help="2026H1, 2026Q1, …")],
    rulebook: Rulebook = None,
    district: District = None,
    state: State = None,
) -> None:
    """评分:半年先评其季度。Score a period; a half-year scores its quarters first."""
    from api.actions.score_period import Order, score_period

    with steps() as told:
        runs = perform(state, lambda database: score_period(database, clerk(), Order(period, rulebook, district), told))
    reports.show_runs(runs)


@app.command()
def simulate(
    draft: Annotated[str, typer.Argument(help="规则草案 YAML A draft rulebook.")],
    district: District = None,
    state: State = None,
) -> None:
    """回测:草案会使以往各期有何不同(不写入)。Show what a draft would have changed in past periods; writes nothing."""
    from api.backtest import backtest
    from api.console.simulating import show_backtests

    show_backtests(perform(state, lambda database: backtest(database, draft, district)))


@app.command()
def explain(
    company: Annotated[
        str, typer.Argument(help="统一社会信用代码、企业全名或小区编码 Credit code, name, or compound code.")
    ],
    period: Annotated[str, typer.Argument(help="2026H1, 2026Q1, …")],
    depth: Annotated[int, typer.Option("--depth", help="层数 Levels shown.", min=1, max=20)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON 输出 The whole tree as JSON.")] = False,
    district: District = None,
    state: State = None,
) -> None:
    """说明得分由来,直到每一条问题。Explain a result down to single findings."""
    from api.console.explaining import explain_subject, show

    found = perform(state, lambda database: explain_subject(database, company, period, district))
    show(found, depth=depth, as_json=as_json)


@app.command()
def evaluate(
    rulebook: Annotated[
        str, typer.Argument(help="规则文件或随附规则 A rulebook's YAML file, or the name of a shipped one.")
    ],
    facts: Annotated[
        Path, typer.Argument(help="事实目录 Folder of CSV or JSON facts.", exists=True, file_okay=False, readable=True)
    ],
    out: Annotated[Path, typer.Option("--out", help="结果 CSV Results, one row per subject.", dir_okay=False)],
    period: Annotated[
        str | None, typer.Option("--period", help="2026H1, 2026Q1, …; 缺省为 --as-of 所在期间 default that of --as-of.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", help="评价日 Day of the evaluation.", formats=["%Y-%m-%d"])
    ] = None,
    history: Annotated[
        list[Path] | None,
        typer.Option(
            "--history", help="往期结果 CSV Results of earlier periods; repeatable.", exists=True, dir_okay=False
        ),
    ] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="参数 NAME=VALUE A setting; repeatable.")] = None,
    evaluator: Annotated[
        Evaluator,
        typer.Option(
            "--evaluator",
            help="计算方式,结果相同:逐行或按列(更快) Who computes: row by row, or by columns (faster).",
        ),
    ] = Evaluator.REFERENCE,
    subject: Annotated[str | None, typer.Option("--explain", help="说明一个对象 Explain one subject.")] = None,
) -> None:
    """用规则评价平面文件,不用数据库。Evaluate plain files by a rulebook, without a database."""
    from api.console.evaluating import Order, run

    day = as_of.date() if as_of else None
    order = Order(rulebook, facts, period, day, tuple(history or ()), tuple(setting or ()), evaluator)
    run(order, out, subject)


@app.command()
def lint(
    rulebooks: Annotated[
        list[str], typer.Argument(help="规则文件或随附规则 YAML files, or names of shipped rulebooks.")
    ],
    collected: Annotated[bool, typer.Option("--collected", help="核对本区有无所需数据 Check facts at hand.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON 输出 The findings as JSON.")] = False,
) -> None:
    """检查规则:逐条说明问题、位置、原因、改法和例子。Prove a rulebook sound, or say what is wrong with it and where."""
    from api.console.linting import show_findings

    if show_findings(rulebooks, collected=collected, as_json=as_json):
        raise typer.Exit(os.EX_DATAERR)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="旧规则 The rulebook before (file or shipped name).")],
    after: Annotated[str, typer.Argument(help="新规则 The rulebook after.")],
) -> None:
    """比较两部规则,用文字说明改了什么。Say in words what changed between two rulebooks."""
    from api.console.linting import show_differences

    show_differences(before, after)


@export.command("results")
def export_results(
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV 目录 Folder of the CSV files.", file_okay=False)
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="可读工作簿 One workbook to read.", dir_okay=False)
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="只导出该期间 Only this period.")] = None,
    previews: Annotated[bool, typer.Option("--previews", help="含试行 The last run of any kind, trials too.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="带 BOM,便于 Excel 打开 Byte order mark for Excel.")] = False,
    district: District = None,
    state: State = None,
) -> None:
    """导出全部评分结果(CSV,或 --xlsx 工作簿)。Write everything scored."""
    from api.export.results import scored, write_csv, write_xlsx

    if out is None and xlsx is None:
        raise typer.BadParameter("请给出 --out DIR 或 --xlsx FILE。 Give --out DIR or --xlsx FILE.")
    found = perform(state, lambda database: scored(database, district, period, previews=previews))
    if out is not None:
        reports.show_export(write_csv(found, out, bom=bom))
    if xlsx is not None:
        reports.show_export(write_xlsx(found, xlsx))


@app.command()
def doctor(state: State = None) -> None:
    """检查安装与数据库。Examine the installation and the database."""
    from api.doctor import examine

    if not reports.show_checks(examine(settings(state))):
        raise typer.Exit(os.EX_CONFIG)


@app.command()
def schema(
    check: Annotated[bool, typer.Option("--check", help="与已提交的 SDL 比较 Compare with the committed SDL.")] = False,
) -> None:
    """打印 GraphQL SDL。Print the SDL of the served schema."""
    from schema.query import sdl

    text, committed = sdl(), Path(__file__).parent.parent / "schema" / "schema.graphql"
    if not check:
        typer.echo(text, nl=False)
        return
    if committed.read_text(encoding="utf-8") != text:
        ERRORS.print("schema/schema.graphql 已过期:zhunze schema > schema/schema.graphql / the committed SDL is stale")
        raise typer.Exit(1)
    OUTPUT.print("schema/schema.graphql 一致 / equals the served schema")
