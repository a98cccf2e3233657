"""The sentences of the linter: does it block, what in Chinese and English, what to do in Chinese and English."""

from typing import Final, NamedTuple


class Sentences(NamedTuple):
    """What one kind of finding says; `blocks` tells that a rulebook with it may not be adopted."""

    blocks: bool
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


_SLIPS: Final = {
    "LOOKS_LIKE_A_NUMBER": Sentences(
        True,
        "「{text}」含字母 {letters},不是数字。",
        "`{text}` holds the letter {letters}, so it is no number.",
        "应为 {mended} 吗?请把字母改成数字。",
        "Is {mended} meant? Replace the letter by the digit.",
    ),
    "FULL_WIDTH": Sentences(
        True,
        "「{text}」含全角字符。",
        "`{text}` holds full-width characters.",
        "请改用半角:{mended}。",
        "Write it with half-width characters: {mended}",
    ),
    "TAB": Sentences(
        True,
        "此行缩进用了制表符(Tab)。",
        "This line is indented with a tab.",
        "请把制表符换成空格,与上下行对齐。",
        "Replace the tab by spaces, in line with the lines around it.",
    ),
}

_NUMBERS: Final = {
    "UNITS_DIFFER": Sentences(
        True,
        "「{where}」把单位不同的数相加或比较:{one} 与 {other}。",
        "`{where}` adds or compares numbers of different units: {one} and {other}.",
        "请检查是否写错了名称;需要换算时先用 ratio,或用 unit 写明结果的单位。",
        "Check the names; where a conversion is meant, use ratio first or state the result's unit with `unit`.",
    ),
    "UNIT_DECLARED_OTHERWISE": Sentences(
        True,
        "指标「{measure}」写明单位 {declared},按其算式应为 {found}。",
        "Measure `{measure}` says its unit is {declared}; its formula gives {found}.",
        "请更正 unit 或算式;unit 只用于无法推出单位之处。",
        "Correct `unit` or the formula; `unit` is for results whose unit does not follow.",
    ),
    "RANGE_NOT_STATED": Sentences(
        True,
        "数字「{name}」没有写明范围,无法证明计算不会溢出。",
        "The number `{name}` states no range, so no overflow can be ruled out.",
        "请在类型后写明最小值和最大值,例如 {mended}。",
        "State the least and greatest value behind the type, for example {mended}.",
    ),
    "HISTORY_UNSTATED": Sentences(
        False,
        "规则读取往期结果,却没有写明缺少往期结果时怎么办:漏给的文件会被当作从来没有。",
        "The rules look back and do not say whether they can do without: a file not given counts as if it never was.",
        "请在 period 下写 history: 制度的第一个期间(例如 {mended}),或 history: optional。",
        "Write under `period` history: the first period of the regime (such as {mended}), or history: optional.",
    ),
    "WEIGHTS_MAY_BE_NONE": Sentences(
        False,
        "「{measure}」的权重 {weights} 可能同时为 0,那时没有加权平均,结果是错误。",
        "The weights of `{measure}`, {weights}, may all be 0; then no weighted mean exists and the result is an error.",
        "请用类型的范围排除 0,或用 require 写明没有权重时怎么办。",
        "Exclude 0 by the range of the type, or say with `require` what holds where nothing has a weight.",
    ),
    "GAP_SPREADS": Sentences(
        False,
        "「{measure}」汇总全部「{over}」:只要其中一行的「{name}」是 {kinds},整个汇总就是它,涉及所有对象。",
        "`{measure}` sums up every row of `{over}`: one row whose `{name}` is {kinds} makes that the result for all.",
        "如果只想汇总有值的行,请加 where: {mended}。",
        "To sum up the rows that have a value write where: {mended}.",
    ),
    "NUMBER_UNBOUNDED": Sentences(
        True,
        "「{measure}」由往期结果累加,没有{side_zh}。",
        "`{measure}` builds on its own earlier results without {side}.",
        "请加上 {mended}。",
        "Add {mended}.",
    ),
    "OVERFLOW": Sentences(
        True,
        "「{where}」的整数可能达到 {size},超出 300 位数字的上限。",
        "The integers of `{where}` may reach {size}, beyond the limit of 300 digits.",
        "请缩小有关列的范围或表的 most,或先舍入(round)。",
        "Narrow the ranges of the columns or the `most` of the tables behind it, or round earlier.",
    ),
    "WIDE_INTEGERS": Sentences(
        False,
        "「{where}」的整数可能达到 {size},超出 64 位整数;遇到时改用更宽的整数计算,结果同样精确,只是较慢。",
        "The integers of `{where}` may reach {size}, beyond 64 bits; wider ones are used then, as exact but slower.",
        "可不改;若列的范围或表的 most 写得过宽,收窄即可。",
        "Leave it, or narrow a column's range or a table's `most` that is wider than it needs to be.",
    ),
    "SCORE_NOT_STORABLE": Sentences(
        True,
        "得分「{measure}」的范围是 {range};本区的记录只容得下小数点前 {digits} 位。",
        "The score `{measure}` lies in {range}; the district's records hold {digits} digits before the point.",
        "请用 floor 和 cap 限定得分,或缩小有关列的范围。",
        "Limit the score with floor and cap, or narrow the ranges of the columns behind it.",
    ),
    "QUOTIENTS_ADDED": Sentences(
        True,
        "「{where}」把最多 {rows} 个分母不同的商相加。",
        "`{where}` adds up to {rows} quotients with different divisors.",
        "请先舍入这些商(round),舍入须有条款依据。",
        "Round the quotients first; the law must name that rounding.",
    ),
    "DIVISOR_MAY_BE_NEGATIVE": Sentences(
        False,
        "「{where}」的除数可能为负。",
        "The divisor of `{where}` may be negative.",
        "请检查除数,或用 floor 限定为非负。",
        "Check the divisor, or keep it from falling below zero.",
    ),
    "WEIGHTS_DO_NOT_SUM": Sentences(
        False,
        "「{measure}」的权重合计为 {sum},不是 1 或 100。",
        "The weights of `{measure}` add up to {sum}, not to 1 or 100.",
        "请核对每一个权重;若有意如此(权重之比),可不改。",
        "Check every weight; leave it if a proportion is meant.",
    ),
    "WEIGHT_NOT_POSITIVE": Sentences(
        True,
        "「{measure}」的权重「{weight}」可能为负。",
        "The weight `{weight}` of `{measure}` may be negative.",
        "请限定权重的范围为非负。",
        "Limit the weight to values of at least zero.",
    ),
    "FULL_MARKS_DIFFER": Sentences(
        False,
        "「{measure}」从 {full} 中减去的数最多为 {most},两者不等。",
        "`{measure}` subtracts at most {most} from {full}; the two differ.",
        "请核对各项满分之和,或加 floor。",
        "Check the sum of the parts, or add a floor.",
    ),
}

