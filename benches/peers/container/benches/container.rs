//! What the running container costs beside code written by hand: asking for a service, and a whole life of twenty, on one
//! thread and on several.

use std::future::Future;
use std::hint::black_box;
use std::sync::Arc;

use container::{App, C19, Hand, S19};
use criterion::{Criterion, criterion_group, criterion_main};
use treenail::Settings;

fn run<T>(runtime: &tokio::runtime::Runtime, future: impl Future<Output = T>) -> T {
    runtime.block_on(future)
}

fn asking(criterion: &mut Criterion, runtime: &tokio::runtime::Runtime) {
    let app = run(runtime, App::start(Settings::none())).expect("it starts");
    let hand = Hand::new();
    assert_eq!(app.get::<dyn S19>().sum(), hand.s19.sum(), "another graph");
    let mut group = criterion.benchmark_group("ask for a service");
    group.bench_function("borrowed, by hand", |bencher| {
        bencher.iter(|| black_box(&black_box(&hand).s19).sum())
    });
    group.bench_function("borrowed, treenail", |bencher| {
        bencher.iter(|| black_box(black_box(&app).get::<dyn S19>()).sum());
    });
    group.bench_function("borrowed, treenail, by its own type", |bencher| {
        bencher.iter(|| black_box(black_box(&app).get::<C19>()).sum());
    });
    group.bench_function("Arc, by hand", |bencher| {
        bencher.iter(|| Arc::clone(&black_box(&hand).s19))
    });
    group.bench_function("Arc, treenail", |bencher| {
        bencher.iter(|| Arc::clone(black_box(&app).get::<dyn S19>()))
    });
    group.finish();
    run(runtime, app.stop());
}

fn living(criterion: &mut Criterion, threads: &str, runtime: &tokio::runtime::Runtime) {
    let mut group = criterion.benchmark_group(format!("twenty singletons, {threads}"));
    group.bench_function("build and drop, by hand", |bencher| bencher.iter(Hand::new));
    group.bench_function("build, start and drop, treenail", |bencher| {
        bencher.iter(|| run(runtime, App::start(Settings::none())));
    });
    group.bench_function("build, start, stop and drop, treenail", |bencher| {
        bencher.iter(|| {
            run(runtime, async {
                let app = App::start(Settings::none()).await.expect("it starts");
                app.stop().await;
            });
        });
    });
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    asking(criterion, &runtime);
    living(criterion, "one thread", &runtime);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime");
    living(criterion, "two threads", &runtime);
}

criterion_group!(container, benches);
criterion_main!(container);
