//! A reload: another configuration is checked against what runs, and then takes its place.

use std::sync::{Arc, Weak};

use tokio::sync::watch;
use tokio::time::Instant;
#[cfg(feature = "pipes")]
use tokio::time::timeout;

use super::changes::Changes;
use super::generation::Generation;
#[cfg(feature = "pipes")]
use super::generation::PlannedPipeline;
use super::running::{Running, in_a_task};
use crate::config::{ConfigError, Settings, configure};
#[cfg(feature = "pipes")]
use crate::container::{Configured, NewNode};
use crate::container::{Standing, Table, lay_out, transition};
use crate::future::BoxFuture;
use crate::lifecycle::{ReloadCause, ReloadError, Replaced, Successor};
use crate::supervision::LOG_TARGET;

/// A configuration that may take the place of another one.
struct Planned {
    next: Successor,
    changes: Changes,
    #[cfg(feature = "pipes")]
    configured: Configured,
}

impl Running {
    /// From now on it can be reloaded, from these settings at first; and `publish` is called with each generation that takes the
    /// place of another one.
    pub(super) fn reload_from(
        self: &Arc<Self>,
        settings: Settings,
        publish: impl Fn(Arc<Generation>) + Send + Sync + 'static,
    ) {
        *self.reloads.publish() = Some(Arc::new(publish));
        *self.reloads.settings() = Some(settings);
        let application: Weak<Self> = Arc::downgrade(self);
        self.generation().life.current().reloaded_by(application);
    }

    /// Whoever wants to know what comes of each reload from now on.
    pub(super) fn observe_reloads(
        &self,
        observer: impl Fn(&Result<Changes, ReloadError>) + Send + Sync + 'static,
    ) {
        self.reloads.observers().push(Arc::new(observer));
    }

    /// What a reload would change.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub(super) fn changes(&self, settings: &Settings) -> Result<Changes, ConfigError> {
        Ok(self.planned(settings)?.changes)
    }

    /// Compares a configuration with what runs. Nothing is touched.
    fn planned(&self, settings: &Settings) -> Result<Planned, ConfigError> {
        let (begun, generation) = (Instant::now(), self.generation());
        let life = &generation.life;
        // Whoever writes the log knows this one.
        let settings = settings
            .clone()
            .with_redactor(life.supervision.redactor.clone());
        let configured = configure(life.table, &settings)?;
        let plan = lay_out(life.table, &configured);
        let transition = life.transition_to(&plan);
        let changes = Changes::of(
            life.table,
            &life.plan,
            &plan,
            &transition,
            generation.number + 1,
        );
        #[cfg(feature = "pipes")]
        let changes = changes.with_pipeline(
            generation.pipeline.as_ref().map(|planned| &*planned.plan),
            configured.pipeline.as_ref(),
        );
        let next = Successor {
            plan: Arc::new(plan),
            transition,
            options: self.lifecycle.clone().with(&configured.lifecycle),
            configured: begun.elapsed(),
        };
        Ok(Planned {
            next,
            changes,
            #[cfg(feature = "pipes")]
            configured,
        })
    }

    /// Reloads in a task of its own, which goes on where nobody waits for it.
    ///
    /// # Errors
    /// Why it was refused.
    pub(super) fn reload(
        self: &Arc<Self>,
        settings: Settings,
    ) -> BoxFuture<'static, Result<Changes, ReloadError>> {
        let application = Arc::clone(self);
        Box::pin(async move {
            let reloading = async move {
                let _one = application.reloads.one.lock().await;
                let reloaded = application.reload_now(&settings).await;
                if reloaded.is_ok() {
                    *application.reloads.settings() = Some(settings);
                }
                application.reloads.tell(&reloaded);
                reloaded
            };
            match in_a_task(reloading).await {
                Ok(reloaded) => reloaded,
                // Its runtime ends.
                Err(_) => Err(ReloadError::refused(ReloadCause::Stopping)),
            }
        })
    }

    /// Reads the files again that the configuration came from, and reloads.
    ///
    /// # Errors
    /// Why it was refused.
    pub(super) async fn reload_again(self: &Arc<Self>) -> Result<Changes, ReloadError> {
        let settings = self.reloads.settings().clone();
        let Some(settings) = settings else {
            return Err(ReloadError::refused(ReloadCause::NoReloader));
        };
        match settings.read_again() {
            Ok(settings) => self.reload(settings).await,
            Err(error) => {
                let refused = Err(ReloadError::refused(ReloadCause::Config(error)));
                self.reloads.tell(&refused);
                refused
            }
        }
    }

    async fn reload_now(self: &Arc<Self>, settings: &Settings) -> Result<Changes, ReloadError> {
        let begun = Instant::now();
        let wanted = self.reloads.wanted().as_ref().map(watch::Sender::subscribe);
        let Some(wanted) = wanted else {
            return Err(ReloadError::refused(ReloadCause::Stopping));
        };
        let planned = self.planned(settings);
        let planned = planned.map_err(|error| ReloadError::refused(ReloadCause::Config(error)))?;
        let changes = &planned.changes;
        for change in changes.changed() {
            let because = change.because.as_deref().unwrap_or_default();
            tracing::info!(target: LOG_TARGET, component = change.component, because, "reload: {}", change.what);
        }
        if let Some(because) = &changes.pipeline {
            tracing::info!(target: LOG_TARGET, because, "reload: replace the pipeline");
        }
        let before = self.generation();
        #[cfg(feature = "pipes")]
        let paused = before.pause_for(&planned).await?;
        let Replaced { now, ended } = before.life.replace(&planned.next, wanted).await;
        let is_accepted = ended.is_ok();
        if let Some(life) = now {
            let generation = Generation {
                number: before.number + u64::from(is_accepted),
                #[cfg(feature = "pipes")]
                pipeline: match paused {
                    true => {
                        let same = before.pipeline.as_ref().map(|one| Arc::clone(&one.plan));
                        let plan = match is_accepted {
                            true => planned.configured.pipeline.map(Arc::new),
                            false => same,
                        };
                        plan.map(|plan| PlannedPipeline::new(plan, &life, before.pipeline()))
                    }
                    false => before.pipeline.clone(),
                },
                life,
            };
            self.enter(Arc::new(generation));
        } else {
            #[cfg(feature = "pipes")]
            before.resume();
            // Whoever waits for the end of the reload.
            self.generation.send_modify(|_| ());
        }
        ended?;
        before.life.stop_last(&planned.next.transition).await;
        Ok(Changes {
            took: begun.elapsed(),
            ..planned.changes
        })
    }

    /// From now on this is the one that runs.
    fn enter(self: &Arc<Self>, generation: Arc<Generation>) {
        self.generation.send_replace(Arc::clone(&generation));
        let publish = self.reloads.publish().clone();
        if let Some(publish) = publish {
            publish(generation);
        }
    }

    /// Nobody is told of generations any more.
    pub(super) fn tell_nobody(&self) {
        drop(self.reloads.publish().take());
    }
}

