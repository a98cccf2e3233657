-- The nouns: districts, records and what is known about them, rulebooks, runs and results.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE district (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_district PRIMARY KEY (id),
    CONSTRAINT uq_district_code UNIQUE (code)
);

CREATE TABLE import_batch (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    as_of DATE NOT NULL,
    state TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    counts JSONB NOT NULL,
    changes JSONB NOT NULL,
    CONSTRAINT pk_import_batch PRIMARY KEY (id),
    CONSTRAINT ck_import_batch_state CHECK (state IN ('APPLIED', 'UNDONE')),
    CONSTRAINT fk_import_batch_district_id FOREIGN KEY(district_id) REFERENCES district (id)
);

CREATE INDEX ix_import_batch_file ON import_batch (district_id, file_sha256);

CREATE TABLE record (
    id UUID NOT NULL,
    district_id UUID,
    noun TEXT NOT NULL,
    key TEXT NOT NULL,
    CONSTRAINT pk_record PRIMARY KEY (id),
    CONSTRAINT uq_record_district_id_noun_key UNIQUE NULLS NOT DISTINCT (district_id, noun, key),
    CONSTRAINT fk_record_district_id FOREIGN KEY(district_id) REFERENCES district (id)
);

CREATE TABLE rulebook (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name JSONB NOT NULL,
    CONSTRAINT pk_rulebook PRIMARY KEY (id),
    CONSTRAINT uq_rulebook_district_id_code UNIQUE (district_id, code),
    CONSTRAINT fk_rulebook_district_id FOREIGN KEY(district_id) REFERENCES district (id)
);

CREATE TABLE action_item (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    meeting_id UUID NOT NULL,
    text TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on DATE NOT NULL,
    state TEXT NOT NULL,
    reported_state TEXT NOT NULL,
    CONSTRAINT pk_action_item PRIMARY KEY (id, version),
    CONSTRAINT ck_action_item_state CHECK (state IN ('OPEN', 'DONE', 'DROPPED')),
    CONSTRAINT ck_action_item_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_action_item_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_action_item_meeting_id FOREIGN KEY(meeting_id) REFERENCES record (id)
);

CREATE INDEX ix_action_item_meeting_id ON action_item (meeting_id);

CREATE UNIQUE INDEX uq_action_item_now ON action_item (id) WHERE superseded_at = 'infinity';

CREATE TABLE area (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    parent_id UUID,
    head TEXT,
    phone TEXT,
    CONSTRAINT pk_area PRIMARY KEY (id, version),
    CONSTRAINT ck_area_level CHECK (level IN ('DISTRICT', 'STREET', 'COMMUNITY')),
    CONSTRAINT ck_area_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_area_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_area_parent_id FOREIGN KEY(parent_id) REFERENCES record (id)
);

CREATE INDEX ix_area_code ON area (district_id, code);

CREATE UNIQUE INDEX uq_area_now ON area (id) WHERE superseded_at = 'infinity';

