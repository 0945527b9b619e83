//! What an endpoint answers: labels with scores, in one list or, as for several texts, in a list of lists.

use helpdesk_api::Classification;
use helpdesk_http_client::{Fault, HttpError, Response};
use serde::Deserialize;

#[derive(Deserialize)]
struct Scored {
    label: String,
    score: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    OfEach(Vec<Vec<Scored>>),
    OfOne(Vec<Scored>),
    Declined { error: serde_json::Value },
}

/// The label with the highest score.
pub(crate) fn best(response: &Response) -> Result<Classification, HttpError> {
    let scored = match response.json()? {
        Answer::OfOne(scored) => scored,
        Answer::OfEach(each) => each.into_iter().next().unwrap_or_default(),
        Answer::Declined { error } => {
            return Err(response.fault(Fault::Declined, &error.to_string()));
        }
    };
    let best = scored
        .into_iter()
        .reduce(|best, next| if next.score > best.score { next } else { best });
    let Some(Scored { label, score }) = best else {
        return Err(response.fault(Fault::Garbled, "it holds no label"));
    };
    if !(0.0..=1.0).contains(&score) {
        let detail = format!("{score} is no confidence");
        return Err(response.fault(Fault::Garbled, &detail));
    }
    Ok(Classification {
        label,
        confidence: score,
    })
}
