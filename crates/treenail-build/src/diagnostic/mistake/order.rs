//! Mistakes in what comes before what: TN04.

use super::{Mistake, Named};
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, way};
use crate::source::Origin;

/// TN0401: components need each other. At: the first step's requirement.
pub(crate) struct Cycle {
    /// The way round, starting at the smallest id; the last step needs the first one's component.
    pub(crate) steps: Vec<CycleStep>,
    /// The step whose requirement is best made lazy; `None` where none can be.
    pub(crate) cut: Option<usize>,
}

/// One edge of a cycle: `id` needs the next step's component through `field`.
pub(crate) struct CycleStep {
    /// Component id.
    pub(crate) id: String,
    /// The field of its requirement; empty where it has to wait for the hooks of its plugin.
    pub(crate) field: String,
    /// The inside of a table that says so: `service = "dyn crate::T"`.
    pub(crate) stated: String,
    /// Whether `lazy = true` can be written there: a plain requirement.
    pub(crate) can_be_lazy: bool,
    /// What it decorates, where the step before comes to it by asking for that.
    pub(crate) decorates: Option<String>,
    /// The requirement, or the component where there is none.
    pub(crate) at: Option<Origin>,
}

impl CycleStep {
    fn needs(&self) -> String {
        let Self { id, field, .. } = self;
        if field.is_empty() {
            return format!("`{id}` comes after the hooks of its plugin");
        }
        format!("`{id}` needs this as `{field}`")
    }
}

impl Mistake for Cycle {
    const CODE: Code = Code::TN0401;

    fn words(&self) -> Words {
        let round = self.steps.iter().chain(self.steps.first());
        let title = match self.steps.as_slice() {
            [one] => format!("`{}` needs itself", one.id),
            _ => format!(
                "components need each other in a cycle: {}",
                way(round.map(|step| &step.id), " → ")
            ),
        };
        let first = self.steps.first().map(CycleStep::needs);
        let mut words = Words::new(title, first.unwrap_or_default());
        for step in self.steps.iter().skip(1) {
            words = words.also(step.at, step.needs());
        }
        for CycleStep { id, decorates, .. } in &self.steps {
            if let Some(service) = decorates {
                words = words.note(format!(
                    "whoever asks for `{service}` waits for `{id}`, which wraps every provider of it"
                ));
            }
        }
        match self.cut.map(|cut| &self.steps[cut]) {
            Some(step) => words.help(format!(
                "break the cycle where the other side is not needed at once, for example in the `requires` of `{}`: `{} = {{ {}, lazy = true }}`",
                step.id, step.field, step.stated
            )),
            None => words.help("take one of these requirements out"),
        }
    }
}

/// TN0402: `before` and `after` contradict each other. At: the first step's statement.
pub(crate) struct Contradiction {
    /// The way round: each is said to come before the next, the last before the first; `at` is where that is said.
    pub(crate) steps: Vec<Named>,
}

impl Mistake for Contradiction {
    const CODE: Code = Code::TN0402;

    fn words(&self) -> Words {
        let round = self.steps.iter().chain(self.steps.first());
        let title = match self.steps.as_slice() {
            [one] => format!("`{}` is ordered before or after itself", one.name),
            _ => format!(
                "`before` and `after` contradict each other: {}",
                way(round.clone().map(|step| &step.name), " before ")
            ),
        };
        let pairs = self.steps.iter().zip(round.skip(1));
        let mut said =
            pairs.map(|(one, next)| (one.at, format!("`{}` before `{}`", one.name, next.name)));
        let (_, first) = said.next().unwrap_or_default();
        let mut words = Words::new(title, first);
        for (at, label) in said {
            words = words.also(at, label);
        }
        words.help("take one of these statements out")
    }
}
