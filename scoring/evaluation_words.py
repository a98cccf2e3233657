"""The sentences about facts, settings, earlier results, and figures that do not exist: what an evaluation refuses."""

from typing import Final

EVALUATION: Final[dict[str, tuple[str, str, str, str]]] = {
    "FACT_TABLE_MISSING": (
        "缺少事实表「{table}」。",
        "The fact table `{table}` is missing.",
        "请提供该表;没有行时给空表。",
        "Supply the table; an empty one where there are no rows.",
    ),
    "FACT_COLUMN_MISSING": (
        "表「{table}」的行「{row}」缺少列「{column}」。",
        "Row `{row}` of `{table}` lacks the column `{column}`.",
        "请补上该列的值。",
        "Supply a value.",
    ),
    "FACT_VALUE_WRONG": (
        "表「{table}」行「{row}」列「{column}」的值 {value} 不符合类型「{want}」:{why_zh}。",
        "Column `{column}` of row `{row}` of `{table}` holds {value}, which is no `{want}`: {why_en}.",
        "请更正该值。",
        "Correct the value.",
    ),
    "FACT_KEY_TWICE": (
        "表「{table}」中键「{row}」出现两次。",
        "Table `{table}` has two rows with the key `{row}`.",
        "请删去或更正其中一行。",
        "Remove or correct one of them.",
    ),
    "FACT_KEY_MISSING": (
        "表「{table}」第 {row} 行没有行号。",
        "Row {row} of `{table}` has no id.",
        "请给出列「{column}」。",
        "Supply the column `{column}`.",
    ),
    "FACT_REFERENCE_UNKNOWN": (
        "表「{table}」行「{row}」列「{column}」指向不存在的「{value}」。",
        "Column `{column}` of row `{row}` of `{table}` refers to `{value}`, which does not exist.",
        "请更正该值,或补上被引用的行。",
        "Correct the value or supply the row it names.",
    ),
    "FACT_NOT_UNIQUE": (
        "表「{table}」行「{row}」与行「{other}」在「{columns}」上重复。",
        "Rows `{other}` and `{row}` of `{table}` share the same {columns}.",
        "请更正其中一行的值或起止日期。",
        "Correct the values or the dates of one of them.",
    ),
    "FACT_TOO_MANY": (
        "表「{table}」有 {count} 行,超过规则声明的上限 {most}。",
        "Table `{table}` has {count} rows, more than the {most} the rulebook declares.",
        "请提高规则中的 most。",
        "Raise `most` in the rulebook.",
    ),
    "SETTING_MISSING": (
        "参数「{name}」没有值。",
        "The setting `{name}` has no value.",
        "请由本区填写。",
        "The district must enter it.",
    ),
    "SETTING_UNKNOWN": (
        "规则没有参数「{name}」。",
        "The rulebook has no setting `{name}`.",
        "请删去;可用:{known}。",
        "Remove it; known: {known}.",
    ),
    "SETTING_WRONG": (
        "参数「{name}」的值 {value} 不符合类型「{want}」:{why_zh}。",
        "The setting `{name}` holds {value}, which is no `{want}`: {why_en}.",
        "请更正。",
        "Correct it.",
    ),
    "PERIOD_WRONG": (
        "期间「{period}」不是本规则的期间({want})。",
        "`{period}` is no period of this rulebook ({want}).",
        "请换一个期间。",
        "Choose another period.",
    ),
    "NO_RULEBOOK": (
        "规则 {rulebook} {version} 在 {day} 未施行。",
        "Rulebook {rulebook} {version} is not in force on {day}.",
        "请选用当时有效的规则版本。",
        "Use the version in force then.",
    ),
    "PART_WRONG": (
        "分期结果「{period}」不能用于本次计算:{why_zh}。",
        "The part result `{period}` cannot be used here: {why_en}.",
        "请只提供本期间内、同一规则的分期结果,每期一份。",
        "Supply one result per part of this period, from the same rulebook.",
    ),
    "HISTORY_WRONG": (
        "往期结果「{period}」不能用于本次计算:{why_zh}。",
        "The earlier result `{period}` cannot be used here: {why_en}.",
        "请更正。",
        "Correct it.",
    ),
    "HISTORY_MISSING": (
        "「{period}」要读取往期结果,缺少:{missing}。",
        "`{period}` looks back on earlier results, and these are missing: {missing}.",
        "请用 --history 给出这些期间的结果文件;确实没有的,在规则中改写 period 的 history。",
        "Give their result files with --history; where there are none, change `history` of `period` in the rulebook.",
    ),
    "AS_OF_EARLY": (
        "评价日 {day} 早于「{period}」的首日 {first}。",
        "{period} begins on {first}; it cannot be evaluated on {day}, before that.",
        "请更正评价日或期间。",
        "Correct the day or the period.",
    ),
    "DAY_OUTSIDE_CALENDAR": (
        "「{where}」在行「{row}」处算到了公历之外:{day} + {count}(公历为 0001 年至 9999 年)。",
        "`{where}` leaves the calendar (years 1 to 9999) at row `{row}`: {day} + {count}.",
        "请检查该行的日期和加上的数;「长期有效」请留空(optional),不要写 9999-12-31。",
        "Check the row's date and the number added; leave an open end empty (optional) instead of writing 9999-12-31.",
    ),
    "WEIGHTS_ARE_ZERO": (
        "「{where}」在行「{row}」处适用各项的权重({weights})合计为 0。",
        "The weights ({weights}) of the parts that apply to `{where}` at row `{row}` add up to 0.",
        "请检查这些权重;是参数的,请由本区改填大于 0 的数。",
        "Check these weights; enter a number above 0 for those that are settings.",
    ),
    "WITHIN_NEGATIVE": (
        "「{where}」在行「{row}」处的 within 为 {got},小于 0。",
        "The `within` of `{where}` is {got} at row `{row}`, below 0.",
        "within 是向前回看的天数,请更正为 0 或更大的数。",
        "`within` is how many days to look back; make it 0 or more.",
    ),
    "SHARE_OUTSIDE": (
        "「{where}」在行「{row}」处的 share 为 {got},不在 0 与 1 之间。",
        "The `share` of `{where}` is {got} at row `{row}`, not between 0 and 1.",
        "请按小数填写,例如十分之一写 0.1。",
        "Write it as a decimal, for example 0.1 for a tenth.",
    ),
    "GRAIN_TOO_WIDE": (
        "粒度「{grain}」有 {count} 行,超过上限 {most}。",
        "Grain `{grain}` would have {count} rows, more than the {most} allowed.",
        "请缩小范围。",
        "Narrow it.",
    ),
}
