//! What stands in for the services of a real helpdesk: they share one world, which records their calls.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use helpdesk_api::{
    Classification, ClassificationRequest, Classifier, Note, SearchCriteria, Ticket, TicketSystem,
    async_trait,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use treenail::{Clock, Component, Config, Deps};

use crate::case::Rule;
use crate::compare::without_nulls;

/// Longer than every interval, sleep and back-off of a configuration.
const AGES: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A clock that stands still until it is moved, or until somebody sleeps.
pub struct FakeClock {
    begin: Instant,
    passed: Mutex<Duration>,
}

impl FakeClock {
    /// Lets more time pass than anything waits for.
    pub(crate) fn jump(&self) {
        *lock(&self.passed) += AGES;
    }
}

impl Component for FakeClock {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            begin: Instant::now(),
            passed: Mutex::default(),
        })
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        self.begin + *lock(&self.passed)
    }

    /// The orchestrator sleeps between two cycles, so the jump is made there.
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.jump();
        Box::pin(std::future::ready(()))
    }
}

/// What the doubles of a case share.
pub struct World {
    /// The clock of the case.
    pub(crate) clock: Arc<FakeClock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tickets: Vec<Ticket>,
    rules: Vec<Rule>,
    calls: Vec<Value>,
}

impl Component for World {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            clock: deps.clock,
            state: Mutex::default(),
        })
    }
}

impl World {
    /// Puts the tickets and rules of the case into the world.
    pub(crate) fn fill(&self, tickets: &[Ticket], rules: &[Rule]) {
        let mut state = lock(&self.state);
        state.tickets = tickets.to_vec();
        state.rules = rules.to_vec();
    }

    /// All calls so far, in order.
    pub(crate) fn calls(&self) -> Vec<Value> {
        lock(&self.state).calls.clone()
    }

    /// The tickets as they are now.
    pub(crate) fn tickets(&self) -> Vec<Ticket> {
        lock(&self.state).tickets.clone()
    }
}

impl State {
    fn ticket(&mut self, id: &str) -> Option<&mut Ticket> {
        self.tickets
            .iter_mut()
            .find(|ticket| ticket.id.as_deref() == Some(id))
    }
}

/// Parameters that are rendered and then ignored.
#[derive(Deserialize, JsonSchema)]
pub struct AnyParams {
    #[serde(flatten)]
    _ignored: BTreeMap<String, Value>,
}

/// The ticket system of the cases.
pub struct MemoryTicketSystem {
    world: Arc<World>,
}

impl Component for MemoryTicketSystem {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self { world: deps.world })
    }
}

#[async_trait]
impl TicketSystem for MemoryTicketSystem {
    async fn create_ticket(&self, ticket: Ticket) -> helpdesk_api::Result<Ticket> {
        lock(&self.world.state).tickets.push(ticket.clone());
        Ok(ticket)
    }

    async fn update_ticket(&self, id: &str, updates: Ticket) -> helpdesk_api::Result<bool> {
        let mut state = lock(&self.world.state);
        state
            .calls
            .push(json!(["update_ticket", id, without_nulls(&updates)]));
        let ticket = state.ticket(id);
        Ok(ticket.map(|ticket| ticket.update(updates)).is_some())
    }

    async fn find_tickets(&self, criteria: SearchCriteria) -> helpdesk_api::Result<Vec<Ticket>> {
        let mut state = lock(&self.world.state);
        let matching = state
            .tickets
            .iter()
            .filter(|ticket| criteria.matches(ticket));
        let found: Vec<Ticket> = matching
            .skip(criteria.offset as usize)
            .take(criteria.limit as usize)
            .cloned()
            .collect();
        let ids: Vec<_> = found.iter().map(|ticket| &ticket.id).collect();
        let call = json!(["find_tickets", without_nulls(&criteria), ids]);
        state.calls.push(call);
        Ok(found)
    }

    async fn get_ticket(&self, id: &str) -> helpdesk_api::Result<Option<Ticket>> {
        Ok(lock(&self.world.state).ticket(id).cloned())
    }

    async fn add_note(&self, id: &str, note: Note) -> helpdesk_api::Result<bool> {
        let mut state = lock(&self.world.state);
        state
            .calls
            .push(json!(["add_note", id, without_nulls(&note)]));
        let ticket = state.ticket(id);
        Ok(ticket
            .map(|ticket| ticket.notes.get_or_insert_default().push(note))
            .is_some())
    }
}

/// The classifier of the cases.
pub struct StubClassificationService {
    world: Arc<World>,
}

impl Component for StubClassificationService {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self { world: deps.world })
    }
}

#[async_trait]
impl Classifier for StubClassificationService {
    async fn classify(
        &self,
        request: ClassificationRequest,
    ) -> helpdesk_api::Result<Classification> {
        let mut state = lock(&self.world.state);
        let text = request.text.to_lowercase();
        let rule = state.rules.iter().find(|rule| {
            let model = rule.model.as_ref();
            let words = rule.contains.as_ref();
            model.is_none_or(|model| *model == request.model_name)
                && words.is_none_or(|words| text.contains(&words.to_lowercase()))
        });
        let answer = Classification {
            label: rule.map_or("unknown", |rule| &rule.label).to_owned(),
            confidence: rule.map_or(0.0, |rule| rule.confidence),
        };
        let ClassificationRequest {
            text, model_name, ..
        } = request;
        let call = json!([
            "classify",
            model_name,
            text,
            answer.label,
            answer.confidence
        ]);
        state.calls.push(call);
        Ok(answer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
