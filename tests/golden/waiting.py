"""What the clients' operations ask for that is not served yet, and what each of it waits for."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit

ACTIONS = "the acts that move the record, and their guards"
PUBLISHING = "publishResults: ratings, their states, certificates"
DECIDING = "proposeDecision and advanceDecision"
ASSIGNING = "openCycle, assignInspections and submitInspections"
SCHEDULING = "scheduleTraining and recordTrainingResults: courses, states of sessions, the duty to train"
BODIES = "a register of bodies other than companies"
SHEETS = "updateOperationsSheet"
ESCALATING = "raiseEscalation"
CASES = "recordComplaint and advanceComplaint: deadlines, the resident's word"
TAXONOMY = "the import of a taxonomy with two levels"
RULES = "saveRulebookDraft and advanceRulebook: drafts, approvals, their lint, what is put forward"
RUNS = "startScoreRun: jobs, comparison, sealed bundles"
SCORING = "figures that official runs do not store yet"
RULINGS = "appeals: points after a ruling"

WAITING: Mapping[str, str] = {
    "ActionItem.organisation": BODIES,
    "Band.shareMax": "bands by rank in the rulebook language",
    "Company.aliases": "registerCompany",
    "Company.appeals": "fileAppeal",
    "Company.decisions": DECIDING,
    "Company.eligibility": DECIDING,
    "Company.rating": PUBLISHING,
    "Company.ratings": PUBLISHING,
    "Company.training": SCHEDULING,
    "CompanyFilter.notTrainedIn": SCHEDULING,
    "Complaint.dueAt": CASES,
    "ComplaintCategory.groupLabel": TAXONOMY,
    "ComplaintStats.resolutionRate": CASES,
    "CompoundPin.bandCode": PUBLISHING,
    "CreditItem.code": RULES,
    "CreditItem.finalPoints": RULINGS,
    "Cycle.allowedActions": ACTIONS,
    "Cycle.appealBy": PUBLISHING,
    "Cycle.fairness": ASSIGNING,
    "Cycle.progress": ASSIGNING,
    "Cycle.publication": PUBLISHING,
    "Cycle.quality": "advanceCycle: the data-quality gate",
    "Cycle.trainingNeeds": SCHEDULING,
    "DecisionRule.appealSuspends": DECIDING,
    "DecisionRule.approvalsNeeded": DECIDING,
    "DecisionRule.noticeDays": DECIDING,
    "DecisionRule.proposes": DECIDING,
    "Enrollment.allowedActions": ACTIONS,
    "Enrollment.priority": SCHEDULING,
    "Finding.allowedActions": ACTIONS,
    "Finding.finalPoints": RULINGS,
    "Finding.rectifications": "advanceFinding",
    "GovernanceSpell.body": BODIES,
    "Inspection.allowedActions": ACTIONS,
    "Inspection.conflicts": ASSIGNING,
    "Inspection.contentHash": ASSIGNING,
    "Inspection.doubleOf": ASSIGNING,
    "Inspection.dueOn": ASSIGNING,
    "Inspection.template": ASSIGNING,
    "Inspection.unannounced": ASSIGNING,
    "AuditEntry.after": "acts that change records one by one",
    "AuditEntry.before": "acts that change records one by one",
    "OperationsSheet.buildings": SHEETS,
    "OperationsSheet.facilities": SHEETS,
    "OperationsSheet.openEscalations": ESCALATING,
    "OperationsSheet.partyMembers": SHEETS,
    "OperationsSheet.posts": SHEETS,
    "OperationsSheet.problems": ACTIONS,
    "PeriodReport.escalations": ESCALATING,
    "PeriodReport.training": SCHEDULING,
    "Person.certificates": "issueCertificates",
    "Person.creditPoints": "rulebooks that score managers, run officially",
    "Person.hours": SCHEDULING,
    "Query.auditProof": "signed checkpoints of the log",
    "Query.eligibility": DECIDING,
    "Query.escalations": ESCALATING,
    "Query.ratings": PUBLISHING,
    "Query.trainingCertificates": "issueCertificates",
    "Query.verifyCertificate": "issueCertificates",
    "Query.workQueue": ACTIONS,
    "Recommendation.proposes": DECIDING,
    "RulebookVersion.approvals": RULES,
    "RulebookVersion.backtest": RULES,
    "RulebookVersion.draftedBy": RULES,
    "RulebookVersion.lint": RULES,
    "ScoreLine.cohortMedian": SCORING,
    "ScoreResult.counterfactual": SCORING,
    "ScoreResult.coverage": SCORING,
    "ScoreResult.stability": SCORING,
    "ScoreResult.vetoes": SCORING,
    "ScoreRun.bundle": RUNS,
    "ScoreRun.compareTo": RUNS,
    "ScoreRun.job": RUNS,
    "SessionFilter.states": SCHEDULING,
    "Standing.conditions": DECIDING,
    "Standing.decision": DECIDING,
    "SurveyRound.high95": "surveys with the spread of their answers",
    "SurveyRound.low95": "surveys with the spread of their answers",
    "TrainingSession.allowedActions": ACTIONS,
    "TrainingSession.course": SCHEDULING,
    "TrainingSession.enrolBy": SCHEDULING,
    "TrainingSession.quotaPerCompany": SCHEDULING,
    "TrainingSession.state": SCHEDULING,
}
"""By field of a served type; fields of types that are not served at all wait with whatever leads to them."""


def missing(document: str, contract: GraphQLSchema, served: GraphQLSchema) -> set[str]:
    """Fields, arguments and members of inputs that the document selects and the served schema does not have."""
    info = TypeInfo(contract)
    looking = Missing(info, served)
    visit(parse(document), TypeInfoVisitor(info, looking))
    return looking.found


class Missing(Visitor):
    """Collects what a document asks of served types in vain."""

    def __init__(self, info: TypeInfo, served: GraphQLSchema) -> None:
        super().__init__()
        self.info = info
        self.served = served
        self.found: set[str] = set()

    def enter_field(self, node: Any, *_: Any) -> None:
        """A field and its arguments."""
        parent = self.info.get_parent_type()
        name = node.name.value
        fields = self._fields(parent)
        if fields is None or name.startswith("__"):
            return
        if name not in fields:
            self.found.add(f"{parent}.{name}")
        else:
            self.found.update(f"{parent}.{name}({each})" for each in self._unknown(node, fields[name]))

    def enter_object_field(self, node: Any, *_: Any) -> None:
        """A member of an input."""
        parent = self.info.get_parent_input_type()
        fields = self._fields(parent and get_named_type(parent))
        if fields is not None and node.name.value not in fields:
            self.found.add(f"{get_named_type(parent)}.{node.name.value}")

    def _fields(self, parent: Any) -> Mapping[str, Any] | None:
        mine: Any = self.served.type_map.get(getattr(parent, "name", ""))
        return getattr(mine, "fields", None)

    def _unknown(self, node: Any, field: Any) -> Iterator[str]:
        return (each.name.value for each in node.arguments or () if each.name.value not in field.args)
