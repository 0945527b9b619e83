//! The whole life of an application whose process a signal ends.

use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::running::Running;
use super::signals::EndedBySignal;
use super::{Core, Settings};
use crate::container::Table;
use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::lifecycle::{Life, Lifecycle, StartError, StopReport};

impl Core {
    /// Starts, works until a signal, until the pipeline ends, or until a component asks for a shutdown or fails fatally; stops.
    ///
    /// # Errors
    /// What a start ends with, or [`run`](Self::run). A start that is rolled back because of a signal is no error.
    pub fn launch<'a>(
        table: &'static Table,
        settings: &'a Settings,
        lifecycle: Lifecycle,
    ) -> BoxFuture<'a, Result<()>> {
        let run = async |core: &Self| core.run().await;
        Box::pin(Self::launch_and(
            table,
            settings,
            lifecycle,
            |core| core,
            run,
        ))
    }

    /// What [`launch`](Self::launch) does, with `drive` in the place of [`run`](Self::run). `finish` makes of what has started what
    /// that is given.
    ///
    /// # Errors
    /// What a start ends with, what `drive` ends with, or what went wrong while stopping.
    pub async fn launch_and<A>(
        table: &'static Table,
        settings: &Settings,
        lifecycle: Lifecycle,
        finish: impl FnOnce(Self) -> A,
        drive: impl AsyncFnOnce(&A) -> Result<()>,
    ) -> Result<()> {
        let signals = EndedBySignal::take()?;
        Self::launch_under(signals, table, settings, lifecycle, finish, drive).await
    }

    /// What [`launch_and`](Self::launch_and) does, where signals have been taken.
    ///
    /// # Errors
    /// What [`launch_and`](Self::launch_and) ends with.
    pub(super) async fn launch_under<A>(
        signals: EndedBySignal,
        table: &'static Table,
        settings: &Settings,
        lifecycle: Lifecycle,
        finish: impl FnOnce(Self) -> A,
        drive: impl AsyncFnOnce(&A) -> Result<()>,
    ) -> Result<()> {
        let ended = match Self::start_under(&signals, table, settings, lifecycle).await {
            Ok(Some(started)) => {
                let application = Arc::clone(&started.application);
                let app = finish(started);
                let mut driving = pin!(async { drive(&app).await });
                let driven = poll_fn(|context| {
                    let polled = catch_unwind(AssertUnwindSafe(|| driving.as_mut().poll(context)));
                    match polled {
                        Ok(Poll::Pending) => Poll::Pending,
                        Ok(Poll::Ready(driven)) => Poll::Ready(Ok(driven)),
                        Err(panic) => Poll::Ready(Err(panic)),
                    }
                })
                .await;
                let report = application.end().await;
                match driven {
                    Ok(Ok(())) if !report.is_clean() => Err(Error::msg(report)),
                    Ok(driven) => driven,
                    Err(panic) => {
                        signals.ended(Some("the program panicked".to_owned()));
                        resume_unwind(panic)
                    }
                }
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        signals.ended(ended.as_ref().err().map(|error| format!("{error:?}")));
        ended
    }

    /// `None` where a signal came before everything had started, and nothing else went wrong.
    fn start_under<'a>(
        signals: &'a EndedBySignal,
        table: &'static Table,
        settings: &'a Settings,
        lifecycle: Lifecycle,
    ) -> BoxFuture<'a, Result<Option<Self>>> {
        Box::pin(async move {
            let known = |life: &Life| signals.attach(life, life.time_to_give_up());
            let error = match Self::begin(table, settings, lifecycle, known).await {
                Ok(core) => {
                    signals.within(core.life().time_to_stop());
                    let _ = core.application.signals.set(signals.clone());
                    return Ok(Some(core));
                }
                Err(error) => error,
            };
            match error.downcast_ref::<StartError>() {
                Some(start) if signals.has_come() && start.is_unwanted_only() => Ok(None),
                _ => Err(error),
            }
        })
    }

    /// Works until SIGINT or SIGTERM, until the pipeline ends, or until a component asks for a shutdown or fails fatally; then
    /// stops. A second signal ends the process at once.
    ///
    /// # Errors
    /// What [`run_until`](Self::run_until) ends with; and if signals cannot be listened to.
    pub fn run(&self) -> BoxFuture<'_, Result<()>> {
        let running = self.application.run_until_a_signal(|_| pending());
        Box::pin(running)
    }
}

impl Running {
    /// Works until SIGINT or SIGTERM, until the pipeline ends, or until a component asks for a shutdown or fails fatally; then
    /// stops. What `besides` makes of the signals is done until then.
    ///
    /// # Errors
    /// What [`run_until`](Self::run_until) ends with; and if signals cannot be listened to.
    pub(super) async fn run_until_a_signal<F: Future<Output = ()> + Send>(
        self: &Arc<Self>,
        besides: impl FnOnce(&EndedBySignal) -> F,
    ) -> Result<()> {
        let signals = match self.signals.get() {
            Some(signals) => signals,
            None => {
                let (signals, generation) = (EndedBySignal::take()?, self.generation());
                signals.attach(&generation.life, generation.life.time_to_stop());
                self.signals.get_or_init(|| signals)
            }
        };
        let ended = self.run_until(pin!(besides(signals))).await;
        signals.ended(ended.as_ref().err().map(|error| format!("{error:?}")));
        ended
    }

    /// Works as [`run_until_a_signal`](Self::run_until_a_signal) does, and reads the configuration again at SIGHUP.
    ///
    /// # Errors
    /// What [`run_until`](Self::run_until) ends with; and if signals cannot be listened to.
    #[cfg(feature = "config")]
    pub(super) fn run_and_reload(self: &Arc<Self>) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.run_until_a_signal(move |signals| {
            let mut hangups = signals.hangups();
            async move {
                while hangups.changed().await.is_ok() {
                    // It is in the log.
                    let _ = self.reload_again().await;
                }
                pending::<()>().await;
            }
        }))
    }

    /// From now on the stop has its whole time, though a signal has come before.
    pub(super) fn stop_has_begun(&self, life: &Life) {
        if let Some(signals) = self.signals.get() {
            signals.within(life.time_to_stop());
        }
    }

    pub(super) fn has_stopped(&self, report: &StopReport) {
        if let Some(signals) = self.signals.get() {
            signals.ended((!report.is_clean()).then(|| report.to_string()));
        }
    }
}
