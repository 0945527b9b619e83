//! What this plugin counts, for whoever listens.

/// A claim was `given`, `refused`, `done`, `failed`, `released` or `lost`.
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
