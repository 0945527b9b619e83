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
        if let Some(is) = new.service(&was.key) {
            winner(comparison, was, is);
            order(
                comparison,
                "order of the providers",
                &was.providers,
                &is.providers,
                is,
            );
            order(
                comparison,
                "order of the decorators",
                &was.decorators,
                &is.decorators,
                is,
            );
            optional(comparison, was, is);
        }
    }
}

fn winner(comparison: &mut Comparison<'_>, was: &Service, is: &Service) {
    let pairs = comparison.pairs;
    let Pairs { old, new, .. } = *pairs;
    let before = was.winner.as_deref().map(|id| pairs.id(id));
    let after = is.winner.as_deref();
    // The component that comes or goes is told, with who is handed it.
    let is_explained = match (before, after) {
        (None, Some(after)) => was.providers.is_empty() && comparison.pairs.is_new(after),
        (Some(before), None) => is.providers.is_empty() && new.component(before).is_none(),
        _ => before == after,
    };
    // So is a component that is there in another number.
    if is_explained || before.xor(after).is_some_and(|id| pairs.is_rescoped(id)) {
        return;
    }
    let causes = gone_providers(comparison, was, is);
    if let Some(after) = after
        && comparison.follows(
            causes,
            Class::Changed,
            &format!("`{after}` answers for `{}` now", is.name),
        )
    {
        return;
    }
    let needs = new.needs().filter(|(needer, need)| {
        let is_new = comparison.pairs.is_new(&needer.id);
        let is_handed = need.is_for_one() && need.default.as_deref() == after;
        need.service == is.key && is_handed && !is_new
    });
    let hits: Vec<String> = needs.map(needer).collect();
    // Of a service of which everybody is asked for, nobody in particular has to answer.
    let mut asked = new.needs().filter(|(_, need)| need.service == is.key);
    let has_many = asked.any(|(_, need)| matches!(need.form.as_str(), "all" | "map"));
    let class = match (before, after) {
        (_, None) if !has_many => Class::Breaking,
        (None, _) if hits.is_empty() => Class::New,
        _ => Class::Changed,
    };
    let shown = before.map_or_else(|| was.answer(), quoted);
    let fact = Fact::new(class, about_service(is), shown, is.answer()).hits(hits);
    let earlier = decided(old, was).map(Decided::before);
    comparison.tell(fact.decided(decided(new, is).into_iter().chain(earlier)));
}

/// What the facts may be about that somebody else answers because of: providers that are gone. Not where a line says who does.
fn gone_providers(comparison: &Comparison<'_>, was: &Service, is: &Service) -> Vec<String> {
    let Pairs { old, new, .. } = *comparison.pairs;
    let line = |side: &Description, service: &Service| {
        let setting = side.setting("service", &service.name, "provider");
        setting.map(|setting| setting.counts.says.clone())
    };
    let stated = line(new, is);
    if stated.is_some() && stated != line(old, was) {
        return Vec::new();
    }
    let gone = was
        .providers
        .iter()
        .filter(|id| comparison.pairs.component(id).is_none());
    let gone = gone.filter_map(|id| old.component(id));
    gone.flat_map(|one| [about_component(&one.id), about_plugin(&one.plugin)])
        .collect()
}

/// Who decided who answers for a service, and where; `None` where several provide it and nobody did.
pub(crate) fn decided(side: &Description, service: &Service) -> Option<Decided> {
    if let Some(setting) = side.setting("service", &service.name, "provider") {
        let counts = &setting.counts;
        return Some(Decided::by(
            format!("`[bind]` of {}", layer(&counts.layer)),
            &counts.at,
        ));
    }
    match service.providers.as_slice() {
        [only] => {
            let at = &side.component(only)?.at;
            Some(Decided::by(format!("`{only}` is the only provider"), at))
        }
        _ => None,
    }
}

/// A layer, for people.
pub(crate) fn layer(layer: &str) -> String {
    match layer {
        "host" => "the host".to_owned(),
        "overlay" => "an overlay".to_owned(),
        other => format!("a {other}"),
    }
}

/// In which order those come who were there and are.
fn order(
    comparison: &mut Comparison<'_>,
    what: &str,
    was: &[String],
    is: &[String],
    service: &Service,
) {
    let new = comparison.pairs.new;
    let mut before = comparison.pairs.ids(was);
    before.retain(|one| is.contains(one));
    let mut after = is.to_vec();
    after.retain(|one| before.contains(one));
    if before == after {
        return;
    }
    let subject = format!("{what} of `{}`", service.name);
    let mut fact = Fact::new(Class::Changed, subject, listed(&before), listed(&after));
    let asks = new
        .needs()
        .filter(|(_, need)| need.service == service.key && need.form != "inner");
    fact.hits.extend(asks.map(needer));
    comparison.tell(fact);
}

fn optional(comparison: &mut Comparison<'_>, was: &Service, is: &Service) {
    if was.optional == is.optional || is.winner.is_none() || was.winner.is_none() {
        return;
    }
    let (class, what) = match is.optional {
        true => (Class::Breaking, "may be absent now"),
        false => (Class::Changed, "is always there now"),
    };
    let new = comparison.pairs.new;
    let chain = is.winner.iter().chain(&is.decorators);
    let plugins = chain.filter_map(|one| new.plugin(&new.component(one)?.plugin));
    let causes = plugins.map(about_optional).chain([about_service(is)]);
    let causes: Vec<String> = causes.collect();
    if comparison.follows(causes, class, &format!("`{}` {what}", is.name)) {
        return;
    }
    let subject = format!("presence of service `{}`", is.name);
    let words = |optional: bool| if optional { "optional" } else { "always" };
    comparison.tell(Fact::new(
        class,
        subject,
        words(was.optional),
        words(is.optional),
    ));
}
