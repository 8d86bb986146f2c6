-- 0002 store: the typed state of every entity of the event contract, and who holds which version
-- Phase: before the code.
-- store.<entity>       the rows; entities with from_at/to_at keep every version (design §11.2)
-- store.<entity>_held  per key the order of the version held and its month; a deletion stays as a tombstone (design §11.1)
-- facts.<entity>       what rules may read: rows in force; facts.<entity>_version where versions are kept
-- Column lists follow monitors/entities.py (tests/sql/test_schema.py holds the two together).
create schema store;
create schema facts;

create table store.region (
    region_code text not null,
    name text,
    level text,
    parent_code text,
    urban_rural text,
    valid_from date,
    valid_to date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (region_code)
);
create table store.region_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.region as select
    region_code, name, level, parent_code, urban_rural, valid_from, valid_to, event_source, event_at,
    name is not null or not ('name' = any(absent)) as name_known,
    level is not null or not ('level' = any(absent)) as level_known,
    parent_code is not null or not ('parent_code' = any(absent)) as parent_code_known,
    urban_rural is not null or not ('urban_rural' = any(absent)) as urban_rural_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known,
    valid_to is not null or not ('valid_to' = any(absent)) as valid_to_known
from store.region;

create table store.unit (
    unit_code text not null,
    name text,
    region_code text,
    kind text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (unit_code)
);
create table store.unit_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.unit as select
    unit_code, name, region_code, kind, event_source, event_at,
    name is not null or not ('name' = any(absent)) as name_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    kind is not null or not ('kind' = any(absent)) as kind_known
from store.unit;

create table store.staff (
    staff_id text not null,
    unit_code text,
    name_key text,
    name_mask text,
    id_number_key text,
    id_number_mask text,
    id_valid boolean,
    id_fault text,
    id_birth_date date,
    id_sex text,
    id_area text,
    role text,
    active_from date,
    active_to date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    from_at timestamptz not null,
    to_at timestamptz,
    primary key (staff_id, from_at)
);
create unique index staff_current on store.staff (staff_id) where to_at is null;
create table store.staff_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.staff_version as select
    staff_id, unit_code, name_key, name_mask, id_number_key, id_number_mask, id_valid, id_fault, id_birth_date, id_sex, id_area, role, active_from, active_to, event_source, event_at,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    name_key is not null or not ('name' = any(absent)) as name_known,
    id_number_key is not null or not ('id_number' = any(absent)) as id_number_known,
    role is not null or not ('role' = any(absent)) as role_known,
    active_from is not null or not ('active_from' = any(absent)) as active_from_known,
    active_to is not null or not ('active_to' = any(absent)) as active_to_known,
    from_at, to_at
from store.staff;
create view facts.staff as select
    staff_id, unit_code, name_key, name_mask, id_number_key, id_number_mask, id_valid, id_fault, id_birth_date, id_sex, id_area, role, active_from, active_to, event_source, event_at,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    name_key is not null or not ('name' = any(absent)) as name_known,
    id_number_key is not null or not ('id_number' = any(absent)) as id_number_known,
    role is not null or not ('role' = any(absent)) as role_known,
    active_from is not null or not ('active_from' = any(absent)) as active_from_known,
    active_to is not null or not ('active_to' = any(absent)) as active_to_known
from store.staff where to_at is null;

create table store.person (
    person_id text not null,
    id_type text,
    id_number_key text,
    id_number_mask text,
    id_valid boolean,
    id_fault text,
    id_birth_date date,
    id_sex text,
    id_area text,
    name_key text,
    name_mask text,
    sex text,
    birth_date date,
    hukou_region text,
    residence_region text,
    phone_key text,
    phone_mask text,
    disability_category text,
    disability_grade integer,
    disability_valid_to date,
    person_key text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    from_at timestamptz not null,
    to_at timestamptz,
    primary key (person_id, from_at)
);
create unique index person_current on store.person (person_id) where to_at is null;
create table store.person_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.person_version as select
    person_id, id_type, id_number_key, id_number_mask, id_valid, id_fault, id_birth_date, id_sex, id_area, name_key, name_mask, sex, birth_date, hukou_region, residence_region, phone_key, phone_mask, disability_category, disability_grade, disability_valid_to, person_key, event_source, event_at,
    id_type is not null or not ('id_type' = any(absent)) as id_type_known,
    id_number_key is not null or not ('id_number' = any(absent)) as id_number_known,
    name_key is not null or not ('name' = any(absent)) as name_known,
    sex is not null or not ('sex' = any(absent)) as sex_known,
    birth_date is not null or not ('birth_date' = any(absent)) as birth_date_known,
    hukou_region is not null or not ('hukou_region' = any(absent)) as hukou_region_known,
    residence_region is not null or not ('residence_region' = any(absent)) as residence_region_known,
    phone_key is not null or not ('phone' = any(absent)) as phone_known,
    disability_category is not null or not ('disability_category' = any(absent)) as disability_category_known,
    disability_grade is not null or not ('disability_grade' = any(absent)) as disability_grade_known,
    disability_valid_to is not null or not ('disability_valid_to' = any(absent)) as disability_valid_to_known,
    from_at, to_at
