//! The tables of records.md: fields, types, what is required, and what identifies a row.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Text,
    /// An integer ≥ 0.
    Int,
    /// An integer ≥ 1 (records.md: `quantity`).
    Count,
    Date,
    Bool,
    Code(&'static [&'static str]),
}

pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

pub struct Spec {
    pub name: &'static str,
    /// records.md: `record_id` is unique; "keys of tables without ids".
    pub key: &'static [&'static str],
    /// `service_code` or `service_name` must be given.
    pub service_required: bool,
    pub fields: Vec<Field>,
}

pub const CHANNEL: &[&str] = &[
    "office_paper",
    "office_paper_alternative",
    "is_no_contact",
    "is_direct_contact",
    "egov_portal",
    "elicense",
    "state_corporation",
];
const COMPLAINT_CHANNEL: &[&str] = &["office_paper", "electronic", "state_corporation"];
pub const FORM: &[&str] = &["paper", "electronic"];
pub const APPLICANT: &[&str] = &["individual", "legal_entity"];
const TERM_UNIT: &[&str] = &["working_days", "calendar_days", "hours", "minutes"];
const OUTCOME: &[&str] = &["rendered", "refused", "in_progress"];
pub const REASON: &[&str] = &[
    "corporation_incomplete_package",
    "provider_unjustified",
    "encumbrance",
    "other_justified",
    "unreliable_documents",
    "requirements_not_met",
    "negative_approval",
    "court_ban",
    "court_deprivation",
    "no_personal_data_consent",
];
pub const DELAY: &[&str] = &[
    "corporation_employee",
    "provider",
    "power_outage",
    "network_failure",
    "is_failure",
    "mail_delivery",
    "other_technical",
];
pub const SOURCE: &[&str] =
    &["individual", "state_body", "legal_entity", "authorized_body", "akimat", "media", "other"];
const ADDRESSEE: &[&str] = &["provider", "authorized_body"];
const BASIS: &[&str] = &["annual_plan", "monitoring", "appeal", "agency_instruction"];
pub const OBJECT: &[&str] = &["state_body", "subordinate_organisation", "individual_provider", "legal_entity_provider"];
pub const VIOLATION: &[&str] = &[
    "service_deadline",
    "refusal_deadline",
    "incomplete_package",
    "unlisted_documents",
    "documents_from_is",
    "procedure",
    "unjustified_refusal",
    "work_schedule",
    "unlawful_fee",
    "other",
    "complaint_deadline",
];
pub const PERSON: &[&str] = &["body_employee", "subordinate_employee", "other"];
pub const SANCTION: &[&str] =
    &["remark", "reprimand", "severe_reprimand", "incomplete_compliance_warning", "demotion", "dismissal"];

pub const ESTABLISHED_BY: &[&str] = &["agency", "informatization_body"];
pub const ESTABLISHED_KIND: &[&str] = &["rendered", "refused"];
pub const POINT: &[&str] = &[
    "p57_1", "p57_2", "p57_3", "p57_4", "p57_5", "p57_6", "p57_7", "p57_8", "p57_9", "p57_10", "p57_11", "p57_12",
    "p57_13",
];
pub const PROPOSAL: &[&str] = &["p58_1", "p58_2", "p58_3", "p58_4", "p58_5", "p58_6", "p58_7", "p58_8"];

fn kind(word: &str) -> Kind {
    match word {
        "text" => Kind::Text,
        "int" => Kind::Int,
        "count" => Kind::Count,
        "date" => Kind::Date,
        "bool" => Kind::Bool,
        "channel" => Kind::Code(CHANNEL),
        "complaint_channel" => Kind::Code(COMPLAINT_CHANNEL),
        "form" => Kind::Code(FORM),
        "applicant" => Kind::Code(APPLICANT),
        "term_unit" => Kind::Code(TERM_UNIT),
        "outcome" => Kind::Code(OUTCOME),
        "reason" => Kind::Code(REASON),
        "delay" => Kind::Code(DELAY),
        "source" => Kind::Code(SOURCE),
        "addressee" => Kind::Code(ADDRESSEE),
        "basis" => Kind::Code(BASIS),
        "object" => Kind::Code(OBJECT),
        "violation" => Kind::Code(VIOLATION),
        "person" => Kind::Code(PERSON),
        "sanction" => Kind::Code(SANCTION),
        "established_by" => Kind::Code(ESTABLISHED_BY),
        "established_kind" => Kind::Code(ESTABLISHED_KIND),
        "point" => Kind::Code(POINT),
        "proposal" => Kind::Code(PROPOSAL),
        other => panic!("no kind {other}"),
    }
}

