//! shaku: a module of all components.

use std::path::Path;

use crate::graph::needs_of;
use crate::program::{Program, fields, main, serves, service};

pub(crate) fn program(size: usize, _: &Path) -> Program {
    let mut code =
        "use std::sync::Arc;\n\nuse shaku::{Component, HasComponent, Interface, module};\n\n"
            .to_owned();
    for i in 0..size {
        let fields = fields(i, |need| {
            format!("#[shaku(inject)]\n    n{need}: Arc<dyn S{need}>,")
        });
        let body = if needs_of(i).is_empty() {
            ";".to_owned()
        } else {
            format!(" {{\n{fields}}}")
        };
        let (service, serves) = (service(i, "Interface"), serves(i, &format!("C{i}")));
        code.push_str(&format!(
            "{service}\n#[derive(Component)]\n#[shaku(interface = S{i})]\nstruct C{i}{body}\n\n{serves}\n"
        ));
    }
    let components: Vec<String> = (0..size).map(|i| format!("C{i}")).collect();
    let last = size - 1;
    code.push_str(&format!(
        "module! {{\n    App {{\n        components = [{}],\n        providers = []\n    }}\n}}\n\n\
         fn build() -> App {{\n    App::builder().build()\n}}\n\n\
         fn last(app: &App) -> &dyn S{last} {{\n    app.resolve_ref()\n}}\n\n",
        components.join(", ")
    ));
    code.push_str(&main(size, "App", "None", "last(app)"));
    Program {
        dependencies: "shaku = \"*\"\n".to_owned(),
        main: code,
        ..Program::default()
    }
}
