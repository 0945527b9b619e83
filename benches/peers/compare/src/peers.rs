//! What is compared: one program of each for any number of services.

mod dill;
mod hand;
mod lockjaw;
mod nject;
mod shaku;
mod slices;
mod treenail;

use std::path::Path;

use crate::program::Program;

/// One column of the table.
pub(crate) struct Peer {
    /// Its name.
    pub(crate) name: &'static str,
    /// The package whose version is shown, where that is none of this repository.
    pub(crate) package: Option<&'static str>,
    /// What a program of it is.
    pub(crate) kind: Kind,
}

/// What a program of a peer is.
pub(crate) enum Kind {
    /// Services that need each other, as many as wanted.
    Graph(fn(usize, &Path) -> Program),
    /// Entries under names, which need nothing: only the smallest program is compared.
    Smallest(fn() -> Program),
    /// A package beside this one, as it is committed: only the smallest program is compared.
    Committed(&'static str),
}

/// All of them. Ratios are to the first.
pub(crate) const PEERS: [Peer; 11] = [
    Peer {
        name: "hand",
        package: None,
        kind: Kind::Graph(hand::program),
    },
    Peer {
        name: "hand async",
        package: None,
        kind: Kind::Graph(hand::asynchronous),
    },
    Peer {
        name: "treenail",
        package: None,
        kind: Kind::Graph(treenail::program),
    },
    Peer {
        name: "treenail committed",
        package: None,
        kind: Kind::Committed("minimal_generated"),
    },
    Peer {
        name: "treenail registries",
        package: None,
        kind: Kind::Committed("minimal_registries"),
    },
    Peer {
        name: "shaku",
        package: Some("shaku"),
        kind: Kind::Graph(shaku::program),
    },
    Peer {
        name: "nject",
        package: Some("nject"),
        kind: Kind::Graph(nject::program),
    },
    Peer {
        name: "dill",
        package: Some("dill"),
        kind: Kind::Graph(dill::program),
    },
    Peer {
        name: "lockjaw",
        package: Some("lockjaw"),
        kind: Kind::Graph(lockjaw::program),
    },
    Peer {
        name: "linkme",
        package: Some("linkme"),
        kind: Kind::Smallest(slices::linkme),
    },
    Peer {
        name: "inventory",
        package: Some("inventory"),
        kind: Kind::Smallest(slices::inventory),
    },
];
