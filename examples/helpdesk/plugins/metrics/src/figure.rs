//! What is drawn.

use std::fmt;

/// A metric that has a drawing of its own.
pub(crate) struct Figure {
    pub(crate) title: &'static str,
    pub(crate) metric: &'static str,
    pub(crate) kind: Kind,
    /// The label that has a line for each of its values.
    pub(crate) by: Option<&'static str>,
}

/// How a curve comes of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// So many more in a minute.
    Rate,
    /// As they are.
    Value,
    /// The mean of the durations of a minute.
    Mean,
}

impl Kind {
    /// What its numbers are of.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Rate => "per minute",
            Self::Value | Self::Mean => "",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rate => "rate",
            Self::Value => "value",
            Self::Mean => "mean",
        })
    }
}

pub(crate) const FIGURES: [Figure; 7] = [
    Figure {
        title: "Ticket changes",
        metric: "helpdesk_tickets_changed_total",
        kind: Kind::Rate,
        by: None,
    },
    Figure {
        title: "Steps",
        metric: "helpdesk_steps_total",
        kind: Kind::Rate,
        by: Some("outcome"),
    },
    Figure {
        title: "Cycles",
        metric: "helpdesk_cycles_total",
        kind: Kind::Rate,
        by: None,
    },
    Figure {
        title: "Failed cycles",
        metric: "helpdesk_cycles_failed_total",
        kind: Kind::Rate,
        by: None,
    },
    Figure {
        title: "Claims held",
        metric: "helpdesk_claims_held",
        kind: Kind::Value,
        by: None,
    },
    Figure {
        title: "Claims",
        metric: "helpdesk_claims_total",
        kind: Kind::Rate,
        by: Some("outcome"),
    },
    Figure {
        title: "Dead letters",
        metric: "helpdesk_dead_letters",
        kind: Kind::Value,
        by: None,
    },
];
