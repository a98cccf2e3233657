"""Words that a cell may hold and the codes of the interface they stand for."""

from collections.abc import Mapping

from api.workbook.columns import Value

YES_NO: Mapping[str, Value] = {"是": True, "否": False}
LEVELS: Mapping[str, Value] = {"街道": "STREET", "社区": "COMMUNITY"}
FORMS: Mapping[str, Value] = {
    "物业企业": "PROPERTY_COMPANY",
    "社区代管": "COMMUNITY_RUN",
    "业主自治": "OWNER_SELF_GOVERNED",
    "单位代管": "WORK_UNIT_RUN",
}
COMPOUND_KINDS: Mapping[str, Value] = {
    "商品房": "COMMODITY",
    "保障房": "AFFORDABLE",
    "老旧小区": "OLD_COMPOUND",
    "房改房": "REFORMED_PUBLIC",
    "平房": "BUNGALOW",
    "失管小区": "UNMANAGED",
}
REGIMES: Mapping[str, Value] = {
    "物业服务合同型": "SERVICE_CONTRACT",
    "多方联动共治型": "MULTI_PARTY_COGOVERNANCE",
    "政府托底居民自治型": "GOVERNMENT_BACKSTOP",
}
COMPANY_STATES: Mapping[str, Value] = {"在营": "OPERATING", "退出": "EXITED"}
SECTIONS: Mapping[str, Value] = {
    name: name
    for name in ("综合管理", "房屋本体", "设施设备", "秩序维护", "环境卫生", "绿化养护", "消防安全", "党建与共治")
}
SEVERITIES: Mapping[str, Value] = {"一般": "LOW", "较重": "MODERATE", "严重": "SEVERE", "生命安全": "LIFE_SAFETY"}
BODIES: Mapping[str, Value] = {"街道": "STREET", "社区": "COMMUNITY", "住建局": "BUREAU", "第三方": "THIRD_PARTY"}
INSPECTION_STATES: Mapping[str, Value] = {"已提交": "SUBMITTED", "草稿": "ACCEPTED", "作废": "VOIDED"}
PLACES: Mapping[str, Value] = {"户内": "INDOOR", "公共部位": "COMMON", "室外": "OUTDOOR"}
TICKETS: Mapping[str, Value] = {"投诉举报": "COMPLAINT", "求助": "REQUEST"}
CALLBACKS: Mapping[str, Value] = {"满意": "SATISFIED", "不满意": "DISSATISFIED", "未回访": "NOT_CALLED"}
MEDIATIONS: Mapping[str, Value] = {"诉前调解": "PRE_LITIGATION", "口头调解": "ORAL"}
OUTCOMES: Mapping[str, Value] = {"成功": True, "不成功": False}
CREDITS: Mapping[str, Value] = {"良好": "GOOD", "不良": "BAD", "一票否决": "VETO"}
ENROLLMENTS: Mapping[str, Value] = {"已录取": "CONFIRMED", "候补": "WAITLISTED", "取消": "CANCELLED"}
ACTIONS: Mapping[str, Value] = {"已完成": "DONE", "进行中": "OPEN", "逾期": "OPEN"}
