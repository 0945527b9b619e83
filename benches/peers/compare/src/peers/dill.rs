//! dill: a catalog of builders, searched at run time. Singletons are built when they are first asked for, so all are.

use std::path::Path;

use crate::graph::unneeded;
use crate::program::{Program, fields, main, serves, service};

pub(crate) fn program(size: usize, _: &Path) -> Program {
    let mut code =
        "use std::sync::Arc;\n\nuse dill::{Catalog, Singleton, component, interface, scope};\n\n"
            .to_owned();
    for i in 0..size {
        let fields = fields(i, |need| format!("n{need}: Arc<dyn S{need}>,"));
        let (service, serves) = (service(i, "Send + Sync"), serves(i, &format!("C{i}")));
        code.push_str(&format!(
            "{service}\n#[component]\n#[interface(dyn S{i})]\n#[scope(Singleton)]\nstruct C{i} {{\n{fields}}}\n\n{serves}\n"
        ));
    }
    let added: String = (0..size)
        .map(|i| format!("    builder.add::<C{i}>();\n"))
        .collect();
    let asked: String = unneeded(size)
        .map(|i| format!("    get::<dyn S{i}>(&catalog);\n"))
        .collect();
    let last = size - 1;
    code.push_str(&format!(
        "fn get<S: ?Sized + Send + Sync + 'static>(catalog: &Catalog) -> Arc<S> {{\n    \
         catalog.get_one::<S>().expect(\"it is there\")\n}}\n\n\
         fn build() -> Catalog {{\n    let mut builder = Catalog::builder();\n{added}    \
         let catalog = builder.build();\n{asked}    catalog\n}}\n\n"
    ));
    code.push_str(&main(
        size,
        "Catalog",
        "None",
        &format!("get::<dyn S{last}>(app)"),
    ));
    Program {
        dependencies: "dill = \"*\"\n".to_owned(),
        main: code,
        ..Program::default()
    }
}