from store.person;
create view facts.person as select
    person_id, id_type, id_number_key, id_number_mask, id_valid, id_fault, id_birth_date, id_sex, id_area, name_key, name_mask, sex, birth_date, hukou_region, residence_region, phone_key, phone_mask, disability_category, disability_grade, disability_valid_to, person_key, event_source, event_at,
    id_type is not null or not ('id_type' = any(absent)) as id_type_known,
    id_number_key is not null or not ('id_number' = any(absent)) as id_number_known,
    name_key is not null or not ('name' = any(absent)) as name_known,
    sex is not null or not ('sex' = any(absent)) as sex_known,
    birth_date is not null or not ('birth_date' = any(absent)) as birth_date_known,
    hukou_region is not null or not ('hukou_region' = any(absent)) as hukou_region_known,
    residence_region is not null or not ('residence_region' = any(absent)) as residence_region_known,
    phone_key is not null or not ('phone' = any(absent)) as phone_known,
    disability_category is not null or not ('disability_category' = any(absent)) as disability_category_known,
    disability_grade is not null or not ('disability_grade' = any(absent)) as disability_grade_known,
    disability_valid_to is not null or not ('disability_valid_to' = any(absent)) as disability_valid_to_known
from store.person where to_at is null;

create table store.kinship (
    kinship_id text not null,
    person_id text,
    relative_id text,
    relation text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (kinship_id)
);
create table store.kinship_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.kinship as select
    kinship_id, person_id, relative_id, relation, event_source, event_at,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    relative_id is not null or not ('relative_id' = any(absent)) as relative_id_known,
    relation is not null or not ('relation' = any(absent)) as relation_known
from store.kinship;

create table store.household (
    household_id text not null,
    region_code text,
    head_person_id text,
    address_key text,
    address_mask text,
    urban_rural text,
    lon double precision,
    lat double precision,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    from_at timestamptz not null,
    to_at timestamptz,
    primary key (household_id, from_at)
);
create unique index household_current on store.household (household_id) where to_at is null;
create table store.household_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.household_version as select
    household_id, region_code, head_person_id, address_key, address_mask, urban_rural, lon, lat, event_source, event_at,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    head_person_id is not null or not ('head_person_id' = any(absent)) as head_person_id_known,
    address_key is not null or not ('address' = any(absent)) as address_known,
    urban_rural is not null or not ('urban_rural' = any(absent)) as urban_rural_known,
    lon is not null or not ('lon' = any(absent)) as lon_known,
    lat is not null or not ('lat' = any(absent)) as lat_known,
    from_at, to_at
from store.household;
create view facts.household as select
    household_id, region_code, head_person_id, address_key, address_mask, urban_rural, lon, lat, event_source, event_at,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    head_person_id is not null or not ('head_person_id' = any(absent)) as head_person_id_known,
    address_key is not null or not ('address' = any(absent)) as address_known,
    urban_rural is not null or not ('urban_rural' = any(absent)) as urban_rural_known,
    lon is not null or not ('lon' = any(absent)) as lon_known,
    lat is not null or not ('lat' = any(absent)) as lat_known
from store.household where to_at is null;

create table store.household_member (
    member_id text not null,
    household_id text,
    person_id text,
    relation_to_head text,
    counted boolean,
    from_date date,
    to_date date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (member_id)
);
create table store.household_member_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.household_member as select
    member_id, household_id, person_id, relation_to_head, counted, from_date, to_date, event_source, event_at,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    relation_to_head is not null or not ('relation_to_head' = any(absent)) as relation_to_head_known,
    counted is not null or not ('counted' = any(absent)) as counted_known,
    from_date is not null or not ('from_date' = any(absent)) as from_date_known,
    to_date is not null or not ('to_date' = any(absent)) as to_date_known
from store.household_member;

create table store.application (
    application_id text not null,
    programme text,
    path text,
    region_code text,
    unit_code text,
    household_id text,
    applicant_person_id text,
    submitted_at timestamptz,
    kin_flag boolean,
    complaint_flag boolean,
    cross_region boolean,
    publicity_exempt boolean,
    cause text,
    plan_id text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (application_id)
);
create table store.application_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.application as select
    application_id, programme, path, region_code, unit_code, household_id, applicant_person_id, submitted_at, kin_flag, complaint_flag, cross_region, publicity_exempt, cause, plan_id, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    path is not null or not ('path' = any(absent)) as path_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    applicant_person_id is not null or not ('applicant_person_id' = any(absent)) as applicant_person_id_known,
    submitted_at is not null or not ('submitted_at' = any(absent)) as submitted_at_known,
    kin_flag is not null or not ('kin_flag' = any(absent)) as kin_flag_known,
    complaint_flag is not null or not ('complaint_flag' = any(absent)) as complaint_flag_known,
    cross_region is not null or not ('cross_region' = any(absent)) as cross_region_known,
    publicity_exempt is not null or not ('publicity_exempt' = any(absent)) as publicity_exempt_known,
    cause is not null or not ('cause' = any(absent)) as cause_known,
    plan_id is not null or not ('plan_id' = any(absent)) as plan_id_known
from store.application;