_REACH: Final = {
    "CONDITION_ALWAYS": Sentences(
        False,
        "条件「{text}」总是成立。",
        "The condition `{text}` always holds.",
        "请删去或更正;各名称的取值范围见例。",
        "Remove or correct it; the example shows what the names can be.",
    ),
    "CONDITION_NEVER": Sentences(
        False,
        "条件「{text}」永远不成立。",
        "The condition `{text}` never holds.",
        "请删去或更正;各名称的取值范围见例。",
        "Remove or correct it; the example shows what the names can be.",
    ),
    "ROW_NEVER_REACHED": Sentences(
        False,
        "「{measure}」决策表第 {row} 行永远到不了:前面各行已包含它的全部情形。",
        "Row {row} of the table `{measure}` is never reached: the rows above take all of its cases.",
        "请调整各行次序,或删去该行。",
        "Move the row up or remove it.",
    ),
    "BAND_NEVER_REACHED": Sentences(
        False,
        "「{measure}」的分段「{band}」永远到不了:{of} 的范围是 {range}。",
        "The band `{band}` of `{measure}` is never reached: {of} lies in {range}.",
        "请核对界限(例如百分数与小数)。",
        "Check the limit (a percentage against a fraction, for instance).",
    ),
    "POINTS_TURN": Sentences(
        False,
        "「{measure}」各段的取值忽升忽降。",
        "What `{measure}` gives goes up and down along its limits.",
        "请核对各段的数;若有意如此,可不改。",
        "Check the numbers of the bands; leave them if this is meant.",
    ),
    "BAND_GAP": Sentences(
        True,
        "「{measure}」的分段之间有空隙:{of} 在 {low} 与 {high} 之间时落入 else。",
        "The bands of `{measure}` leave a gap: {of} between {low} and {high} falls to `else`.",
        "请让相邻两段首尾相接,或改用 steps。",
        "Let each band begin where the next ends, or use steps.",
    ),
    "BAND_OVERLAP": Sentences(
        False,
        "「{measure}」第 {row} 行的分段与第 {above} 行重叠,以前者为先的是第 {above} 行。",
        "The band of row {row} of `{measure}` overlaps that of row {above}, which comes first.",
        "请更正界限,或改用 steps。",
        "Correct the limits, or use steps.",
    ),
    "CLASS_WITHOUT_LIMITS": Sentences(
        True,
        "「{measure}」没有为类别 {code} 写界限,遇到时结果为 ERROR。",
        "`{measure}` has no limits for the class {code}; it would end in ERROR.",
        "请为该类别补上一组界限。",
        "Add a set of limits for the class.",
    ),
    "KEY_WITHOUT_ROW": Sentences(
        False,
        "表「{table}」没有代码 {code} 的行,「{measure}」遇到时取 otherwise。",
        "Table `{table}` has no row for {code}; `{measure}` then takes `otherwise`.",
        "请补上该行,或确认 otherwise 正是所要的。",
        "Add the row, or make sure `otherwise` is meant.",
    ),
    "CAP_NEVER_BINDS": Sentences(
        False,
        "「{measure}」的 {which} 永远不起作用:值的范围是 {range},{which} 为 {bound}。",
        "The {which} of `{measure}` never binds: its value lies in {range}, the {which} is {bound}.",
        "请核对该数,或删去 {which}。",
        "Check the number, or remove the {which}.",
    ),
    "CAP_ALWAYS_BINDS": Sentences(
        False,
        "「{measure}」的 {which} 总是起作用:值的范围是 {range},{which} 为 {bound},算式毫无影响。",
        "The {which} of `{measure}` always binds: its value lies in {range}, the {which} is {bound}.",
        "请核对该数。",
        "Check the number.",
    ),
}

