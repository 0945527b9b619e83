//! Reloads as embedders see them: what stays, what is replaced and how, what is refused, and how it goes on then.
//! Longer than other files: a crate has one composition with components of its own, and all of these tests begin with it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use treenail::testing::{Fault, Trial};
use treenail::{
    AfterReload, AppHandle, Component, Config, Current, Deps, Lifecycle, Phase, ReloadCause,
    ReloadError, Reloader, Secret, Settings, Shutdown, State,
};

treenail::compose!("reload.toml");

/// Takes another size while it runs, up to a hundred.
pub struct Pool {
    size: AtomicUsize,
}

/// How large the pool is.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct PoolConfig {
    size: usize,
}

impl Component for Pool {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            size: AtomicUsize::new(config.size),
        })
    }

    async fn reconfigure(&self, config: Config<Self>) -> treenail::Result<()> {
        if config.size > 100 {
            return Err(treenail::Error::msg("that is too many"));
        }
        self.size.store(config.size, Ordering::SeqCst);
        Ok(())
    }
}

/// A ticket system.
pub struct Tickets {
    url: String,
    pool: Arc<Pool>,
}

/// Where it is.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct TicketsConfig {
    url: String,
    token: Secret,
}

impl Component for Tickets {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        assert!(!config.token.expose().is_empty());
        Ok(Self {
            url: config.url,
            pool: deps.pool,
        })
    }
}

/// Something that is kept for a while.
pub struct Cache {
    lines: usize,
    stopped: Mutex<bool>,
}

/// How much.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct CacheConfig {
    lines: usize,
}

impl Component for Cache {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            lines: config.lines,
            stopped: Mutex::default(),
        })
    }

    async fn stop(&self) -> treenail::Result<()> {
        *self.stopped.lock().unwrap() = true;
        Ok(())
    }
}

/// Works on the tickets of all systems.
pub struct Poller {
    tickets: BTreeMap<String, Arc<Tickets>>,
}

impl Component for Poller {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            tickets: deps.tickets,
        })
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        shutdown.requested().await;
        Ok(())
    }
}

/// Looks into the cache, whichever there is.
pub struct Desk {
    cache: Current<Cache>,
    app: Arc<AppHandle>,
}

/// What it is called.
#[derive(Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DeskConfig {
    name: String,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        assert_ne!(config.name, "nobody");
        Ok(Self {
            cache: deps.cache,
            app: deps.app,
        })
    }
}

/// The configuration that all tests begin with.
const FIRST: &str = "
app:
  components:
    desk:Pool: { size: 4 }
    desk:Cache: { lines: 10 }
  services:
    zammad: { use: desk:Tickets, params: { url: 'https://one', token: 'swordfish' } }
    otobo: { use: desk:Tickets, params: { url: 'https://two', token: 'open-sesame' } }
";

fn settings(text: &str) -> Settings {
    Settings::yaml("config.yml", text).expect("YAML")
}

/// The first configuration, with something else in the place of something.
fn but(what: &str, instead: &str) -> Settings {
    assert!(FIRST.contains(what), "{what}");
    settings(&FIRST.replace(what, instead))
}

/// Started, one component at a time; nothing has happened since.
async fn trial() -> (Trial, Reloader<App>) {
    let trial = Trial::new().with(Lifecycle::new().sequential(true));
    let started = Reloader::<App>::start_with(settings(FIRST), trial.lifecycle()).await;
    let reloader = started.expect("it starts");
    drop(trial.events().take());
    (trial, reloader)
}

fn tickets(reloader: &Reloader<App>, name: &str) -> Arc<Tickets> {
    let app = reloader.load();
    app.instance::<Tickets>(name).expect("it is there")
}

