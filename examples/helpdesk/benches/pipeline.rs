//! The routing pipeline of a helpdesk on services in memory: steps per second, and allocations per step.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::{Builder, Runtime};
use treenail::{Settings, StepEvent};

#[path = "memory.rs"]
pub mod memory;

treenail::compose!("memory.toml");

/// So many cycles in one measurement.
const CYCLES: u64 = 100;

/// The application on the configuration beside this file.
fn started(runtime: &Runtime) -> App {
    let settings = Settings::yaml("routing.yml", include_str!("routing.yml"))
        .expect("YAML")
        .environment(Vec::<(String, String)>::new());
    runtime.block_on(App::start(settings)).expect("it starts")
}

fn run(runtime: &Runtime, app: &App, cycles: u64) {
    let pipeline = app.pipeline().expect("a pipeline");
    runtime
        .block_on(pipeline.run_cycles(cycles))
        .expect("no step fails");
}

/// How many steps there are in a cycle; all of them succeed.
fn steps(runtime: &Runtime) -> u64 {
    let app = started(runtime);
    let count = Arc::new(AtomicU64::new(0));
    let steps = count.clone();
    app.pipeline().expect("a pipeline").observe(move |event| {
        if let StepEvent::Ended {
            outcome, message, ..
        } = event
        {
            assert_eq!(outcome.as_str(), "ok", "{message}");
            steps.fetch_add(1, Ordering::Relaxed);
        }
    });
    run(runtime, &app, CYCLES);
    runtime.block_on(app.stop());
    let count = count.load(Ordering::Relaxed);
    assert_eq!(count % CYCLES, 0, "every cycle has all the steps");
    count / CYCLES
}

fn routing(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let steps = steps(&runtime) * CYCLES;
    let app = started(&runtime);
    run(&runtime, &app, CYCLES);

    let used = allocation_counter::measure(|| run(&runtime, &app, CYCLES));
    println!(
        "{} steps a cycle: {:.1} allocations and {:.0} bytes a step, {} bytes left behind",
        steps / CYCLES,
        used.count_total as f64 / steps as f64,
        used.bytes_total as f64 / steps as f64,
        used.bytes_current,
    );

    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(steps));
    group.bench_function("routing, steps", |bencher| {
        bencher.iter(|| run(&runtime, &app, CYCLES));
    });
    group.finish();
    runtime.block_on(app.stop());
}

criterion_group!(benches, routing);
criterion_main!(benches);