create table store.stage (
    stage_id text not null,
    application_id text,
    stage_code text,
    at timestamptz,
    recorded_at timestamptz,
    staff_ids text[],
    unit_code text,
    result text,
    reason text,
    note text,
    evidence text[],
    published_fields text[],
    lon double precision,
    lat double precision,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (stage_id)
);
create table store.stage_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.stage as select
    stage_id, application_id, stage_code, at, recorded_at, staff_ids, unit_code, result, reason, note, evidence, published_fields, lon, lat, event_source, event_at,
    application_id is not null or not ('application_id' = any(absent)) as application_id_known,
    stage_code is not null or not ('stage_code' = any(absent)) as stage_code_known,
    at is not null or not ('at' = any(absent)) as at_known,
    recorded_at is not null or not ('recorded_at' = any(absent)) as recorded_at_known,
    staff_ids is not null or not ('staff_ids' = any(absent)) as staff_ids_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    result is not null or not ('result' = any(absent)) as result_known,
    reason is not null or not ('reason' = any(absent)) as reason_known,
    note is not null or not ('note' = any(absent)) as note_known,
    evidence is not null or not ('evidence' = any(absent)) as evidence_known,
    published_fields is not null or not ('published_fields' = any(absent)) as published_fields_known,
    lon is not null or not ('lon' = any(absent)) as lon_known,
    lat is not null or not ('lat' = any(absent)) as lat_known
from store.stage;

create table store.benefit (
    benefit_id text not null,
    programme text,
    household_id text,
    person_id text,
    application_id text,
    region_code text,
    covered_persons integer,
    monthly_amount_fen bigint,
    method text,
    start_period text,
    end_period text,
    stop_reason text,
    extras_fen bigint,
    review_class text,
    last_review_on date,
    valid_to date,
    gradual_exit_from text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    from_at timestamptz not null,
    to_at timestamptz,
    primary key (benefit_id, from_at)
);
create unique index benefit_current on store.benefit (benefit_id) where to_at is null;
create table store.benefit_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.benefit_version as select
    benefit_id, programme, household_id, person_id, application_id, region_code, covered_persons, monthly_amount_fen, method, start_period, end_period, stop_reason, extras_fen, review_class, last_review_on, valid_to, gradual_exit_from, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    application_id is not null or not ('application_id' = any(absent)) as application_id_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    covered_persons is not null or not ('covered_persons' = any(absent)) as covered_persons_known,
    monthly_amount_fen is not null or not ('monthly_amount_fen' = any(absent)) as monthly_amount_fen_known,
    method is not null or not ('method' = any(absent)) as method_known,
    start_period is not null or not ('start_period' = any(absent)) as start_period_known,
    end_period is not null or not ('end_period' = any(absent)) as end_period_known,
    stop_reason is not null or not ('stop_reason' = any(absent)) as stop_reason_known,
    extras_fen is not null or not ('extras_fen' = any(absent)) as extras_fen_known,
    review_class is not null or not ('review_class' = any(absent)) as review_class_known,
    last_review_on is not null or not ('last_review_on' = any(absent)) as last_review_on_known,
    valid_to is not null or not ('valid_to' = any(absent)) as valid_to_known,
    gradual_exit_from is not null or not ('gradual_exit_from' = any(absent)) as gradual_exit_from_known,
    from_at, to_at
from store.benefit;
create view facts.benefit as select
    benefit_id, programme, household_id, person_id, application_id, region_code, covered_persons, monthly_amount_fen, method, start_period, end_period, stop_reason, extras_fen, review_class, last_review_on, valid_to, gradual_exit_from, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    application_id is not null or not ('application_id' = any(absent)) as application_id_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    covered_persons is not null or not ('covered_persons' = any(absent)) as covered_persons_known,
    monthly_amount_fen is not null or not ('monthly_amount_fen' = any(absent)) as monthly_amount_fen_known,
    method is not null or not ('method' = any(absent)) as method_known,
    start_period is not null or not ('start_period' = any(absent)) as start_period_known,
    end_period is not null or not ('end_period' = any(absent)) as end_period_known,
    stop_reason is not null or not ('stop_reason' = any(absent)) as stop_reason_known,
    extras_fen is not null or not ('extras_fen' = any(absent)) as extras_fen_known,
    review_class is not null or not ('review_class' = any(absent)) as review_class_known,
    last_review_on is not null or not ('last_review_on' = any(absent)) as last_review_on_known,
    valid_to is not null or not ('valid_to' = any(absent)) as valid_to_known,
    gradual_exit_from is not null or not ('gradual_exit_from' = any(absent)) as gradual_exit_from_known
from store.benefit where to_at is null;

create table store.standard (
    standard_id text not null,
    region_code text,
    programme text,
    urban_rural text,
    monthly_amount_fen bigint,
    valid_from date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (standard_id)
);
create table store.standard_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.standard as select
    standard_id, region_code, programme, urban_rural, monthly_amount_fen, valid_from, event_source, event_at,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    urban_rural is not null or not ('urban_rural' = any(absent)) as urban_rural_known,
    monthly_amount_fen is not null or not ('monthly_amount_fen' = any(absent)) as monthly_amount_fen_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known
from store.standard;

create table store.income_check (
    check_id text not null,
    application_id text,
    household_id text,
    checked_at timestamptz,
    declared_per_capita_fen bigint,
    verified_per_capita_fen bigint,
    assets_fen bigint,
    exclusions_fen bigint,
    authorised boolean,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (check_id)
);
create table store.income_check_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.income_check as select
    check_id, application_id, household_id, checked_at, declared_per_capita_fen, verified_per_capita_fen, assets_fen, exclusions_fen, authorised, event_source, event_at,
    application_id is not null or not ('application_id' = any(absent)) as application_id_known,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    checked_at is not null or not ('checked_at' = any(absent)) as checked_at_known,
    declared_per_capita_fen is not null or not ('declared_per_capita_fen' = any(absent)) as declared_per_capita_fen_known,
    verified_per_capita_fen is not null or not ('verified_per_capita_fen' = any(absent)) as verified_per_capita_fen_known,
    assets_fen is not null or not ('assets_fen' = any(absent)) as assets_fen_known,
    exclusions_fen is not null or not ('exclusions_fen' = any(absent)) as exclusions_fen_known,
    authorised is not null or not ('authorised' = any(absent)) as authorised_known
