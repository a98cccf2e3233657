-- Row scope: masked twins of personal columns, row-level security, and what each kind of viewer may read.

-- A personal column and its masked twin: 张*, 138****1234.
ALTER TABLE person
    ADD COLUMN name_masked TEXT GENERATED ALWAYS AS (left(name, 1) || '*') STORED,
    ADD COLUMN phone_masked TEXT GENERATED ALWAYS AS (
        CASE WHEN length(phone) > 7 THEN left(phone, 3) || repeat('*', length(phone) - 7) || right(phone, 4)
        ELSE repeat('*', length(phone)) END
    ) STORED;
ALTER TABLE company
    ADD COLUMN legal_representative_masked TEXT GENERATED ALWAYS AS (left(legal_representative, 1) || '*') STORED;

-- A trigger before the row does not see generated columns, so they are left out of the comparison.
CREATE OR REPLACE FUNCTION keep_knowledge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY[
        'superseded_at', 'superseded_by', 'name_masked', 'phone_masked', 'legal_representative_masked'
    ] || TG_ARGV::text[];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free OR OLD.superseded_at <> 'infinity' THEN
        RAISE EXCEPTION '% is append-only: version % of % is closed or would change', TG_TABLE_NAME, OLD.version, OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- Lists of a street, a community, a company or an agency are found without reading the district's.
CREATE INDEX ix_inspection_company ON inspection (company_id, inspected_on, id) WHERE superseded_at = 'infinity';
CREATE INDEX ix_inspection_street ON inspection (street_id) WHERE superseded_at = 'infinity';
CREATE INDEX ix_inspection_community ON inspection (community_id) WHERE superseded_at = 'infinity';
CREATE INDEX ix_inspection_body ON inspection (district_id, body_name)
    WHERE superseded_at = 'infinity' AND body_kind = 'THIRD_PARTY';
CREATE INDEX ix_finding_street ON finding (street_id) WHERE superseded_at = 'infinity';
CREATE INDEX ix_finding_community ON finding (community_id) WHERE superseded_at = 'infinity';
CREATE INDEX ix_complaint_street ON complaint (street_id) WHERE superseded_at = 'infinity';
CREATE INDEX ix_complaint_community ON complaint (community_id) WHERE superseded_at = 'infinity';

-- Program and owner see and write every row, once they have said for whom they work; each kind of viewer sees its own.

