//! A built component whose type is erased: values are typed again by whoever injects them, so the generated code has one
//! small entry per component and nothing that grows with their number, which keeps it linear for rustc.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Component, Provides};
use crate::error::Result;
use crate::supervision::Shutdown;

/// A component that is being built.
pub type Building = Pin<Box<dyn Future<Output = Result<AnyComponent>> + Send>>;

/// A call of a component's `start`, `work` or `stop` that is under way.
type CallFuture<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What the lifecycle does to a component whose type it does not know. Compiled once for each component, so it is kept
/// small: what can be done without the type is done elsewhere.
trait Managed: Any + Send + Sync {
    fn start(&self) -> CallFuture<'_>;
    fn work(&self, shutdown: Shutdown) -> CallFuture<'_>;
    fn stop(&self) -> CallFuture<'_>;
}

impl<C: Component> Managed for C {
    fn start(&self) -> CallFuture<'_> {
        Box::pin(Component::start(self))
    }

    fn work(&self, shutdown: Shutdown) -> CallFuture<'_> {
        Box::pin(Component::work(self, shutdown))
    }

    fn stop(&self) -> CallFuture<'_> {
        Box::pin(Component::stop(self))
    }
}

/// A built component: a shared handle that remembers the type.
#[derive(Clone)]
pub struct AnyComponent(Arc<dyn Managed>);

impl AnyComponent {
    /// The component itself.
    ///
    /// # Panics
    /// If the component is of another type, which generated code never asks for.
    #[must_use]
    pub fn downcast<C: Send + Sync + 'static>(self) -> Arc<C> {
        let any: Arc<dyn Any + Send + Sync> = self.0;
        match any.downcast() {
            Ok(component) => component,
            Err(other) => wrong_type(other),
        }
    }

    /// The component, as a service it provides.
    ///
    /// # Panics
    /// If the component is of another type, which generated code never asks for.
    #[must_use]
    pub fn provide<C: Provides<S>, S: ?Sized>(self) -> Arc<S> {
        self.downcast::<C>().provide()
    }

    /// How many hold it.
    #[cfg(feature = "config")]
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    pub(crate) fn start(&self) -> CallFuture<'static> {
        let value = self.clone();
        Box::pin(async move { value.0.start().await })
    }

    pub(crate) fn work(&self, shutdown: Shutdown) -> CallFuture<'static> {
        let value = self.clone();
        Box::pin(async move { value.0.work(shutdown).await })
    }

    pub(crate) fn stop(&self) -> CallFuture<'static> {
        let value = self.clone();
        Box::pin(async move { value.0.stop().await })
    }
}

/// Not generic, so that it is compiled once.
#[cold]
fn wrong_type(_: Arc<dyn Any + Send + Sync>) -> ! {
    panic!("the composition hands a component to the wrong place")
}

impl fmt::Debug for AnyComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyComponent")
    }
}

pin_project! {
    /// Shares what a component's `build` makes. An async block would be three times the machine code for every component.
    pub(crate) struct BuildFuture<F> {
        #[pin]
        pub(crate) component: F,
    }
}

impl<C: Component, F: Future<Output = Result<C>>> Future for BuildFuture<F> {
    type Output = Result<AnyComponent>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().component.poll(context) {
            Poll::Ready(Ok(component)) => Poll::Ready(Ok(AnyComponent(Arc::new(component)))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}
