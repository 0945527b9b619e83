//! linkme and inventory: entries under names, from all crates of a program. They build no graph, so their smallest program looks
//! one entry up.

use crate::program::{Program, main};

pub(crate) fn linkme() -> Program {
    let entries = "#[linkme::distributed_slice]\nstatic SERVICES: [Entry];\n\n\
        #[linkme::distributed_slice(SERVICES)]\nstatic ENTRY: Entry = Entry(\"s0\", || Box::new(C0));\n\n\
        fn entries() -> impl Iterator<Item = &'static Entry> {\n    SERVICES.iter()\n}\n\n";
    program("linkme", entries)
}

pub(crate) fn inventory() -> Program {
    let entries = "inventory::collect!(Entry);\n\ninventory::submit! { Entry(\"s0\", || Box::new(C0)) }\n\n\
        fn entries() -> impl Iterator<Item = &'static Entry> {\n    inventory::iter::<Entry>.into_iter()\n}\n\n";
    program("inventory", entries)
}

fn program(package: &str, entries: &str) -> Program {
    let code = "pub trait S0: Send + Sync {\n    fn value0(&self) -> u64;\n}\n\nstruct C0;\n\n\
        impl S0 for C0 {\n    fn value0(&self) -> u64 {\n        0\n    }\n}\n\n\
        struct Entry(&'static str, fn() -> Box<dyn S0>);\n\n";
    let build = "fn build() -> Box<dyn S0> {\n    \
        let entry = entries().find(|entry| entry.0 == \"s0\").expect(\"it is there\");\n    (entry.1)()\n}\n\n";
    Program {
        dependencies: format!("{package} = \"*\"\n"),
        main: format!(
            "{code}{entries}{build}{}",
            main(1, "Box<dyn S0>", "None", "app")
        ),
        ..Program::default()
    }
}