from store.income_check;

create table store.payment_batch (
    batch_id text not null,
    programme text,
    region_code text,
    unit_code text,
    period text,
    lines integer,
    total_fen bigint,
    list_hash text,
    approved_at timestamptz,
    closed_at timestamptz,
    budget_id text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (batch_id)
);
create table store.payment_batch_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.payment_batch as select
    batch_id, programme, region_code, unit_code, period, lines, total_fen, list_hash, approved_at, closed_at, budget_id, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    period is not null or not ('period' = any(absent)) as period_known,
    lines is not null or not ('lines' = any(absent)) as lines_known,
    total_fen is not null or not ('total_fen' = any(absent)) as total_fen_known,
    list_hash is not null or not ('list_hash' = any(absent)) as list_hash_known,
    approved_at is not null or not ('approved_at' = any(absent)) as approved_at_known,
    closed_at is not null or not ('closed_at' = any(absent)) as closed_at_known,
    budget_id is not null or not ('budget_id' = any(absent)) as budget_id_known
from store.payment_batch;

create table store.tier (
    tier_id text not null,
    region_code text,
    programme text,
    category text,
    monthly_amount_fen bigint,
    valid_from date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (tier_id)
);
create table store.tier_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.tier as select
    tier_id, region_code, programme, category, monthly_amount_fen, valid_from, event_source, event_at,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    category is not null or not ('category' = any(absent)) as category_known,
    monthly_amount_fen is not null or not ('monthly_amount_fen' = any(absent)) as monthly_amount_fen_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known
from store.tier;

create table store.payment (
    payment_id text not null,
    batch_id text,
    benefit_id text,
    programme text,
    region_code text,
    household_id text,
    payee_person_id text,
    account_key text,
    account_mask text,
    account_luhn_ok boolean,
    account_name_key text,
    account_name_mask text,
    period text,
    amount_fen bigint,
    kind text,
    submitted_at timestamptz,
    paid_at timestamptz,
    returned_at timestamptz,
    status text,
    channel text,
    approver_id text,
    judged_at timestamptz not null,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}'
) partition by list (period);
create table store.payment_default partition of store.payment default;
create index payment_key on store.payment (payment_id);
create table store.payment_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.payment as select
    payment_id, batch_id, benefit_id, programme, region_code, household_id, payee_person_id, account_key, account_mask, account_luhn_ok, account_name_key, account_name_mask, period, amount_fen, kind, submitted_at, paid_at, returned_at, status, channel, approver_id, judged_at, event_source, event_at,
    batch_id is not null or not ('batch_id' = any(absent)) as batch_id_known,
    benefit_id is not null or not ('benefit_id' = any(absent)) as benefit_id_known,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    payee_person_id is not null or not ('payee_person_id' = any(absent)) as payee_person_id_known,
    account_key is not null or not ('account_number' = any(absent)) as account_number_known,
    account_name_key is not null or not ('account_name' = any(absent)) as account_name_known,
    period is not null or not ('period' = any(absent)) as period_known,
    amount_fen is not null or not ('amount_fen' = any(absent)) as amount_fen_known,
    kind is not null or not ('kind' = any(absent)) as kind_known,
    submitted_at is not null or not ('submitted_at' = any(absent)) as submitted_at_known,
    paid_at is not null or not ('paid_at' = any(absent)) as paid_at_known,
    returned_at is not null or not ('returned_at' = any(absent)) as returned_at_known,
    status is not null or not ('status' = any(absent)) as status_known,
    channel is not null or not ('channel' = any(absent)) as channel_known,
    approver_id is not null or not ('approver_id' = any(absent)) as approver_id_known
from store.payment;

create table store.account (
    account_id text not null,
    account_key text,
    account_mask text,
    account_luhn_ok boolean,
    holder_name_key text,
    holder_name_mask text,
    holder_id_number_key text,
    holder_id_number_mask text,
    changed_at timestamptz,
    changed_by text,
    agency_agreement boolean,
    holder_role text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    from_at timestamptz not null,
    to_at timestamptz,
    primary key (account_id, from_at)
);
create unique index account_current on store.account (account_id) where to_at is null;
create table store.account_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.account_version as select
    account_id, account_key, account_mask, account_luhn_ok, holder_name_key, holder_name_mask, holder_id_number_key, holder_id_number_mask, changed_at, changed_by, agency_agreement, holder_role, event_source, event_at,
    account_key is not null or not ('account_number' = any(absent)) as account_number_known,
    holder_name_key is not null or not ('holder_name' = any(absent)) as holder_name_known,
    holder_id_number_key is not null or not ('holder_id_number' = any(absent)) as holder_id_number_known,
    changed_at is not null or not ('changed_at' = any(absent)) as changed_at_known,
    changed_by is not null or not ('changed_by' = any(absent)) as changed_by_known,
    agency_agreement is not null or not ('agency_agreement' = any(absent)) as agency_agreement_known,
    holder_role is not null or not ('holder_role' = any(absent)) as holder_role_known,
    from_at, to_at
