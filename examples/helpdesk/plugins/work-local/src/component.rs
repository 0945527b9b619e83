//! The store of work as a component: the database is opened when it is built.

use treenail::{Component, Config, Deps};

use crate::LocalWork;
use crate::place::Place;

impl Component for LocalWork {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let mut databases = deps.databases.iter().filter_map(|database| database.path());
        let place = match (&config.path, databases.next()) {
            (Some(path), _) => Place::Own(path.clone()),
            (None, Some(path)) => Place::OfTickets(path.to_owned()),
            (None, None) => Place::Memory,
        };
        Ok(Self::open_as(deps.handle, place, config).await?)
    }
}
