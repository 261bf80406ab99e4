//! The year's plan and the internal monitoring: no cell counts them, the analytical report tells them (para 41–42, 57–59).

use crate::values::period::Quarter;
use chrono::NaiveDate;

/// What is kept of these tables, in the order of reading.
#[derive(Debug, Clone, Default)]
pub struct Course {
    pub plan: Vec<PlannedEvent>,
    pub monitoring: Vec<Monitored>,
}

/// An item of the year's plan.
#[derive(Debug, Clone)]
pub struct PlannedEvent {
    pub id: String,
    pub quarter: Quarter,
    pub object: String,
    /// Code of the list `object_kind`; empty: not given.
    pub object_kind: String,
    pub topic: String,
    /// The event that carried it out.
    pub event: Option<String>,
    /// That event is known and was finished.
    pub held: bool,
}

/// A record of the internal monitoring of the quarter, or a proposal of an earlier one that waited for its answer.
#[derive(Debug, Clone)]
pub struct Monitored {
    pub unit: u32,
    pub held_on: NaiveDate,
    /// Code of the list `monitoring_point`.
    pub point: String,
    pub result: String,
    /// Code of the list `proposal_kind`; empty: not given.
    pub proposal_kind: String,
    pub proposal: String,
    pub addressed_to: String,
    pub due_on: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    pub answer: String,
}
