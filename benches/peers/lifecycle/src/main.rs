//! Start and stop of a hundred components that take their time: the wall time beside the critical path. And what the
//! lifecycle costs a component that takes none, beside code that awaits one step after the other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, Deps, Lifecycle, Phase, Settings};

treenail::compose!();

macro_rules! components {
    ($($number:literal $Type:ident $field:ident ($($need:ident: $Need:ident),*);)*) => {
        $(
            pub struct $Type {
                $(#[allow(dead_code)] $need: Arc<$Need>,)*
            }

            impl Component for $Type {
                #[allow(unused_variables)]
                async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
                    Ok(Self { $($need: deps.$need),* })
                }
            }
        )*

        /// What every component needs.
        fn needs() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$((concat!("app:", stringify!($Type)), vec![$(concat!("app:", stringify!($Need))),*])),*]
        }

        /// Builds, starts and stops the components by code that awaits one step after the other.
        async fn by_hand() {
            $(
                let $field = Arc::new($Type { $($need: Arc::clone(&$need)),* });
                std::hint::black_box(&$field);
                tokio::task::consume_budget().await;
            )*
            $( std::future::ready($number).await; )*
            $( std::future::ready($number).await; )*
        }
    };
}

components! {
    0 C0 c0 ();
    1 C1 c1 (c0: C0);
    2 C2 c2 ();
    3 C3 c3 ();
    4 C4 c4 ();
    5 C5 c5 (c0: C0, c4: C4);
    6 C6 c6 (c0: C0);
    7 C7 c7 ();
    8 C8 c8 (c0: C0, c1: C1, c6: C6);
    9 C9 c9 ();
    10 C10 c10 (c0: C0, c1: C1, c3: C3);
    11 C11 c11 ();
    12 C12 c12 (c0: C0, c3: C3, c11: C11);
    13 C13 c13 (c4: C4);
    14 C14 c14 (c1: C1, c2: C2, c8: C8);
    15 C15 c15 (c8: C8, c13: C13);
    16 C16 c16 (c3: C3);
    17 C17 c17 (c11: C11);
    18 C18 c18 ();
    19 C19 c19 ();
    20 C20 c20 ();
    21 C21 c21 (c15: C15);
    22 C22 c22 (c10: C10, c14: C14, c18: C18);
    23 C23 c23 (c7: C7, c9: C9, c11: C11);
    24 C24 c24 (c22: C22);
    25 C25 c25 (c2: C2);
    26 C26 c26 (c15: C15, c16: C16);
    27 C27 c27 (c14: C14, c23: C23);
    28 C28 c28 (c2: C2, c19: C19);
    29 C29 c29 ();
    30 C30 c30 (c5: C5, c10: C10, c24: C24);
    31 C31 c31 (c29: C29);
    32 C32 c32 (c2: C2, c4: C4, c26: C26);
    33 C33 c33 (c21: C21, c22: C22);
    34 C34 c34 (c4: C4, c5: C5, c29: C29);
    35 C35 c35 (c4: C4, c30: C30);
    36 C36 c36 ();
    37 C37 c37 (c28: C28, c36: C36);
    38 C38 c38 (c22: C22, c24: C24);
    39 C39 c39 ();
    40 C40 c40 (c10: C10, c22: C22, c39: C39);
    41 C41 c41 ();
    42 C42 c42 (c3: C3, c13: C13, c18: C18);
    43 C43 c43 (c15: C15);
    44 C44 c44 (c5: C5, c25: C25, c31: C31);
    45 C45 c45 (c28: C28);
    46 C46 c46 (c8: C8, c17: C17, c35: C35);
    47 C47 c47 (c17: C17, c35: C35, c45: C45);
    48 C48 c48 (c22: C22, c24: C24, c43: C43);
    49 C49 c49 (c9: C9);
    50 C50 c50 ();
    51 C51 c51 (c9: C9);
    52 C52 c52 (c42: C42);
    53 C53 c53 (c0: C0);
    54 C54 c54 (c11: C11, c37: C37, c53: C53);
    55 C55 c55 (c0: C0, c18: C18);
    56 C56 c56 (c26: C26);
    57 C57 c57 (c36: C36, c39: C39);
    58 C58 c58 (c8: C8, c44: C44);
    59 C59 c59 ();
    60 C60 c60 (c49: C49, c55: C55, c57: C57);
    61 C61 c61 (c6: C6, c25: C25, c30: C30);
    62 C62 c62 (c3: C3, c4: C4, c12: C12);
    63 C63 c63 (c28: C28);
    64 C64 c64 (c14: C14);
    65 C65 c65 (c6: C6, c13: C13);
    66 C66 c66 ();
    67 C67 c67 (c12: C12);
    68 C68 c68 (c3: C3, c9: C9);
    69 C69 c69 (c48: C48);
    70 C70 c70 (c32: C32);
    71 C71 c71 (c46: C46, c60: C60);
    72 C72 c72 ();
    73 C73 c73 ();
    74 C74 c74 (c39: C39, c59: C59, c61: C61);
    75 C75 c75 ();
    76 C76 c76 (c13: C13);
    77 C77 c77 (c33: C33, c61: C61);
    78 C78 c78 (c66: C66);
    79 C79 c79 ();
    80 C80 c80 (c67: C67);
    81 C81 c81 (c18: C18, c69: C69);
    82 C82 c82 ();
    83 C83 c83 (c11: C11, c82: C82);
    84 C84 c84 (c46: C46, c66: C66);
    85 C85 c85 (c45: C45);
    86 C86 c86 (c68: C68);
    87 C87 c87 (c28: C28, c81: C81);
    88 C88 c88 (c30: C30);
    89 C89 c89 (c25: C25, c29: C29, c66: C66);
    90 C90 c90 (c3: C3, c35: C35, c45: C45);
    91 C91 c91 (c24: C24, c33: C33, c88: C88);
    92 C92 c92 (c44: C44, c57: C57);
    93 C93 c93 (c10: C10, c28: C28);
    94 C94 c94 ();
    95 C95 c95 (c60: C60);
    96 C96 c96 (c43: C43);
    97 C97 c97 (c61: C61);
    98 C98 c98 ();
    99 C99 c99 (c44: C44, c82: C82, c83: C83);
}

