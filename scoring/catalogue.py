"""The sentences of every diagnostic: (what, in Chinese; what, in English; remedy, in Chinese; remedy, in English)."""

from typing import Final

from scoring.evaluation_words import EVALUATION

_Sentences = tuple[str, str, str, str]

_SHAPE: Final[dict[str, _Sentences]] = {
    "TOO_LARGE": (
        "文件超过 {most} 个字符或嵌套过深。",
        "The document is longer than {most} characters or nested too deeply.",
        "请拆分规则或删去多余内容。",
        "Split the rulebook or remove what is not needed.",
    ),
    "YAML_SYNTAX": (
        "YAML 语法错误:{why_zh}。",
        "This is not YAML: {why}.",
        "{do_zh}",
        "{do}",
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
        "可用的键:{known}。{do_zh}",
        "Known keys: {known}. {do}",
    ),
    "KEY_MISSING": (
        "「{where}」缺少键「{key}」。",
        "`{where}` lacks the key `{key}`.",
        "请补上「{key}」;规则未写之处不作任何默认。",
        "Add `{key}`; nothing is assumed where the rulebook is silent.",
    ),
    "KEYS_EXCLUDE": (
        "「{where}」同时写了 {given},只能写其中一个。",
        "`{where}` has {given} together; it takes one of them.",
        "请只留一个;另一个写成另一个指标。",
        "Keep one, and make another measure of the other.",
    ),
    "SHAPE_WRONG": (
        "此处应为{want_zh},实为{got_zh}。",
        "{want_en} is expected here, not {got}.",
        "{do_zh}",
        "{do}",
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
    "NOTHING_WRITTEN": (
        "「{key}」里什么都没有写。",
        "`{key}` is empty.",
        "请补上内容,或删去整个指标。",
        "Fill it in, or remove the whole measure.",
    ),
    "KEY_IDLE": (
        "「{key}」在「{how}」旁边不起作用:{why_zh}。",
        "`{key}` does nothing beside `{how}`: {why_en}.",
        "请删去「{key}」,或换一个汇总方式。",
        "Remove `{key}`, or choose another summary.",
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
    "PART_LOOKS_BACK": (
        "各「{parts}」先行定分,需要「{name}」的往期值,但该粒度没有分段结果可读。",
        "The {parts}s are fixed first and need `{name}` of earlier periods, but no {parts} keeps results of its grain.",
        "请把该指标写在以「{parts}」为键的粒度,并列入该粒度的 remember。",
        "Write the measure at a grain with the key `{parts}`, and what it reads into `remember` of that grain.",
    ),
    "ABSENCE_AS_CODE": (
        "「{code}」是没有结果的一种,不能作等级或取值。",
        "`{code}` is a kind of having no result, no code to give.",
        "请写 {{none: {code}, reason: …}};确要作代码时请另取名称。",
        "Write {{none: {code}, reason: …}}; if a code is meant, give it another name.",
    ),
    "CHAIN_UNCLEAR": (
        "粒度「{grain}」有几个期间键({keys}),不知道哪一行是上一期。",
        "The grain `{grain}` has several keys that are periods ({keys}); it is not clear which row is the one before.",
        "请在只有一个期间键的粒度上读取往期结果。",
        "Look back at a grain with one such key.",
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
    "LOOKUP_KEYS": (
        "查「{name}」要写 {want},这里写了 {got} 个键。",
        "A lookup in `{name}` takes {want}; {got} keys stand here.",
        "请按此写齐 key;表有 during 时再写 day。",
        "Write these keys; add `day` where the table has `during`.",
    ),
    "CYCLE": (
        "指标互相依赖成环:{path}。",
        "Measures depend on each other in a circle: {path}.",
        "请断开其中一处。",
        "Break the circle at one place.",
    ),
    "PLACES_ENDLESS": (
        "「{name}」读取自己以前的值,每一期都会多出小数位,没有尽头。",
        "`{name}` reads its own earlier value and gains decimal places with every period, without end.",
        "请给它加上 round,写明位数和方式。",
        "Give it a `round` with places and mode.",
    ),
    "PERIODS_DIFFER": (
        "这里比较的两个期间单位不同({one} 与 {other}),永远不会相等。",
        "The two periods compared here are of different units ({one}, {other}) and never equal.",
        "要知道是否在考评期间之内,请写 {mended};否则两边用同一单位。",
        "To ask whether it lies in the period evaluated write {mended}; otherwise use one unit on both sides.",
    ),
    "CEL_SYNTAX": (
        "算式写错:{why_zh}。",
        "The formula cannot be read: {why}.",
        "{do_zh}",
        "{do}",
    ),
    "CEL_REFUSED": (
        "规则语言中不允许「{what}」。",
        "`{what}` is not part of the rule language.",
        "除法请用 ratio、mean 或 blend;其余请用语言说明中的函数。",
        "Divide with ratio, mean or blend; otherwise use the functions of the language reference.",
    ),
    "CEL_TYPE": (
        "类型不符:{why_zh}。",
        "The types do not fit: {why}.",
        "{do_zh}",
        "{do}",
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
        "权重「{weight}」不大于 0。",
        "The weight `{weight}` is not above zero.",
        "请更正权重;不计的项请从 blend 中删去。",
        "Correct the weight; leave a part that does not count out of the blend.",
    ),
    "WEIGHTS_ALL_ZERO": (
        "各项权重({weights})都是 0,合计为 0。",
        "All weights ({weights}) are 0, so they add up to 0.",
        "请给至少一项大于 0 的权重。",
        "Give at least one part a weight above 0.",
    ),
    "PART_MAY_BE_ABSENT": (
        "「{key}」用到可能没有值的「{name}」。",
        "`{key}` uses `{name}`, which may have no value.",
        "此处必须有数。请写成「{mended}」,或改用一定有值的名称。",
        "A number is needed here: write `{mended}`, or use a name that always has a value.",
    ),
    "NUMBER_OUTSIDE": (
        "「{key}」应{want_zh},实为 {got}。",
        "`{key}` must be {want}, not {got}.",
        "请更正;是参数的,请更正参数的值。",
        "Correct it, or the setting's value if it is a setting.",
    ),
    "RESET_TOO_SHORT": (
        "reset 的单位「{reset}」不比期间「{unit}」长,每期都会重新开始。",
        "The unit `{reset}` of `reset` is no longer than the period ({unit}), so every period would start anew.",
        "请写更长的单位,或删去 reset。",
        "Name a longer unit, or remove `reset`.",
    ),
    "SETTING_TYPE": (
        "参数「{name}」的类型不能是「{got}」。",
        "The setting `{name}` cannot be of the type `{got}`.",
        "参数必须有值,且不能指向表中的行:请删去 optional,或把 ref 改为 text。",
        "A setting has a value and refers to no row: remove `optional`, or write `text` instead of `ref`.",
    ),
    "CELL_WRONG": (
        "常数表「{table}」的行「{row}」列「{column}」的值 {value} 不符合类型「{want}」:{why_zh}。",
        "Column `{column}` of row `{row}` of the table `{table}` holds {value}, which is no `{want}`: {why_en}.",
        "{do_zh}",
        "{do}",
    ),
    "OUTCOME_KIND": (
        "results 的 {role} 指向「{name}」,应为{want},实为{got}。",
        "The {role} of `results` names `{name}`, which should be {want} and is {got}.",
        "请换一个指标,或先用 steps、table 把它变成所需的类型。",
        "Name another measure, or turn this one into the type needed with steps or table.",
    ),
    "LABEL_UNKNOWN": (
        "标签「{name}」不对应任何指标、代码或原因。",
        "The label `{name}` belongs to no measure, code or reason.",
        "请删去或更正。",
        "Remove or correct it.",
    ),
}

CATALOGUE: Final[dict[str, _Sentences]] = {**_SHAPE, **_MEANING, **EVALUATION}
