"""The sentences of every diagnostic: (what, in Chinese; what, in English; remedy, in Chinese; remedy, in English)."""

from typing import Final

_Sentences = tuple[str, str, str, str]

_SHAPE: Final[dict[str, _Sentences]] = {
    "TOO_LARGE": (
        "文件超过 {most} 个字符或嵌套过深。",
        "The document is longer than {most} characters or nested too deeply.",
        "请拆分规则或删去多余内容。",
        "Split the rulebook or remove what is not needed.",
    ),
    "YAML_SYNTAX": (
        "YAML 语法错误:{why}。",
        "This is not YAML: {why}.",
        "请检查缩进、冒号、引号和括号。",
        "Check indentation, colons, quotes and brackets.",
    ),
    "YAML_FEATURE": (
        "不允许使用 YAML 的{what_zh}。",
        "YAML {what} are not allowed here.",
        "请把内容原样写出。",
        "Write the content out in full.",
    ),
    "DUPLICATE_KEY": (
        "键「{key}」在同一处出现两次。",
        "The key `{key}` stands twice in one place.",
        "请删去其中一个。",
        "Remove one of the two.",
    ),
    "KEY_UNKNOWN": (
        "「{where}」不认识键「{key}」。",
        "`{where}` has no key `{key}`.",
        "可用的键:{known}。条件中含逗号时必须加双引号。",
        "Known keys: {known}. A condition with a comma must stand in double quotes.",
    ),
    "KEY_MISSING": (
        "「{where}」缺少键「{key}」。",
        "`{where}` lacks the key `{key}`.",
        "请补上「{key}」;规则未写之处不作任何默认。",
        "Add `{key}`; nothing is assumed where the rulebook is silent.",
    ),
    "SHAPE_WRONG": (
        "此处应为{want_zh},实为{got_zh}。",
        "{want_en} is expected here, not {got}.",
        "请按语言说明改写。",
        "Write it as the language reference shows.",
    ),
    "NAME_WRONG": (
        "「{name}」不能作名称。",
        "`{name}` cannot be a name.",
        "名称用小写英文字母开头,只含小写字母、数字和下划线。",
        "A name starts with a lower-case letter and holds lower-case letters, digits and underscores.",
    ),
    "NAME_RESERVED": (
        "「{name}」是条件语言的保留字,不能作名称。",
        "`{name}` is reserved by the condition language and cannot be a name.",
        "请换一个名称。",
        "Choose another name.",
    ),
    "CODE_WRONG": (
        "「{code}」不能作代码。",
        "`{code}` cannot be a code.",
        "代码以大写英文字母开头,只含大写字母、数字和下划线。",
        "A code starts with an upper-case letter and holds upper-case letters, digits and underscores.",
    ),
    "KIND_UNKNOWN": (
        "没有「{kind}」这种空值。",
        "`{kind}` is no kind of absence.",
        "可用:{known}。",
        "Known kinds: {known}.",
    ),
    "CHOICE_WRONG": (
        "「{got}」不在可选范围内。",
        "`{got}` is not one of the choices.",
        "可选:{known}。",
        "Choose one of: {known}.",
    ),
    "TYPE_WRONG": (
        "看不懂类型「{text}」。",
        "The type `{text}` cannot be read.",
        '例:number 2 point 0..100;date;bool;text;"enum A, B";ref company;period half;前面可加 optional。',
        'Examples: number 2 point 0..100; date; bool; text; "enum A, B"; ref company; period half; optional date.',
    ),
    "OPERATOR_COUNT": (
        "指标「{measure}」写了 {count} 个算子({found}),应当恰好一个。",
        "Measure `{measure}` has {count} operators ({found}); it needs exactly one.",
        "请把它拆成几个指标,或补上一个算子。",
        "Split it into several measures, or add an operator.",
    ),
    "TEXT_UNQUOTED": (
        "条件和算式要写在双引号里:{text}",
        "A condition or formula stands in double quotes: {text}",
        "请加双引号。",
        "Put it in double quotes.",
    ),
    "TABLE_ROWS": (
        "决策表最后一行必须且只能是 else,其余各行必须有 when 和 give。",
        "The last row of a table, and only the last, is `else`; every other row has `when` and `give`.",
        "请补上或移动 else 行。",
        "Add the `else` row or move it to the end.",
    ),
    "LIMITS_ORDER": (
        "分段界限必须{order_zh}排列。",
        "The limits of steps must be {order_en}.",
        "请调整顺序。",
        "Put them in order.",
    ),
    "VERSION_DATES": (
        "施行起止日期颠倒。",
        "The rulebook ends before it begins.",
        "请更正 in_force。",
        "Correct in_force.",
    ),
    "PARTS_UNIT": (
        "期间单位「{unit}」不能分成「{parts}」。",
        "A period of one {unit} has no parts of one {parts}.",
        "parts 必须比 unit 更短。",
        "`parts` must be shorter than `unit`.",
    ),
}

