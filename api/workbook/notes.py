"""How a column is to be filled in, told in Chinese: for the template's notes and its sheet of explanations."""

from collections.abc import Mapping

from api.workbook.cells import number_text
from api.workbook.columns import FIRST_DAY, LAST_DAY, Choice, Column, Day, Integer, Need, Number, Period, Text
from api.workbook.sheets import BY_NOUN

NEEDS: Mapping[Need, str] = {
    Need.REQUIRED: "必填",
    Need.EXPECTED: "应填(不掌握时留空)",
    Need.OPTIONAL: "选填(没有则留空)",
}

EXAMPLES: Mapping[str, str] = {
    "区划代码": "430399001",
    "上级代码": "430399001",
    "社区代码": "430399001001",
    "名称": "新塘社区",
    "小区编码": "YT0001",
    "小区名称": "和平小区",
    "地址": "和平街道建设路 1 号",
    "统一社会信用代码": "91430399MABDY26T5K",
    "企业名称": "某某物业服务有限公司",
    "项目经理编号": "JL0001",
    "证书编号": "XTPM300197",
    "合同编号": "HT20260001",
    "连片托管包": "LP01",
    "备注": "连片打包托管",
    "标准编码": "JC0101",
    "检查内容": "未公示收费标准",
    "检查编号": "XC2026Q100001",
    "检查单位": "区住建局物业科",
    "问题编号": "WT000001",
    "问题描述": "灭火器过期",
    "照片文件": "20260325_000001.jpg",
    "类别代码": "01",
    "类别名称": "停车管理",
    "别名": "停车难",
    "工单编号": "12345260300001",
    "重复工单号": "12345260300001",
    "事项代码": "0101",
    "事项名称": "占用消防通道停车",
    "调解编号": "TJ001",
    "测评编号": "MY2026H10001",
    "测评机构": "某某调查所",
    "信息编号": "XY0001",
    "事项": "未按期整改",
    "认定单位": "区住建局",
    "文书号": "岳物信字〔2026〕1号",
    "班次编号": "PX2026H1",
    "班次名称": "2026年上半年物业企业培训班",
    "地点": "区党校报告厅",
    "报名编号": "BM2026H1001",
    "结业证书编号": "PX2026H1-001",
    "会议编号": "HY2026Q1",
    "主持单位": "区住建局",
    "参会单位": "各街道办事处、社区居委会",
    "纪要摘要": "通报上季度检查情况",
    "事项编号": "HY2026Q1-01",
    "议定事项": "公共收益公示",
    "责任单位": "双桥街道",
}
"""Of columns of text, by heading; persons and telephone numbers have one for all."""

PERSON_EXAMPLE, PHONE_EXAMPLE = "张三", "0731-55501234"


def kind_of(column: Column) -> str:
    """What the column takes, with its limits."""
    match column.type:
        case Text() as text:
            return _kind_of_text(text)
        case Integer(low, high):
            return f"整数({low} 至 {high})"
        case Number(places, low, high):
            return f"数字({number_text(low)} 至 {number_text(high)},最多 {places} 位小数)"
        case Day():
            return f"日期({FIRST_DAY} 至 {LAST_DAY})"
        case Choice(labels):
            return "从下列值中选择:" + "、".join(labels)
        case Period(unit):
            return "半年(年份加 H1 或 H2)" if unit == "H" else "季度(年份加 Q1 至 Q4)"


def _kind_of_text(text: Text) -> str:
    if text.credit:
        return "18 位统一社会信用代码(大写字母和数字,校验码须正确)"
    if text.phone:
        return "手机号或带区号的固定电话"
    return f"编码(文本格式,不超过 {text.length_max} 个字符)" if text.code else f"文字(不超过 {text.length_max} 个字)"


def example_of(column: Column) -> str:
    """A cell as it may stand in the column."""
    match column.type:
        case Text():
            general = {"name": PERSON_EXAMPLE, "phone": PHONE_EXAMPLE}
            return general[column.personal] if column.personal else EXAMPLES[column.header]
        case Integer(low):
            return str(max(low, 12)) if low < 1900 else "1998"
        case Number(places=6, scale=0):
            return "27.790055" if column.field == "latitude" else "112.906065"
        case Number(places):
            return "1.85" if places <= 2 else "0.85"
        case Day():
            return "2026-03-25"
        case Choice(labels):
            return next(iter(labels))
        case Period(unit):
            return "2026H1" if unit == "H" else "2026Q1"


def note_of(column: Column) -> str:
    """The note of a column: need, kind, what it refers to, example."""
    lines = [f"{NEEDS[column.need]}。{kind_of(column)}。"]
    if column.refers:
        sheet = BY_NOUN[column.refers]
        lines.append(f"须是「{sheet.name}」中已有的{sheet.by_field[sheet.key[0]].header}。")
    return "\n".join([*lines, f"例:{example_of(column)}"])
