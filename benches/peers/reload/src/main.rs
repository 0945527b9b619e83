//! A reload that changes one of a thousand components: which steps it takes, and how long checking it takes beside one
//! `App::check` of the same configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reload::{App, layers, names};
use treenail::{Lifecycle, LifecycleEvent, Phase, Reloader, Result, Settings};

/// Of a hundred components of the first two layers each holds, or is held by, ten; of the third, nine hundred hold one each.
const COMPONENTS: usize = 1_000;

/// How often each is timed. The least counts.
const ROUNDS: u32 = 30;

fn settings(changed: &str, value: u32) -> Settings {
    reload::settings(layers(COMPONENTS), changed, value)
}

/// The component, its holders, and theirs.
fn radius(changed: &str) -> BTreeSet<String> {
    let mut radius = BTreeSet::from([changed.to_owned()]);
    for (name, held) in names(layers(COMPONENTS)) {
        if held.is_some_and(|held| radius.contains(&held)) {
            radius.insert(name);
        }
    }
    radius
}

fn least(mut what: impl FnMut()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let begun = Instant::now();
        what();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    type Steps = BTreeMap<(Phase, String), u32>;
    let steps: Arc<Mutex<Steps>> = Arc::default();
    let seen = Arc::clone(&steps);
    let lifecycle = Lifecycle::new().observe(move |event| {
        if let LifecycleEvent::Begun { component, phase } = event {
            let step = (*phase, (*component).to_owned());
            *seen.lock().expect("no panic").entry(step).or_default() += 1;
        }
    });
    let reloader = Reloader::<App>::start_with(settings("", 0), lifecycle).await?;
    println!("{} components", reloader.load().status().len());
    for changed in ["Top500", "Middle50", "Ground5", ""] {
        let next = settings(changed, 1);
        let check = least(|| App::check(&next).expect("it is right"));
        let plan = least(|| _ = reloader.plan(&next).expect("it is right"));
        let mut reload = Duration::MAX;
        for _ in 0..ROUNDS {
            steps.lock().expect("no panic").clear();
            let begun = Instant::now();
            reloader.reload(next.clone()).await.expect("accepted");
            reload = reload.min(begun.elapsed());
            let steps = std::mem::take(&mut *steps.lock().expect("no panic"));
            let phases = [Phase::Stop, Phase::Build, Phase::Start];
            let radius = if changed.is_empty() {
                BTreeSet::new()
            } else {
                radius(changed)
            };
            let right = phases
                .into_iter()
                .flat_map(|phase| radius.iter().map(move |name| ((phase, name.clone()), 1)));
            assert_eq!(
                steps,
                right.collect::<Steps>(),
                "of the component and its holders, once each"
            );
            reloader.reload(settings("", 0)).await.expect("accepted");
        }
        let (changed, count) = match changed {
            "" => ("nothing", 0),
            changed => (changed, radius(changed).len()),
        };
        println!(
            "{changed} changes, {count} replaced: check {check:.1?}, plan {plan:.1?} ({:.2} times the check), reload {reload:.1?}",
            plan.as_secs_f64() / check.as_secs_f64()
        );
    }
    reloader.stop().await;
    Ok(())
}
