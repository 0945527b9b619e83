//! lockjaw: a component with a method for each service that no other one needs. Services are made when they are first asked for,
//! so all of these are, and borrowed from the component.

use std::path::Path;

use crate::graph::{needs_of, unneeded};
use crate::program::{Program, fields, main, serves, service};

pub(crate) fn program(size: usize, _: &Path) -> Program {
    let mut code = "use lockjaw::{Cl, component, epilogue, injectable, module};\n\n".to_owned();
    let mut binds = String::new();
    for i in 0..size {
        let needs = needs_of(i);
        let lifetime = if needs.is_empty() { "" } else { "<'a>" };
        let any = if needs.is_empty() { "" } else { "<'_>" };
        let component = format!("C{i}{lifetime}");
        let fields = fields(i, |need| format!("n{need}: Cl<'a, dyn crate::S{need}>,"));
        let parameters: Vec<String> = needs
            .iter()
            .map(|need| format!("n{need}: Cl<'a, dyn crate::S{need}>"))
            .collect();
        let moves: Vec<String> = needs.iter().map(|need| format!("n{need}")).collect();
        let (service, serves) = (service(i, "Send + Sync"), serves(i, &format!("C{i}{any}")));
        code.push_str(&format!(
            "{service}\npub struct {component} {{\n{fields}}}\n\n#[injectable]\nimpl{lifetime} {component} {{\n    #[inject]\n    \
             pub fn new({}) -> {component} {{\n        C{i} {{ {} }}\n    }}\n}}\n\n{serves}\n",
            parameters.join(", "),
            moves.join(", ")
        ));
        binds.push_str(&format!(
            "    #[binds(scope: crate::App)]\n    pub fn s{i}(_impl: crate::C{i}{any}) -> Cl<dyn crate::S{i}> {{}}\n"
        ));
    }
    let methods: String = unneeded(size)
        .map(|i| format!("    fn s{i}(&self) -> Cl<'_, dyn crate::S{i}>;\n"))
        .collect();
    let asked: String = unneeded(size)
        .map(|i| format!("    app.s{i}();\n"))
        .collect();
    code.push_str(&format!(
        "pub struct Services;\n\n#[module]\nimpl Services {{\n{binds}}}\n\n\
         #[component(modules: crate::Services)]\npub trait App {{\n{methods}}}\n\n\
         fn build() -> Box<dyn App> {{\n    let app = <dyn App>::new();\n{asked}    app\n}}\n\n"
    ));
    code.push_str(&main(
        size,
        "Box<dyn App>",
        "None",
        &format!("app.s{}()", size - 1),
    ));
    code.push_str("\nepilogue!();\n");
    Program {
        dependencies: "lockjaw = \"*\"\n".to_owned(),
        build_dependencies: "lockjaw = \"*\"\n".to_owned(),
        build_script: Some("fn main() {\n    lockjaw::build_script();\n}\n"),
        main: code,
        ..Program::default()
    }
}
