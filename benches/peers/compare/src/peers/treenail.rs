//! treenail: composed from plugins.toml by the build script.

use std::fmt::Write;
use std::path::Path;

use crate::graph::needs_of;
use crate::program::{Program, main, serves, service};

pub(crate) fn program(size: usize, repository: &Path) -> Program {
    let repository = repository.display();
    let mut code = "use std::sync::{Arc, LazyLock};\n\nuse tokio::runtime::{Builder, Runtime};\n\
        use treenail::{Component, Config, Deps, Settings};\n\ntreenail::compose!();\n\n"
        .to_owned();
    let mut manifest = "treenail = 1\n\n[host]\n".to_owned();
    for i in 0..size {
        code.push_str(&component(i));
        let needs: Vec<String> = needs_of(i)
            .iter()
            .map(|need| format!("n{need} = \"dyn crate::S{need}\""))
            .collect();
        let _ = write!(
            manifest,
            "\n[[component]]\ntype = \"crate::C{i}\"\nprovides = [\"dyn crate::S{i}\"]\nrequires = {{ {} }}\n",
            needs.join(", ")
        );
    }
    code.push_str(
        "static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {\n    \
         Builder::new_current_thread().enable_time().build().expect(\"a runtime\")\n});\n\n\
         fn build() -> App {\n    RUNTIME.block_on(App::start(Settings::none())).expect(\"it starts\")\n}\n\n\
         fn stop(app: App) {\n    RUNTIME.block_on(app.stop());\n}\n\n",
    );
    code.push_str(&main(
        size,
        "App",
        "Some(stop)",
        &format!("app.get::<dyn S{}>()", size - 1),
    ));
    Program {
        dependencies: format!(
            "treenail = {{ path = \"{repository}\", default-features = false, features = [\"lifecycle\"] }}\n\
             tokio = {{ version = \"*\", default-features = false, features = [\"rt\", \"time\"] }}\n"
        ),
        build_dependencies: format!(
            "treenail-build = {{ path = \"{repository}/crates/treenail-build\" }}\n"
        ),
        build_script: Some("fn main() {\n    treenail_build::compose()\n}\n"),
        manifest: Some(manifest),
        main: code,
    }
}

fn component(i: usize) -> String {
    let (mut fields, mut moves) = (String::new(), String::new());
    for need in needs_of(i) {
        let _ = writeln!(fields, "    n{need}: Arc<dyn S{need}>,");
        let _ = write!(moves, "n{need}: deps.n{need}, ");
    }
    let deps = if moves.is_empty() { "_" } else { "deps" };
    let (service, serves) = (service(i, "Send + Sync"), serves(i, &format!("C{i}")));
    format!(
        "{service}\npub struct C{i} {{\n{fields}}}\n\nimpl Component for C{i} {{\n    \
         async fn build({deps}: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {{\n        \
         Ok(Self {{ {moves}}})\n    }}\n}}\n\n{serves}\n"
    )
}