fn words(error: &ReloadError) -> String {
    error.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_configuration_that_says_the_same_changes_nothing() {
    let (trial, reloader) = trial().await;
    let before = reloader.load();
    // In another order, and with what is the default anyway.
    let text = FIRST.replace(
        "{ url: 'https://one', token: 'swordfish' }",
        "{ token: swordfish, url: \"https://one\" }",
    );
    let changes = reloader.reload(settings(&text)).await.expect("accepted");
    assert_eq!(changes.changed().count(), 0, "{changes}");
    assert!(trial.events().take().is_empty());
    assert_eq!(reloader.generation(), 2);
    let after = reloader.load();
    assert!(Arc::ptr_eq(before.get::<Poller>(), after.get::<Poller>()));
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn what_changed_and_whoever_holds_it_is_replaced_and_the_rest_stays() {
    let (trial, reloader) = trial().await;
    let (zammad, otobo) = (tickets(&reloader, "zammad"), tickets(&reloader, "otobo"));
    let poller = Arc::clone(reloader.load().get::<Poller>());

    let changes = reloader.reload(but("https://one", "https://three")).await;
    assert_eq!(
        changes.expect("accepted").to_string(),
        "recreate zammad: `url` changed\n\
         recreate desk:Poller: `zammad` changed: `url`\n\
         4 components stay as they are"
    );
    assert_eq!(
        trial.events().take().join(", "),
        "desk:Poller stop, desk:Poller ran, desk:Poller stopped, zammad stop, zammad stopped, \
         zammad build, zammad built, desk:Poller build, desk:Poller built, \
         zammad start, zammad started, desk:Poller start, desk:Poller started"
    );
    assert_eq!(tickets(&reloader, "zammad").url, "https://three");
    assert!(Arc::ptr_eq(&otobo, &tickets(&reloader, "otobo")));
    let app = reloader.load();
    let new = app.get::<Poller>();
    assert!(!Arc::ptr_eq(&poller, new));
    assert!(Arc::ptr_eq(
        &new.tickets["zammad"],
        &tickets(&reloader, "zammad")
    ));
    assert!(Arc::ptr_eq(&new.tickets["otobo"], &otobo));
    assert_eq!(
        zammad.url, "https://one",
        "whoever holds an old value still can"
    );
    assert!(app.status().iter().all(|status| status.state == State::Ok));
    assert_eq!(app.status().len(), 6);
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn instances_come_and_go_and_another_name_is_another_one() {
    let (trial, reloader) = trial().await;
    let changes = reloader.reload(but("otobo:", "znuny:")).await;
    assert_eq!(
        changes.expect("accepted").to_string(),
        "start znuny: it is new\n\
         recreate desk:Poller: `znuny` is new\n\
         stop otobo: the configuration has it no more\n\
         4 components stay as they are"
    );
    trial.events().assert_order(&[
        "desk:Poller stopped",
        "otobo stopped",
        "znuny started",
        "desk:Poller started",
    ]);
    assert!(reloader.load().instance::<Tickets>("otobo").is_none());
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_component_takes_another_configuration_while_it_runs_or_refuses_the_reload() {
    let (trial, reloader) = trial().await;
    let pool = Arc::clone(reloader.load().get::<Pool>());
    let changes = reloader.reload(but("size: 4", "size: 8")).await;
    assert_eq!(
        changes.expect("accepted").to_string(),
        "reconfigure desk:Pool: `size` changed\n5 components stay as they are"
    );
    assert_eq!(pool.size.load(Ordering::SeqCst), 8);
    assert!(Arc::ptr_eq(&pool, reloader.load().get::<Pool>()));
    assert!(Arc::ptr_eq(&pool, &tickets(&reloader, "otobo").pool));
    assert_eq!(
        trial.events().take(),
        ["desk:Pool reconfigure", "desk:Pool reconfigured"]
    );

    let refused = reloader
        .reload(but("size: 4", "size: 400"))
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot reconfigure `desk:Pool` (plugin `desk`): that is too many\nnothing is changed"
    );
    assert_eq!(
        (pool.size.load(Ordering::SeqCst), reloader.generation()),
        (8, 2)
    );

    // Something else fails after that: it gets its old configuration again.
    trial.break_it("znuny", Phase::Start, Fault::error("refused"));
    let text = FIRST
        .replace("size: 4", "size: 16")
        .replace("otobo:", "znuny:");
    let refused = reloader.reload(settings(&text)).await.unwrap_err();
    assert!(
        matches!(refused.after, AfterReload::Rebuilt(_)),
        "{refused}"
    );
    assert_eq!(pool.size.load(Ordering::SeqCst), 8);
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn where_two_may_be_there_the_old_one_is_stopped_when_the_new_one_runs_and_nobody_uses_it() {
    let (trial, reloader) = trial().await;
    let desk = Arc::clone(reloader.load().get::<Desk>());
    let old = desk.cache.get();
    let letting_go = tokio::spawn({
        let old = Arc::clone(&old);
        async move {
            tokio::time::sleep(Duration::from_secs(3)).await;
            assert!(!*old.stopped.lock().unwrap(), "somebody still uses it");
        }
    });
    let weak = Arc::downgrade(&old);
    drop(old);
    let begun = tokio::time::Instant::now();
    let changes = reloader.reload(but("lines: 10", "lines: 20")).await;
    assert_eq!(
        changes.expect("accepted").to_string(),
        "overlap desk:Cache: `lines` changed\n5 components stay as they are"
    );
    assert!(begun.elapsed() >= Duration::from_secs(3));
    letting_go.await.expect("no panic");
    assert_eq!(
        trial.events().take().join(", "),
        "desk:Cache build, desk:Cache built, desk:Cache start, desk:Cache started, desk:Cache stop, desk:Cache stopped"
    );
    assert!(Arc::ptr_eq(&desk, reloader.load().get::<Desk>()));
    assert_eq!(desk.cache.get().lines, 20);
    assert!(weak.upgrade().is_none(), "nobody holds the old one");
    assert_eq!(reloader.load().status().len(), 6);
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn who_is_replaced_with_what_it_follows_does_not_keep_that_from_its_stop() {
    let (trial, reloader) = trial().await;
    let text = FIRST.replace("lines: 10", "lines: 20");
    let text = text.replace(
        "components:",
        "components:\n    desk:Desk: { name: second }",
    );
    let begun = tokio::time::Instant::now();
    let changes = reloader.reload(settings(&text)).await;
    assert_eq!(
        changes.expect("accepted").to_string(),
        "overlap desk:Cache: `lines` changed\n\
         recreate desk:Desk: `name` changed\n\
         4 components stay as they are"
    );
    assert!(begun.elapsed() < Duration::from_secs(1), "nobody uses it");
    trial
        .events()
        .assert_order(&["desk:Desk started", "desk:Cache stopped"]);
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_wrong_configuration_touches_nothing_and_a_plan_touches_nothing() {
    let (trial, reloader) = trial().await;
    let before = reloader.load();
    let wrong = but("lines: 10", "lines: many");
    let refused = reloader.reload(wrong.clone()).await.unwrap_err();
    assert!(matches!(refused.cause, ReloadCause::Config(_)));
    let text = refused.to_string();
    assert!(
        text.contains("config.yml:5") && text.ends_with("nothing is changed"),
        "{text}"
    );
    assert!(reloader.plan(&wrong).is_err());

    let plan = reloader
        .plan(&but("'swordfish'", "'mellon'"))
        .expect("a plan");
    assert_eq!(
        plan.to_string(),
        "recreate zammad: `token` changed\n\
         recreate desk:Poller: `zammad` changed: `token`\n\
         4 components stay as they are"
    );
    assert_eq!(plan.generation, 2);
    assert!(!format!("{plan:?}").contains("mellon"));
    assert!(trial.events().take().is_empty());
    assert!(Arc::ptr_eq(&before, &reloader.load()));
    assert_eq!(reloader.generation(), 1);
    assert!(reloader.stop().await.is_clean());
}

#[test]
fn two_configurations_are_compared_where_nothing_runs() {
    let compare = |from: &Settings, to: &Settings| Reloader::<App>::compare(from, to);
    let changes = compare(&settings(FIRST), &but("https://one", "https://three"));
    assert_eq!(
        changes.expect("both are fine").to_string(),
        "recreate zammad: `url` changed\n\
         recreate desk:Poller: `zammad` changed: `url`\n\
         4 components stay as they are"
    );
    let wrong = but("lines: 10", "lines: many");
    for (from, to) in [(&wrong, &settings(FIRST)), (&settings(FIRST), &wrong)] {
        let refused = compare(from, to).unwrap_err().to_string();
        assert!(refused.contains("config.yml:5"), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_observes_reloads_is_told_what_came_of_each() {
    let (_, reloader) = trial().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    reloader.observe(move |reloaded| {
        let what = match reloaded {
            Ok(changes) => format!("generation {}", changes.generation),
            Err(error) => format!("refused: {:?}", error.after),
        };
        tell.lock().unwrap().push(what);
    });
    let _ = reloader.reload(but("lines: 10", "lines: 20")).await;
    let _ = reloader.reload(but("lines: 10", "lines: many")).await;
    let handle = reloader.load().get::<Desk>().app.clone();
    let _ = handle.reload().await;
    assert_eq!(
        *told.lock().unwrap(),
        ["generation 2", "refused: Unchanged", "generation 3"]
    );
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn where_something_new_fails_all_that_was_runs_again() {
    for (phase, fault) in [
        (Phase::Build, Fault::error("refused")),
        (Phase::Build, Fault::panic("refused")),
        (Phase::Start, Fault::error("refused")),
        (Phase::Start, Fault::Hang),
    ] {
        let (trial, reloader) = trial().await;
        let otobo = tickets(&reloader, "otobo");
        // The old one would fail as well: only the new name does.
        trial.break_it("znuny", phase, fault);
        let text = FIRST.replace("https://one", "https://three")
            + "    znuny: { use: desk:Tickets, params: { url: 'https://four', token: 'four' } }\n";
        let refused = reloader.reload(settings(&text)).await.unwrap_err();
        let told = words(&refused);
        assert!(
            told.starts_with(&format!("cannot {phase} `znuny` (plugin `desk`): ")),
            "{told}"
        );
        assert!(
            told.ends_with("built again from the configuration of before: zammad, desk:Poller"),
            "{told}"
        );
        assert_eq!(reloader.generation(), 1);
        assert_eq!(tickets(&reloader, "zammad").url, "https://one");
        assert!(Arc::ptr_eq(&otobo, &tickets(&reloader, "otobo")));
        let app = reloader.load();
        assert!(Arc::ptr_eq(
            &app.get::<Poller>().tickets["zammad"],
            &tickets(&reloader, "zammad")
        ));
        let status = app.status();
        assert_eq!(status.len(), 6);
        assert!(
            status.iter().all(|status| status.state == State::Ok),
            "{status:?}"
        );

        trial.mend("znuny", phase);
        reloader.reload(settings(&text)).await.expect("accepted");
        assert_eq!(
            (
                reloader.generation(),
                tickets(&reloader, "znuny").url.as_str()
            ),
            (2, "https://four")
        );
        assert!(reloader.stop().await.is_clean());
    }
}

#[tokio::test(start_paused = true)]
async fn a_reload_that_fails_does_not_end_an_application_that_runs() {
    let (trial, reloader) = trial().await;
    let second = Duration::from_secs(1);
    trial.break_it("znuny", Phase::Start, Fault::error("refused"));
    // What is new is stopped again for a while, in which whoever waits for a failure would see one.
    trial.break_it("zammad", Phase::Stop, Fault::Delay(second));
    let text = FIRST.replace("https://one", "https://three");
    let next = settings(&text.replace("otobo:", "znuny:"));
    let running = reloader.run_until(std::future::pending());
    let reloading = async {
        for _ in 0..3 {
            let refused = reloader.reload(next.clone()).await.unwrap_err();
            assert!(
                matches!(refused.after, AfterReload::Rebuilt(_)),
                "{refused}"
            );
        }
        reloader.stop().await.is_clean()
    };
    let mut running = std::pin::pin!(running);
    tokio::select! {
        biased;
        ended = &mut running => panic!("it has ended: {ended:?}"),
        is_clean = reloading => assert!(is_clean),
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_way_back_fails_too_it_is_said_what_does_not_run_and_a_reload_mends_it() {
    let (trial, reloader) = trial().await;
    trial.break_it("zammad", Phase::Start, Fault::error("refused"));
    let refused = reloader
        .reload(but("https://one", "https://three"))
        .await
        .unwrap_err();
    assert!(matches!(refused.after, AfterReload::Broken(_)));
    let told = words(&refused);
    assert!(
        told.contains(
            "\nand what had been stopped for it does not run again: cannot start `zammad`"
        ),
        "{told}"
    );
    let app = reloader.load();
    assert!(!app.health().is_ready());
    let states: BTreeMap<String, State> = app
        .status()
        .into_iter()
        .map(|status| (status.component, status.state))
        .collect();
    assert_eq!(states["otobo"], State::Ok);
    assert_ne!(states["zammad"], State::Ok);

    trial.mend("zammad", Phase::Start);
    let changes = reloader.reload(settings(FIRST)).await.expect("accepted");
    assert_eq!(
        changes.to_string(),
        "start zammad: it did not run\n\
         start desk:Poller: it did not run\n\
         4 components stay as they are"
    );
    assert!(reloader.load().health().is_ready());
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn an_old_one_that_fails_in_its_stop_is_no_reason_to_refuse() {
    let (trial, reloader) = trial().await;
    trial.break_it("zammad", Phase::Stop, Fault::Hang);
    reloader
        .reload(but("https://one", "https://three"))
        .await
        .expect("accepted");
    trial.mend("zammad", Phase::Stop);
    assert_eq!(tickets(&reloader, "zammad").url, "https://three");
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn reloads_follow_one_another_and_go_on_where_nobody_waits() {
    let (trial, reloader) = trial().await;
    trial.break_it("zammad", Phase::Start, Fault::Delay(Duration::from_secs(1)));
    let (one, two) = (
        but("https://one", "https://three"),
        but("https://one", "https://four"),
    );
    let (one, two) = tokio::join!(reloader.reload(one), reloader.reload(two));
    assert_eq!((one.unwrap().generation, two.unwrap().generation), (2, 3));
    assert_eq!(tickets(&reloader, "zammad").url, "https://four");
    let dropped = reloader.reload(but("https://one", "https://five"));
    let _ = tokio::time::timeout(Duration::from_millis(10), dropped).await;
    let mut watch = reloader.watch();
    watch.changed().await.expect("a generation");
    assert_eq!(reloader.generation(), 4);
    assert_eq!(tickets(&reloader, "zammad").url, "https://five");
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_stop_gives_up_the_reload_that_is_under_way_and_stops_everything_once() {
    let (trial, reloader) = trial().await;
    trial.break_it("zammad", Phase::Build, Fault::Hang);
    let next = but("https://one", "https://three");
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        reloader.stop().await.is_clean()
    };
    let (reloaded, is_clean) = tokio::join!(reloader.reload(next), stopping);
    assert!(matches!(reloaded.unwrap_err().after, AfterReload::Ending));
    assert!(is_clean);
    for component in [
        "zammad",
        "otobo",
        "desk:Poller",
        "desk:Pool",
        "desk:Cache",
        "desk:Desk",
    ] {
        assert_eq!(
            trial.events().count(&format!("{component} stopped")),
            1,
            "{component}"
        );
    }
    let late = reloader.reload(settings(FIRST)).await.unwrap_err();
    assert_eq!(late.to_string(), "the application is being stopped");
}

#[tokio::test(start_paused = true)]
async fn who_has_a_handle_on_the_application_sees_each_generation_and_stays() {
    let (_, reloader) = trial().await;
    let desk = Arc::clone(reloader.load().get::<Desk>());
    let mut watch = desk.app.watch();
    watch.borrow_and_update();
    reloader
        .reload(but("otobo:", "znuny:"))
        .await
        .expect("accepted");
    assert!(watch.has_changed().expect("it lives"));
    let names: Vec<String> = desk
        .app
        .status()
        .into_iter()
        .map(|one| one.component)
        .collect();
    assert!(names.contains(&"znuny".to_owned()) && !names.contains(&"otobo".to_owned()));
    assert!(desk.app.health().is_ready());
    assert!(Arc::ptr_eq(&desk, reloader.load().get::<Desk>()));
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn what_was_replaced_is_freed_when_nobody_holds_its_generation() {
    let (_, reloader) = trial().await;
    let before = reloader.load();
    let weak = |name| Arc::downgrade(&tickets(&reloader, name));
    let (zammad, otobo) = (weak("zammad"), weak("otobo"));
    reloader
        .reload(but("https://one", "https://three"))
        .await
        .expect("accepted");
    assert!(zammad.upgrade().is_some(), "a view of it is held");
    drop(before);
    assert_eq!(zammad.strong_count(), 0);
    assert!(otobo.upgrade().is_some());
    assert!(reloader.stop().await.is_clean());
    drop(reloader);
    tokio::task::yield_now().await;
    assert!(otobo.upgrade().is_none(), "nothing keeps itself alive");
}
