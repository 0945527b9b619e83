//! Values of decorators that fail.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Behaviour, Fault, Graph, Log, begin, entry, events};
use crate::container::{ConfigSource, Configured, Entry, Form, Need, Scope, Table, lay_out};
use crate::lifecycle::Life;
use crate::redact::Redactor;
use crate::{Phase, State};

const fn need(form: Form, providers: &'static [usize], default: Option<usize>) -> Need {
    Need {
        field: "need",
        service: "Probe",
        form,
        providers,
        default,
        named: false,
        wrapped_by: None,
    }
}

/// Two providers, a decorator of an optional plugin around each, and who needs the first of them.
const COMPONENTS: &[Entry] = &[
    Entry::new("test:One", 0, Scope::Singleton, &[], entry),
    Entry::new("test:Two", 0, Scope::Singleton, &[], entry),
    Entry::new(
        "extra:Around",
        1,
        Scope::Decorator,
        &[need(Form::Inner, &[0, 1], None)],
        entry,
    ),
    Entry::new(
        "extra:Holder",
        1,
        Scope::Singleton,
        &[Need {
            wrapped_by: Some(2),
            ..need(Form::One, &[0], Some(0))
        }],
        entry,
    ),
];

#[tokio::test(start_paused = true)]
async fn of_a_decorator_one_value_may_fail_and_goes_with_those_who_were_handed_it() {
    let graph = Graph::new(&[&[], &[]]);
    let table = Table {
        components: COMPONENTS,
        ..*graph.table()
    };
    let table: &'static Table = Box::leak(Box::new(table));
    let log = Log::default();
    let behaviour = |number: usize, fault| Behaviour {
        blocks: Duration::ZERO,
        number,
        takes: Duration::from_secs(1 + number as u64),
        fault,
        log: Arc::clone(&log),
        _alive: Arc::default(),
    };
    let mut configured = Configured::default();
    for number in [0, 1, 3] {
        let behaviour = behaviour(number, None);
        let source = move || Ok(Box::new(behaviour.clone()) as _);
        configured.configs.insert(number, ConfigSource::new(source));
    }
    let is_first = AtomicBool::new(true);
    let (fails, works) = (
        behaviour(2, Some((Phase::Start, Fault::Error))),
        behaviour(2, None),
    );
    let source = move || match is_first.swap(false, Ordering::SeqCst) {
        true => Ok(Box::new(fails.clone()) as _),
        false => Ok(Box::new(works.clone()) as _),
    };
    configured.configs.insert(2, ConfigSource::new(source));
    let life = Life::new(
        table,
        lay_out(table, &configured),
        graph.options,
        Duration::ZERO,
        Redactor::default(),
    );
    begin(&life).await.unwrap();
    let states = life.supervision.board.all();
    let states: BTreeMap<&str, State> = states
        .iter()
        .map(|status| (status.component.as_str(), status.state))
        .collect();
    assert_eq!(
        states,
        BTreeMap::from([
            ("test:One", State::Ok),
            ("test:Two", State::Ok),
            ("extra:Around(test:One)", State::Permanent),
            ("extra:Around(test:Two)", State::Ok),
            ("extra:Holder", State::Permanent),
        ])
    );
    assert!(life.stop().await.is_clean());
    assert_eq!(events(&log, "stopped"), [0, 2, 1]);
}
