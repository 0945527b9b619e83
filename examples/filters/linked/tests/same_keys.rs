//! The slice of linkme beside the registry: what whoever moves from one to the other wants to know before the slice goes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use filters::App;
use filters_api::Filters;
use filters_linked::{FILTERS, Make, filters, make};
use treenail::Settings;

#[tokio::test]
async fn the_slice_and_the_registry_hold_the_same_keys() -> treenail::Result<()> {
    let app = App::start(Settings::none()).await?;
    let registry: BTreeSet<&str> = app.registry::<Filters>().keys().collect();
    let slice: BTreeSet<&str> = FILTERS.iter().map(|(key, _)| *key).collect();
    assert_eq!(slice, registry);
    app.stop().await;
    Ok(())
}

#[test]
fn of_two_entries_with_one_name_the_map_has_one_and_nobody_is_told() {
    let twice = [FILTERS[0], FILTERS[0]];
    assert_eq!(HashMap::from(twice).len(), 1);
    assert_eq!(filters().len(), FILTERS.len());
}

#[tokio::test]
async fn while_crates_move_a_filter_is_found_in_either_place() -> treenail::Result<()> {
    let app = App::start(Settings::none()).await?;
    let registry = app.registry::<Filters>();
    let not_moved: HashMap<&str, Make> = [("old", filters()["health"])].into();
    let find = |key| make(registry, &not_moved, key, &BTreeMap::new());
    assert!(find("health").is_ok());
    assert!(find("old").is_ok());
    let unknown = find("olt").err().expect("a mistake");
    assert!(
        unknown.starts_with("nothing in `filters_api::Filters` is called `olt`"),
        "{unknown}"
    );
    app.stop().await;
    Ok(())
}
