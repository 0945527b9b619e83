//! An application over its generations: what runs now, how it works, and its one stop.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinError;
#[cfg(feature = "pipes")]
use tokio::time::timeout;
use tracing::Instrument as _;

use super::generation::Generation;
#[cfg(feature = "config")]
use super::reloads::Reloads;
#[cfg(feature = "signals")]
use super::signals;
use crate::error::{Error, Result};
use crate::future::{BoxFuture, spawn};
use crate::lifecycle::{Lifecycle, StopOnDrop, StopReport};
use crate::supervision::Status;

/// What the tasks of starting, reloading and stopping hold as well, so that they go on when their caller does not.
pub(super) struct Running {
    /// The one that runs.
    pub(super) generation: watch::Sender<Arc<Generation>>,
    /// As the host wants it, whatever the configuration says.
    #[cfg_attr(
        not(feature = "config"),
        expect(dead_code, reason = "there is no reload")
    )]
    pub(super) lifecycle: Lifecycle,
    /// One at a time; a stop waits for the one that is under way.
    #[cfg(feature = "config")]
    pub(super) reloads: Reloads,
    /// Set when a stop has begun; the report when it has ended.
    stop: OnceLock<watch::Receiver<()>>,
    stopped: OnceLock<StopReport>,
    /// Set when signals end it.
    #[cfg(feature = "signals")]
    pub(super) signals: OnceLock<signals::EndedBySignal>,
}

impl Running {
    pub(super) fn new(generation: Generation, lifecycle: Lifecycle) -> Self {
        Self {
            generation: watch::Sender::new(Arc::new(generation)),
            lifecycle,
            #[cfg(feature = "config")]
            reloads: Reloads::default(),
            stop: OnceLock::new(),
            stopped: OnceLock::new(),
            #[cfg(feature = "signals")]
            signals: OnceLock::new(),
        }
    }

    /// The one that runs.
    pub(super) fn generation(&self) -> Arc<Generation> {
        Arc::clone(&self.generation.borrow())
    }