_ORDER: Final = {
    "VETO_MASKED": Sentences(
        False,
        "「{measure}」第 {row} 行({code})是一票否决,却会被第 {above} 行({other})抢先。",
        "Row {row} ({code}) of `{measure}` is a veto, yet row {above} ({other}) can take its cases first.",
        "请把一票否决移到前面。",
        "Move the veto up.",
    ),
    "TIES_PASS_THE_CUT": Sentences(
        False,
        "「{text}」可能选出多于 {most} 个:名次并列时({ties})一并入选。",
        "`{text}` can name more than {most}: those who tie at the cut ({ties}) all pass.",
        "若办法要求不得超出,请把 ties 改为 last;否则可不改。",
        "Write `ties: last` if the law allows no more; leave it if ties are to pass.",
    ),
    "NOT_MONOTONE": Sentences(
        False,
        "「{measure}」并非单调,因此 {columns} 变差时「{score}」可能反而升高。",
        "`{measure}` is not monotone, so `{score}` may rise while {columns} gets worse.",
        "请核对;若办法确实如此,此项列为例外。",
        "Check it; where the law says so, this stands as an exception.",
    ),
}

_DOUBTS: Final = {
    "SCALES_DIFFER": Sentences(
        False,
        "「{measure}」把 {range} 的「{part}」与 {full} 的「{other}」加权平均。",
        "`{measure}` takes the mean of `{part}` ({range}) and `{other}` ({full}).",
        "请先把「{part}」换成同样的分制,例如 ratio 的 of 乘以 100,或用 steps 折算。",
        "Bring `{part}` to the same scale first: multiply the `of` of its ratio by 100, or give points by steps.",
    ),
    "KEY_OF_ANOTHER_TABLE": Sentences(
        False,
        "「{measure}」用「{have}」的行号({key})去查「{source}」,那里要的是「{want}」的行号。",
        "`{measure}` looks up `{source}` by `{key}`, a row id of `{have}`; rows of `{want}` are asked for.",
        "请检查键;要按该列查找,请在「{source}」写 unique;要汇总多行,请用 over。",
        "Check the key; to look up by a column, write `unique` at `{source}`; to sum up rows, use `over`.",
    ),
    "SAME_FOR_EVERY_ROW": Sentences(
        False,
        "「{measure}」对「{over}」的每一行都取「{grain}」自己的「{name}」,各行相同。",
        "`{measure}` takes `{name}` of `{grain}` itself for every row of `{over}`: the same value each time.",
        "请写「{over}」自己的列,或直接读取「{name}」。",
        "Name a column of `{over}`, or read `{name}` directly.",
    ),
    "LIST_LIKE_NONE": Sentences(
        False,
        "名单「{measure}」给出 {code},会成为一个名叫 {code} 的名单。",
        "The list `{measure}` gives {code}, which becomes a list of that name.",
        "不列入名单请写 NONE。",
        "Write NONE for no list.",
    ),
    "SCORE_NOT_ROUNDED": Sentences(
        False,
        "得分「{measure}」没有舍入,除不尽时公布为分数 n/d。",
        "Nothing rounds the score `{measure}`; an endless quotient is published as n/d.",
        "请写 round;办法确不舍入时可不改。",
        "Write `round`; leave it if the rules publish unrounded scores.",
    ),
}

