//! Configurations of many services: what they cost is in proportion to their number, and so is what their mistakes cost.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemars::JsonSchema;

use crate::base::tests::TABLE;
use crate::component::schema_of;
use crate::config::problem::{Origin, Path, Problems};
use crate::config::read::Node;
use crate::config::value::{Compiler, DeclaredType, Texts};
use crate::config::{ConfigError, configure};
use crate::container::{Configured, lay_out};
use crate::{Problem, ProblemKind, Settings};

/// Many services.
fn services(number: usize, service: impl Fn(usize) -> String) -> String {
    let mut text = "shop:\n  services:\n".to_owned();
    for n in 0..number {
        let _ = writeln!(text, "    s{n}: {}", service(n));
    }
    text
}

fn read(text: String) -> Result<Configured, ConfigError> {
    let variables = [("HERE", "x")];
    let settings = Settings::yaml("large.yml", text)?.environment(variables);
    configure(&TABLE, &settings)
}

/// Writes the service with a number.
type Service = fn(usize) -> String;

fn time(run: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
}

/// Eight times as many at once cost about what they cost in eight parts, and the square of it would be eight times that. Others
/// use the machine too, so one of several attempts is enough.
fn assert_in_proportion(few: usize, run: impl Fn(usize)) {
    let is_in_proportion = || {
        let in_parts = time(|| (0..8).for_each(|_| run(few)));
        time(|| run(8 * few)) < 4 * in_parts
    };
    assert!(
        (0..6).any(|_| is_in_proportion()),
        "it is not in proportion"
    );
}

/// A store that has the next one as its spare.
fn chained(last: usize) -> impl Fn(usize) -> String {
    move |n| {
        let injects = match n == last {
            true => String::new(),
            false => format!("injects: {{ spare: s{} }}, ", n + 1),
        };
        format!(
            "{{ use: 'shop:Shelf', {injects}params: {{ path: 'x{n}', tls: {{ verify: true, mode: lax }} }} }}"
        )
    }
}

#[test]
fn services_are_read_in_proportion_to_their_number() {
    assert_in_proportion(200, |number| {
        let services = services(number, |n| match n % 3 {
            0 => "{ use: 'shop:Drawer' }".to_owned(),
            1 => format!("{{ use: 'shop:Shelf', params: {{ path: 'x{n}', retries: 3 }} }}"),
            _ => format!(
                "{{ use: 'shop:Shelf', params: {{ path: \"{{{{ get_env('HERE') }}}}{n}\" }} }}"
            ),
        });
        read(services).expect("fine");
    });
    assert_in_proportion(200, |number| {
        let text = services(number, |n| {
            format!("{{ <<: *shelf, params: {{ path: 'x{n}', <<: *params }} }}")
        });
        let anchors = "anchors: [&shelf { use: 'shop:Shelf' }, &params { retries: 3, tls: { verify: true, mode: lax } }]\n";
        // Anchors stand in a key of their own, which is not one of this application.
        let error = read(format!("{anchors}{text}"));
        let error = error.err().expect("an unknown key");
        assert_eq!(error.problems().len(), 1, "{error}");
    });
}

#[test]
fn services_that_inject_each_other_are_planned_in_proportion_however_long_the_chain_is() {
    assert_in_proportion(200, |number| {
        let read = read(services(number, chained(number - 1))).expect("fine");
        lay_out(&TABLE, &read);
    });
    let long = std::thread::Builder::new().stack_size(1 << 20).spawn(|| {
        let number = 3000;
        let read = read(services(number, chained(number - 1))).expect("fine");
        let plan = lay_out(&TABLE, &read);
        let named = |name: &str| plan.nodes.iter().position(|node| node.name == name);
        assert!(named("s2999") < named("s0"), "what is needed comes first");
    });
    long.expect("a thread").join().expect("a plan");
}