    /// Works until `shutdown`, until the pipeline ends, or until a component asks for a shutdown or fails fatally; then stops.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    pub(super) fn run_until<'a>(
        self: &'a Arc<Self>,
        shutdown: Pin<&'a mut (dyn Future<Output = ()> + Send + 'a)>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.work_and_end(shutdown))
    }

    /// What [`run_until`](Self::run_until) does.
    async fn work_and_end(
        self: &Arc<Self>,
        mut shutdown: Pin<&mut (dyn Future<Output = ()> + Send + '_)>,
    ) -> Result<()> {
        let mut fatal = None;
        // Those of all generations.
        let (mut asked, supervision) = {
            let life = &self.generation().life;
            (life.shutdown.subscribe(), Arc::clone(&life.supervision))
        };
        let shutdown = async {
            let mut asked = pin!(asked.wait_for(Option::is_some));
            let mut failed = pin!(supervision.board.fatal());
            poll_fn(|context| match failed.as_mut().poll(context) {
                Poll::Ready(status) => {
                    fatal = Some(status);
                    Poll::Ready(())
                }
                Poll::Pending if asked.as_mut().poll(context).is_ready() => Poll::Ready(()),
                Poll::Pending => shutdown.as_mut().poll(context),
            })
            .await;
        };
        let worked = self.work(shutdown).await;
        let report = self.end().await;
        if let Some(Status {
            component,
            plugin,
            reason,
            ..
        }) = fatal
        {
            let reason = reason.unwrap_or_else(|| "no reason was given".to_owned());
            let failed = format!(
                "`{component}` (plugin `{plugin}`) has failed, and the application cannot go on: {reason}"
            );
            return Err(Error::msg(failed));
        }
        worked?;
        if report.is_clean() {
            Ok(())
        } else {
            Err(Error::msg(report))
        }
    }

    /// Runs the pipeline of each generation in turn.
    #[cfg(feature = "pipes")]
    async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        let mut generations = self.generation.subscribe();
        let mut shutdown = pin!(shutdown);
        loop {
            let generation = generations.borrow_and_update().clone();
            let within = generation.life.time_to_stop();
            let pipeline = generation.pipeline.as_ref();
            let pipeline = pipeline.map(|planned| Arc::clone(&planned.pipeline));
            // It may run on when the generation is gone.
            drop(generation);
            if let Some(pipeline) = pipeline {
                let mut running = pin!(pipeline.run());
                match unless(shutdown.as_mut(), running.as_mut()).await {
                    Some(Ok(())) if pipeline.is_paused() => {}
                    Some(ended) => return ended,
                    None => {
                        pipeline.stop();
                        return timeout(within, running).await.unwrap_or_else(|_| {
                            let cut_off = format!(
                                "the pipeline did not end within {within:?} and was cut off"
                            );
                            Err(Error::msg(cut_off))
                        });
                    }
                }
            }
            // There is no pipeline, or it waits for the end of a reload.
            let changed = pin!(generations.changed());
            if unless(shutdown.as_mut(), changed).await.is_none() {
                return Ok(());
            }
        }
    }

    #[cfg(not(feature = "pipes"))]
    async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        shutdown.await;
        Ok(())
    }

    /// Stops it; all who call this share the one stop and its report.
    pub(super) fn end(self: &Arc<Self>) -> BoxFuture<'_, &StopReport> {
        Box::pin(async {
            let stop = self.begin_stop(&Handle::current);
            // Closed when the stop has ended, or when its runtime is gone.
            let _ = stop.clone().changed().await;
            let cut_off = || self.generation().life.cut_off();
            self.stopped.get_or_init(cut_off)
        })
    }

    /// Stops it in a task of `runtime`. That is no type parameter, of which each would be compiled anew.
    fn begin_stop(self: &Arc<Self>, runtime: &dyn Fn() -> Handle) -> &watch::Receiver<()> {
        self.stop.get_or_init(|| {
            let (ended, stop) = watch::channel(());
            let application = Arc::clone(self);
            let stopping = async move {
                let report = application.stop().await;
                application.stopped.get_or_init(|| report);
                drop(ended);
            };
            spawn(&runtime(), Box::pin(stopping.in_current_span()));
            stop
        })
    }

    async fn stop(&self) -> StopReport {
        #[cfg(feature = "config")]
        let _none = self.reloads.end().await;
        let generation = self.generation();
        let life = &generation.life;
        #[cfg(feature = "pipes")]
        if let Some(pipeline) = generation.pipeline() {
            let within = life.time_to_stop();
            let ended = timeout(within, pipeline.finish()).await;
            if ended.is_err() {
                tracing::warn!("the pipeline did not end within {within:?}: stops all the same");
            }
        }
        #[cfg(feature = "signals")]
        self.stop_has_begun(life);
        let report = life.stop().await;
        #[cfg(feature = "signals")]
        self.has_stopped(&report);
        tracing::info!(host = life.table.host, clean = report.is_clean(), "stopped");
        report
    }

    /// Nobody is there any more to stop it: it is stopped in the background, where it was started.
    pub(super) fn abandon(self: &Arc<Self>) {
        if self.stop.get().is_some() {
            return;
        }
        let generation = self.generation();
        tracing::warn!(
            host = generation.life.table.host,
            "dropped without stop: stops in the background, as long as its runtime goes on"
        );
        // Nobody waits for it, so there may be little time.
        generation.life.abort_tasks();
        self.begin_stop(&|| generation.life.runtime().clone());
    }
}

/// What a future ends with; `None` where `shutdown` has ended by then.
#[cfg(feature = "pipes")]
async fn unless<F: Future>(
    mut shutdown: Pin<&mut impl Future<Output = ()>>,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    poll_fn(|context| match shutdown.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => future.as_mut().poll(context).map(Some),
    })
    .await
}

/// Builds and starts in a task of its own, so that a start that nobody waits for any more can still be rolled back.
pub(super) async fn begin(life: StopOnDrop) -> Result<StopOnDrop> {
    let (waiting, given_up) = watch::channel(());
    let beginning = async move {
        let Err(mut error) = life.begin(given_up).await else {
            return Ok(life);
        };
        let supervision = Arc::clone(&life.supervision);
        drop(life);
        // Those of the components' values.
        error.rollback.panics.extend(supervision.take_strays());
        Err(error)
    };
    let begun = in_a_task(beginning).await;
    drop(waiting);
    Ok(begun??)
}

/// Does something in a task of its own, which goes on where nobody waits for it.
///
/// # Errors
/// The task was cut off.
///
/// # Panics
/// As the task does.
pub(super) async fn in_a_task<T: Send + 'static>(
    task: impl Future<Output = T> + Send + 'static,
) -> std::result::Result<T, JoinError> {
    tokio::spawn(task.in_current_span())
        .await
        .map_err(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(cut_off) => cut_off,
        })
}
