"""Codes of persons."""

from enum import Enum

from schema.codes import codes


@codes("Work role of a person.")
class PersonRole(Enum):
    """Roles at work."""

    LEGAL_REPRESENTATIVE = "法定代表人."
    PROJECT_MANAGER = "项目经理."
    STAFF = "员工."
    INSPECTOR = "检查员."
    OFFICIAL = "街道或部门工作人员."
    RESIDENT = "Volunteer post holder (居民)."
