//! The clock that treenail provides itself, where nothing else in a composition does.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::current::Current;
use super::lazy::Lazy;
use crate::clock::{Clock, SystemClock};

/// One for all applications: it has no state.
static OWN: LazyLock<Arc<dyn Clock>> = LazyLock::new(|| Arc::new(SystemClock));

/// What the clock is called where providers have names.
const NAME: &str = "treenail:SystemClock";

/// treenail's own clock.
pub fn own_clock() -> &'static Arc<dyn Clock> {
    &OWN
}

/// What a requirement of `dyn Clock` that no component meets is given, in each form of a requirement.
pub trait FromOwnClock {
    /// The clock, in that form.
    fn from_own_clock() -> Self;
}

impl FromOwnClock for Arc<dyn Clock> {
    fn from_own_clock() -> Self {
        Arc::clone(own_clock())
    }
}

impl FromOwnClock for Option<Arc<dyn Clock>> {
    fn from_own_clock() -> Self {
        Some(Arc::from_own_clock())
    }
}

impl FromOwnClock for Vec<Arc<dyn Clock>> {
    fn from_own_clock() -> Self {
        vec![Arc::from_own_clock()]
    }
}

impl FromOwnClock for BTreeMap<String, Arc<dyn Clock>> {
    fn from_own_clock() -> Self {
        Self::from([(NAME.to_owned(), Arc::from_own_clock())])
    }
}

impl FromOwnClock for Lazy<dyn Clock> {
    fn from_own_clock() -> Self {
        Self::made(Arc::from_own_clock())
    }
}

impl FromOwnClock for Current<dyn Clock> {
    fn from_own_clock() -> Self {
        Self::made(Arc::from_own_clock())
    }
}
