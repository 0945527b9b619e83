//! What the proxy and its filters agree on: a request, a filter, and the registry of what makes filters.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;

use treenail_core::{Accepts, AcceptsWired, Registry, Wired};

/// A request, as far as filters see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Where it goes: `/shop/cart`.
    pub path: String,
    /// Its headers.
    pub headers: BTreeMap<String, String>,
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// As of HTTP.
    pub status: u16,
    /// Text.
    pub body: String,
}

/// One step on the way of every request.
pub trait Filter: Send + Sync {
    /// Changes the request, or answers it and thereby ends its way.
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer>;
}

/// What the chain says of one filter, by name.
pub type Settings = BTreeMap<String, String>;

/// The setting of a name.
///
/// # Errors
/// It is not there.
pub fn setting(settings: &Settings, name: &str) -> Result<String, String> {
    let found = settings.get(name).cloned();
    found.ok_or_else(|| format!("`{name}` is missing"))
}

/// Makers of filters, by the names that a chain has for them.
pub struct Filters;

impl Registry for Filters {
    type Entry = dyn Fn(&Settings) -> Result<Box<dyn Filter>, String> + Send + Sync;
}

/// Whatever is made of a path and printed as a path is a filter, whoever wrote it.
impl<P: for<'a> From<&'a str> + Display + 'static> Accepts<P> for Filters {
    const ENTRY: &'static Self::Entry = &|_| Ok(Box::new(Rewrite::<P>(PhantomData)));
}

struct Rewrite<P>(PhantomData<fn() -> P>);

impl<P: for<'a> From<&'a str> + Display> Filter for Rewrite<P> {
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer> {
        request.path = P::from(&request.path).to_string();
        ControlFlow::Continue(())
    }
}

/// A filter that needs services of the application.
pub trait WiredFilter: Wired + Filter + Sized {
    /// Makes one for a place in the chain.
    ///
    /// # Errors
    /// The settings are not those of this filter.
    fn new(deps: &Self::Deps, settings: &Settings) -> Result<Self, String>;
}

impl<F: WiredFilter> AcceptsWired<F> for Filters {
    fn entry(_key: &'static str, deps: F::Deps) -> Arc<Self::Entry> {
        Arc::new(move |settings| Ok(Box::new(F::new(&deps, settings)?)))
    }
}