from store.account;
create view facts.account as select
    account_id, account_key, account_mask, account_luhn_ok, holder_name_key, holder_name_mask, holder_id_number_key, holder_id_number_mask, changed_at, changed_by, agency_agreement, holder_role, event_source, event_at,
    account_key is not null or not ('account_number' = any(absent)) as account_number_known,
    holder_name_key is not null or not ('holder_name' = any(absent)) as holder_name_known,
    holder_id_number_key is not null or not ('holder_id_number' = any(absent)) as holder_id_number_known,
    changed_at is not null or not ('changed_at' = any(absent)) as changed_at_known,
    changed_by is not null or not ('changed_by' = any(absent)) as changed_by_known,
    agency_agreement is not null or not ('agency_agreement' = any(absent)) as agency_agreement_known,
    holder_role is not null or not ('holder_role' = any(absent)) as holder_role_known
from store.account where to_at is null;

create table store.budget (
    budget_id text not null,
    programme text,
    region_code text,
    year integer,
    amount_fen bigint,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (budget_id)
);
create table store.budget_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.budget as select
    budget_id, programme, region_code, year, amount_fen, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    year is not null or not ('year' = any(absent)) as year_known,
    amount_fen is not null or not ('amount_fen' = any(absent)) as amount_fen_known
from store.budget;

create table store.fund_transfer (
    transfer_id text not null,
    programme text,
    region_code text,
    received_at timestamptz,
    amount_fen bigint,
    purpose text,
    payee_kind text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (transfer_id)
);
create table store.fund_transfer_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.fund_transfer as select
    transfer_id, programme, region_code, received_at, amount_fen, purpose, payee_kind, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    received_at is not null or not ('received_at' = any(absent)) as received_at_known,
    amount_fen is not null or not ('amount_fen' = any(absent)) as amount_fen_known,
    purpose is not null or not ('purpose' = any(absent)) as purpose_known,
    payee_kind is not null or not ('payee_kind' = any(absent)) as payee_kind_known
from store.fund_transfer;

create table store.provider (
    provider_id text not null,
    name text,
    legal_representative_key text,
    legal_representative_mask text,
    region_code text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (provider_id)
);
create table store.provider_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.provider as select
    provider_id, name, legal_representative_key, legal_representative_mask, region_code, event_source, event_at,
    name is not null or not ('name' = any(absent)) as name_known,
    legal_representative_key is not null or not ('legal_representative' = any(absent)) as legal_representative_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known
from store.provider;

create table store.project (
    project_id text not null,
    name text,
    service_code text,
    provider_id text,
    unit_code text,
    region_code text,
    price_fen bigint,
    planned_units integer,
    signed_on date,
    contract_from date,
    contract_to date,
    needs_survey_on date,
    needs_survey_samples integer,
    midterm_evaluated_on date,
    final_evaluated_on date,
    feedback_samples integer,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (project_id)
);
create table store.project_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.project as select
    project_id, name, service_code, provider_id, unit_code, region_code, price_fen, planned_units, signed_on, contract_from, contract_to, needs_survey_on, needs_survey_samples, midterm_evaluated_on, final_evaluated_on, feedback_samples, event_source, event_at,
    name is not null or not ('name' = any(absent)) as name_known,
    service_code is not null or not ('service_code' = any(absent)) as service_code_known,
    provider_id is not null or not ('provider_id' = any(absent)) as provider_id_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    price_fen is not null or not ('price_fen' = any(absent)) as price_fen_known,
    planned_units is not null or not ('planned_units' = any(absent)) as planned_units_known,
    signed_on is not null or not ('signed_on' = any(absent)) as signed_on_known,
    contract_from is not null or not ('contract_from' = any(absent)) as contract_from_known,
    contract_to is not null or not ('contract_to' = any(absent)) as contract_to_known,
    needs_survey_on is not null or not ('needs_survey_on' = any(absent)) as needs_survey_on_known,
    needs_survey_samples is not null or not ('needs_survey_samples' = any(absent)) as needs_survey_samples_known,
    midterm_evaluated_on is not null or not ('midterm_evaluated_on' = any(absent)) as midterm_evaluated_on_known,
    final_evaluated_on is not null or not ('final_evaluated_on' = any(absent)) as final_evaluated_on_known,
    feedback_samples is not null or not ('feedback_samples' = any(absent)) as feedback_samples_known
from store.project;

create table store.project_payment (
    project_payment_id text not null,
    project_id text,
    amount_fen bigint,
    paid_at timestamptz,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (project_payment_id)
);
create table store.project_payment_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.project_payment as select
    project_payment_id, project_id, amount_fen, paid_at, event_source, event_at,
    project_id is not null or not ('project_id' = any(absent)) as project_id_known,
    amount_fen is not null or not ('amount_fen' = any(absent)) as amount_fen_known,
    paid_at is not null or not ('paid_at' = any(absent)) as paid_at_known
from store.project_payment;

create table store.bid (
    bid_id text not null,
    project_id text,
    provider_id text,
    bid_on date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (bid_id)
);
create table store.bid_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.bid as select
    bid_id, project_id, provider_id, bid_on, event_source, event_at,
    project_id is not null or not ('project_id' = any(absent)) as project_id_known,
    provider_id is not null or not ('provider_id' = any(absent)) as provider_id_known,
    bid_on is not null or not ('bid_on' = any(absent)) as bid_on_known
from store.bid;

