//! nject: what is shared has to be a field of a provider, so the services stand in layers, by hand. Each layer is a provider of all
//! services before it, from which the next services are made.

use std::fmt::Write;
use std::path::Path;

use crate::program::{Program, fields, main, serves, service};

pub(crate) fn program(size: usize, _: &Path) -> Program {
    let mut code = "use std::sync::Arc;\n\nuse nject::{injectable, provider};\n\n".to_owned();
    for i in 0..size {
        let fields = fields(i, |need| format!("n{need}: Arc<dyn S{need}>,"));
        let (service, serves) = (service(i, "Send + Sync"), serves(i, &format!("C{i}")));
        let _ = writeln!(
            code,
            "{service}\n#[injectable]\nstruct C{i} {{\n{fields}}}\n\n{serves}"
        );
    }
    let mut built = String::new();
    let (mut known, mut layer) = (0, 0);
    // Nobody needs a service of more than half of its number, so each layer is twice the one before.
    while known < size {
        let next = (2 * known).clamp(1, size);
        let _ = writeln!(code, "{}", provider(&format!("Layer{layer}"), known));
        let names = names(known);
        let _ = writeln!(built, "    let layer{layer} = Layer{layer} {{ {names} }};");
        for i in known..next {
            let _ = writeln!(
                built,
                "    let s{i}: Arc<dyn S{i}> = Arc::new(layer{layer}.provide::<C{i}>());"
            );
        }
        let again = (0..known).map(|i| format!("    let s{i} = layer{layer}.s{i};\n"));
        built.extend(again);
        (known, layer) = (next, layer + 1);
    }
    let names = names(size);
    let _ = writeln!(
        code,
        "{}\nfn build() -> App {{\n{built}    App {{ {names} }}\n}}\n",
        provider("App", size)
    );
    let last = size - 1;
    code.push_str(&main(
        size,
        "App",
        "None",
        &format!("app.provide::<Arc<dyn S{last}>>()"),
    ));
    Program {
        dependencies: "nject = \"*\"\n".to_owned(),
        main: code,
        ..Program::default()
    }
}

/// A provider of the first services.
fn provider(name: &str, known: usize) -> String {
    let fields: String = (0..known)
        .map(|i| format!("    #[provide(Arc<dyn S{i}>, |service| service.clone())]\n    s{i}: Arc<dyn S{i}>,\n"))
        .collect();
    format!("#[provider]\nstruct {name} {{\n{fields}}}\n")
}

fn names(known: usize) -> String {
    let names: Vec<String> = (0..known).map(|i| format!("s{i}")).collect();
    names.join(", ")
}