_UPKEEP: Final = {
    "MEASURE_UNUSED": Sentences(
        False,
        "指标「{name}」没有被任何算式、results 或标签用到;它只作为一列写进结果文件。",
        "No formula, result or label uses the measure `{name}`; it only fills a column of the result file.",
        "若是写错名称请更正;若只供查看请加标签,否则删去。",
        "Correct the name that should read it, give it a label if it is to be looked at, or remove it.",
    ),
    "SETTING_UNUSED": Sentences(
        False,
        "参数「{name}」没有被使用。",
        "Nothing reads the setting `{name}`.",
        "请删去或补上用它的地方。",
        "Remove it or use it.",
    ),
    "TABLE_UNUSED": Sentences(
        False,
        "表或粒度「{name}」没有被使用。",
        "Nothing uses the table or grain `{name}`.",
        "请删去。",
        "Remove it.",
    ),
    "COLUMN_UNUSED": Sentences(
        False,
        "事实列「{name}」没有被使用。",
        "Nothing reads the column `{name}`.",
        "请删去,免得向本区要不用的数据。",
        "Remove it, so that nobody is asked for data without use.",
    ),
    "CLAUSE_MISSING": Sentences(
        False,
        "「{name}」没有写明条款(law)。",
        "`{name}` names no clause (`law`).",
        "请补上 law。",
        "Add `law`.",
    ),
    "LABEL_MISSING": Sentences(
        False,
        "「{where}」有 {count} 个名称没有中英文标签:{names}。",
        "`{where}` has {count} names without a label in Chinese and English: {names}.",
        "请在 labels 中补上。",
        "Add them to labels.",
    ),
    "READING": Sentences(
        False,
        "参数「{name}」是对来源未写明之处的解读。",
        "The setting `{name}` is our reading of something the source leaves open.",
        "请由本区确认。",
        "Let the district confirm it.",
    ),
    "FACT_NOT_COLLECTED": Sentences(
        True,
        "规则要用「{name}」,本区没有这项数据。",
        "The rulebook asks for `{name}`, which the district does not collect.",
        "可用的有:{known}。",
        "At hand: {known}.",
    ),
}

LINT: Final[dict[str, Sentences]] = {**_SLIPS, **_NUMBERS, **_REACH, **_ORDER, **_DOUBTS, **_UPKEEP}
