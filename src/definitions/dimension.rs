//! What facts can be told apart by: the vocabulary of the filters of the forms.

/// A kind of fact that rows of forms count.
#[derive(Debug)]
pub struct Set {
    pub name: &'static str,
    pub dimensions: &'static [Dimension],
}

/// One coded property of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimension {
    /// As in the filters of the forms.
    pub name: &'static str,
    /// Its code list; `None`: a flag with the codes `no` and `yes`.
    pub list: Option<&'static str>,
}

const fn coded(name: &'static str, list: &'static str) -> Dimension {
    Dimension { name, list: Some(list) }
}

const fn flag(name: &'static str) -> Dimension {
    Dimension { name, list: None }
}

/// Results issued: services rendered and refused. Order of the dimensions as in `derive`.
pub const RESULTS: usize = 0;
pub const COMPLAINTS: usize = 1;
pub const COMPLAINTS_LATE: usize = 2;
pub const EVENTS: usize = 3;
pub const OBJECTS: usize = 4;
pub const VIOLATIONS: usize = 5;
pub const SANCTIONS: usize = 6;
pub const RECOMMENDATIONS: usize = 7;
pub const REGISTER_IN_FORCE: usize = 8;
pub const REGISTER_INCLUDED: usize = 9;
pub const BYLAWS_IN_FORCE: usize = 10;
pub const OUTREACH: usize = 11;
pub const TRAINING: usize = 12;
pub const RESTORATIONS: usize = 13;

/// Place of the cause of a late result.
pub const DELAY_CAUSE: usize = 4;
/// Place of the flag of results that others established, and do not stand in the body's own records.
pub const ESTABLISHED: usize = 7;

/// Kinds that no form counts and of which the analytical report tells: complaints considered late in the period, and
/// complaints that stood open past their term at its end (Rules, Annex 1, expl. 32; Annex 2, expl. 31).
pub const CONSIDERED_LATE: usize = 64;
pub const OPEN_LATE: usize = 65;
/// The same by the names that reports have for them.
pub static TOLD: [(&str, usize); 2] =
    [("#complaints_considered_late", CONSIDERED_LATE), ("#complaints_open_late", OPEN_LATE)];

/// Counts that no cell tells, by the names that reports have for them: violations that others established (D15),
/// recommendations past their day, the year's plan, the internal monitoring (para 41–42, 55–59).
pub static COUNTED: [&str; 19] = [
    "#established",
    "#overdue",
    "#executed_late",
    "#undated",
    "#plan",
    "#plan_held",
    "#plan_not_held",
    "#plan_open",
    "#plan_before",
    "#events_beyond_plan",
    "#monitored",
    "#proposals",
    "#proposals_answered",
    "#proposals_unanswered",
    "#business_proposed",
    "#business_answered",
    "#register_proposed",
    "#register_answered",
    "#new_services_analysed",
];

/// All kinds of facts, by the constants above.
pub static SETS: [Set; 14] = [
    Set {
        name: "results",
        dimensions: &[
            coded("channel", "channel"),
            coded("outcome", "outcome"),
            coded("applicant", "applicant"),
            coded("form", "form"),
            coded("delay_cause", "delay_cause"),
            coded("refusal_reason", "refusal_reason"),
            flag("late"),
            flag("established"),
        ],
    },
    Set {
        name: "complaints",
        dimensions: &[coded("channel", "complaint_channel"), coded("source", "complaint_source")],
    },
    Set {
        name: "complaints_late",
        dimensions: &[coded("channel", "complaint_channel"), coded("source", "complaint_source")],
    },
    Set { name: "events", dimensions: &[coded("basis", "basis")] },
    Set { name: "objects", dimensions: &[coded("object_kind", "object_kind")] },
    Set { name: "violations", dimensions: &[coded("kind", "violation_kind"), flag("rights_restored")] },
    Set { name: "sanctions", dimensions: &[coded("kind", "sanction_kind"), coded("person_kind", "person_kind")] },
    Set { name: "recommendations", dimensions: &[flag("executed")] },
    Set { name: "register_in_force", dimensions: &[] },
    Set { name: "register_included", dimensions: &[] },
    Set { name: "bylaws_in_force", dimensions: &[] },
    Set { name: "outreach", dimensions: &[] },
    Set { name: "training", dimensions: &[] },
    Set { name: "restorations", dimensions: &[] },
];

const BITS: usize = 5;

/// Month and dimensions in one number: the month in the lowest bits, then 5 bits a dimension,
/// 0 for "none" and 1 + position for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub u64);

impl Class {
    /// A fact of month 0, 1 or 2 of the quarter with the positions of its codes.
    pub fn new(month: u32, codes: &[Option<usize>]) -> Self {
        let packed =
            codes.iter().rev().fold(0_u64, |packed, code| packed << BITS | code.map_or(0, |code| code as u64 + 1));
        Self(packed << BITS | u64::from(month))
    }

    /// What `code` gives for a flag that is set.
    pub const YES: usize = 2;

    pub fn month(self) -> u32 {
        (self.0 & ((1 << BITS) - 1)) as u32
    }

    /// 0 for none, else 1 + position of the code.
    pub fn code(self, dimension: usize) -> usize {
        (self.0 >> (BITS * (dimension + 1)) & ((1 << BITS) - 1)) as usize
    }

    /// The same fact with another code.
    #[must_use]
    pub fn with(self, dimension: usize, code: Option<usize>) -> Self {
        let shift = BITS * (dimension + 1);
        Self(self.0 & !(((1 << BITS) - 1) << shift) | code.map_or(0, |code| code as u64 + 1) << shift)
    }
}