CREATE TABLE bundle (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_bundle PRIMARY KEY (id, version),
    CONSTRAINT ck_bundle_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_bundle_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE INDEX ix_bundle_code ON bundle (district_id, code);

CREATE UNIQUE INDEX uq_bundle_now ON bundle (id) WHERE superseded_at = 'infinity';

CREATE TABLE checklist_item (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    code TEXT NOT NULL,
    section TEXT NOT NULL,
    section_points NUMERIC(6, 2) NOT NULL,
    text TEXT NOT NULL,
    points_each NUMERIC(6, 2) NOT NULL,
    points_max NUMERIC(6, 2) NOT NULL,
    severity TEXT NOT NULL,
    CONSTRAINT pk_checklist_item PRIMARY KEY (id, version),
    CONSTRAINT ck_checklist_item_severity CHECK (severity IN ('LOW', 'MODERATE', 'SEVERE', 'LIFE_SAFETY')),
    CONSTRAINT ck_checklist_item_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_checklist_item_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE UNIQUE INDEX uq_checklist_item_now ON checklist_item (id) WHERE superseded_at = 'infinity';

CREATE TABLE company (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    uscc TEXT NOT NULL,
    name TEXT NOT NULL,
    name_pinyin TEXT NOT NULL,
    legal_representative TEXT,
    registered_on DATE,
    capital_fen BIGINT,
    phone TEXT,
    CONSTRAINT pk_company PRIMARY KEY (id, version),
    CONSTRAINT ck_company_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_company_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE INDEX ix_company_name ON company (name_pinyin, id);

CREATE UNIQUE INDEX uq_company_now ON company (id) WHERE superseded_at = 'infinity';

CREATE TABLE complaint (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    external_ref TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    received_on DATE NOT NULL,
    compound_id UUID,
    street_id UUID,
    community_id UUID,
    company_id UUID,
    category_code TEXT NOT NULL,
    category_id UUID,
    received_category TEXT,
    item_code TEXT,
    item_name TEXT,
    closed_on DATE,
    duplicate_of_id UUID,
    callback TEXT NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT pk_complaint PRIMARY KEY (id, version),
    CONSTRAINT ck_complaint_channel CHECK (channel IN ('HOTLINE_12345', 'PETITION', 'MEDIA', 'COUNTER', 'PATROL', 'SERVICE_CENTRE')),
    CONSTRAINT ck_complaint_kind CHECK (kind IN ('COMPLAINT', 'REQUEST')),
    CONSTRAINT ck_complaint_callback CHECK (callback IN ('SATISFIED', 'DISSATISFIED', 'NOT_CALLED')),
    CONSTRAINT ck_complaint_state CHECK (state IN ('RECEIVED', 'DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'REPLIED', 'CLOSED', 'REOPENED', 'DUPLICATE', 'NOT_ATTRIBUTABLE')),
    CONSTRAINT ck_complaint_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_complaint_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_complaint_compound_id FOREIGN KEY(compound_id) REFERENCES record (id),
    CONSTRAINT fk_complaint_category_id FOREIGN KEY(category_id) REFERENCES record (id),
    CONSTRAINT fk_complaint_duplicate_of_id FOREIGN KEY(duplicate_of_id) REFERENCES record (id)
);

CREATE INDEX ix_complaint_company ON complaint (company_id, received_on, id) WHERE superseded_at = 'infinity';

CREATE INDEX ix_complaint_compound ON complaint (compound_id, received_on, id) WHERE superseded_at = 'infinity';

CREATE INDEX ix_complaint_received ON complaint (district_id, received_on, id) WHERE superseded_at = 'infinity';

CREATE UNIQUE INDEX uq_complaint_now ON complaint (id) WHERE superseded_at = 'infinity';

CREATE TABLE complaint_category (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    aliases TEXT[] NOT NULL,
    counts_for_score BOOLEAN NOT NULL,
    CONSTRAINT pk_complaint_category PRIMARY KEY (id, version),
    CONSTRAINT ck_complaint_category_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_complaint_category_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE UNIQUE INDEX uq_complaint_category_now ON complaint_category (id) WHERE superseded_at = 'infinity';

CREATE TABLE compound (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    households INTEGER,
    gross_floor_area NUMERIC(12, 2),
    buildings INTEGER,
    built_year INTEGER,
    latitude NUMERIC(9, 6),
    longitude NUMERIC(9, 6),
    owners_committee BOOLEAN,
    contact TEXT,
    phone TEXT,
    CONSTRAINT pk_compound PRIMARY KEY (id, version),
    CONSTRAINT ck_compound_households CHECK (households >= 0),
    CONSTRAINT ck_compound_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_compound_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_compound_street_id FOREIGN KEY(street_id) REFERENCES record (id),
    CONSTRAINT fk_compound_community_id FOREIGN KEY(community_id) REFERENCES record (id)
);

CREATE INDEX ix_compound_code ON compound (district_id, code);

CREATE UNIQUE INDEX uq_compound_now ON compound (id) WHERE superseded_at = 'infinity';

CREATE TABLE credit_item (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    company_id UUID NOT NULL,
    kind TEXT NOT NULL,
    matter TEXT NOT NULL,
    points NUMERIC(8, 2),
    determined_on DATE NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    fine_fen BIGINT,
    issuer TEXT,
    document_no TEXT,
    revoked_on DATE,
    CONSTRAINT pk_credit_item PRIMARY KEY (id, version),
    CONSTRAINT ck_credit_item_kind CHECK (kind IN ('GOOD', 'BAD', 'VETO')),
    CONSTRAINT ck_credit_item_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_credit_item_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_credit_item_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_credit_item_company_id ON credit_item (company_id);

CREATE UNIQUE INDEX uq_credit_item_now ON credit_item (id) WHERE superseded_at = 'infinity';

CREATE TABLE cycle (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    rulebook_id UUID NOT NULL,
    label VARCHAR NOT NULL,
    kind TEXT NOT NULL,
    ground TEXT NOT NULL,
    state TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    evaluated_on DATE NOT NULL,
    whole_id UUID,
    CONSTRAINT pk_cycle PRIMARY KEY (id),
    CONSTRAINT uq_cycle_district_id_rulebook_id_label UNIQUE (district_id, rulebook_id, label),
    CONSTRAINT ck_cycle_kind CHECK (kind IN ('QUARTER', 'HALF_YEAR', 'YEAR')),
    CONSTRAINT ck_cycle_ground CHECK (ground IN ('REGISTERED', 'ACT', 'CLOCK', 'IMPORTED')),
    CONSTRAINT ck_cycle_state CHECK (state IN ('PLANNED', 'FIELDWORK', 'RECTIFICATION', 'SCORING', 'PROVISIONAL', 'APPEALS', 'FINAL', 'ARCHIVED')),
    CONSTRAINT fk_cycle_district_id FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT fk_cycle_rulebook_id FOREIGN KEY(rulebook_id) REFERENCES rulebook (id),
    CONSTRAINT fk_cycle_whole_id FOREIGN KEY(whole_id) REFERENCES cycle (id)
);

CREATE INDEX ix_cycle_newest ON cycle (district_id, last_day, id);

CREATE TABLE employment (
    district_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE DEFAULT 'infinity' NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    person_id UUID NOT NULL,
    company_id UUID NOT NULL,
    role TEXT NOT NULL,
    manager_no TEXT,
    certificate_no TEXT,
    certificate_until DATE,
    filed_on DATE,
    training_hours_total INTEGER,
    CONSTRAINT pk_employment PRIMARY KEY (id, version),
    CONSTRAINT ck_employment_role CHECK (role IN ('LEGAL_REPRESENTATIVE', 'PROJECT_MANAGER', 'STAFF', 'INSPECTOR', 'OFFICIAL', 'RESIDENT')),
    CONSTRAINT ex_employment_one_at_a_time EXCLUDE USING gist (person_id WITH =, role WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at = 'infinity'),
    CONSTRAINT ck_employment_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_employment_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_employment_person_id FOREIGN KEY(person_id) REFERENCES record (id),
    CONSTRAINT fk_employment_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_employment_company_id ON employment (company_id);

CREATE INDEX ix_employment_person_id ON employment (person_id);

CREATE UNIQUE INDEX uq_employment_now ON employment (id) WHERE superseded_at = 'infinity';

CREATE TABLE engagement (
    district_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE DEFAULT 'infinity' NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    contract_no TEXT NOT NULL,
    compound_id UUID NOT NULL,
    company_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    ground TEXT NOT NULL,
    contract_ends_on DATE,
    ended_on DATE,
    fee_fen_per_square_metre NUMERIC(10, 4),
    bundle_id UUID,
    manager_id UUID,
    note TEXT,
    CONSTRAINT pk_engagement PRIMARY KEY (id, version),
    CONSTRAINT ck_engagement_kind CHECK (kind IN ('DEVELOPER_STAGE', 'OWNERS_CONTRACT', 'TRUSTEESHIP', 'EMERGENCY')),
    CONSTRAINT ck_engagement_state CHECK (state IN ('DRAFT', 'FILED', 'ACTIVE', 'ENDING', 'HANDOVER', 'ENDED', 'DISPUTED')),
    CONSTRAINT ck_engagement_ground CHECK (ground IN ('REGISTERED', 'ACT', 'CLOCK', 'IMPORTED')),
    CONSTRAINT ex_engagement_one_at_a_time EXCLUDE USING gist (compound_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at = 'infinity' AND kind <> 'EMERGENCY' AND state NOT IN ('DRAFT', 'FILED')),
    CONSTRAINT ck_engagement_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_engagement_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_engagement_compound_id FOREIGN KEY(compound_id) REFERENCES record (id),
    CONSTRAINT fk_engagement_company_id FOREIGN KEY(company_id) REFERENCES record (id),
    CONSTRAINT fk_engagement_bundle_id FOREIGN KEY(bundle_id) REFERENCES record (id),
    CONSTRAINT fk_engagement_manager_id FOREIGN KEY(manager_id) REFERENCES record (id)
);

CREATE INDEX ix_engagement_company_id ON engagement (company_id);

CREATE INDEX ix_engagement_compound_id ON engagement (compound_id);

CREATE INDEX ix_engagement_contract ON engagement (district_id, contract_no);

CREATE UNIQUE INDEX uq_engagement_now ON engagement (id) WHERE superseded_at = 'infinity';

CREATE TABLE enrollment (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    session_id UUID NOT NULL,
    company_id UUID NOT NULL,
    person_id UUID NOT NULL,
    manager_no TEXT,
    enrolled_on DATE NOT NULL,
    state TEXT NOT NULL,
    minutes_present INTEGER,
    exam_score NUMERIC(5, 2),
    resit_score NUMERIC(5, 2),
    certificate_no TEXT,
    CONSTRAINT pk_enrollment PRIMARY KEY (id, version),
    CONSTRAINT ck_enrollment_state CHECK (state IN ('CONFIRMED', 'WAITLISTED', 'CANCELLED', 'ATTENDED', 'PARTIAL', 'NO_SHOW', 'RESIT', 'PASSED', 'FAILED')),
    CONSTRAINT ck_enrollment_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_enrollment_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_enrollment_session_id FOREIGN KEY(session_id) REFERENCES record (id),
    CONSTRAINT fk_enrollment_company_id FOREIGN KEY(company_id) REFERENCES record (id),
    CONSTRAINT fk_enrollment_person_id FOREIGN KEY(person_id) REFERENCES record (id)
);

CREATE INDEX ix_enrollment_company_id ON enrollment (company_id);

CREATE INDEX ix_enrollment_person_id ON enrollment (person_id);

CREATE INDEX ix_enrollment_session_id ON enrollment (session_id);

CREATE UNIQUE INDEX uq_enrollment_now ON enrollment (id) WHERE superseded_at = 'infinity';

CREATE TABLE fee_period (
    district_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    compound_id UUID NOT NULL,
    company_id UUID NOT NULL,
    period VARCHAR NOT NULL,
    receivable_fen BIGINT NOT NULL,
    collected_fen BIGINT NOT NULL,
    reported_on DATE,
    CONSTRAINT pk_fee_period PRIMARY KEY (id, version),
    CONSTRAINT ck_fee_period_receivable_fen CHECK (receivable_fen >= 0),
    CONSTRAINT ck_fee_period_collected_fen CHECK (collected_fen >= 0),
    CONSTRAINT ck_fee_period_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_fee_period_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_fee_period_compound_id FOREIGN KEY(compound_id) REFERENCES record (id),
    CONSTRAINT fk_fee_period_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_fee_period_company_id ON fee_period (company_id);

CREATE INDEX ix_fee_period_compound_id ON fee_period (compound_id);

CREATE UNIQUE INDEX uq_fee_period_now ON fee_period (id) WHERE superseded_at = 'infinity';

CREATE TABLE filing (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    company_id UUID NOT NULL,
    filed_on DATE,
    reported_state TEXT NOT NULL,
    CONSTRAINT pk_filing PRIMARY KEY (id, version),
    CONSTRAINT ck_filing_reported_state CHECK (reported_state IN ('OPERATING', 'EXITED')),
    CONSTRAINT ck_filing_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_filing_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_filing_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_filing_company_id ON filing (company_id);

CREATE UNIQUE INDEX uq_filing_now ON filing (id) WHERE superseded_at = 'infinity';

CREATE TABLE finding (
    district_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    inspection_id UUID NOT NULL,
    compound_id UUID NOT NULL,
    company_id UUID,
    item_id UUID NOT NULL,
    item_code TEXT NOT NULL,
    severity TEXT NOT NULL,
    occurrences INTEGER NOT NULL,
    place TEXT NOT NULL,
    description TEXT,
    photo TEXT,
    recorded_points NUMERIC(8, 2),
    found_on DATE NOT NULL,
    rectify_by DATE NOT NULL,
    rectified_on DATE,
    repeat BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT pk_finding PRIMARY KEY (id, version),
    CONSTRAINT ck_finding_severity CHECK (severity IN ('LOW', 'MODERATE', 'SEVERE', 'LIFE_SAFETY')),
    CONSTRAINT ck_finding_place CHECK (place IN ('INDOOR', 'COMMON', 'OUTDOOR')),
    CONSTRAINT ck_finding_state CHECK (state IN ('OPEN', 'RECTIFYING', 'RECTIFIED', 'VERIFIED', 'DISPUTED', 'WITHDRAWN', 'WAIVED')),
    CONSTRAINT ck_finding_occurrences CHECK (occurrences >= 1),
    CONSTRAINT ck_finding_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_finding_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_finding_inspection_id FOREIGN KEY(inspection_id) REFERENCES record (id),
    CONSTRAINT fk_finding_item_id FOREIGN KEY(item_id) REFERENCES record (id)
);

CREATE INDEX ix_finding_company ON finding (company_id, rectify_by, id) WHERE superseded_at = 'infinity';

CREATE INDEX ix_finding_compound ON finding (compound_id, rectify_by, id) WHERE superseded_at = 'infinity';

CREATE INDEX ix_finding_deadline ON finding (district_id, rectify_by, id) WHERE superseded_at = 'infinity';

CREATE INDEX ix_finding_inspection ON finding (inspection_id, rectify_by, id) WHERE superseded_at = 'infinity';

CREATE UNIQUE INDEX uq_finding_now ON finding (id) WHERE superseded_at = 'infinity';

CREATE TABLE governance_spell (
    district_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE DEFAULT 'infinity' NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    compound_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    form TEXT NOT NULL,
    regime TEXT,
    covered BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_governance_spell PRIMARY KEY (id, version),
    CONSTRAINT ck_governance_spell_form CHECK (form IN ('PROPERTY_COMPANY', 'COMMUNITY_RUN', 'OWNER_SELF_GOVERNED', 'WORK_UNIT_RUN', 'UNMANAGED')),
    CONSTRAINT ck_governance_spell_regime CHECK (regime IN ('SERVICE_CONTRACT', 'MULTI_PARTY_COGOVERNANCE', 'GOVERNMENT_BACKSTOP')),
    CONSTRAINT ck_governance_spell_kind CHECK (kind IN ('COMMODITY', 'AFFORDABLE', 'OLD_COMPOUND', 'REFORMED_PUBLIC', 'BUNGALOW', 'UNMANAGED')),
    CONSTRAINT ex_governance_spell_one_at_a_time EXCLUDE USING gist (compound_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at = 'infinity'),
    CONSTRAINT ck_governance_spell_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_governance_spell_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_governance_spell_compound_id FOREIGN KEY(compound_id) REFERENCES record (id),
    CONSTRAINT fk_governance_spell_street_id FOREIGN KEY(street_id) REFERENCES record (id),
    CONSTRAINT fk_governance_spell_community_id FOREIGN KEY(community_id) REFERENCES record (id)
);

CREATE INDEX ix_governance_spell_compound_id ON governance_spell (compound_id);

CREATE UNIQUE INDEX uq_governance_spell_now ON governance_spell (id) WHERE superseded_at = 'infinity';

CREATE TABLE inspection (
    district_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    compound_id UUID NOT NULL,
    company_id UUID,
    inspected_on DATE NOT NULL,
    body_kind TEXT NOT NULL,
    body_name TEXT,
    inspector_id UUID,
    state TEXT NOT NULL,
    CONSTRAINT pk_inspection PRIMARY KEY (id, version),
    CONSTRAINT ck_inspection_body_kind CHECK (body_kind IN ('BUREAU', 'DEPARTMENT', 'STREET', 'COMMUNITY', 'THIRD_PARTY')),
    CONSTRAINT ck_inspection_state CHECK (state IN ('ASSIGNED', 'DECLINED', 'ACCEPTED', 'SUBMITTED', 'RETURNED', 'LOCKED', 'VOIDED')),
    CONSTRAINT ck_inspection_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_inspection_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_inspection_compound_id FOREIGN KEY(compound_id) REFERENCES record (id),
    CONSTRAINT fk_inspection_inspector_id FOREIGN KEY(inspector_id) REFERENCES record (id)
);

CREATE INDEX ix_inspection_compound ON inspection (compound_id, inspected_on, id) WHERE superseded_at = 'infinity';

CREATE INDEX ix_inspection_day ON inspection (district_id, inspected_on, id) WHERE superseded_at = 'infinity';

CREATE UNIQUE INDEX uq_inspection_now ON inspection (id) WHERE superseded_at = 'infinity';

CREATE TABLE mediation (
    district_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    compound_id UUID NOT NULL,
    company_id UUID,
    received_on DATE NOT NULL,
    closed_on DATE,
    succeeded BOOLEAN,
    amount_fen BIGINT,
    arrears_recovered_fen BIGINT,
    mediator TEXT,
    CONSTRAINT pk_mediation PRIMARY KEY (id, version),
    CONSTRAINT ck_mediation_kind CHECK (kind IN ('PRE_LITIGATION', 'ORAL', 'FORMAL')),
    CONSTRAINT ck_mediation_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_mediation_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_mediation_compound_id FOREIGN KEY(compound_id) REFERENCES record (id),
    CONSTRAINT fk_mediation_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_mediation_compound_id ON mediation (compound_id);

CREATE UNIQUE INDEX uq_mediation_now ON mediation (id) WHERE superseded_at = 'infinity';

CREATE TABLE meeting (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    quarter VARCHAR NOT NULL,
    held_on DATE NOT NULL,
    chair TEXT NOT NULL,
    participants TEXT,
    present INTEGER,
    venue TEXT,
    minutes TEXT,
    CONSTRAINT pk_meeting PRIMARY KEY (id, version),
    CONSTRAINT ck_meeting_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_meeting_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE UNIQUE INDEX uq_meeting_now ON meeting (id) WHERE superseded_at = 'infinity';

CREATE TABLE person (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    name TEXT NOT NULL,
    phone TEXT,
    organisation TEXT,
    CONSTRAINT pk_person PRIMARY KEY (id, version),
    CONSTRAINT ck_person_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_person_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE UNIQUE INDEX uq_person_now ON person (id) WHERE superseded_at = 'infinity';

CREATE TABLE rulebook_version (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    rulebook_id UUID NOT NULL,
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    ground TEXT,
    content_hash TEXT NOT NULL,
    text VARCHAR NOT NULL,
    plan VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    in_force_from DATE NOT NULL,
    in_force_until DATE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rulebook_version PRIMARY KEY (id),
    CONSTRAINT uq_rulebook_version_rulebook_id_number UNIQUE (rulebook_id, number),
    CONSTRAINT uq_rulebook_version_rulebook_id_content_hash UNIQUE (rulebook_id, content_hash),
    CONSTRAINT ck_rulebook_version_state CHECK (state IN ('DRAFT', 'IN_REVIEW', 'CONSULTATION', 'APPROVED', 'SHADOW', 'IN_FORCE', 'RETIRED', 'REJECTED')),
    CONSTRAINT ck_rulebook_version_ground CHECK (ground IN ('REGISTERED', 'ACT', 'CLOCK', 'IMPORTED')),
    CONSTRAINT fk_rulebook_version_district_id FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT fk_rulebook_version_rulebook_id FOREIGN KEY(rulebook_id) REFERENCES rulebook (id)
);

CREATE TABLE standing (
    district_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE DEFAULT 'infinity' NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    company_id UUID NOT NULL,
    kind TEXT NOT NULL,
    ground TEXT NOT NULL,
    CONSTRAINT pk_standing PRIMARY KEY (id, version),
    CONSTRAINT ck_standing_kind CHECK (kind IN ('APPLICANT', 'ADMITTED', 'WATCH', 'RESTRICTED', 'EXITING', 'EXITED', 'READMISSION_REVIEW')),
    CONSTRAINT ck_standing_ground CHECK (ground IN ('REGISTERED', 'ACT', 'CLOCK', 'IMPORTED')),
    CONSTRAINT ex_standing_one_at_a_time EXCLUDE USING gist (district_id WITH =, company_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at = 'infinity'),
    CONSTRAINT ck_standing_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_standing_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_standing_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_standing_company_id ON standing (company_id);

CREATE UNIQUE INDEX uq_standing_now ON standing (id) WHERE superseded_at = 'infinity';

CREATE TABLE survey_round (
    district_id UUID NOT NULL,
    street_id UUID NOT NULL,
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    compound_id UUID NOT NULL,
    company_id UUID,
    held_on DATE NOT NULL,
    agency TEXT,
    sample INTEGER NOT NULL,
    responses INTEGER NOT NULL,
    score NUMERIC(6, 2) NOT NULL,
    CONSTRAINT pk_survey_round PRIMARY KEY (id, version),
    CONSTRAINT ck_survey_round_sample CHECK (sample >= 1),
    CONSTRAINT ck_survey_round_responses CHECK (responses >= 0),
    CONSTRAINT ck_survey_round_score CHECK (score >= 0),
    CONSTRAINT ck_survey_round_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_survey_round_id FOREIGN KEY(id) REFERENCES record (id),
    CONSTRAINT fk_survey_round_compound_id FOREIGN KEY(compound_id) REFERENCES record (id)
);

CREATE INDEX ix_survey_round_company_id ON survey_round (company_id);

CREATE INDEX ix_survey_round_compound_id ON survey_round (compound_id);

CREATE UNIQUE INDEX uq_survey_round_now ON survey_round (id) WHERE superseded_at = 'infinity';

CREATE TABLE training_session (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    batch_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE DEFAULT 'infinity' NOT NULL,
    superseded_by UUID,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    period VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    seats INTEGER NOT NULL,
    hours NUMERIC(6, 1) NOT NULL,
    venue TEXT,
    CONSTRAINT pk_training_session PRIMARY KEY (id, version),
    CONSTRAINT ck_training_session_seats CHECK (seats >= 0),
    CONSTRAINT ck_training_session_knowledge CHECK (recorded_at < superseded_at),
    CONSTRAINT fk_training_session_id FOREIGN KEY(id) REFERENCES record (id)
);

CREATE UNIQUE INDEX uq_training_session_now ON training_session (id) WHERE superseded_at = 'infinity';

CREATE TABLE score_run (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    cycle_id UUID NOT NULL,
    rulebook_version_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    valid_at TIMESTAMP WITH TIME ZONE NOT NULL,
    known_at TIMESTAMP WITH TIME ZONE NOT NULL,
    engine_version TEXT NOT NULL,
    rulebook_hash TEXT NOT NULL,
    evidence_hash TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    result_hash TEXT NOT NULL,
    part_ids JSONB NOT NULL,
    history_ids JSONB NOT NULL,
    settings JSONB NOT NULL,
    remembered JSONB NOT NULL,
    evidence_rows INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_score_run PRIMARY KEY (id),
    CONSTRAINT ck_score_run_kind CHECK (kind IN ('OFFICIAL', 'PREVIEW', 'SHADOW', 'BACKTEST', 'REPLAY')),
    CONSTRAINT ck_score_run_state CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    CONSTRAINT uq_score_run_cycle_id_input_hash_kind UNIQUE (cycle_id, input_hash, kind),
    CONSTRAINT fk_score_run_district_id FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT fk_score_run_cycle_id FOREIGN KEY(cycle_id) REFERENCES cycle (id),
    CONSTRAINT fk_score_run_rulebook_version_id FOREIGN KEY(rulebook_version_id) REFERENCES rulebook_version (id)
);

CREATE INDEX ix_score_run_cycle_id ON score_run (cycle_id);

CREATE TABLE score_result (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    grain TEXT NOT NULL,
    subject VARCHAR NOT NULL,
    company_id UUID,
    compound_id UUID,
    street_id UUID,
    community_id UUID,
    non_value TEXT,
    reasons JSONB NOT NULL,
    total NUMERIC(18, 6),
    band TEXT,
    band_by_score TEXT,
    rank INTEGER,
    listed TEXT,
    recommendation TEXT,
    measures JSONB NOT NULL,
    period_from DATE NOT NULL,
    sort_rank INTEGER NOT NULL,
    CONSTRAINT pk_score_result PRIMARY KEY (id),
    CONSTRAINT uq_score_result_run_id_grain_subject UNIQUE (run_id, grain, subject),
    CONSTRAINT ck_score_result_listed CHECK (listed IN ('RED', 'YELLOW', 'BLACK')),
    CONSTRAINT ck_score_result_non_value CHECK (non_value IN ('NOT_APPLICABLE', 'MISSING_AS_ZERO', 'PENDING', 'NOT_RATED', 'RESULT_WITHOUT_INPUTS')),
    CONSTRAINT ck_score_result_subject CHECK (company_id IS NOT NULL OR compound_id IS NOT NULL),
    CONSTRAINT fk_score_result_district_id FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT fk_score_result_run_id FOREIGN KEY(run_id) REFERENCES score_run (id),
    CONSTRAINT fk_score_result_company_id FOREIGN KEY(company_id) REFERENCES record (id),
    CONSTRAINT fk_score_result_compound_id FOREIGN KEY(compound_id) REFERENCES record (id)
);

CREATE INDEX ix_score_result_company ON score_result (company_id, run_id);

CREATE INDEX ix_score_result_compound ON score_result (compound_id, period_from, id);

CREATE INDEX ix_score_result_rank ON score_result (run_id, sort_rank, id);

CREATE TABLE listing (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    cycle_id UUID NOT NULL,
    run_id UUID NOT NULL,
    result_id UUID NOT NULL,
    company_id UUID,
    compound_id UUID,
    colour TEXT NOT NULL,
    clause TEXT,
    state TEXT NOT NULL,
    CONSTRAINT pk_listing PRIMARY KEY (id),
    CONSTRAINT ck_listing_colour CHECK (colour IN ('RED', 'YELLOW', 'BLACK')),
    CONSTRAINT ck_listing_state CHECK (state IN ('PROPOSED', 'PUBLISHED', 'REMOVED')),
    CONSTRAINT uq_listing_run_id_result_id_colour UNIQUE (run_id, result_id, colour),
    CONSTRAINT fk_listing_district_id FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT fk_listing_cycle_id FOREIGN KEY(cycle_id) REFERENCES cycle (id),
    CONSTRAINT fk_listing_run_id FOREIGN KEY(run_id) REFERENCES score_run (id),
    CONSTRAINT fk_listing_result_id FOREIGN KEY(result_id) REFERENCES score_result (id),
    CONSTRAINT fk_listing_company_id FOREIGN KEY(company_id) REFERENCES record (id),
    CONSTRAINT fk_listing_compound_id FOREIGN KEY(compound_id) REFERENCES record (id)
);

CREATE INDEX ix_listing_company_id ON listing (company_id);

CREATE INDEX ix_listing_run_id ON listing (run_id);

CREATE TABLE recommendation (
    district_id UUID NOT NULL,
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    result_id UUID NOT NULL,
    company_id UUID,
    code TEXT NOT NULL,
    clause TEXT,
    CONSTRAINT pk_recommendation PRIMARY KEY (id),
    CONSTRAINT uq_recommendation_result_id UNIQUE (result_id),
    CONSTRAINT fk_recommendation_district_id FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT fk_recommendation_run_id FOREIGN KEY(run_id) REFERENCES score_run (id),
    CONSTRAINT fk_recommendation_result_id FOREIGN KEY(result_id) REFERENCES score_result (id),
    CONSTRAINT fk_recommendation_company_id FOREIGN KEY(company_id) REFERENCES record (id)
);

CREATE INDEX ix_recommendation_run_id ON recommendation (run_id);

-- What is known is never overwritten: a row may only be closed, once, or re-attributed to the company in charge.
CREATE FUNCTION keep_knowledge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['superseded_at', 'superseded_by'] || TG_ARGV::text[];
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

CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON action_item FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON action_item FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON area FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON area FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON bundle FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON bundle FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON checklist_item FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON checklist_item FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON company FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON company FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON complaint FOR EACH ROW EXECUTE FUNCTION keep_knowledge('company_id');
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON complaint FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON complaint_category FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON complaint_category FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON compound FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON compound FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON credit_item FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON credit_item FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON employment FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON employment FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON engagement FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON engagement FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON enrollment FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON enrollment FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON fee_period FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON fee_period FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON filing FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON filing FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON finding FOR EACH ROW EXECUTE FUNCTION keep_knowledge('company_id');
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON finding FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON governance_spell FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON governance_spell FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON inspection FOR EACH ROW EXECUTE FUNCTION keep_knowledge('company_id');
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON inspection FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON mediation FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON mediation FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON meeting FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON meeting FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON person FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON standing FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON standing FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON survey_round FOR EACH ROW EXECUTE FUNCTION keep_knowledge('company_id');
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON survey_round FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge BEFORE UPDATE OR DELETE ON training_session FOR EACH ROW EXECUTE FUNCTION keep_knowledge();
CREATE TRIGGER keep_knowledge_whole BEFORE TRUNCATE ON training_session FOR EACH STATEMENT EXECUTE FUNCTION keep_knowledge();

-- The application reads and adds; it closes rows and moves states; it removes nothing.
GRANT USAGE ON SCHEMA public TO zhunze_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO zhunze_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO zhunze_app;
REVOKE INSERT, UPDATE ON alembic_version FROM zhunze_app;
