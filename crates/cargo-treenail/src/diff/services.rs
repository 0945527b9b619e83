//! Who answers for each service, in which order, and through which decorators.

use super::comparison::{
    Comparison, about_component, about_optional, about_plugin, about_service, listed, needer,
    quoted,
};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use crate::description::{Description, Service};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let Pairs { old, new, .. } = *comparison.pairs;
    for was in &old.services {
        // Where a service is gone, who provided it is told.
        let Some(is) = new.service(&was.key) else {
            continue;
        };
        if !is_explained(comparison, was, is) {
            winner(comparison, was, is);
        }
        let providers = ("providers", &was.providers, &is.providers);
        let decorators = ("decorators", &was.decorators, &is.decorators);
        for (what, before, after) in [providers, decorators] {
            // Those who come and go are told.
            let mut before = comparison.pairs.ids(before);
            before.retain(|one| after.contains(one));
            let after = after.iter().filter(|one| before.contains(one));
            if before.iter().ne(after.clone()) {
                let subject = format!("order of the {what} of `{}`", is.name);
                let fact = Fact::new(Class::Changed, subject, listed(&before), listed(after));
                let needs = new.needs().filter(|(_, need)| need.service == is.key);
                let needs = needs.filter(|(_, need)| need.form != "inner");
                comparison.tell(fact.hits(needs.map(needer)));
            }
        }
        optional(comparison, was, is);
    }
}

/// Whether nobody else answers, or what is told of a component explains who does.
fn is_explained(comparison: &mut Comparison<'_>, was: &Service, is: &Service) -> bool {
    let pairs = comparison.pairs;
    let before = was.winner.as_deref().map(|id| pairs.id(id));
    let after = is.winner.as_deref();
    let comes_or_goes = match (before, after) {
        (None, Some(after)) => was.providers.is_empty() && pairs.is_new(after),
        (Some(before), None) => is.providers.is_empty() && pairs.new.component(before).is_none(),
        _ => before == after,
    };
    if comes_or_goes || before.xor(after).is_some_and(|id| pairs.is_rescoped(id)) {
        return true;
    }
    let line = |side: &Description, service: &Service| {
        let setting = side.setting("service", &service.name, "provider");
        setting.map(|setting| setting.counts.says.clone())
    };
    if line(pairs.old, was) != line(pairs.new, is) {
        return false;
    }
    let (side, providers, what) = match after {
        Some(after) => (
            pairs.old,
            &was.providers,
            format!("`{after}` answers for `{}` now", is.name),
        ),
        None => (
            pairs.new,
            &is.providers,
            format!("nobody in particular answers for `{}` now", is.name),
        ),
    };
    let is_told = |id: &&String| match after {
        Some(_) => pairs.component(id).is_none(),
        None => pairs.is_new(id),
    };
    let providers = providers
        .iter()
        .filter(is_told)
        .filter_map(|id| side.component(id));
    let causes = providers.flat_map(|one| [about_component(&one.id), about_plugin(&one.plugin)]);
    comparison.follows(causes, missed(pairs, is).unwrap_or(Class::Changed), &what)
}

/// How serious it is that nobody in particular answers for a service; `None` where somebody does.
fn missed(pairs: &Pairs<'_>, is: &Service) -> Option<Class> {
    let mut needs = pairs.new.needs().filter(|(_, need)| need.service == is.key);
    // Of a service of which everybody is asked for, nobody in particular has to answer.
    let has_many = needs.any(|(_, need)| matches!(need.form.as_str(), "all" | "map"));
    let class = Class::Changed.unless(!has_many);
    is.winner.is_none().then_some(class)
}

fn winner(comparison: &mut Comparison<'_>, was: &Service, is: &Service) {
    let pairs = comparison.pairs;
    let handed = pairs.new.needs().filter(|(needer, need)| {
        let is_answer = need.is_for_one() && need.default == is.winner;
        need.service == is.key && is_answer && !pairs.is_new(&needer.id)
    });
    let hits: Vec<String> = handed.map(needer).collect();
    let is_more = was.winner.is_none() && hits.is_empty();
    let class = if is_more { Class::New } else { Class::Changed };
    let class = missed(pairs, is).unwrap_or(class);
    let before = was.winner.as_ref().map(|id| quoted(pairs.id(id)));
    let before = before.unwrap_or_else(|| was.answer());
    let (now, before_that) = (decided(pairs.new, is), decided(pairs.old, was));
    let decided = Decided::now_and_before(now, before_that);
    let fact = Fact::new(class, about_service(is), before, is.answer());
    comparison.tell(fact.decided(decided).hits(hits));
}

/// Who decided who answers for a service, and where; `None` where several provide it and nobody did.
fn decided(side: &Description, service: &Service) -> Option<Decided> {
    if let Some(setting) = side.setting("service", &service.name, "provider") {
        let by = format!("`[bind]` of {}", layer(&setting.counts.layer));
        return Some(Decided::by(by, &setting.counts.at));
    }
    let [only] = service.providers.as_slice() else {
        return None;
    };
    let at = &side.component(only)?.at;
    Some(Decided::by(format!("`{only}` is the only provider"), at))
}

/// A layer, for people.
pub(super) fn layer(layer: &str) -> &'static str {
    match layer {
        "host" => "the host",
        "overlay" => "an overlay",
        _ => "a plugin",
    }
}

fn optional(comparison: &mut Comparison<'_>, was: &Service, is: &Service) {
    let new = comparison.pairs.new;
    if was.optional != is.optional && is.winner.is_some() && was.winner.is_some() {
        let (class, what) = match is.optional {
            true => (Class::Breaking, "may be absent now"),
            false => (Class::Changed, "is always there now"),
        };
        // Whoever answers or wraps is of another plugin now, or that plugin may fail.
        let sides = [(comparison.pairs.old, was), (new, is)];
        let causes = sides.into_iter().flat_map(|(side, service)| {
            let chain = service.winner.iter().chain(&service.decorators);
            let chain = chain.filter_map(|one| side.component(one));
            let plugins = chain.filter_map(|one| Some((side.plugin(&one.plugin)?, one)));
            plugins.flat_map(|(plugin, one)| {
                let (component, own) = (about_component(&one.id), about_plugin(&plugin.id));
                [about_optional(plugin), component, own]
            })
        });
        let causes: Vec<String> = [about_service(is)].into_iter().chain(causes).collect();
        comparison.follows(causes, class, &format!("`{}` {what}", is.name));
    }
}
