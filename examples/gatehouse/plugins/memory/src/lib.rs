//! Keeps the list in memory, until the program ends.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gatehouse_api::{Result, Visitor};
use treenail::{Component, Config, Deps};

treenail::plugin!();

/// The list, in memory.
#[derive(Default)]
pub struct Store(Mutex<BTreeMap<u64, Visitor>>);

impl Store {
    fn list(&self) -> MutexGuard<'_, BTreeMap<u64, Visitor>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Component for Store {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self::default())
    }
}

#[async_trait::async_trait]
impl gatehouse_api::Store for Store {
    async fn all(&self) -> Result<Vec<Visitor>> {
        Ok(self.list().values().cloned().collect())
    }

    async fn put(&self, visitor: Visitor) -> Result<()> {
        self.list().insert(visitor.number, visitor);
        Ok(())
    }
}
