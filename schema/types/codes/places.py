"""Codes of places and how they are governed."""

from enum import Enum

from schema.codes import codes


@codes("Level of an administrative area.")
class AreaLevel(Enum):
    """Levels."""

    DISTRICT = "区."
    STREET = "街道."
    COMMUNITY = "社区."


@codes("Kind of residential compound (小区类型).")
class CompoundKind(Enum):
    """Kinds of compound."""

    COMMODITY = "Commodity housing (商品房)."
    AFFORDABLE = "Affordable housing (保障房)."
    OLD_COMPOUND = "Old compound (老旧小区)."
    REFORMED_PUBLIC = "Reformed public housing (房改房)."
    BUNGALOW = "Bungalow and alley area (平房)."
    UNMANAGED = "Compound without management (失管小区); a kind on record, whoever runs it now."


@codes("Who runs the compound (管理形式).")
class GovernanceForm(Enum):
    """Forms of governance."""

    PROPERTY_COMPANY = "Property company (物业公司)."
    COMMUNITY_RUN = "Community in trust (社区代管)."
    OWNER_SELF_GOVERNED = "Owners themselves (业主自治)."
    WORK_UNIT_RUN = "Work unit in trust (单位代管)."
    UNMANAGED = "Nobody."


@codes("Governance model (治理模式).")
class GovernanceRegime(Enum):
    """Models of governance."""

    SERVICE_CONTRACT = "Property-service contract (物业服务合同型)."
    MULTI_PARTY_COGOVERNANCE = "Multi-party co-governance (多方联动共治型)."
    GOVERNMENT_BACKSTOP = "Government backstop with self-governance (政府托底居民自治型)."


@codes("Kind of a body other than a property company.")
class OrganisationKind(Enum):
    """Kinds of body."""

    BUREAU = "District housing bureau (房管部门)."
    DEPARTMENT = "District or street department called in (职能部门)."
    STREET = "Sub-district office (街道办事处)."
    COMMUNITY = "Residents' committee or community party branch (社区)."
    WORK_UNIT = "Work unit that runs a compound (单位)."
    OWNERS_COMMITTEE = "Owners' committee (业委会)."
    THIRD_PARTY = "Third-party audit agency (第三方机构)."