ALTER TABLE area ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON area TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON area FOR SELECT TO zhunze_public USING (
    area.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON area FOR SELECT TO zhunze_auditor USING (
    area.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON area FOR SELECT TO zhunze_cycle_auditor USING (
    area.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON area FOR SELECT TO zhunze_bureau USING (
    area.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE compound ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON compound TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON compound FOR SELECT TO zhunze_public USING (
    compound.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON compound FOR SELECT TO zhunze_auditor USING (
    compound.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON compound FOR SELECT TO zhunze_cycle_auditor USING (
    compound.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON compound FOR SELECT TO zhunze_bureau USING (
    compound.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE governance_spell ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON governance_spell TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON governance_spell FOR SELECT TO zhunze_public USING (
    governance_spell.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON governance_spell FOR SELECT TO zhunze_auditor USING (
    governance_spell.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON governance_spell FOR SELECT TO zhunze_cycle_auditor USING (
    governance_spell.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON governance_spell FOR SELECT TO zhunze_bureau USING (
    governance_spell.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE bundle ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON bundle TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON bundle FOR SELECT TO zhunze_public USING (
    bundle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON bundle FOR SELECT TO zhunze_auditor USING (
    bundle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON bundle FOR SELECT TO zhunze_cycle_auditor USING (
    bundle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON bundle FOR SELECT TO zhunze_bureau USING (
    bundle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE company ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON company TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON company FOR SELECT TO zhunze_public USING (
    EXISTS (SELECT 1 FROM filing f WHERE f.company_id = company.id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND f.superseded_at = 'infinity' AND f.reported_state = 'OPERATING')
);
CREATE POLICY viewer_company ON company FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND company.id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON company FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND EXISTS (SELECT 1 FROM engagement g WHERE g.company_id = company.id AND g.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND g.superseded_at = 'infinity' AND (g.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR g.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[])))
);
CREATE POLICY viewer_training ON company FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND EXISTS (SELECT 1 FROM filing f WHERE f.company_id = company.id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_rules ON company FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND EXISTS (SELECT 1 FROM filing f WHERE f.company_id = company.id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_auditor ON company FOR SELECT TO zhunze_auditor USING (
    EXISTS (SELECT 1 FROM filing f WHERE f.company_id = company.id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_cycle_auditor ON company FOR SELECT TO zhunze_cycle_auditor USING (
    EXISTS (SELECT 1 FROM filing f WHERE f.company_id = company.id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON company FOR SELECT TO zhunze_bureau USING (
    EXISTS (SELECT 1 FROM filing f WHERE f.company_id = company.id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);

ALTER TABLE filing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON filing TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON filing FOR SELECT TO zhunze_public USING (
    filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND filing.reported_state = 'OPERATING'
);
CREATE POLICY viewer_company ON filing FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND filing.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON filing FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_training ON filing FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_rules ON filing FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON filing FOR SELECT TO zhunze_auditor USING (
    filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON filing FOR SELECT TO zhunze_cycle_auditor USING (
    filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON filing FOR SELECT TO zhunze_bureau USING (
    filing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE standing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON standing TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON standing FOR SELECT TO zhunze_public USING (
    standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND EXISTS (SELECT 1 FROM filing f WHERE f.company_id = standing.company_id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND f.superseded_at = 'infinity' AND f.reported_state = 'OPERATING')
);
CREATE POLICY viewer_company ON standing FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND standing.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON standing FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND EXISTS (SELECT 1 FROM engagement g WHERE g.company_id = standing.company_id AND g.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND g.superseded_at = 'infinity' AND (g.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR g.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[])))
);
CREATE POLICY viewer_training ON standing FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND EXISTS (SELECT 1 FROM filing f WHERE f.company_id = standing.company_id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_rules ON standing FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND EXISTS (SELECT 1 FROM filing f WHERE f.company_id = standing.company_id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_auditor ON standing FOR SELECT TO zhunze_auditor USING (
    standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON standing FOR SELECT TO zhunze_cycle_auditor USING (
    standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON standing FOR SELECT TO zhunze_bureau USING (
    standing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE engagement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON engagement TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON engagement FOR SELECT TO zhunze_public USING (
    engagement.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND EXISTS (SELECT 1 FROM filing f WHERE f.company_id = engagement.company_id AND f.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND f.superseded_at = 'infinity' AND f.reported_state = 'OPERATING')
);
CREATE POLICY viewer_company ON engagement FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND engagement.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND engagement.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON engagement FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND engagement.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (engagement.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR engagement.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_auditor ON engagement FOR SELECT TO zhunze_auditor USING (
    engagement.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON engagement FOR SELECT TO zhunze_cycle_auditor USING (
    engagement.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON engagement FOR SELECT TO zhunze_bureau USING (
    engagement.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON person TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON person FOR SELECT TO zhunze_public USING (
    person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND person.id = (SELECT nullif(current_setting('app.person', true), '')::uuid)
);
CREATE POLICY viewer_company ON person FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (EXISTS (SELECT 1 FROM employment p WHERE p.person_id = person.id AND p.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND p.superseded_at = 'infinity' AND p.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid) AND p.valid_to > current_date) OR EXISTS (SELECT 1 FROM enrollment p WHERE p.person_id = person.id AND p.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND p.superseded_at = 'infinity' AND p.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)))
);
CREATE POLICY viewer_inspector ON person FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (EXISTS (SELECT 1 FROM engagement g WHERE g.manager_id = person.id AND g.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND g.superseded_at = 'infinity' AND (g.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR g.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))) OR EXISTS (SELECT 1 FROM inspection p WHERE p.inspector_id = person.id AND p.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND p.superseded_at = 'infinity' AND (p.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR p.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))))
);
CREATE POLICY viewer_training ON person FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON person FOR SELECT TO zhunze_auditor USING (
    person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON person FOR SELECT TO zhunze_cycle_auditor USING (
    person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON person FOR SELECT TO zhunze_bureau USING (
    person.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE employment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON employment TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON employment FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND employment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND employment.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON employment FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND employment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND EXISTS (SELECT 1 FROM engagement g WHERE g.manager_id = employment.person_id AND g.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND g.superseded_at = 'infinity' AND g.company_id = employment.company_id AND (g.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR g.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[])))
);
CREATE POLICY viewer_training ON employment FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND employment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON employment FOR SELECT TO zhunze_auditor USING (
    employment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON employment FOR SELECT TO zhunze_cycle_auditor USING (
    employment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON employment FOR SELECT TO zhunze_bureau USING (
    employment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE checklist_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON checklist_item TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON checklist_item FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON checklist_item FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_agency ON checklist_item FOR SELECT TO zhunze_agency USING (
    (SELECT 'agency' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_rules ON checklist_item FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON checklist_item FOR SELECT TO zhunze_auditor USING (
    checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON checklist_item FOR SELECT TO zhunze_cycle_auditor USING (
    checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON checklist_item FOR SELECT TO zhunze_bureau USING (
    checklist_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE inspection ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON inspection TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON inspection FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND inspection.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND inspection.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid) AND inspection.state IN ('SUBMITTED', 'RETURNED', 'LOCKED')
);
CREATE POLICY viewer_inspector ON inspection FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND inspection.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (inspection.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR inspection.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_agency ON inspection FOR SELECT TO zhunze_agency USING (
    (SELECT 'agency' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND inspection.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND inspection.body_kind = 'THIRD_PARTY' AND inspection.body_name = (SELECT nullif(current_setting('app.agency', true), '')::text)
);
CREATE POLICY viewer_auditor ON inspection FOR SELECT TO zhunze_auditor USING (
    inspection.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON inspection FOR SELECT TO zhunze_cycle_auditor USING (
    inspection.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND inspection.inspected_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON inspection FOR SELECT TO zhunze_bureau USING (
    inspection.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE finding ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON finding TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON finding FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND finding.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND finding.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON finding FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND finding.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (finding.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR finding.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_agency ON finding FOR SELECT TO zhunze_agency USING (
    (SELECT 'agency' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND finding.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (finding.compound_id IN (SELECT i.compound_id FROM inspection i WHERE i.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND i.superseded_at = 'infinity' AND i.body_kind = 'THIRD_PARTY' AND i.body_name = (SELECT nullif(current_setting('app.agency', true), '')::text)) OR finding.state IN ('OPEN', 'RECTIFYING', 'DISPUTED') AND finding.company_id IN (SELECT i.company_id FROM inspection i WHERE i.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid) AND i.superseded_at = 'infinity' AND i.body_kind = 'THIRD_PARTY' AND i.body_name = (SELECT nullif(current_setting('app.agency', true), '')::text)))
);
CREATE POLICY viewer_auditor ON finding FOR SELECT TO zhunze_auditor USING (
    finding.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON finding FOR SELECT TO zhunze_cycle_auditor USING (
    finding.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND finding.found_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON finding FOR SELECT TO zhunze_bureau USING (
    finding.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE complaint_category ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON complaint_category TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON complaint_category FOR SELECT TO zhunze_public USING (
    complaint_category.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON complaint_category FOR SELECT TO zhunze_auditor USING (
    complaint_category.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON complaint_category FOR SELECT TO zhunze_cycle_auditor USING (
    complaint_category.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON complaint_category FOR SELECT TO zhunze_bureau USING (
    complaint_category.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE complaint ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON complaint TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON complaint FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND complaint.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND complaint.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON complaint FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND complaint.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (complaint.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR complaint.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_auditor ON complaint FOR SELECT TO zhunze_auditor USING (
    complaint.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON complaint FOR SELECT TO zhunze_cycle_auditor USING (
    complaint.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND complaint.received_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON complaint FOR SELECT TO zhunze_bureau USING (
    complaint.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE mediation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON mediation TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON mediation FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND mediation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND mediation.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON mediation FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND mediation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (mediation.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR mediation.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_auditor ON mediation FOR SELECT TO zhunze_auditor USING (
    mediation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON mediation FOR SELECT TO zhunze_cycle_auditor USING (
    mediation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND mediation.received_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON mediation FOR SELECT TO zhunze_bureau USING (
    mediation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE fee_period ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON fee_period TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON fee_period FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND fee_period.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND fee_period.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON fee_period FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND fee_period.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (fee_period.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR fee_period.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_auditor ON fee_period FOR SELECT TO zhunze_auditor USING (
    fee_period.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON fee_period FOR SELECT TO zhunze_cycle_auditor USING (
    fee_period.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND fee_period.period IN (SELECT c.label FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON fee_period FOR SELECT TO zhunze_bureau USING (
    fee_period.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE survey_round ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON survey_round TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON survey_round FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND survey_round.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND survey_round.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON survey_round FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND survey_round.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (survey_round.street_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]) OR survey_round.community_id = ANY((SELECT nullif(current_setting('app.areas', true), '')::uuid[])::uuid[]))
);
CREATE POLICY viewer_auditor ON survey_round FOR SELECT TO zhunze_auditor USING (
    survey_round.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON survey_round FOR SELECT TO zhunze_cycle_auditor USING (
    survey_round.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND survey_round.held_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON survey_round FOR SELECT TO zhunze_bureau USING (
    survey_round.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE credit_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON credit_item TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON credit_item FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND credit_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND credit_item.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON credit_item FOR SELECT TO zhunze_auditor USING (
    credit_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON credit_item FOR SELECT TO zhunze_cycle_auditor USING (
    credit_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND credit_item.determined_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON credit_item FOR SELECT TO zhunze_bureau USING (
    credit_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE training_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON training_session TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON training_session FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_inspector ON training_session FOR SELECT TO zhunze_inspector USING (
    (SELECT 'inspector' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_agency ON training_session FOR SELECT TO zhunze_agency USING (
    (SELECT 'agency' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_training ON training_session FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON training_session FOR SELECT TO zhunze_auditor USING (
    training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON training_session FOR SELECT TO zhunze_cycle_auditor USING (
    training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON training_session FOR SELECT TO zhunze_bureau USING (
    training_session.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE enrollment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON enrollment TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_company ON enrollment FOR SELECT TO zhunze_company USING (
    (SELECT 'company' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND enrollment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND enrollment.company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)
);
CREATE POLICY viewer_training ON enrollment FOR SELECT TO zhunze_training USING (
    (SELECT 'training' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND enrollment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON enrollment FOR SELECT TO zhunze_auditor USING (
    enrollment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON enrollment FOR SELECT TO zhunze_cycle_auditor USING (
    enrollment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON enrollment FOR SELECT TO zhunze_bureau USING (
    enrollment.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE meeting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON meeting TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_auditor ON meeting FOR SELECT TO zhunze_auditor USING (
    meeting.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON meeting FOR SELECT TO zhunze_cycle_auditor USING (
    meeting.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND meeting.held_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON meeting FOR SELECT TO zhunze_bureau USING (
    meeting.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE action_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON action_item TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_auditor ON action_item FOR SELECT TO zhunze_auditor USING (
    action_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON action_item FOR SELECT TO zhunze_cycle_auditor USING (
    action_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND action_item.meeting_id IN (SELECT m.id FROM meeting m WHERE m.held_on BETWEEN (SELECT c.first_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)) AND (SELECT c.last_day FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)))
);
CREATE POLICY viewer_bureau ON action_item FOR SELECT TO zhunze_bureau USING (
    action_item.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE rulebook ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON rulebook TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON rulebook FOR SELECT TO zhunze_public USING (
    rulebook.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON rulebook FOR SELECT TO zhunze_auditor USING (
    rulebook.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON rulebook FOR SELECT TO zhunze_cycle_auditor USING (
    rulebook.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON rulebook FOR SELECT TO zhunze_bureau USING (
    rulebook.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE rulebook_version ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON rulebook_version TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON rulebook_version FOR SELECT TO zhunze_public USING (
    rulebook_version.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND rulebook_version.state IN ('IN_FORCE', 'RETIRED')
);
CREATE POLICY viewer_rules ON rulebook_version FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND rulebook_version.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON rulebook_version FOR SELECT TO zhunze_auditor USING (
    rulebook_version.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON rulebook_version FOR SELECT TO zhunze_cycle_auditor USING (
    rulebook_version.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON rulebook_version FOR SELECT TO zhunze_bureau USING (
    rulebook_version.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE cycle ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON cycle TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON cycle FOR SELECT TO zhunze_public USING (
    cycle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON cycle FOR SELECT TO zhunze_auditor USING (
    cycle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON cycle FOR SELECT TO zhunze_cycle_auditor USING (
    cycle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND (cycle.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid) OR cycle.whole_id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON cycle FOR SELECT TO zhunze_bureau USING (
    cycle.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE score_run ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON score_run TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_rules ON score_run FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND score_run.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON score_run FOR SELECT TO zhunze_auditor USING (
    score_run.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON score_run FOR SELECT TO zhunze_cycle_auditor USING (
    score_run.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND score_run.cycle_id IN (SELECT c.id FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid) OR c.whole_id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON score_run FOR SELECT TO zhunze_bureau USING (
    score_run.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE score_result ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON score_result TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_rules ON score_result FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND score_result.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON score_result FOR SELECT TO zhunze_auditor USING (
    score_result.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON score_result FOR SELECT TO zhunze_cycle_auditor USING (
    score_result.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND score_result.run_id IN (SELECT r.id FROM score_run r WHERE r.cycle_id IN (SELECT c.id FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid) OR c.whole_id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)))
);
CREATE POLICY viewer_bureau ON score_result FOR SELECT TO zhunze_bureau USING (
    score_result.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE listing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON listing TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_public ON listing FOR SELECT TO zhunze_public USING (
    listing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND listing.state = 'PUBLISHED'
);
CREATE POLICY viewer_rules ON listing FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND listing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON listing FOR SELECT TO zhunze_auditor USING (
    listing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON listing FOR SELECT TO zhunze_cycle_auditor USING (
    listing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND listing.run_id IN (SELECT r.id FROM score_run r WHERE r.cycle_id IN (SELECT c.id FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid) OR c.whole_id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)))
);
CREATE POLICY viewer_bureau ON listing FOR SELECT TO zhunze_bureau USING (
    listing.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE recommendation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON recommendation TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_rules ON recommendation FOR SELECT TO zhunze_rules USING (
    (SELECT 'rules' = ANY (string_to_array(current_setting('app.kinds', true), ',')))
    AND recommendation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_auditor ON recommendation FOR SELECT TO zhunze_auditor USING (
    recommendation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON recommendation FOR SELECT TO zhunze_cycle_auditor USING (
    recommendation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
    AND recommendation.run_id IN (SELECT r.id FROM score_run r WHERE r.cycle_id IN (SELECT c.id FROM cycle c WHERE c.id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid) OR c.whole_id = (SELECT nullif(current_setting('app.cycle', true), '')::uuid)))
);
CREATE POLICY viewer_bureau ON recommendation FOR SELECT TO zhunze_bureau USING (
    recommendation.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE import_batch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON import_batch TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_bureau ON import_batch FOR SELECT TO zhunze_bureau USING (
    import_batch.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);

ALTER TABLE record ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON record TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_auditor ON record FOR SELECT TO zhunze_auditor USING (
    ((SELECT nullif(current_setting('app.district', true), '')::uuid) IS NOT NULL AND coalesce(record.district_id, (SELECT nullif(current_setting('app.district', true), '')::uuid)) = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_cycle_auditor ON record FOR SELECT TO zhunze_cycle_auditor USING (
    ((SELECT nullif(current_setting('app.district', true), '')::uuid) IS NOT NULL AND coalesce(record.district_id, (SELECT nullif(current_setting('app.district', true), '')::uuid)) = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);
CREATE POLICY viewer_bureau ON record FOR SELECT TO zhunze_bureau USING (
    ((SELECT nullif(current_setting('app.district', true), '')::uuid) IS NOT NULL AND coalesce(record.district_id, (SELECT nullif(current_setting('app.district', true), '')::uuid)) = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);

ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON audit_leaf TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);
CREATE POLICY viewer_auditor ON audit_leaf FOR SELECT TO zhunze_auditor USING (
    audit_leaf.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_cycle_auditor ON audit_leaf FOR SELECT TO zhunze_cycle_auditor USING (
    audit_leaf.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_bureau ON audit_leaf FOR SELECT TO zhunze_bureau USING (
    audit_leaf.district_id = (SELECT nullif(current_setting('app.district', true), '')::uuid)
);
CREATE POLICY viewer_security ON audit_leaf FOR SELECT TO zhunze_security USING (
    ((SELECT nullif(current_setting('app.district', true), '')::uuid) IS NOT NULL AND coalesce(audit_leaf.district_id, (SELECT nullif(current_setting('app.district', true), '')::uuid)) = (SELECT nullif(current_setting('app.district', true), '')::uuid)) AND split_part(audit_leaf.action, '.', 1) IN ('role', 'key', 'session', 'person')
);
CREATE POLICY viewer_audit ON audit_leaf FOR SELECT TO zhunze_audit USING (
    ((SELECT nullif(current_setting('app.district', true), '')::uuid) IS NOT NULL AND coalesce(audit_leaf.district_id, (SELECT nullif(current_setting('app.district', true), '')::uuid)) = (SELECT nullif(current_setting('app.district', true), '')::uuid))
);

ALTER TABLE audit_payload ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON audit_payload TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);

ALTER TABLE erasable_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY program ON erasable_key TO zhunze_app, CURRENT_USER USING ((SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL);

-- Columns that each kind may read: of the rows above, and no personal column that the kind never sees clear.
GRANT USAGE ON SCHEMA public TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT ON district, governance_spell, bundle, filing, standing, engagement, employment, checklist_item,
    inspection, finding, complaint_category, complaint, fee_period, survey_round, credit_item, training_session,
    enrollment, action_item, rulebook, rulebook_version, cycle, score_run, score_result, listing, recommendation,
    audit_leaf TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT ON import_batch TO zhunze_bureau;
GRANT SELECT ON record TO zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT (district_id, id, version, batch_id, recorded_at, superseded_at, superseded_by, code, name, level,
    parent_id) ON area TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT (district_id, id, version, batch_id, recorded_at, superseded_at, superseded_by, code, name, address,
    street_id, community_id, households, gross_floor_area, buildings, built_year, latitude, longitude,
    owners_committee) ON compound TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT (id, version, batch_id, recorded_at, superseded_at, superseded_by, uscc, name, name_pinyin,
    registered_on, capital_fen, legal_representative_masked) ON company TO zhunze_public, zhunze_auditor,
    zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT (legal_representative) ON company TO zhunze_company, zhunze_bureau;
GRANT SELECT (district_id, id, version, batch_id, recorded_at, superseded_at, superseded_by, organisation,
    name_masked, phone_masked) ON person TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT (name, phone) ON person TO zhunze_company, zhunze_inspector, zhunze_training, zhunze_bureau;
GRANT SELECT (district_id, street_id, community_id, id, version, batch_id, recorded_at, superseded_at,
    superseded_by, number, kind, compound_id, company_id, received_on, closed_on, succeeded, amount_fen,
    arrears_recovered_fen) ON mediation TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor, zhunze_bureau;
GRANT SELECT (district_id, id, version, batch_id, recorded_at, superseded_at, superseded_by, number, quarter,
    held_on, present, venue, minutes) ON meeting TO zhunze_public, zhunze_auditor, zhunze_cycle_auditor,
    zhunze_bureau;
