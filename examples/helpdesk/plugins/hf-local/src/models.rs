//! The models that are loaded: a bounded number, each loaded once, the one that was used longest ago leaves first.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use tokio::sync::OnceCell;

/// How many models a service keeps in memory.
pub const LOADED_MODELS: usize = 16;

/// Handles on a slot that nobody else waits for: the one in the cache, and that of whoever looks.
const OURS: usize = 2;

/// Loaded models, or anything else that is slow to make, by name.
pub(crate) struct Models<T> {
    slots: Mutex<LruCache<String, Arc<OnceCell<T>>>>,
}

impl<T: Clone> Models<T> {
    pub(crate) fn new() -> Self {
        let capacity = NonZeroUsize::new(LOADED_MODELS).unwrap_or(NonZeroUsize::MIN);
        Self {
            slots: Mutex::new(LruCache::new(capacity)),
        }
    }

    /// The model with this name, loaded now if it is not there. Whoever asks while it is being loaded waits for that;
    /// where the loading fails, or whoever began it gives up, the next in line tries.
    pub(crate) async fn get<E>(
        &self,
        name: &str,
        load: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let slot = self
            .slots()
            .get_or_insert(name.to_owned(), Arc::default)
            .clone();
        let loaded = slot.get_or_try_init(|| load).await.cloned();
        if loaded.is_err() {
            self.forget(name, &slot);
        }
        loaded
    }

    /// Drops all of them.
    pub(crate) fn clear(&self) {
        self.slots().clear();
    }

    /// What could not be loaded must not push out what was; as long as somebody else is at it, it stays.
    fn forget(&self, name: &str, slot: &Arc<OnceCell<T>>) {
        let mut slots = self.slots();
        let in_place = slots
            .peek(name)
            .is_some_and(|there| Arc::ptr_eq(there, slot));
        if in_place && !slot.initialized() && Arc::strong_count(slot) == OURS {
            slots.pop(name);
        }
    }

    fn slots(&self) -> MutexGuard<'_, LruCache<String, Arc<OnceCell<T>>>> {
        // Nothing that could panic is done while it is held.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Loads `name` as its own name and counts.
    async fn load(models: &Models<String>, name: &str, loads: &AtomicUsize) -> String {
        let loaded = models.get(name, async {
            loads.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok::<_, ()>(name.to_owned())
        });
        loaded.await.expect("loads")
    }

    #[tokio::test]
    async fn a_model_is_loaded_once_however_many_ask_at_the_same_time() {
        let (models, loads) = (Models::new(), AtomicUsize::new(0));
        let (a, b, c) = tokio::join!(
            load(&models, "one", &loads),
            load(&models, "one", &loads),
            load(&models, "one", &loads)
        );
        assert_eq!([a, b, c], ["one", "one", "one"]);
        assert_eq!(loads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn the_one_that_was_used_longest_ago_leaves_first() {
        let (models, loads) = (Models::new(), AtomicUsize::new(0));
        for number in 0..LOADED_MODELS {
            load(&models, &number.to_string(), &loads).await;
        }
        load(&models, "0", &loads).await; // now the last used is 0, and 1 is the first to leave
        load(&models, "another", &loads).await;
        assert_eq!(loads.load(Ordering::Relaxed), LOADED_MODELS + 1);
        load(&models, "0", &loads).await;
        assert_eq!(loads.load(Ordering::Relaxed), LOADED_MODELS + 1);
        load(&models, "1", &loads).await;
        assert_eq!(loads.load(Ordering::Relaxed), LOADED_MODELS + 2);
        assert_eq!(models.slots().len(), LOADED_MODELS);
    }

    #[tokio::test]
    async fn a_model_that_failed_to_load_is_tried_again_and_takes_no_place() {
        let (models, loads) = (Models::new(), AtomicUsize::new(0));
        let failed = models.get("one", async { Err("no network") }).await;
        assert_eq!(failed, Err("no network"));
        assert_eq!(models.slots().len(), 0);
        assert_eq!(load(&models, "one", &loads).await, "one");
    }

    #[tokio::test]
    async fn where_one_loader_fails_those_who_wait_try_themselves() {
        let (models, loads) = (Models::new(), AtomicUsize::new(0));
        let fails = models.get("one", async {
            tokio::task::yield_now().await;
            Err(())
        });
        let (failed, loaded) = tokio::join!(fails, load(&models, "one", &loads));
        assert_eq!(failed, Err(()));
        assert_eq!(loaded, "one");
        load(&models, "one", &loads).await;
        assert_eq!(loads.load(Ordering::Relaxed), 1);
    }
}
