//! The life of 20, 200 and 2,000 components that a configuration names: it is checked, and they are built, started, stopped and dropped.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reload::{App, layers, settings};

fn lives(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let mut group = criterion.benchmark_group("instances");
    for components in [20, 200, 2_000] {
        let settings = settings(layers(components), "", 0);
        group.throughput(Throughput::Elements(components as u64));
        group.bench_with_input(
            BenchmarkId::new("check", components),
            &settings,
            |bencher, settings| bencher.iter(|| App::check(settings).expect("it is right")),
        );
        group.bench_with_input(
            BenchmarkId::new("check, start, stop and drop", components),
            &settings,
            |bencher, settings| {
                bencher.iter(|| {
                    runtime.block_on(async {
                        let app = App::start(settings.clone()).await.expect("it starts");
                        app.stop().await;
                    });
                });
            },
        );
    }
    group.finish();
}

criterion_group!(instances, lives);
criterion_main!(instances);