_MEANING: Final[dict[str, _Sentences]] = {
    "NAME_UNKNOWN": (
        "在「{where}」处没有名称「{name}」。",
        "There is no `{name}` at `{where}`.",
        "请检查拼写;可用的名称有:{known}。",
        "Check the spelling; names at hand: {known}.",
    ),
    "NAME_AMBIGUOUS": (
        "在「{where}」处名称「{name}」有多个出处:{found}。",
        "At `{where}` the name `{name}` could be any of: {found}.",
        "请写出路径,例如 compound.area。",
        "Write the path, for example compound.area.",
    ),
    "NAME_TWICE": (
        "名称「{name}」同时是{first_zh}和{second_zh}。",
        "The name `{name}` is both {first} and {second}.",
        "请改名。",
        "Rename one of them.",
    ),
    "TABLE_UNKNOWN": (
        "没有名为「{name}」的表或粒度。",
        "There is no table or grain called `{name}`.",
        "请检查拼写;已有:{known}。",
        "Check the spelling; known: {known}.",
    ),
    "GRAIN_NOT_DETERMINED": (
        "「{source}」的一行不能确定「{target}」的键「{key}」:{why}。",
        "A row of `{source}` does not determine the key `{key}` of `{target}`: {why}.",
        "请在「{source}」上增加该键,或换一个来源。",
        "Give `{source}` that key, or aggregate from another grain.",
    ),
    "CYCLE": (
        "指标互相依赖成环:{path}。",
        "Measures depend on each other in a circle: {path}.",
        "请断开其中一处。",
        "Break the circle at one place.",
    ),
    "CEL_SYNTAX": (
        "算式写错:{why}。",
        "The formula cannot be read: {why}.",
        "请检查括号、引号和运算符。",
        "Check brackets, quotes and operators.",
    ),
    "CEL_REFUSED": (
        "规则语言中不允许「{what}」。",
        "`{what}` is not part of the rule language.",
        "除法请用 ratio、mean 或 blend;其余请用语言说明中的函数。",
        "Divide with ratio, mean or blend; otherwise use the functions of the language reference.",
    ),
    "CEL_TYPE": (
        "类型不符:{why}。",
        "The types do not fit: {why}.",
        "请检查比较和运算两边的类型。",
        "Check the types on both sides.",
    ),
    "RESULT_TYPE": (
        "此处应得到{want},实为{got}。",
        "This should give {want}, not {got}.",
        "请改写算式。",
        "Rewrite the formula.",
    ),
    "TYPES_DIFFER": (
        "同一指标给出不同类型:{found}。",
        "One measure gives values of different types: {found}.",
        "每个指标只能有一种类型。",
        "A measure has one type.",
    ),
    "CODE_UNKNOWN": (
        "「{code}」不是「{name}」的取值。",
        "`{code}` is no value of `{name}`.",
        "可能的取值:{known}。",
        "Possible values: {known}.",
    ),
    "UNGUARDED": (
        "条件中读取了可能没有值的「{name}」。",
        "The condition reads `{name}`, which may have no value.",
        "请写成「{mended}」。",
        "Write `{mended}`.",
    ),
    "STATED_CHOICE": (
        "「{key}」必须写明:{why_zh}。",
        "`{key}` must be stated: {why_en}.",
        "请补上「{key}」。",
        "Add `{key}`.",
    ),
    "NOT_REMEMBERED": (
        "「{name}」没有列入 remember,往期结果中不会有它。",
        "`{name}` is not remembered, so no earlier result holds it.",
        "请在 results.{grain}.remember 中加上「{name}」。",
        "Add `{name}` to results.{grain}.remember.",
    ),
    "MEASURE_UNKNOWN": (
        "粒度「{grain}」没有指标「{name}」。",
        "Grain `{grain}` has no measure `{name}`.",
        "请检查拼写;已有:{known}。",
        "Check the spelling; known: {known}.",
    ),
    "WEIGHTS": (
        "权重必须大于 0。",
        "Weights must be above zero.",
        "请更正权重。",
        "Correct the weight.",
    ),
    "LABEL_UNKNOWN": (
        "标签「{name}」不对应任何指标、代码或原因。",
        "The label `{name}` belongs to no measure, code or reason.",
        "请删去或更正。",
        "Remove or correct it.",
    ),
}

_FACTS: Final[dict[str, _Sentences]] = {
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
    "GRAIN_TOO_WIDE": (
        "粒度「{grain}」有 {count} 行,超过上限 {most}。",
        "Grain `{grain}` would have {count} rows, more than the {most} allowed.",
        "请缩小范围。",
        "Narrow it.",
    ),
}

CATALOGUE: Final[dict[str, _Sentences]] = {**_SHAPE, **_MEANING, **_FACTS}
