//! What this plugin counts, for whoever listens.

/// What is counted of claims.
const OUTCOMES: [&str; 6] = ["given", "refused", "done", "failed", "released", "lost"];

/// Says what is counted, and begins everything at 0, so that the first one of each kind is seen as one more.
pub(crate) fn begin() {
    metrics::describe_counter!(
        "helpdesk_claims_total",
        "Claims of tickets, by what became of them"
    );
    metrics::describe_gauge!(
        "helpdesk_claims_held",
        "Claims of tickets that are worked on"
    );
    metrics::describe_gauge!(
        "helpdesk_dead_letters",
        "Tickets that failed as often as they may"
    );
    for outcome in OUTCOMES {
        metrics::counter!("helpdesk_claims_total", "outcome" => outcome).increment(0);
    }
    claims_held(0);
}

/// One of these became of a claim.
pub(crate) fn claim(outcome: &'static str) {
    metrics::counter!("helpdesk_claims_total", "outcome" => outcome).increment(1);
}

/// So many claims are held.
pub(crate) fn claims_held(count: usize) {
    metrics::gauge!("helpdesk_claims_held").set(number(count));
}

/// So many tickets are dead letters.
pub(crate) fn dead_letters(count: usize) {
    metrics::gauge!("helpdesk_dead_letters").set(number(count));
}

fn number(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}