/// `fields`: "name:kind" or "name!:kind" (required). `service_name!` of records.md is `service_required`.
fn table(name: &'static str, key: &'static [&'static str], service_required: bool, fields: &'static str) -> Spec {
    let fields = fields
        .split_whitespace()
        .map(|word| {
            let (name, what) = word.split_once(':').expect("name:kind");
            Field { name: name.trim_end_matches('!'), kind: kind(what), required: name.ends_with('!') }
        })
        .collect();
    Spec { name, key, service_required, fields }
}

/// All tables, in the order of records.md.
pub fn tables() -> Vec<Spec> {
    vec![
        table(
            "services",
            &["record_id"],
            true,
            "record_id!:text unit:text provider_bin:text provider_name:text service_code:text service_name:text
             channel!:channel form:form information_system:text applicant:applicant received_at!:date due_at:date
             term_value:int term_unit:term_unit completed_at:date outcome:outcome refusal_reason:reason
             delay_cause:delay delay_act:text quantity:count",
        ),
        // "As `services` with `outcome` fixed to refused, and `refused_at!` as the name of `completed_at`".
        table(
            "refusals",
            &["record_id"],
            true,
            "record_id!:text unit:text provider_bin:text provider_name:text service_code:text service_name:text
             channel!:channel form:form information_system:text applicant:applicant received_at!:date due_at:date
             term_value:int term_unit:term_unit refused_at!:date refusal_reason:reason
             delay_cause:delay delay_act:text cause:text measure:text quantity:count",
        ),
        table(
            "complaints",
            &["record_id"],
            true,
            "record_id!:text unit:text service_code:text service_name:text channel!:complaint_channel
             source!:source registered_at!:date considered_at:date addressee:addressee
             extended_working_days:int upheld:bool cause:text measure:text quantity:count",
        ),
        table(
            "control_events",
            &["event_id"],
            false,
            "event_id!:text unit:text basis!:basis title:text order_no:text order_date:date notified_on:date
             started_on!:date finished_on:date extended_working_days:int materials_submitted_on:date
             act_no:text act_date:date",
        ),
        table(
            "control_objects",
            &["event_id", "object_name"],
            false,
            "event_id!:text object_name!:text object_kind!:object",
        ),
        table(
            "violations",
            &["violation_id"],
            false,
            "violation_id!:text event_id!:text kind!:violation object_name:text service_code:text
             service_name:text quantity:count rights_restored:bool persons_restored:int cause:text measure:text",
        ),
        table(
            "sanctions",
            &["sanction_id"],
            false,
            "sanction_id!:text event_id:text person_id!:text person_kind!:person kind!:sanction imposed_on!:date",
        ),
        table(
            "recommendations",
            &["recommendation_id"],
            false,
            "recommendation_id!:text event_id!:text text:text due_on:date executed_on:date reason:text",
        ),
        table(
            "register",
            &["service_code", "service_name", "provider_name", "included_on"],
            true,
            "service_code:text service_name:text included_on!:date excluded_on:date term_value:int
             term_unit:term_unit provider_name:text",
        ),
        table(
            "bylaws",
            &["act_no", "approved_on", "service_code", "service_name"],
            true,
            "act_no!:text title!:text approved_on!:date repealed_on:date amended_on:date service_code:text
             service_name:text",
        ),
        table(
            "outreach",
            &["record_id"],
            false,
            "record_id!:text unit:text held_on!:date title:text people_covered!:int",
        ),
        table(
            "training",
            &["record_id"],
            false,
            "record_id!:text unit:text completed_on!:date course:text quantity:count",
        ),
        table(
            "restorations",
            &["record_id"],
            false,
            "record_id!:text unit:text restored_on!:date service_code:text service_name:text measure:text
             quantity:count",
        ),
        // Added on 2026-11-28.
        table(
            "control_plan",
            &["planned_id"],
            false,
            "planned_id!:text quarter!:text object_name!:text object_kind:object topic:text event_id:text",
        ),
        table(
            "monitoring",
            &["record_id"],
            false,
            "record_id!:text unit:text held_on!:date point!:point service_code:text service_name:text result:text
             proposal_kind:proposal proposal:text addressed_to:text submitted_on:date due_on:date answered_on:date
             answer:text",
        ),
        table(
            "established_violations",
            &["record_id"],
            true,
            "record_id!:text unit:text established_by!:established_by established_on!:date service_code:text
             service_name:text channel!:channel information_system:text applicant!:applicant kind!:established_kind
             service_record_id:text quantity:count",
        ),
    ]
}
