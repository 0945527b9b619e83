//! The filters of the example as they are registered by linkme: each in a slice that the linker makes, and a map that the
//! program fills from it when it starts.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use filters_api::{Filter, Filters, Settings};
use filters_slug::Slug;
use filters_upstream::{Forward, Pool};
use linkme::distributed_slice;
use treenail_core::{Accepts, Entries};

/// What makes a filter.
pub type Make = fn(&Settings) -> Result<Box<dyn Filter>, String>;

/// What every crate adds its filters to.
#[distributed_slice]
pub static FILTERS: [(&'static str, Make)];

#[distributed_slice(FILTERS)]
static BLOCK: (&str, Make) = ("block", filters_edge::block);

#[distributed_slice(FILTERS)]
static HEADER: (&str, Make) = ("header", filters_edge::header);

#[distributed_slice(FILTERS)]
static HEALTH: (&str, Make) = ("health", filters::health);

#[cfg(feature = "mirror")]
#[distributed_slice(FILTERS)]
static MIRROR: (&str, Make) = ("mirror", filters_edge::mirror);

#[distributed_slice(FILTERS)]
static SLUG: (&str, Make) = ("slug", |settings| {
    <Filters as Accepts<Slug>>::ENTRY(settings)
});

#[distributed_slice(FILTERS)]
static FORWARD: (&str, Make) = ("forward", |settings| {
    static POOL: LazyLock<Arc<Pool>> = LazyLock::new(Arc::default);
    Ok(Box::new(Forward::through(&POOL, settings)?))
});

/// The filters by name.
#[must_use]
pub fn filters() -> HashMap<&'static str, Make> {
    FILTERS.iter().copied().collect()
}

/// Makes a filter while the crates move: what has moved is in the registry, and what has not is in the map.
///
/// # Errors
/// Neither has the key, or the settings are not the filter's.
pub fn make(
    registry: &Entries<Filters>,
    map: &HashMap<&str, Make>,
    key: &str,
    settings: &Settings,
) -> Result<Box<dyn Filter>, String> {
    match (registry.get(key), map.get(key)) {
        (Ok(entry), _) => entry(settings),
        (Err(_), Some(make)) => make(settings),
        (Err(unknown), None) => Err(unknown.to_string()),
    }
}
