//! Futures whose type is forgotten.

use std::future::Future;
use std::pin::Pin;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A future whose machine code is in the crate that makes it. That of an `async fn` is compiled by each crate that awaits it, which
/// for a start is the scheduler with all that it needs of tokio: half a second in each program and each test that has an application.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Spawns what nobody waits for. For rustc each type of future is a task of its own, some 10,000 lines of LLVM IR: here they are one.
pub(crate) fn spawn(runtime: &Handle, task: BoxFuture<'static, ()>) -> JoinHandle<()> {
    runtime.spawn(task)
}
