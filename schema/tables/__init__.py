"""The nouns as they are stored."""

from schema.tables.accounts import Account, AccountChange, ApiKey, Credential, KeyUse, RoleGrant
from schema.tables.base import METADATA, OPEN_DAY
from schema.tables.companies import Company, Engagement, Filing, Standing
from schema.tables.complaints import Complaint, ComplaintCategory, Mediation
from schema.tables.facts import CreditItem, FeePeriod, SurveyRound
from schema.tables.inspections import ChecklistItem, Finding, Inspection
from schema.tables.log import AuditLeaf, AuditPayload, ErasableKey
from schema.tables.meetings import ActionItem, Meeting
from schema.tables.people import Employment, Person
from schema.tables.places import Area, Bundle, Compound, GovernanceSpell
from schema.tables.records import District, ImportBatch, Record
from schema.tables.scores import Cycle, Listing, Recommendation, Rulebook, RulebookVersion, ScoreResult, ScoreRun
from schema.tables.training import Enrollment, TrainingSession

__all__ = [
    "METADATA",
    "OPEN_DAY",
    "Account",
    "AccountChange",
    "ActionItem",
    "ApiKey",
    "Area",
    "AuditLeaf",
    "AuditPayload",
    "Bundle",
    "ChecklistItem",
    "Company",
    "Complaint",
    "ComplaintCategory",
    "Compound",
    "Credential",
    "CreditItem",
    "Cycle",
    "District",
    "Employment",
    "Engagement",
    "Enrollment",
    "ErasableKey",
    "FeePeriod",
    "Filing",
    "Finding",
    "GovernanceSpell",
    "ImportBatch",
    "Inspection",
    "KeyUse",
    "Listing",
    "Mediation",
    "Meeting",
    "Person",
    "Recommendation",
    "Record",
    "RoleGrant",
    "Rulebook",
    "RulebookVersion",
    "ScoreResult",
    "ScoreRun",
    "Standing",
    "SurveyRound",
    "TrainingSession",
]
