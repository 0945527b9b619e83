//! Checking a configuration of a thousand services and five thousand steps, beside smaller and larger ones: time, and the
//! most memory in use at once. Both grow with the size of the file.

use std::fmt::Write as _;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use treenail::Settings;

#[path = "memory.rs"]
pub mod memory;

treenail::compose!("memory.toml");

/// Numbers of services; five steps for each.
const SIZES: [usize; 4] = [250, 500, 1000, 2000];

/// Half of the services are ticket systems and half classifiers; a step is one of five kinds, with templates as in life.
fn configuration(services: usize) -> String {
    let mut text = "open_ticket_ai:\n  services:\n".to_owned();
    for number in 0..services / 2 {
        let _ = writeln!(text, "    desk{number}: {{ use: 'app:Tickets' }}");
        let _ = writeln!(
            text,
            "    labels{number}:\n      use: app:Labels\n      params:\n        label: Queue {number}\n        token: \"{{{{ get_env('TOKEN') }}}}\"\n        tries: 3"
        );
    }
    text.push_str(
        "  orchestrator:\n    use: base:SimpleSequentialOrchestrator\n    params:\n      steps:\n",
    );
    for number in 0..services {
        let desk = number / 2;
        let _ = write!(
            text,
            "        - id: job{number}\n          use: base:CompositePipe\n          params:\n            steps:\n\
             \x20             - id: fetch\n                use: tickets:FetchTicketsPipe\n                injects: {{ ticket_system: desk{desk} }}\n                params: {{ ticket_search_criteria: {{ queue: {{ name: Queue {number} }}, limit: 5 }} }}\n\
             \x20             - id: ticket\n                use: base:ExpressionPipe\n                params: {{ expression: \"{{{{ get_pipe_result('fetch', 'fetched_tickets')[{number}] }}}}\" }}\n\
             \x20             - id: label\n                use: tickets:ClassificationPipe\n                injects: {{ classification_service: labels{desk} }}\n                params: {{ text: \"{{{{ get_pipe_result('ticket').subject }}}}\", model_name: model{number} }}\n\
             \x20             - id: note\n                use: tickets:AddNotePipe\n                injects: {{ ticket_system: desk{desk} }}\n                params:\n                  ticket_id: \"{{{{ get_pipe_result('ticket').id }}}}\"\n                  note:\n                    subject: Label\n                    body: \"Step {number}: {{{{ get_pipe_result('label', 'label') }}}}\"\n"
        );
    }
    text
}

fn check(text: &str) {
    let settings = Settings::yaml("large.yml", text)
        .expect("YAML")
        .environment([("TOKEN", "test-value")]);
    App::check(&settings).expect("nothing is wrong with it");
}

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    for services in SIZES {
        let text = configuration(services);
        let used = allocation_counter::measure(|| check(&text));
        println!(
            "{services} services, {} steps, {} KB of YAML: {:.1} MB at the most, {} allocations",
            services * 5,
            text.len() / 1000,
            used.bytes_max as f64 / 1e6,
            used.count_total,
        );
        group.throughput(Throughput::Elements(services as u64 * 6));
        group.bench_with_input(
            BenchmarkId::new("services", services),
            &text,
            |bencher, text| bencher.iter(|| check(text)),
        );
    }
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
