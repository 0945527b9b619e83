//! Laws that did not hold once, each with the smallest sequence that shows it.

use std::collections::BTreeMap;

use treenail::__private::{Form, Scope};
use treenail::Phase;

use super::trial::check;
use super::world::{
    Caller, Configuration, End, Fault, Instance, Kind, Part, Service, Step, Want, Way, World,
};

/// A component that is the only provider of the service with its number, and asks for others.
fn part(number: usize, plugin: usize, kind: Kind, wants: &[(usize, Form)]) -> Part {
    let wants = wants.iter().map(|(service, form)| Want {
        service: *service,
        form: *form,
        default: (!matches!(form, Form::All)).then_some(*service),
        named: false,
    });
    Part {
        number,
        plugin,
        scope: Scope::Singleton,
        kind,
        wants: wants.collect(),
    }
}

fn core(number: usize, wants: &[(usize, Form)]) -> Part {
    part(number, 0, Kind::Recreate, wants)
}

/// Each component has the value 0 at first.
fn world(parts: Vec<Part>, faults: Vec<Fault>) -> World {
    let services = parts.iter().map(|part| Service {
        providers: vec![part.number],
        decorators: Vec::new(),
    });
    World {
        services: services.collect(),
        first: Configuration {
            values: parts.iter().map(|part| (part.number, 0)).collect(),
            ..Configuration::default()
        },
        parts,
        faults,
        steps: Vec::new(),
        end: End::Stop,
    }
}

/// The application does not do this with a component whose value is that.
fn fails(part: usize, value: impl Into<Option<u32>>, phase: Phase) -> Fault {
    Fault {
        part,
        value: value.into(),
        phase,
        way: Way::Error,
    }
}

impl World {
    /// A reload to the first configuration, with these values besides.
    fn then(mut self, values: &[(usize, u32)], faults: Vec<Fault>) -> Self {
        let mut next = self.first.clone();
        next.values.extend(values.iter().copied());
        self.steps.push(Step {
            next,
            faults,
            caller: Caller::Waits,
        });
        self
    }
}

/// What the reloads of a sequence ended with.
fn ends(world: &World) -> Vec<(&'static str, u64)> {
    match check(world) {
        Ok(tally) => tally.into_iter().collect(),
        Err(broken) => panic!("{broken}"),
    }
}

#[test]
fn what_is_made_for_one_holder_is_replaced_with_it() {
    let mut made = core(0, &[]);
    made.scope = Scope::Transient;
    let world = world(vec![made, core(1, &[(0, Form::One)])], vec![]);
    assert_eq!(ends(&world.then(&[(1, 1)], vec![])), [("accepted", 1)]);
}

#[test]
fn who_finds_lazily_what_was_built_again_was_built_again_too() {
    let finds = part(1, 0, Kind::Overlap, &[(0, Form::Lazy)]);
    let world = world(vec![core(0, &[]), finds, core(2, &[])], vec![]);
    let world = world.then(&[(0, 1), (2, 1)], vec![fails(2, 1, Phase::Build)]);
    assert_eq!(ends(&world), [("rebuilt", 1)]);
}

#[test]
fn who_was_left_out_for_want_of_something_is_tried_again_with_it() {
    let lacking = part(0, 1, Kind::Recreate, &[]);
    let follows = part(1, 2, Kind::Recreate, &[(0, Form::Current)]);
    let world = world(vec![lacking, follows], vec![fails(0, 0, Phase::Build)]);
    assert_eq!(ends(&world.then(&[(0, 1)], vec![])), [("accepted", 1)]);
}

#[test]
fn what_wraps_an_optional_component_that_is_new_and_fails_refuses_nothing() {
    let mut optional = part(0, 1, Kind::Recreate, &[]);
    optional.scope = Scope::Instance;
    let mut wraps = core(1, &[(0, Form::Inner)]);
    wraps.scope = Scope::Decorator;
    wraps.wants[0].default = None;
    let mut world = world(vec![optional, wraps, core(2, &[])], vec![]);
    world.services[0].decorators = vec![1];
    world.services[1] = Service::default();
    let mut world = world.then(&[], vec![fails(0, None, Phase::Start)]);
    world.steps[0].next.instances.push(Instance {
        part: 0,
        name: "i0_0".to_owned(),
        value: 0,
        injects: BTreeMap::new(),
    });
    assert_eq!(ends(&world), [("accepted", 1)]);
}

#[test]
fn an_optional_component_that_fails_on_the_way_back_is_not_said_to_be_built_again() {
    let optional = part(1, 1, Kind::Recreate, &[(0, Form::Optional)]);
    let world = world(vec![core(0, &[]), optional], vec![]);
    let faults = vec![fails(0, 1, Phase::Build), fails(1, None, Phase::Build)];
    assert_eq!(ends(&world.then(&[(0, 1)], faults)), [("rebuilt", 1)]);
}

#[test]
fn who_has_not_taken_its_old_configuration_again_is_handed_it_in_the_next_reload() {
    let takes = part(0, 0, Kind::Reconfigure, &[]);
    let world = world(vec![takes, core(1, &[])], vec![]);
    let faults = vec![fails(0, 0, Phase::Reconfigure), fails(1, 1, Phase::Build)];
    let world = world.then(&[(0, 1), (1, 1)], faults).then(&[], vec![]);
    assert_eq!(ends(&world), [("accepted", 1), ("rebuilt", 1)]);
}

#[test]
fn what_is_left_out_is_shown_so_after_a_reload_that_was_refused() {
    let parts = || vec![part(0, 1, Kind::Recreate, &[]), core(1, &[]), core(2, &[])];
    let is_left_out = || vec![fails(0, 0, Phase::Build)];
    // It stays out; and it is tried again.
    for values in [&[(1, 1)][..], &[(0, 1), (1, 1)]] {
        let faults = vec![fails(1, 1, Phase::Build)];
        let world = world(parts(), is_left_out()).then(values, faults);
        assert_eq!(ends(&world), [("rebuilt", 1)]);
    }
}