create table store.provider_bar (
    bar_id text not null,
    provider_id text,
    region_code text,
    from_date date,
    to_date date,
    reason text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (bar_id)
);
create table store.provider_bar_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.provider_bar as select
    bar_id, provider_id, region_code, from_date, to_date, reason, event_source, event_at,
    provider_id is not null or not ('provider_id' = any(absent)) as provider_id_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    from_date is not null or not ('from_date' = any(absent)) as from_date_known,
    to_date is not null or not ('to_date' = any(absent)) as to_date_known,
    reason is not null or not ('reason' = any(absent)) as reason_known
from store.provider_bar;

create table store.service_order (
    order_id text not null,
    project_id text,
    service_code text,
    person_id text,
    worker_id text,
    started_at timestamptz,
    ended_at timestamptz,
    recorded_at timestamptz,
    lon_in double precision,
    lat_in double precision,
    lon_out double precision,
    lat_out double precision,
    photo_hash text,
    signature_hash text,
    status text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (order_id)
);
create table store.service_order_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.service_order as select
    order_id, project_id, service_code, person_id, worker_id, started_at, ended_at, recorded_at, lon_in, lat_in, lon_out, lat_out, photo_hash, signature_hash, status, event_source, event_at,
    project_id is not null or not ('project_id' = any(absent)) as project_id_known,
    service_code is not null or not ('service_code' = any(absent)) as service_code_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    worker_id is not null or not ('worker_id' = any(absent)) as worker_id_known,
    started_at is not null or not ('started_at' = any(absent)) as started_at_known,
    ended_at is not null or not ('ended_at' = any(absent)) as ended_at_known,
    recorded_at is not null or not ('recorded_at' = any(absent)) as recorded_at_known,
    lon_in is not null or not ('lon_in' = any(absent)) as lon_in_known,
    lat_in is not null or not ('lat_in' = any(absent)) as lat_in_known,
    lon_out is not null or not ('lon_out' = any(absent)) as lon_out_known,
    lat_out is not null or not ('lat_out' = any(absent)) as lat_out_known,
    photo_hash is not null or not ('photo_hash' = any(absent)) as photo_hash_known,
    signature_hash is not null or not ('signature_hash' = any(absent)) as signature_hash_known,
    status is not null or not ('status' = any(absent)) as status_known
from store.service_order;

create table store.survey_response (
    response_id text not null,
    project_id text,
    phase text,
    person_id text,
    channel text,
    answered_at timestamptz,
    duration_s integer,
    score integer,
    collector_id text,
    device_hash text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (response_id)
);
create table store.survey_response_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.survey_response as select
    response_id, project_id, phase, person_id, channel, answered_at, duration_s, score, collector_id, device_hash, event_source, event_at,
    project_id is not null or not ('project_id' = any(absent)) as project_id_known,
    phase is not null or not ('phase' = any(absent)) as phase_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    channel is not null or not ('channel' = any(absent)) as channel_known,
    answered_at is not null or not ('answered_at' = any(absent)) as answered_at_known,
    duration_s is not null or not ('duration_s' = any(absent)) as duration_s_known,
    score is not null or not ('score' = any(absent)) as score_known,
    collector_id is not null or not ('collector_id' = any(absent)) as collector_id_known,
    device_hash is not null or not ('device_hash' = any(absent)) as device_hash_known
from store.survey_response;

create table store.visit (
    visit_id text not null,
    household_id text,
    person_id text,
    kind text,
    risk text,
    due_on date,
    visited_at timestamptz,
    staff_ids text[],
    lon double precision,
    lat double precision,
    photo_hash text,
    note_hash text,
    duration_s integer,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (visit_id)
);
create table store.visit_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.visit as select
    visit_id, household_id, person_id, kind, risk, due_on, visited_at, staff_ids, lon, lat, photo_hash, note_hash, duration_s, event_source, event_at,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    kind is not null or not ('kind' = any(absent)) as kind_known,
    risk is not null or not ('risk' = any(absent)) as risk_known,
    due_on is not null or not ('due_on' = any(absent)) as due_on_known,
    visited_at is not null or not ('visited_at' = any(absent)) as visited_at_known,
    staff_ids is not null or not ('staff_ids' = any(absent)) as staff_ids_known,
    lon is not null or not ('lon' = any(absent)) as lon_known,
    lat is not null or not ('lat' = any(absent)) as lat_known,
    photo_hash is not null or not ('photo_hash' = any(absent)) as photo_hash_known,
    note_hash is not null or not ('note_hash' = any(absent)) as note_hash_known,
    duration_s is not null or not ('duration_s' = any(absent)) as duration_s_known
from store.visit;

create table store.clue (
    clue_id text not null,
    household_id text,
    person_id text,
    region_code text,
    unit_code text,
    kind text,
    pushed_at timestamptz,
    responded_at timestamptz,
    response text,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (clue_id)
);
create table store.clue_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.clue as select
    clue_id, household_id, person_id, region_code, unit_code, kind, pushed_at, responded_at, response, event_source, event_at,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    kind is not null or not ('kind' = any(absent)) as kind_known,
    pushed_at is not null or not ('pushed_at' = any(absent)) as pushed_at_known,
    responded_at is not null or not ('responded_at' = any(absent)) as responded_at_known,
    response is not null or not ('response' = any(absent)) as response_known
from store.clue;

