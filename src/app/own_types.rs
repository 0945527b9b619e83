//! Components by their own types: `app.get::<Store>()` where `Store` is a component.
//!
//! An application of a thousand components is asked for few of them in this way, so none has a field of `App`, for which rustc would
//! compile the reference counting of each type: what is not asked for is not compiled.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::component::AnyComponent;
use crate::container::Table;

/// By component: what it is asked for by, an `Arc` of its type, once it has been.
pub(super) struct OwnTypes(Box<[OnceLock<OwnType>]>);

type OwnType = Box<dyn Any + Send + Sync>;

impl OwnTypes {
    pub(super) fn of(table: &Table) -> Self {
        let components = table.components.iter();
        Self(components.map(|_| OnceLock::new()).collect())
    }

    /// A component by its own type, which `built` has where nobody has asked before; nothing, if its type is another one.
    #[inline]
    pub(super) fn get<C: Send + Sync + 'static>(
        &self,
        component: usize,
        built: impl FnOnce() -> AnyComponent,
    ) -> Option<&Arc<C>> {
        let made = self.0[component].get_or_init(|| Box::new(built().downcast::<C>()));
        made.downcast_ref()
    }
}

impl fmt::Debug for OwnTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnTypes")
    }
}
