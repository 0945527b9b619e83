//! A program with one component, whose code was generated and committed.

include!("treenail.rs");

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use treenail::{Component, Config, Deps, Settings};

trait Greet: Send + Sync {
    fn greet(&self) -> &'static str;
}

struct Greeter;

impl Component for Greeter {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Greet for Greeter {
    fn greet(&self) -> &'static str {
        "hello"
    }
}

/// Nothing here waits, so the smallest host needs no runtime.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the start waits for something"),
    }
}

fn main() -> treenail::Result<()> {
    let app = ready(App::start(Settings::none()))?;
    println!("{}", app.get::<dyn Greet>().greet());
    ready(app.stop());
    Ok(())
}
