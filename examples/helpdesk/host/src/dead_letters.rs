//! The tickets that nobody is given any more, because they were tried as often as is allowed.

use std::process::ExitCode;
use std::sync::Arc;

use anstyle::Style;
use helpdesk_work::{DeadLetter, Work};
use serde_json::json;
use treenail::{Error, Result};

use crate::Desk;
use crate::cli::{DeadLetters, Format};
use crate::configuration::Source;
use crate::output;
use crate::table::Table;

/// Lists them, or makes some of them work again.
pub(crate) async fn list<A: Desk>(source: &Source, options: &DeadLetters) -> Result<ExitCode> {
    let app = A::start(source.settings()?).await?;
    let work = app.work();
    let done = match &*options.revive {
        [] => show(&work, options.format).await,
        ids => revive(&work, ids).await,
    };
    app.stop().await;
    done
}

async fn show(work: &[Arc<dyn Work>], format: Format) -> Result<ExitCode> {
    let mut letters = Vec::new();
    for work in work {
        letters.extend(work.dead().await?);
    }
    match format {
        Format::Json => output::data(&format!("{:#}\n", as_json(&letters)))?,
        Format::Table if letters.is_empty() => output::note("there are no dead letters"),
        Format::Table => {
            let mut table = Table::new(&["ticket", "attempts", "reason"]);
            for letter in &letters {
                let plain = |text: &str| (output::printable(text), Style::new());
                let reason = letter.reason.as_deref();
                table.row([
                    plain(&letter.key),
                    plain(&letter.attempts.to_string()),
                    plain(reason.unwrap_or("whoever worked on it was never heard of again")),
                ]);
            }
            output::data(&table.text())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(letters: &[DeadLetter]) -> serde_json::Value {
    let letters = letters.iter();
    letters
        .map(|letter| {
            json!({ "ticket": letter.key, "attempts": letter.attempts, "reason": letter.reason })
        })
        .collect()
}

async fn revive(work: &[Arc<dyn Work>], ids: &[String]) -> Result<ExitCode> {
    let mut unknown = Vec::new();
    for id in ids {
        let mut is_revived = false;
        for work in work {
            is_revived |= work.revive(id).await?;
        }
        if is_revived {
            output::note(&format!("ticket {id} can be worked on again"));
        } else {
            unknown.push(format!("`{id}`"));
        }
    }
    if unknown.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Error::msg(format!(
        "no dead letters: {}; `dead-letters` lists those that there are",
        unknown.join(", ")
    )))
}