create table store.complaint (
    complaint_id text not null,
    application_id text,
    benefit_id text,
    region_code text,
    unit_code text,
    named boolean,
    received_at timestamptz,
    accepted_at timestamptz,
    answered_at timestamptz,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (complaint_id)
);
create table store.complaint_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.complaint as select
    complaint_id, application_id, benefit_id, region_code, unit_code, named, received_at, accepted_at, answered_at, event_source, event_at,
    application_id is not null or not ('application_id' = any(absent)) as application_id_known,
    benefit_id is not null or not ('benefit_id' = any(absent)) as benefit_id_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    named is not null or not ('named' = any(absent)) as named_known,
    received_at is not null or not ('received_at' = any(absent)) as received_at_known,
    accepted_at is not null or not ('accepted_at' = any(absent)) as accepted_at_known,
    answered_at is not null or not ('answered_at' = any(absent)) as answered_at_known
from store.complaint;

create table store.credit_record (
    credit_id text not null,
    person_id text,
    level text,
    found_on date,
    noticed_on date,
    objection_until date,
    expires_on date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (credit_id)
);
create table store.credit_record_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.credit_record as select
    credit_id, person_id, level, found_on, noticed_on, objection_until, expires_on, event_source, event_at,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    level is not null or not ('level' = any(absent)) as level_known,
    found_on is not null or not ('found_on' = any(absent)) as found_on_known,
    noticed_on is not null or not ('noticed_on' = any(absent)) as noticed_on_known,
    objection_until is not null or not ('objection_until' = any(absent)) as objection_until_known,
    expires_on is not null or not ('expires_on' = any(absent)) as expires_on_known
from store.credit_record;

create table store.register (
    record_id text not null,
    kind text,
    id_number_key text,
    id_number_mask text,
    id_valid boolean,
    id_fault text,
    id_birth_date date,
    id_sex text,
    id_area text,
    person_id text,
    from_date date,
    to_date date,
    amount_fen bigint,
    attributes jsonb,
    department text,
    as_of date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (record_id)
);
create table store.register_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);

create table store.recovery (
    recovery_id text not null,
    benefit_id text,
    person_id text,
    ordered_on date,
    amount_fen bigint,
    recovered_fen bigint,
    plan boolean,
    closed_on date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (recovery_id)
);
create table store.recovery_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.recovery as select
    recovery_id, benefit_id, person_id, ordered_on, amount_fen, recovered_fen, plan, closed_on, event_source, event_at,
    benefit_id is not null or not ('benefit_id' = any(absent)) as benefit_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    ordered_on is not null or not ('ordered_on' = any(absent)) as ordered_on_known,
    amount_fen is not null or not ('amount_fen' = any(absent)) as amount_fen_known,
    recovered_fen is not null or not ('recovered_fen' = any(absent)) as recovered_fen_known,
    plan is not null or not ('plan' = any(absent)) as plan_known,
    closed_on is not null or not ('closed_on' = any(absent)) as closed_on_known
from store.recovery;

create table store.access (
    access_id text not null,
    user_id text,
    person_id text,
    at timestamptz,
    purpose text,
    application_id text,
    exported integer,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (access_id)
);
create table store.access_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.access as select
    access_id, user_id, person_id, at, purpose, application_id, exported, event_source, event_at,
    user_id is not null or not ('user_id' = any(absent)) as user_id_known,
    person_id is not null or not ('person_id' = any(absent)) as person_id_known,
    at is not null or not ('at' = any(absent)) as at_known,
    purpose is not null or not ('purpose' = any(absent)) as purpose_known,
    application_id is not null or not ('application_id' = any(absent)) as application_id_known,
    exported is not null or not ('exported' = any(absent)) as exported_known
from store.access;

create table store.parameter (
    parameter_id text not null,
    rule text,
    name text,
    region_code text,
    programme text,
    path text,
    value jsonb,
    valid_from date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (parameter_id)
);
create table store.parameter_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.parameter as select
    parameter_id, rule, name, region_code, programme, path, value, valid_from, event_source, event_at,
    rule is not null or not ('rule' = any(absent)) as rule_known,
    name is not null or not ('name' = any(absent)) as name_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    path is not null or not ('path' = any(absent)) as path_known,
    value is not null or not ('value' = any(absent)) as value_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known
from store.parameter;

create table store.deadline (
    deadline_id text not null,
    rule text,
    programme text,
    path text,
    region_code text,
    from_stage text,
    to_stage text,
    days integer,
    red_days integer,
    notice_days integer,
    extended_days integer,
    unit text,
    pauses text[],
    basis text,
    verified boolean,
    valid_from date,
    valid_to date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (deadline_id)
);
create table store.deadline_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.deadline as select
    deadline_id, rule, programme, path, region_code, from_stage, to_stage, days, red_days, notice_days, extended_days, unit, pauses, basis, verified, valid_from, valid_to, event_source, event_at,
    rule is not null or not ('rule' = any(absent)) as rule_known,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    path is not null or not ('path' = any(absent)) as path_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    from_stage is not null or not ('from_stage' = any(absent)) as from_stage_known,
    to_stage is not null or not ('to_stage' = any(absent)) as to_stage_known,
    days is not null or not ('days' = any(absent)) as days_known,
    red_days is not null or not ('red_days' = any(absent)) as red_days_known,
    notice_days is not null or not ('notice_days' = any(absent)) as notice_days_known,
    extended_days is not null or not ('extended_days' = any(absent)) as extended_days_known,
    unit is not null or not ('unit' = any(absent)) as unit_known,
    pauses is not null or not ('pauses' = any(absent)) as pauses_known,
    basis is not null or not ('basis' = any(absent)) as basis_known,
    verified is not null or not ('verified' = any(absent)) as verified_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known,
    valid_to is not null or not ('valid_to' = any(absent)) as valid_to_known
