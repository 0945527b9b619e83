//! What every program of the comparison does with its graph: it prints the checksum, or, told `time`, how many nanoseconds it
//! takes to ask for the last service, to build and drop the graph, and to build, start, stop and drop it.

use std::time::{Duration, Instant};

/// How one program handles its graph.
pub struct Graph<A> {
    /// Builds all services, and starts them where there is such a thing.
    pub build: fn() -> A,
    /// Stops them and drops them; nothing, where they are only dropped.
    pub stop: Option<fn(A)>,
    /// Asks for the last service.
    pub ask: fn(&A),
    /// The value of the last service.
    pub checksum: fn(&A) -> u64,
}

impl<A> Graph<A> {
    pub fn run(self) {
        if std::env::args().nth(1).as_deref() != Some("time") {
            let app = (self.build)();
            println!("{}", (self.checksum)(&app));
            self.end(app);
            return;
        }
        let app = (self.build)();
        let ask = nanoseconds(|| (self.ask)(&app));
        self.end(app);
        let build = nanoseconds(|| drop((self.build)()));
        let life = self.stop.map(|stop| nanoseconds(|| stop((self.build)())));
        println!("{ask} {build} {}", life.unwrap_or(f64::NAN));
    }

    fn end(&self, app: A) {
        match self.stop {
            Some(stop) => stop(app),
            None => drop(app),
        }
    }
}

/// The least of a hundred samples, each of so many calls that it takes two milliseconds.
fn nanoseconds(call: impl Fn()) -> f64 {
    let sample = |calls: u32| {
        let begun = Instant::now();
        (0..calls).for_each(|_| call());
        begun.elapsed()
    };
    let mut calls = 1;
    while sample(calls) < Duration::from_millis(2) {
        calls *= 2;
    }
    let least = (0..100).map(|_| sample(calls)).min();
    least.map_or(f64::NAN, |least| least.as_nanos() as f64 / f64::from(calls))
}
