//! A built component whose type is erased: values are typed again by whoever injects them, so the generated code has one
//! small entry per component and nothing that grows with their number, which keeps it linear for rustc.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::{Component, Provides};
use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::supervision::Shutdown;

/// A component that is being built.
pub struct Building(Pin<Box<dyn Build>>);

/// What makes a component, its type forgotten. Compiled once for each component: a future of its own around the one that `build`
/// returns would be twice the machine code.
trait Build: Send {
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<AnyComponent>>;
}

impl<C: Component, F: Future<Output = Result<C>> + Send> Build for F {
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<AnyComponent>> {
        match Future::poll(self, context) {
            Poll::Ready(Ok(component)) => Poll::Ready(Ok(AnyComponent(Arc::new(component)))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// A component that cannot be built: why, until that has been told.
struct Refused(Option<Error>);

impl Build for Refused {
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<AnyComponent>> {
        self.0
            .take()
            .map_or(Poll::Pending, |error| Poll::Ready(Err(error)))
    }
}

impl Building {
    /// By what its `build` returns.
    pub fn new<C: Component>(build: impl Future<Output = Result<C>> + Send + 'static) -> Self {
        Self(Box::pin(build))
    }

    /// Of a component that cannot be built.
    pub(crate) fn refused(error: Error) -> Self {
        Self(Box::pin(Refused(Some(error))))
    }
}

impl Future for Building {
    type Output = Result<AnyComponent>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for Building {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Building")
    }
}

/// What the lifecycle does to a component whose type it does not know. Compiled once for each component, so it is kept
/// small: what can be done without the type is done elsewhere.
trait Managed: Any + Send + Sync {
    fn start(&self) -> BoxFuture<'_, Result<()>>;
    fn work(&self, shutdown: Shutdown) -> BoxFuture<'_, Result<()>>;
    fn stop(&self) -> BoxFuture<'_, Result<()>>;
}

impl<C: Component> Managed for C {
    fn start(&self) -> BoxFuture<'_, Result<()>> {
        boxed(Component::start(self))
    }

    fn work(&self, shutdown: Shutdown) -> BoxFuture<'_, Result<()>> {
        boxed(Component::work(self, shutdown))
    }

    fn stop(&self) -> BoxFuture<'_, Result<()>> {
        boxed(Component::stop(self))
    }
}

/// Compiled once for each type of future: components that have no step of their own share theirs.
fn boxed<'a>(call: impl Future<Output = Result<()>> + Send + 'a) -> BoxFuture<'a, Result<()>> {
    Box::pin(call)
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
        match self.any().downcast() {
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
        // Not by `Self::downcast`, which would be one more function for each component.
        match self.any().downcast::<C>() {
            Ok(component) => component.provide(),
            Err(other) => wrong_type(other),
        }
    }

    fn any(self) -> Arc<dyn Any + Send + Sync> {
        self.0
    }

    /// How many hold it.
    #[cfg(feature = "config")]
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    pub(crate) fn start(&self) -> BoxFuture<'_, Result<()>> {
        self.0.start()
    }

    pub(crate) fn work(&self, shutdown: Shutdown) -> BoxFuture<'static, Result<()>> {
        let value = self.clone();
        Box::pin(async move { value.0.work(shutdown).await })
    }

    pub(crate) fn stop(&self) -> BoxFuture<'static, Result<()>> {
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