from store.deadline;

create table store.workday (
    day_id text not null,
    calendar text,
    day date,
    working boolean,
    provisional boolean,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (day_id)
);
create table store.workday_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.workday as select
    day_id, calendar, day, working, provisional, event_source, event_at,
    calendar is not null or not ('calendar' = any(absent)) as calendar_known,
    day is not null or not ('day' = any(absent)) as day_known,
    working is not null or not ('working' = any(absent)) as working_known,
    provisional is not null or not ('provisional' = any(absent)) as provisional_known
from store.workday;

create table store.exclusion (
    exclusion_id text not null,
    programme_a text,
    programme_b text,
    effect text,
    region_code text,
    basis text,
    valid_from date,
    valid_to date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (exclusion_id)
);
create table store.exclusion_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.exclusion as select
    exclusion_id, programme_a, programme_b, effect, region_code, basis, valid_from, valid_to, event_source, event_at,
    programme_a is not null or not ('programme_a' = any(absent)) as programme_a_known,
    programme_b is not null or not ('programme_b' = any(absent)) as programme_b_known,
    effect is not null or not ('effect' = any(absent)) as effect_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    basis is not null or not ('basis' = any(absent)) as basis_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known,
    valid_to is not null or not ('valid_to' = any(absent)) as valid_to_known
from store.exclusion;

create table store.feed (
    feed_id text not null,
    source text,
    department text,
    interval_s integer,
    expected_from timestamptz,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (feed_id)
);
create table store.feed_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.feed as select
    feed_id, source, department, interval_s, expected_from, event_source, event_at,
    source is not null or not ('source' = any(absent)) as source_known,
    department is not null or not ('department' = any(absent)) as department_known,
    interval_s is not null or not ('interval_s' = any(absent)) as interval_s_known,
    expected_from is not null or not ('expected_from' = any(absent)) as expected_from_known
from store.feed;

create table store.batch_share (
    share_id text not null,
    rule text,
    batch_id text,
    lines integer,
    fired integer,
    judged_at timestamptz,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (share_id)
);
create table store.batch_share_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.batch_share as select
    share_id, rule, batch_id, lines, fired, judged_at, event_source, event_at,
    rule is not null or not ('rule' = any(absent)) as rule_known,
    batch_id is not null or not ('batch_id' = any(absent)) as batch_id_known,
    lines is not null or not ('lines' = any(absent)) as lines_known,
    fired is not null or not ('fired' = any(absent)) as fired_known,
    judged_at is not null or not ('judged_at' = any(absent)) as judged_at_known
from store.batch_share;

-- One human's pseudonym by the record keys the systems use; a person never sent stands under its own key (contract §5).
create table store.identity (person_id text primary key, person_key text not null);
create index identity_person_key on store.identity (person_key);
create view facts.identity as select person_id, person_key from store.identity;

-- Registers name people by ID number, else by person_id. Two branches, so that a filter on person_key reaches an index.
create view facts.register as
select r.id_number_key as person_key, r.record_id, r.kind, r.id_number_key, r.id_number_mask, r.id_valid, r.id_fault, r.id_birth_date, r.id_sex, r.id_area, r.person_id, r.from_date, r.to_date, r.amount_fen, r.attributes, r.department, r.as_of, r.event_source, r.event_at,
    r.kind is not null or not ('kind' = any(r.absent)) as kind_known,
    r.id_number_key is not null or not ('id_number' = any(r.absent)) as id_number_known,
    r.person_id is not null or not ('person_id' = any(r.absent)) as person_id_known,
    r.from_date is not null or not ('from_date' = any(r.absent)) as from_date_known,
    r.to_date is not null or not ('to_date' = any(r.absent)) as to_date_known,
    r.amount_fen is not null or not ('amount_fen' = any(r.absent)) as amount_fen_known,
    r.attributes is not null or not ('attributes' = any(r.absent)) as attributes_known,
    r.department is not null or not ('department' = any(r.absent)) as department_known,
    r.as_of is not null or not ('as_of' = any(r.absent)) as as_of_known
from store.register r where r.id_number_key is not null
union all
select i.person_key, r.record_id, r.kind, r.id_number_key, r.id_number_mask, r.id_valid, r.id_fault, r.id_birth_date, r.id_sex, r.id_area, r.person_id, r.from_date, r.to_date, r.amount_fen, r.attributes, r.department, r.as_of, r.event_source, r.event_at,
    r.kind is not null or not ('kind' = any(r.absent)) as kind_known,
    r.id_number_key is not null or not ('id_number' = any(r.absent)) as id_number_known,
    r.person_id is not null or not ('person_id' = any(r.absent)) as person_id_known,
    r.from_date is not null or not ('from_date' = any(r.absent)) as from_date_known,
    r.to_date is not null or not ('to_date' = any(r.absent)) as to_date_known,
    r.amount_fen is not null or not ('amount_fen' = any(r.absent)) as amount_fen_known,
    r.attributes is not null or not ('attributes' = any(r.absent)) as attributes_known,
    r.department is not null or not ('department' = any(r.absent)) as department_known,
    r.as_of is not null or not ('as_of' = any(r.absent)) as as_of_known
from store.register r join store.identity i on i.person_id = r.person_id where r.id_number_key is null;
