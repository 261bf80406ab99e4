//! Deadlines and what a result counts as. Source: forms.md, Deadlines of records; Month of a record.

use crate::facts::deadline::FirstDay;
use crate::facts::groups::month_name;
use crate::sql::literal::one_of;
use crate::sql::plan::Plan;
use crate::sql::small::number_of;

impl Plan<'_> {
    /// The steps from looked-up values to classes.
    pub fn classes(&self) -> String {
        [self.terms(), self.deadlines(), self.results(), kept()].concat()
    }

    /// Whose term a record has: the day in the record wins, then its own term, then the register's.
    fn terms(&self) -> String {
        let by_code = "\n  LEFT JOIN esep_register AS registered ON registered.code = typed_rows.service_code\n    \
                       AND registered.first_no <= received_at_no AND received_at_no <= registered.last_no";
        let of_register = "CASE WHEN service_code = '' OR registered.kind = 'unclear' THEN 'unclear' \
                           WHEN registered.kind IS NULL THEN 'none' ELSE 'register' END";
        let (otherwise, join) = match (self.has_register, self.by_names) {
            (false, _) => ("'none'", ""),
            (true, true) => ("'unclear'", ""),
            (true, false) => (of_register, by_code),
        };
        let own_or = |own: &str, other: &str| {
            let both = format!("CASE WHEN term_value <> '' THEN {own} ELSE {other} END");
            if join.is_empty() { own.to_owned() } else { both }
        };
        format!(
            "termed_rows AS (\n  SELECT typed_rows.*,\n    \
             CASE WHEN due_at <> '' THEN 'own' WHEN term_value <> '' THEN 'term' ELSE {otherwise} END AS due_by,\n    \
             {} AS term_amount,\n    {} AS term_kind,\n    \
             CASE WHEN {} THEN 1 ELSE 0 END AS receipt_counts\n  FROM typed_rows{join}\n),\n",
            own_or("term_value_amount", "registered.amount"),
            own_or("term_unit_code", "registered.kind"),
            one_of("channel_code", &self.with_receipt)
        )
    }

    /// A term in days begins on the day after receipt, or on that day where it counts (D5); calendar days that end on a day off end on the next
    /// working day (D9); hours run from the moment of receipt.
    #[allow(clippy::unused_self)]
    fn deadlines(&self) -> String {
        "day_rows AS (\n  SELECT termed_rows.*, working_day.day_no AS working_due, last_day.day_no AS last_day_no, last_day.on_or_after AS calendar_due\n  \
         FROM termed_rows\n  \
         LEFT JOIN esep_calendar AS working_day ON working_day.iso = 1 AND working_day.is_working = 1\n    \
         AND termed_rows.term_kind = 'working_days' AND working_day.working_no = termed_rows.received_at_working_no + termed_rows.term_amount - termed_rows.receipt_counts * termed_rows.received_at_is_working\n  \
         LEFT JOIN esep_calendar AS last_day ON last_day.iso = 1\n    \
         AND termed_rows.term_kind = 'calendar_days' AND last_day.day_no = termed_rows.received_at_no + termed_rows.term_amount - termed_rows.receipt_counts\n),\n\
         due_rows AS (\n  SELECT day_rows.*,\n    \
         CASE WHEN due_by = 'own' THEN due_at_minute\n      \
         WHEN due_by IN ('term', 'register') AND term_kind = 'working_days' THEN working_due * 1440\n      \
         WHEN due_by IN ('term', 'register') AND term_kind = 'calendar_days' THEN calendar_due * 1440\n      \
         WHEN due_by IN ('term', 'register') AND term_kind = 'hours' AND received_at_timed = 1 THEN received_at_minute + term_amount * 60\n      \
         WHEN due_by IN ('term', 'register') AND term_kind = 'minutes' AND received_at_timed = 1 THEN received_at_minute + term_amount\n    \
         END AS due_minute,\n    \
         CASE WHEN due_by = 'own' THEN due_at_timed WHEN term_kind IN ('hours', 'minutes') THEN 1 ELSE 0 END AS due_timed,\n    \
         CASE WHEN due_by IN ('term', 'register') AND term_kind IN ('working_days', 'calendar_days') THEN 1 ELSE 0 END AS in_days\n  \
         FROM day_rows\n),\n"
            .to_owned()
    }

    /// The outcome, the month of the result if it has ended (D1), and whether it came late.
    fn results(&self) -> String {
        let ended = self.period.ended_months();
        let months: Vec<String> = (0..ended)
            .map(|month| {
                let (first, last) = (self.period.quarter.month_start(month), self.period.quarter.month_end(month));
                let (first, last, name) = (number_of(first), number_of(last), month_name(self.period, month));
                format!("WHEN completed_at_no >= {first} AND completed_at_no <= {last} THEN '{name}'")
            })
            .collect();
        let month = if months.is_empty() { "''".to_owned() } else { format!("CASE {} ELSE '' END", months.join(" ")) };
        format!(
            "result_rows AS (\n  SELECT due_rows.*,\n    \
             CASE WHEN facts_of = 'refusals' THEN 'refused' WHEN outcome <> '' THEN outcome_code WHEN completed_at <> '' THEN 'rendered' ELSE 'in_progress' END AS result,\n    \
             {month} AS result_month,\n    \
             CASE WHEN due_minute IS NULL THEN 'unknown'\n      \
             WHEN completed_at_timed = 1 AND due_timed = 1 AND completed_at_minute > due_minute THEN 'yes'\n      \
             WHEN (completed_at_timed = 0 OR due_timed = 0) AND completed_at_no * 1440 > due_minute THEN 'yes'\n      \
             ELSE 'no' END AS lateness\n  FROM due_rows\n),\n"
        )
    }
}

/// What a result counts as: a cause only of what is late, a reason only of a refusal.
fn kept() -> String {
    let [after, of_receipt] = [FirstDay::AfterReceipt, FirstDay::OfReceipt].map(FirstDay::decision);
    let first = format!("CASE WHEN receipt_counts = 1 THEN '{of_receipt}' ELSE '{after}' END");
    let moved = format!("CASE WHEN receipt_counts = 1 THEN '{of_receipt} D9' ELSE '{after} D9' END");
    format!(
        "class_rows AS (\n  SELECT result_rows.*,\n    \
     CASE WHEN result = 'in_progress' THEN '' ELSE result_month END AS month,\n    \
     result AS outcome_kept,\n    \
     CASE WHEN lateness = 'yes' THEN delay_cause_code ELSE '' END AS cause_kept,\n    \
     CASE WHEN result = 'refused' THEN refusal_reason_parent ELSE '' END AS top_reason,\n    \
     CASE WHEN result = 'refused' THEN refusal_reason_code ELSE '' END AS reason_kept,\n    \
     CASE WHEN lateness = 'yes' THEN 'yes' ELSE 'no' END AS is_late,\n    \
     CASE WHEN in_days = 0 THEN '' WHEN term_kind = 'calendar_days' AND calendar_due <> last_day_no THEN {moved} ELSE {first} END AS decisions\n  \
     FROM result_rows\n),\n"
    )
}