/// What a reload would change, from one configuration to another, where all of the first one runs.
///
/// # Errors
/// What is wrong with either; with the first one, where both are.
pub(super) fn compare(
    table: &'static Table,
    from: &Settings,
    to: &Settings,
) -> Result<Changes, ConfigError> {
    let (from, to) = (configure(table, from)?, configure(table, to)?);
    let (old, new) = (lay_out(table, &from), lay_out(table, &to));
    let transition = transition(table, &old, |_| Standing::Running, &new);
    let changes = Changes::of(table, &old, &new, &transition, 2);
    #[cfg(feature = "pipes")]
    let changes = changes.with_pipeline(from.pipeline.as_ref(), to.pipeline.as_ref());
    Ok(changes)
}

#[cfg(feature = "pipes")]
impl Generation {
    /// Lets the pipeline come to a point where it can be replaced, if it has to be. Whether it has.
    ///
    /// # Errors
    /// A step that is under way does not end in time.
    async fn pause_for(&self, planned: &Planned) -> Result<bool, ReloadError> {
        let new = planned.configured.pipeline.as_ref();
        let old = self.pipeline.as_ref();
        let is_same = match (old, new) {
            (Some(old), Some(new)) => old.plan.fingerprint == new.fingerprint,
            (None, None) => true,
            _ => false,
        };
        let steps = planned.next.plan.instances().iter();
        let steps = steps.skip(new.map_or(0, |new| new.first));
        let mut next = steps.map(|node| &planned.next.transition.next[*node]);
        if is_same && next.all(|next| matches!(next, NewNode::Kept | NewNode::LeftOut)) {
            return Ok(false);
        }
        let Some(PlannedPipeline { pipeline, .. }) = old else {
            return Ok(true);
        };
        let within = self.life.time_to_stop();
        if timeout(within, pipeline.pause()).await.is_err() {
            pipeline.resume();
            return Err(ReloadError::refused(ReloadCause::Busy(within)));
        }
        Ok(true)
    }

    fn resume(&self) {
        if let Some(planned) = &self.pipeline {
            planned.pipeline.resume();
        }
    }
}
