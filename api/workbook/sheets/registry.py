"""What stands in the registers: areas, compounds, companies, managers and contracts."""

from dataclasses import replace
from decimal import Decimal

from api.workbook.columns import Column, Integer, Number, Sheet, Text
from api.workbook.sheets.labels import COMPANY_STATES, COMPOUND_KINDS, FORMS, LEVELS, REGIMES, YES_NO
from api.workbook.sheets.makers import (
    CENT,
    COMPOUND,
    EXPECTED,
    MANAGER,
    OPTIONAL,
    REQUIRED,
    ZERO,
    choice,
    code,
    count,
    day,
    degrees,
    person,
    phone,
    uscc,
    words,
)

CREDIT_CODE = Text(64, code=True, upper=True, credit=True)
FLOOR_AREA = Number(2, CENT, Decimal(9_999_999))
CAPITAL = Number(6, ZERO, Decimal(10**6), scale=6, whole=True)
"""Ten thousand yuan with six places; stored as whole fen."""
FEE = Number(6, ZERO, Decimal(1000), scale=2)
"""Yuan with six places; stored as fen with four."""

AREA = Sheet(
    "街道社区",
    "area",
    "areas",
    ("code",),
    (
        code("区划代码", "code", "area code"),
        words("名称", "name", "name", REQUIRED),
        choice("级别", "level", "level", LEVELS),
        replace(
            code("上级代码", "parent_code", "parent code", EXPECTED, refers="area"), refers_if=("level", "COMMUNITY")
        ),
        person("负责人", "head", "head"),
        phone(),
    ),
)

COMPOUNDS = Sheet(
    "小区台账",
    "compound",
    "compounds",
    ("code",),
    (
        code("小区编码", "code", "compound code"),
        words("小区名称", "name", "name", REQUIRED),
        code("社区代码", "community_code", "community code", refers="area"),
        words("地址", "address", "address"),
        choice("管理形式", "form", "management form", FORMS),
        choice("是否物业覆盖", "covered", "covered", YES_NO),
        choice("小区类别", "kind", "kind", COMPOUND_KINDS),
        choice("治理模式", "regime", "governance regime", REGIMES),
        count("总户数", "households", "households", 0),
        Column("总建筑面积", "gross_floor_area", "gross floor area, m²", FLOOR_AREA, REQUIRED),
        count("楼栋数", "buildings", "buildings", 0, EXPECTED),
        Column("建成年份", "built_year", "built year", Integer(1900, 2100), EXPECTED),
        degrees("纬度", "latitude", "latitude"),
        degrees("经度", "longitude", "longitude"),
        choice("是否成立业委会", "owners_committee", "owners' committee", YES_NO),
        person("联系人", "contact", "contact"),
        phone(),
    ),
)

COMPANIES = Sheet(
    "物业企业",
    "company",
    "companies",
    ("uscc",),
    (
        Column("统一社会信用代码", "uscc", "unified social credit code", CREDIT_CODE, REQUIRED),
        words("企业名称", "name", "name", REQUIRED),
        person("法定代表人", "legal_representative", "legal representative", REQUIRED),
        day("成立日期", "registered_on", "registered on"),
        Column("注册资本(万元)", "capital_fen", "registered capital, 10,000 yuan", CAPITAL, EXPECTED),
        phone(),
        day("备案日期", "filed_on", "filed on", EXPECTED),
        choice("企业状态", "state", "status", COMPANY_STATES),
    ),
)

APPOINTMENTS = Sheet(
    "项目经理",
    "appointment",
    "project managers",
    ("manager_no",),
    (
        code("项目经理编号", "manager_no", "manager id"),
        person("姓名", "name", "name", REQUIRED),
        uscc(),
        code("证书编号", "certificate_no", "certificate", EXPECTED),
        day("证书有效期止", "certificate_until", "certificate valid until", EXPECTED),
        day("任职日期", "appointed_on", "appointed on"),
        day("离职日期", "left_on", "left on", OPTIONAL),
        day("备案日期", "filed_on", "filed on", EXPECTED),
        count("累计继续教育学时", "training_hours_total", "total training hours", 0, EXPECTED),
        phone(),
    ),
    spans=(("appointed_on", "left_on"),),
)

ENGAGEMENTS = Sheet(
    "服务合同",
    "engagement",
    "contracts",
    ("contract_no",),
    (
        code("合同编号", "contract_no", "contract number"),
        COMPOUND,
        uscc(),
        day("服务开始日期", "starts_on", "from"),
        day("服务截止日期", "contract_ends_on", "contract end", EXPECTED),
        day("实际终止日期", "ended_on", "actual end", OPTIONAL),
        Column("物业费单价", "fee_fen_per_square_metre", "fee, yuan per m² and month", FEE, REQUIRED),
        code("连片托管包", "bundle_code", "bundle", OPTIONAL),
        MANAGER,
        words("备注", "note", "note", OPTIONAL, 2000),
    ),
    spans=(("starts_on", "contract_ends_on"), ("starts_on", "ended_on")),
)