/// Pseudo-random sleeps of 1 to 50 ms, the same in every run.
struct Sleeps(u64);

impl Sleeps {
    fn next(&mut self) -> Duration {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        Duration::from_millis(1 + (self.0 >> 33) % 50)
    }
}

/// The longest way through the graph, with these times.
fn critical_path(times: &BTreeMap<&str, Duration>, waits: &BTreeMap<&str, Vec<&str>>) -> Duration {
    fn end<'a>(
        node: &'a str,
        times: &BTreeMap<&'a str, Duration>,
        waits: &BTreeMap<&'a str, Vec<&'a str>>,
        known: &mut BTreeMap<&'a str, Duration>,
    ) -> Duration {
        if let Some(end) = known.get(node) {
            return *end;
        }
        let before = waits[node]
            .iter()
            .map(|other| end(other, times, waits, known));
        let end = before.max().unwrap_or_default() + times[node];
        known.insert(node, end);
        end
    }
    let mut known = BTreeMap::new();
    let ends = times.keys().map(|node| end(node, times, waits, &mut known));
    ends.max().unwrap_or_default()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[tokio::main]
async fn main() {
    let needs = needs();
    let forwards: BTreeMap<&str, Vec<&str>> = needs.iter().cloned().collect();
    let mut backwards: BTreeMap<&str, Vec<&str>> =
        needs.iter().map(|(id, _)| (*id, Vec::new())).collect();
    for (id, needs) in &needs {
        for need in needs {
            backwards.get_mut(need).expect("a component").push(id);
        }
    }
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    let mut sleeps = Sleeps(42);
    for round in 1..=7 {
        let mut times = BTreeMap::new();
        let mut trial = Trial::new();
        for (id, _) in &needs {
            for phase in [Phase::Build, Phase::Start, Phase::Stop] {
                let time = sleeps.next();
                times
                    .entry(phase)
                    .or_insert_with(BTreeMap::new)
                    .insert(*id, time);
                trial = trial.fault(id, phase, Fault::Delay(time));
            }
        }
        let begun = Instant::now();
        let app = App::start_with(Settings::none(), trial.lifecycle())
            .await
            .expect("starts");
        let start = begun.elapsed();
        let begun = Instant::now();
        assert!(app.stop().await.is_clean());
        let stop = begun.elapsed();
        let best_start = critical_path(&times[&Phase::Build], &forwards)
            + critical_path(&times[&Phase::Start], &forwards);
        let best_stop = critical_path(&times[&Phase::Stop], &backwards);
        let ratio = |wall: Duration, best: Duration| wall.as_secs_f64() / best.as_secs_f64();
        println!(
            "round {round}: start {:.1} ms, critical path {:.1} ms, ratio {:.3}; stop {:.1} ms, critical path {:.1} ms, ratio {:.3}",
            start.as_secs_f64() * 1e3,
            best_start.as_secs_f64() * 1e3,
            ratio(start, best_start),
            stop.as_secs_f64() * 1e3,
            best_stop.as_secs_f64() * 1e3,
            ratio(stop, best_stop),
        );
        starts.push(ratio(start, best_start));
        stops.push(ratio(stop, best_stop));
    }
    println!(
        "median ratio: start {:.3}, stop {:.3}",
        median(starts),
        median(stops)
    );
    costs(needs.len()).await;
}

/// Components that take no time.
async fn costs(components: usize) {
    let costs = |name: &str, times: Vec<f64>| {
        let micros = median(times);
        println!(
            "{name}: {micros:.1} µs, {:.0} ns for each of {components} components",
            micros * 1e3 / components as f64
        );
    };
    let (mut hand, mut concurrent, mut sequential) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..500 {
        let begun = Instant::now();
        by_hand().await;
        hand.push(begun.elapsed().as_secs_f64() * 1e6);
        for (times, is_sequential) in [(&mut concurrent, false), (&mut sequential, true)] {
            let begun = Instant::now();
            let lifecycle = Lifecycle::new().sequential(is_sequential);
            let app = App::start_with(Settings::none(), lifecycle)
                .await
                .expect("starts");
            app.stop().await;
            drop(app);
            times.push(begun.elapsed().as_secs_f64() * 1e6);
        }
    }
    costs(
        "built, started and stopped by hand, one after the other",
        hand,
    );
    costs("by treenail, concurrently", concurrent);
    costs("by treenail, one after the other", sequential);
}
