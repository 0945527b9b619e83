//! The digest of a composition: two with one digest give the same code.

use std::hash::Hash;

use crate::digest::Digest;
use crate::model::{
    Component, Composition, EntryOff, EntryPath, LeftOut, LeftOutEntry, Loser, Reason, Registry,
    RegistryEntry, Reload,
};

/// Digest of all that reaches the generated code.
pub(super) fn fingerprint(composition: &Composition) -> String {
    let Composition {
        host,
        plugins,
        components,
        services,
        registries,
        aliases,
        absent,
        features,
        left_out,
        dormant,
        overlays,
        // Known by its key.
        clock: _,
        digest: _,
    } = composition;
    let mut digest = Digest::default();
    (host, plugins, services, aliases, absent, overlays).hash(&mut digest);
    for feature in features {
        feature.hash(&mut digest);
    }
    for LeftOut {
        name,
        reason,
        loser,
    } in left_out
    {
        name.hash(&mut digest);
        if let Some(loser) = loser {
            let Loser {
                plugin,
                name,
                ty,
                own,
                provides,
            } = loser;
            (plugin, name, ty.to_string(), own, provides).hash(&mut digest);
        }
        // Where it is written is not what is composed.
        match reason {
            Reason::Lost(wins) => {
                let winners = wins.iter().map(|(winner, _)| winner);
                ("lost", winners.collect::<Vec<_>>()).hash(&mut digest);
            }
            Reason::Unneeded(needer) => ("unneeded", needer).hash(&mut digest),
            Reason::Off(_) => "off".hash(&mut digest),
        }
    }
    for registry in registries {
        hash_registry(registry, &mut digest);
    }
    for component in components {
        let Component {
            id,
            plugin,
            name,
            ty,
            origin: _,
            description,
            kind,
            scope,
            configured,
            provides,
            decorates,
            own,
            needs,
            tending,
            reload,
        } = component;
        (id, plugin, name, ty.to_string(), description, kind).hash(&mut digest);
        (scope, configured, provides, decorates, own, needs, tending).hash(&mut digest);
        if *reload != Reload::default() {
            reload.hash(&mut digest);
        }
    }
    for one in dormant {
        one.hash(&mut digest);
    }
    digest.print()
}

fn hash_registry(registry: &Registry, digest: &mut Digest) {
    let Registry {
        key,
        display,
        host_path,
        entries,
        left_out,
    } = registry;
    (key, display, host_path, entries.len()).hash(digest);
    for entry in entries {
        let RegistryEntry {
            key,
            plugin,
            number,
            origin: _,
            description,
            attributes,
            what,
            host_path,
            made,
        } = entry;
        let what = match what {
            EntryPath::Value(path) => ("value", path.value.to_string()),
            EntryPath::Type(path) => ("type", path.value.to_string()),
        };
        (key, plugin, number, description, attributes).hash(digest);
        (what, host_path, made).hash(digest);
    }
    for LeftOutEntry { key, plugin, off } in left_out {
        (key, plugin).hash(digest);
        match off {
            EntryOff::Features(features) => ("features", features).hash(digest),
            EntryOff::Platform => "platform".hash(digest),
            EntryOff::Unfit => "unfit".hash(digest),
            EntryOff::Off(_) => "off".hash(digest),
        }
    }
}