#[test]
fn a_variable_costs_much_less_than_what_it_is_laid_over() {
    let text = services(1000, |n| {
        format!("{{ use: 'shop:Shelf', params: {{ path: 'x{n}' }} }}")
    });
    let settings = Settings::yaml("large.yml", text).expect("YAML");
    let read = |variables: usize| {
        let variables = (0..variables).map(|n| {
            let name = format!("SHOP__SERVICES__S{n}__PARAMS__RETRIES");
            (name, "3")
        });
        let settings = settings.clone().environment(variables);
        time(|| drop(configure(&TABLE, &settings).expect("fine")))
    };
    let few_cost_little = || read(100) < 10 * read(1);
    assert!((0..6).any(|_| few_cost_little()), "they cost too much");
}

#[test]
fn many_mistakes_cost_in_proportion_to_their_number() {
    let wrong: [(&str, Service); 3] = [
        ("unknown-inject", |_| {
            "{ use: 'shop:Shelf', injects: { spar: s1, spaer: s2, other: s3 }, params: { path: x } }".to_owned()
        }),
        ("unknown-key", |n| {
            format!(
                "{{ use: 'shop:Shelf', params: {{ path: x, pathh: {n}, paths: {n} }}, parms: 1 }}"
            )
        }),
        ("cycle", |n| {
            format!(
                "{{ use: 'shop:Shelf', injects: {{ spare: s{} }}, params: {{ path: x }} }}",
                n.saturating_sub(1)
            )
        }),
    ];
    for (code, service) in wrong {
        assert_in_proportion(40, |number| {
            let error = read(services(number, service)).err().expect("mistakes");
            let mut kinds = error.problems().iter().map(Problem::kind);
            assert!(kinds.any(|kind| kind.code() == code), "{code}");
        });
    }
    // Who was meant is looked for as often as that takes little time.
    let text = services(400, |n| {
        format!(
            "{{ use: 'shop:Shelf', injects: {{ spare: t{} }}, params: {{ path: x }} }}",
            n + 1
        )
    });
    let error = read(text).err().expect("unknown services");
    let helps = error.problems().iter().map(Problem::help);
    let helped: Vec<bool> = helps.map(|help| help.is_some()).collect();
    assert_eq!((helped.len(), helped[0], helped[398]), (400, true, false));
    // Each of many mistakes names some of the many services that would fit.
    let text = services(200, |_| "{ use: 'shop:Drawer' }".to_owned());
    let steps = "{ use: 'shop:Note', params: { text: x } }, ".repeat(50);
    let pipe = format!(
        "  orchestrator: {{ use: 'base:CompositePipe', params: {{ steps: [{steps}] }} }}\n"
    );
    let error = read(text + &pipe).err().expect("a choice");
    assert_eq!(error.problems().len(), 50);
    for problem in error.problems() {
        let ProblemKind::MissingInject { candidates, .. } = problem.kind() else {
            panic!("{problem}");
        };
        assert!((13..100).contains(&candidates.len()), "{problem}");
    }
}

/// A type that holds itself in each of its forms.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema matters")]
enum Crate {
    Plain { inside: Box<Crate> },
    Named { inside: Box<Crate>, name: String },
    Noted { inside: Box<Crate>, note: String },
    Marked { inside: Box<Crate>, note: String },
    Empty(u8),
}

#[test]
fn forms_that_hold_themselves_are_not_tried_for_ever() {
    let schema = schema_of::<Crate>().to_value();
    let problems = |innermost: serde_json::Value| {
        let mut value = innermost;
        for _ in 0..50 {
            value = serde_json::json!({ "inside": value, "note": "x" });
        }
        let node = Node::from_json(value, Origin::default());
        let mut problems = Problems::new(&[]);
        let declared = DeclaredType::root(&schema);
        let mut compiler = Compiler::new(&Texts::Plain, &mut problems);
        compiler.compile(&node, declared, &Path::Root);
        problems.len()
    };
    assert_eq!(problems(1.into()), 0);
    assert_eq!(problems("x".into()), 1);
}
