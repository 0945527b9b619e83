//! What to say about a component's id that leads nowhere.

use std::sync::Arc;

use treenail_core::nearest::nearest;

use crate::diagnostic::Told;
use crate::diagnostic::mistake::{Absence, ComponentUse, Gone, UnknownComponent};
use crate::key_map::KeyMap;
use crate::layer::{Layered, State};
use crate::resolve::{Off, Resolved};

/// Why a component that a plugin declares is not there.
pub(crate) fn gone(resolved: &Resolved<'_>, id: &str) -> Option<Gone> {
    let one = resolved.absent.iter().find(|one| one.id == id)?;
    Some(match one.off.as_ref()? {
        Off::Override(at) => Gone::Off(*at),
        Off::When(_) => Gone::When(one.decl.name.origin),
        Off::Renamed(win) => Gone::Renamed {
            to: win.winner.clone(),
        },
        Off::Lost(_) | Off::Unneeded(_) => return None,
    })
}

/// The component that was meant by an id that leads nowhere: its plugin may be called by its package.
pub(crate) fn meant<'n>(
    layered: &Layered<'_>,
    id: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Option<String> {
    let of_package = id.split_once(':').and_then(|(plugin, name)| {
        let part = layered.of_package(plugin)?;
        let id = format!("{}:{name}", layered.parts[part].id);
        let is_there = known.clone().any(|one| one == id);
        is_there
            .then(|| id.clone())
            .or_else(|| nearest(&id, known.clone()))
    });
    of_package.or_else(|| nearest(id, known))
}

/// What to say about an id that leads nowhere; nothing where a mistake that was reported may be why. `further` names may have been
/// meant as well, of all those that `may_be` meant there.
pub(crate) fn unknown_component(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    id: &str,
    used: ComponentUse,
    further: &KeyMap<String, String>,
    may_be: &dyn Fn(&str) -> bool,
) -> Option<Told> {
    let (plugin, name) = id.split_once(':').unwrap_or((id, ""));
    // Whatever is said of a component that has lost is for the composition in which it has not.
    let mut absent = resolved.absent.iter();
    let is_out = absent.any(|one| one.id == id && one.is_left_out_by_rule());
    if is_out || layered.poison.may_declare(plugin, name) {
        return None;
    }
    if layered.part(plugin).is_none()
        && let Some(problem) = layered.feature_missing(plugin)
    {
        return Some(problem.into());
    }
    if layered.part(plugin).is_none() && layered.undeclared.iter().any(|one| one.id == plugin) {
        return Some(layered.unknown(plugin, Arc::default(), None));
    }
    let known = resolved
        .candidates
        .iter()
        .map(|candidate| candidate.id.as_str())
        .chain(further.keys().map(String::as_str));
    // What one line takes out, another one may speak of.
    let taken_out = resolved
        .absent
        .iter()
        .filter(|one| used == ComponentUse::Override && matches!(one.off, Some(Off::Override(_))));
    let known = known.chain(taken_out.map(|one| one.id.as_str()));
    let suggestion = meant(layered, id, known.filter(|id| may_be(id)));
    // A component with a name of its own may be called by its type.
    let mut all = resolved.candidates.iter();
    let by_type = all.find(|one| {
        let is_its_plugin = layered.parts[one.part].id == plugin;
        is_its_plugin && one.decl.ty.value.last_ident() == name && may_be(&one.id)
    });
    let suggestion = by_type.map(|one| one.id.clone()).or(suggestion);
    if layered.part(plugin).is_none() && layered.poison.may_be_plugin(plugin, suggestion.is_some())
    {
        return None;
    }
    let absence = match layered.part(plugin).map(|part| &layered.parts[part].state) {
        None | Some(State::Indirect(_)) => Absence::NoPlugin,
        Some(State::Off(at)) => Absence::PluginOff(*at),
        Some(State::LeftOut) => Absence::PluginLeftOut,
        // Whatever is wrong with the plugin, its components are known.
        Some(State::In | State::Poisoned) => {
            gone(resolved, id).map_or(Absence::NotDeclared, Absence::Gone)
        }
    };
    let problem = UnknownComponent {
        id: id.to_owned(),
        used,
        suggestion,
        absence,
    };
    Some(problem.into())
}
