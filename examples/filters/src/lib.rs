//! A tiny proxy: what a request goes through is a chain of filters, which a TOML file names.

use std::ops::ControlFlow;

use filters_api::{Answer, Filter, Filters, Request, Settings};
use serde::Deserialize;
use treenail::{Entries, Error};

treenail::compose!();

/// The file that names the filters.
#[derive(Deserialize)]
struct Chain {
    filter: Vec<Place>,
}

/// A place in the chain.
#[derive(Deserialize)]
struct Place {
    #[serde(rename = "use")]
    key: String,
    #[serde(flatten)]
    settings: Settings,
}

/// The filters that requests go through.
pub struct Proxy {
    chain: Vec<Box<dyn Filter>>,
}

impl Proxy {
    /// Makes the filters that a chain names, in TOML.
    ///
    /// # Errors
    /// The text is no chain, names what is no filter, or has settings that are not a filter's.
    pub fn new(filters: &Entries<Filters>, chain: &str) -> treenail::Result<Self> {
        let file: Chain = toml::from_str(chain)?;
        let mut chain = Vec::new();
        for (place, Place { key, settings }) in file.filter.iter().enumerate() {
            let number = place + 1;
            let make = filters.get(key);
            let make = make.map_err(|error| Error::msg(format!("filter {number}: {error}")))?;
            let filter = make(settings);
            let filter =
                filter.map_err(|error| Error::msg(format!("filter {number}, `{key}`: {error}")))?;
            chain.push(filter);
        }
        Ok(Self { chain })
    }

    /// Answers a request: with what the first filter says that answers.
    #[must_use]
    pub fn handle(&self, mut request: Request) -> Answer {
        for filter in &self.chain {
            if let ControlFlow::Break(answer) = filter.apply(&mut request) {
                return answer;
            }
        }
        let body = format!("nobody answers {}", request.path);
        Answer { status: 404, body }
    }
}

/// Answers 200 to `/health`: a filter of the proxy's own.
///
/// # Errors
/// None: it has no settings.
pub fn health(_: &Settings) -> Result<Box<dyn Filter>, String> {
    Ok(Box::new(Health))
}

struct Health;

impl Filter for Health {
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer> {
        match request.path.as_str() {
            "/health" => ControlFlow::Break(Answer {
                status: 200,
                body: "well".to_owned(),
            }),
            _ => ControlFlow::Continue(()),
        }
    }
}
