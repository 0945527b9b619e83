//! The registry of pages. Its keys are where they are: `/visitors`.

use std::sync::Arc;

use axum::Router;
use treenail_core::{AcceptsWired, Registry, Wired};

/// What the server serves, by the beginning of the path. The attribute `access = "open"` is for pages that ask for no token.
pub struct Pages;

impl Registry for Pages {
    type Entry = Router;
}

/// Pages that are made of services.
pub trait Page: Wired {
    /// The pages, with paths below the one of the entry.
    fn router(deps: Self::Deps) -> Router;
}

impl<P: Page> AcceptsWired<P> for Pages {
    fn entry(_key: &'static str, deps: P::Deps) -> Arc<Router> {
        Arc::new(P::router(deps))
    }
}
