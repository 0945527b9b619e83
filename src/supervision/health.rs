//! How the application is as a whole.

use std::fmt;

use super::status::{State, Status};

/// How an application is as a whole: for a health endpoint.
///
/// `Display` is one line for the whole and one for each component in trouble; with the feature `config` it can be
/// serialized. Answer a liveness probe with [`is_live`](Self::is_live), a readiness probe with
/// [`is_ready`](Self::is_ready).
///
/// ```text
/// recoverable, 1 of 3 components in trouble
///   storage:Store: recoverable (connection refused)
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Health {
    /// The first of these that any component is in: `Fatal`, `Stopping`, `Stopped`, `Starting`, `Permanent`, `Recoverable`;
    /// else `Ok`.
    pub state: State,
    /// How many components there are.
    pub components: usize,
    /// Those in trouble: `Recoverable`, `Permanent` or `Fatal`, dependencies first.
    pub troubles: Vec<Status>,
}

impl Health {
    pub(crate) fn of(statuses: &[Status]) -> Self {
        let weight = |state: &State| match state {
            State::None | State::Ok => 0,
            State::Recoverable => 1,
            State::Permanent => 2,
            State::Starting => 3,
            State::Stopped => 4,
            State::Stopping => 5,
            State::Fatal => 6,
        };
        let states = statuses.iter().map(|status| status.state);
        let troubled = |status: &&Status| {
            matches!(
                status.state,
                State::Recoverable | State::Permanent | State::Fatal
            )
        };
        Self {
            state: states.max_by_key(weight).unwrap_or(State::Ok),
            components: statuses.len(),
            troubles: statuses.iter().filter(troubled).cloned().collect(),
        }
    }

    /// Nothing failed fatally: the process need not be replaced.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state != State::Fatal
    }

    /// Started, not stopping, and nothing has failed for good but what the application can do without: components of optional
    /// plugins. What is in trouble that may pass is part of a degraded service, which is for [`troubles`](Self::troubles) to
    /// tell.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let can_go_on = |status: &Status| status.optional || status.state == State::Recoverable;
        matches!(
            self.state,
            State::Ok | State::Recoverable | State::Permanent
        ) && self.troubles.iter().all(can_go_on)
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} of {} components in trouble",
            self.state,
            self.troubles.len(),
            self.components
        )?;
        self.troubles
            .iter()
            .try_for_each(|status| write!(f, "\n  {status}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::board::{Row, StatusBoard};
    use super::*;

    fn board<const N: usize>(rows: [(&str, bool); N]) -> (StatusBoard, [Row; N]) {
        let (board, rows) = (
            StatusBoard::new(),
            rows.map(|(name, optional)| Row::new(name.to_owned(), "test", optional)),
        );
        board.show(&rows.iter().collect::<Vec<_>>(), &[]);
        (board, rows)
    }

    #[test]
    fn health_is_the_worst_of_all_and_names_who_is_in_trouble() {
        let (board, rows) = board([("a", false), ("b", false), ("c", false)]);
        for row in &rows {
            board.set(row, State::Starting, None);
            board.set(row, State::Ok, None);
        }
        assert!(Health::of(&board.all()).is_ready());
        board.set(&rows[1], State::Recoverable, Some("refused".into()));
        let health = Health::of(&board.all());
        assert_eq!(
            health.to_string(),
            "recoverable, 1 of 3 components in trouble\n  b: recoverable (refused)"
        );
        assert!(health.is_ready() && health.is_live());
        board.set(&rows[1], State::Permanent, Some("gone".into()));
        let health = Health::of(&board.all());
        assert!(!health.is_ready() && health.is_live());
        board.set(&rows[2], State::Fatal, None);
        let health = Health::of(&board.all());
        assert!(!health.is_ready() && !health.is_live());
    }

    #[test]
    fn what_the_application_can_do_without_does_not_make_it_unready() {
        let (board, rows) = board([("a", false), ("b", true)]);
        board.set(&rows[0], State::Starting, None);
        board.set(&rows[0], State::Ok, None);
        board.set(&rows[1], State::Permanent, Some("`c` is not there".into()));
        let health = Health::of(&board.all());
        assert_eq!(health.state, State::Permanent);
        assert!(health.is_ready());
        assert_eq!(health.troubles.len(), 1);
    }
}
