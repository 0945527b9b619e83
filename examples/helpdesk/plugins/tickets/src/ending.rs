//! What becomes of a claim when the step around the one that fetched its ticket has ended.

use helpdesk_api::ErrorKind;
use helpdesk_work::WorkError;
use treenail::{Error, StepError, StepOutcome};

/// The longest reason that is kept of a failure, in characters.
const LONGEST_REASON: usize = 500;

/// What the end of the step says about the work.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The steps did what they were to do, which may be nothing.
    Ended,
    /// The helpdesk stops, or a service is not what it should be. The ticket is not to blame.
    Interrupted,
    /// A step had an error, for this reason.
    Failed(String),
}

impl Verdict {
    /// What this outcome, and this error of a step, say.
    pub(crate) fn of(outcome: StepOutcome, error: Option<&Error>) -> Self {
        match error {
            None if outcome == StepOutcome::Stopped => Self::Interrupted,
            None => Self::Ended,
            Some(error) if is_of_a_service(error) => Self::Interrupted,
            Some(error) => {
                let reason = error.to_string();
                Self::Failed(reason.chars().take(LONGEST_REASON).collect())
            }
        }
    }
}

/// Whether every ticket would have met this error.
fn is_of_a_service(error: &Error) -> bool {
    let step = error.downcast_ref::<StepError>();
    let cause = step.and_then(StepError::cause).unwrap_or(error);
    let service = cause.downcast_ref::<helpdesk_api::Error>();
    let kind = service.map(helpdesk_api::Error::kind);
    matches!(kind, Some(ErrorKind::Unavailable | ErrorKind::Refused))
        || cause.downcast_ref::<WorkError>().is_some()
}

/// How a claim ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending<'a> {
    Done,
    /// An attempt has failed, for this reason.
    Failed(&'a str),
    Released,
}

impl<'a> Ending<'a> {
    /// How the claim of a ticket ends that was written to or not. Of several tickets that were fetched together nobody knows
    /// which one an error is about: then they are given back, and no attempt is counted.
    pub(crate) fn of(verdict: &'a Verdict, was_written: bool, is_alone: bool) -> Self {
        match verdict {
            Verdict::Ended if was_written => Self::Done,
            Verdict::Failed(reason) if is_alone => Self::Failed(reason),
            _ => Self::Released,
        }
    }

    /// What it is counted as.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Released => "released",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(error: impl std::error::Error + Send + Sync + 'static) -> Verdict {
        Verdict::of(StepOutcome::Failed, Some(&Error::from(error)))
    }

    #[test]
    fn what_is_wrong_with_a_service_or_with_shared_work_is_not_the_tickets_fault() {
        for kind in [ErrorKind::Unavailable, ErrorKind::Refused] {
            let error = helpdesk_api::Error::new(kind, "no");
            assert_eq!(verdict(error), Verdict::Interrupted);
        }
        let key = "1".to_owned();
        assert_eq!(verdict(WorkError::Lost { key }), Verdict::Interrupted);
        let error = helpdesk_api::Error::new(ErrorKind::Garbled, "what?");
        assert_eq!(verdict(error), Verdict::Failed("what?".to_owned()));
    }

    #[test]
    fn a_stop_says_nothing_about_the_work() {
        assert_eq!(
            Verdict::of(StepOutcome::Stopped, None),
            Verdict::Interrupted
        );
        assert_eq!(Verdict::of(StepOutcome::Failed, None), Verdict::Ended);
    }

    #[test]
    fn a_claim_is_done_where_its_ticket_was_written_to_and_nothing_went_wrong() {
        let failed = Verdict::Failed("reason".to_owned());
        let endings = [
            (&Verdict::Ended, true, true, Ending::Done),
            (&Verdict::Ended, true, false, Ending::Done),
            (&Verdict::Ended, false, true, Ending::Released),
            (&Verdict::Interrupted, true, true, Ending::Released),
            (&failed, false, true, Ending::Failed("reason")),
            (&failed, true, true, Ending::Failed("reason")),
            (&failed, true, false, Ending::Released),
        ];
        for (verdict, was_written, is_alone, expected) in endings {
            let ending = Ending::of(verdict, was_written, is_alone);
            assert_eq!(ending, expected, "{verdict:?} {was_written} {is_alone}");
        }
    }
}
