//! One of every kind about locks.

use super::{Stage, host, s};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::mistake::{
    LockBehind, LockDamaged, LockNeedsFile, LockNewer, LockOfAnother, LockStale, LockUncovered,
    NoLock, StaleFact, WithoutCargo,
};

pub(super) fn of_locks(stage: &Stage) -> Vec<Diagnostic> {
    let uncovered = |features: &[&str], targets: Option<&[&str]>| LockUncovered {
        features: features.iter().copied().map(s).collect(),
        target: s("x86_64-unknown-linux-gnu"),
        targets: targets.map(|targets| targets.iter().copied().map(s).collect()),
    };
    let facts = [
        StaleFact::OwnManifest(s("plugins.toml")),
        StaleFact::Manifest {
            package: s("acme-mailer"),
            path: s("../mailer/plugins.toml"),
        },
        StaleFact::Added(s("acme-fax")),
        StaleFact::Removed(s("acme-chat")),
        StaleFact::CargoToml(None),
        StaleFact::CargoToml(Some(s("acme-mailer"))),
        StaleFact::Version {
            package: s("desk"),
            locked: s("1.0.0"),
            now: s("1.1.0"),
        },
        StaleFact::Versions {
            package: s("desk-api"),
            locked: vec![s("1.4.0")],
            now: vec![s("1.4.0"), s("2.0.0")],
        },
        StaleFact::Versions {
            package: s("lettre"),
            locked: vec![s("0.11.0")],
            now: vec![],
        },
    ];
    let mut all: Vec<Diagnostic> = facts
        .iter()
        .map(|fact| vec![fact.clone()])
        .chain([facts.to_vec()])
        .map(|facts| Diagnostic::new(LockStale { facts }, None))
        .collect();
    let mark = host(stage, "\"old:A\"");
    all.extend([
        Diagnostic::new(
            NoLock {
                file: s("plugins.lock"),
            },
            None,
        ),
        Diagnostic::new(LockDamaged { conflict: true }, mark),
        Diagnostic::new(LockDamaged { conflict: false }, None),
        Diagnostic::new(LockNewer { format: 2 }, None),
        Diagnostic::new(
            LockOfAnother {
                locked: s("bureau"),
                package: s("desk"),
            },
            None,
        ),
        Diagnostic::new(uncovered(&["fax", "gzip"], None), None),
        Diagnostic::new(uncovered(&["fax"], None), None),
        Diagnostic::new(uncovered(&[], None), None),
        Diagnostic::new(uncovered(&[], Some(&["x86_64-pc-windows-msvc"])), None),
        Diagnostic::new(
            LockNeedsFile {
                package: s("acme-mailer"),
                path: s("plugins/mailer/plugins.toml"),
            },
            None,
        ),
        Diagnostic::new(LockBehind { unreadable: true }, None),
        Diagnostic::new(LockBehind { unreadable: false }, None),
        Diagnostic::new(
            WithoutCargo {
                words: s("error: no matching package named `lettre` found"),
            },
            None,
        ),
    ]);
    all
}
