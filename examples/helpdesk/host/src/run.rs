//! `helpdesk run`.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use helpdesk_api::Ticket;
use tokio::sync::Notify;
use treenail::{Error, Lifecycle, Pipeline, Reloader, Result};

use crate::cli::{Report, Run};
use crate::configuration::{STORE, Source};
use crate::idle::Idle;
use crate::view::View;
use crate::{Desk, counts, events, log, output, tickets, timeline};

/// After a signal and the stop there are five seconds left.
const LAST_LOOK: Duration = Duration::from_secs(2);

/// Runs the configured pipeline: until nothing is left to do, or until a signal.
pub(crate) async fn run<A: Desk>(source: &Source, options: Run) -> Result<ExitCode> {
    let mut summary = (0, 0);
    let ended = run_and_count::<A>(source, &options, &mut summary).await;
    if options.format == Report::Text {
        ended?;
        return Ok(ExitCode::SUCCESS);
    }
    output::data(&format!(
        "{}\n",
        events::stop(summary, ended.as_ref().err())
    ))?;
    Ok(match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Runs the configured pipeline, and leaves the numbers of changes and of cycles with an error in `summary`.
async fn run_and_count<A: Desk>(
    source: &Source,
    options: &Run,
    summary: &mut (usize, usize),
) -> Result<()> {
    let settings = source.settings()?;
    A::check(&settings)?;
    log::set_up(&A::logging(&settings)?, settings.redactor())?;
    let new = source.store_to_be_made();
    note(options, "starting");
    let mut has_started = false;
    Reloader::<A>::launch_and(settings, Lifecycle::default(), async |reloader| {
        has_started = true;
        route(reloader, source, new, options, summary).await
    })
    .await?;
    if !has_started {
        note(options, "asked to end before it had started");
    }
    Ok(())
}

/// Takes the started application to its end, and says what came of it. `new` is the store that it has made.
async fn route<A: Desk>(
    reloader: &Reloader<A>,
    source: &Source,
    new: Option<&str>,
    options: &Run,
    summary: &mut (usize, usize),
) -> Result<()> {
    if let Some(store) = new {
        let made = format!("made the store {store} with demonstration tickets");
        note(options, &made);
    }
    // Nothing of it is held while the helpdesk works: a reload may replace all of it.
    let app = reloader.load();
    timeline::show(&app.report(), options)?;
    let Some(pipeline) = app.pipeline() else {
        let reason = format!(
            "there is nothing to run: {} has no `orchestrator`",
            source.name()
        );
        return Err(Error::msg(reason));
    };
    let watched = Watched::new(pipeline, reloader, options.format);
    // Who only watches has no before and after, and a list of all tickets is dear in a large system.
    let before = if options.watch || options.format == Report::Json {
        None
    } else {
        tickets::now(&*app).await.ok()
    };
    drop(app);
    let (ended, after) = work(reloader, &watched, options.watch).await;
    lock(&watched.view).finish();
    if let (Some(before), Some(after)) = (before, after) {
        output::data(&tickets::comparison(&before, &after))?;
    }
    *summary = lock(&watched.idle).summary();
    let (changes, errors) = *summary;
    let changed = match changes {
        0 => "no ticket was changed".to_owned(),
        1 => "1 change".to_owned(),
        changes => format!("{changes} changes"),
    };
    note(options, &changed);
    if let (0, Source::BuiltIn { store }, None) = (changes, source, new) {
        let store = store.as_deref().unwrap_or(STORE);
        note(
            options,
            &format!("to see the demonstration again, remove {store}"),
        );
    }
    ended?;
    if errors > 0 && !options.watch {
        return Err(Error::msg(format!("{errors} of the cycles had an error")));
    }
    Ok(())
}

/// Says something to people, where it is people who listen.
fn note(options: &Run, text: &str) {
    if options.format == Report::Text {
        output::note(text);
    }
}

/// Runs the application to its end; gives how it ended, and the tickets as they are then.
async fn work<A: Desk>(
    reloader: &Reloader<A>,
    watched: &Watched,
    watch: bool,
) -> (Result<()>, Option<Vec<Ticket>>) {
    let mut running = std::pin::pin!(reloader.run());
    let done = async {
        watched.done.notified().await;
        if watch {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        // Everything has been stopped. What still answers then is asked all the same.
        ended = &mut running => {
            let app = reloader.load();
            let now = tokio::time::timeout(LAST_LOOK, tickets::now(&*app));
            let after = if watch { None } else { now.await.ok().and_then(Result::ok) };
            (ended, after)
        }
        () = done => {
            let after = tickets::now(&*reloader.load()).await.ok();
            // A reload that is under way makes no further generation then.
            let (ended, _) = tokio::join!(running, reloader.stop());
            (ended, after)
        }
    }
}

/// What is known of a pipeline at work.
struct Watched {
    idle: Arc<Mutex<Idle>>,
    view: Arc<Mutex<View>>,
    done: Arc<Notify>,
}

impl Watched {
    fn new<A: Desk>(pipeline: &Pipeline, reloader: &Reloader<A>, format: Report) -> Self {
        let watched = Self {
            idle: Arc::default(),
            view: Arc::new(Mutex::new(View::of(format))),
            done: Arc::default(),
        };
        let (idle, done) = (Arc::clone(&watched.idle), Arc::clone(&watched.done));
        let view = Arc::clone(&watched.view);
        counts::begin();
        pipeline.observe(move |event| {
            counts::observe(event);
            lock(&view).observe(event);
            if lock(&idle).observe(event) {
                done.notify_one();
            }
        });
        let (idle, view) = (Arc::clone(&watched.idle), Arc::clone(&watched.view));
        reloader.observe(move |reloaded| {
            if reloaded.is_ok() {
                counts::begin();
                lock(&idle).reloaded();
            }
            lock(&view).reloaded(reloaded);
        });
        watched
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
