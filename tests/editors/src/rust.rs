//! rust-analyzer, on a virtual workspace with a host and a plugin of each of the three ways to have generated code: `greeter` by a build
//! script, `clerk` among its sources, `singer` by `plugin!()`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::report::Report;
use crate::server::Server;
use crate::workspace::{HERE, copied, generate, tools};

/// The kinds of what is offered, as the protocol numbers them.
const METHOD: i64 = 2;
const FIELD: i64 = 5;

const DESK: &str = "desk/src/main.rs";
const GREETER: &str = "greeter/src/lib.rs";
const CLERK: &str = "clerk/src/lib.rs";
const SINGER: &str = "singer/src/lib.rs";
const MANIFEST: &str = "greeter/plugins.toml";

/// Runs all checks, where rust-analyzer is installed.
pub fn check(report: &mut Report) {
    if !report.has("rust-analyzer") {
        return;
    }
    let copy = copied();
    // As the manual has it.
    let checked = json!({
        "overrideCommand": ["sh", "-c", "cargo treenail check --message-format json && cargo check --workspace --all-targets --message-format json"]
    });
    let mut server = started(&copy, &checked);
    completion(&mut server, report);
    hover(&mut server, report);
    definition(&mut server, report);
    refresh(&mut server, &copy, report);
    diagnostics(&mut server, &copy, report);
    drop(server);
    without_treenail(&copy, report);
    let _ = fs::remove_dir_all(copy);
}

/// rust-analyzer with the sources of all packages open, at rest.
fn started(copy: &Path, checked: &Value) -> Server {
    let tools = [tools()].into_iter();
    let paths = env::var_os("PATH").unwrap_or_default();
    let paths = env::join_paths(tools.chain(env::split_paths(&paths))).expect("paths");
    let target = PathBuf::from(HERE).join("target/copy");
    let mut command = Command::new("rust-analyzer");
    command.env("PATH", paths).env("CARGO_TARGET_DIR", target);
    // It looks for files that have changed by itself, as an editor does for it elsewhere.
    let files = json!({ "watcher": "server" });
    let settings = json!({ "files": files, "check": checked, "cachePriming": { "enable": false } });
    let mut server = Server::start(&mut command, copy, settings);
    for file in [DESK, GREETER, CLERK, SINGER] {
        server.open(file, "rust");
    }
    server.settle();
    server
}

/// What is offered behind `deps.` in a function that gets its inputs by this line.
fn offered(server: &mut Server, file: &str, line: &str) -> Vec<String> {
    let good = fs::read_to_string(copy_of(file)).expect("a file");
    let (before, _) = line.split_once("deps.").expect("inputs");
    server.write(file, good.replace(line, &format!("{before}deps.")));
    let offered = server.completion(
        file,
        &format!("{before}deps."),
        before.len() + "deps.".len(),
    );
    server.write(file, good);
    let fields = offered.into_iter().filter(|(_, kind, _)| *kind == FIELD);
    fields.map(|(label, ..)| label).collect()
}

fn copy_of(file: &str) -> PathBuf {
    Path::new(HERE).join("copy").join(file)
}

fn of_greeter(server: &mut Server) -> Vec<String> {
    offered(server, GREETER, "Ok(Self { voice: deps.voice })")
}

fn of_clerk(server: &mut Server) -> Vec<String> {
    offered(server, CLERK, "Ok(Self { greet: deps.greet })")
}

fn completion(server: &mut Server, report: &mut Report) {
    let good = fs::read_to_string(copy_of(DESK)).expect("a file");
    server.write(DESK, good.replace("app.stop().await;", "app.;"));
    let all = server.completion(DESK, "app.;", "app.".len());
    server.write(DESK, good);
    let is_there = |name: &str| {
        all.iter()
            .any(|(label, kind, _)| label.starts_with(name) && *kind == METHOD)
    };
    let has_field = all.iter().any(|(_, kind, _)| *kind == FIELD);
    report.check(
        "`app.` offers the methods of `App`",
        is_there("get") && is_there("stop"),
        &all,
    );
    report.check(
        "`app.` offers no field",
        !has_field && !all.is_empty(),
        &all,
    );
    let fields = of_greeter(server);
    report.check(
        "`deps.` offers the requirements, of a plugin with a build script",
        fields == ["voice"],
        &fields,
    );
    let fields = of_clerk(server);
    report.check(
        "`deps.` offers the requirements, of a plugin that ships its code",
        fields == ["greet"],
        &fields,
    );
}

fn hover(server: &mut Server, report: &mut Report) {
    let about = server.hover(DESK, "app: App", "app: ".len());
    let services = about.contains("`dyn api::Greet`: `greeter:Greeter`")
        && about.contains("`dyn api::Voice`: `singer:Singer`");
    report.check("`App` is shown with its services", services, &about);
    let places = [
        "`singer:Singer`, `singer/plugins.toml:6`",
        "`greeter:Greeter`, `",
        "`clerk:Clerk`, `",
    ];
    let places: Vec<Option<usize>> = places.iter().map(|part| about.find(part)).collect();
    let in_order = places.iter().all(Option::is_some) && places.is_sorted();
    report.check(
        "`App` is shown with its components in their order",
        in_order,
        &about,
    );
    let about = server.hover(GREETER, "deps: GreeterDeps", "deps: ".len());
    report.check(
        "`GreeterDeps` is shown with the line of its component",
        about.contains("`plugins.toml:7`"),
        &about,
    );
    let about = server.hover(GREETER, "deps.voice", "deps.".len());
    let says = about.contains("`dyn api::Voice`") && about.contains("`plugins.toml:11`");
    report.check(
        "`deps.voice` is shown with its service and its line",
        says,
        &about,
    );
    let about = server.hover(CLERK, "deps.greet", "deps.".len());
    report.check(
        "`deps.greet` is shown with its line, in code that is shipped",
        about.contains("`plugins.toml:10`"),
        &about,
    );
    let about = server.hover(SINGER, "deps: SingerDeps", "deps: ".len());
    let says = about.contains("`plugins.toml:7`") && !about.contains("/ What");
    report.check(
        "`SingerDeps` of `plugin!()` is shown with the line of its component",
        says,
        &about,
    );
}

fn definition(server: &mut Server, report: &mut Report) {
    let found = server.definition(DESK, "app: App", "app: ".len());
    report.check(
        "`App` is defined in the generated file",
        is_at(&found, "/out/treenail.rs", "pub struct App {"),
        &found,
    );
    let found = server.definition(GREETER, "deps: GreeterDeps", "deps: ".len());
    report.check(
        "`GreeterDeps` is defined in the generated file",
        is_at(&found, "/out/treenail.rs", "pub struct GreeterDeps {"),
        &found,
    );
    let found = server.definition(GREETER, "deps.voice", "deps.".len());
    report.check(
        "`deps.voice` is defined in the generated file",
        is_at(&found, "/out/treenail.rs", "pub voice: "),
        &found,
    );
    let found = server.definition(CLERK, "deps: ClerkDeps", "deps: ".len());
    report.check(
        "`ClerkDeps` is defined among the sources",
        is_at(&found, "clerk/src/treenail.rs", "pub struct ClerkDeps {"),
        &found,
    );
    let found = server.definition(CLERK, "deps.greet", "deps.".len());
    report.check(
        "`deps.greet` is defined among the sources",
        is_at(&found, "clerk/src/treenail.rs", "pub greet: "),
        &found,
    );
    let found = server.definition(DESK, "api::Greet>", "api::".len());
    report.check(
        "`app.get::<dyn Greet>` leads to the trait",
        is_at(&found, "api/src/lib.rs", "pub trait Greet"),
        &found,
    );
}

/// Whether there is one place, in this file, at a line that begins so.
fn is_at(found: &[(String, String)], file: &str, line: &str) -> bool {
    matches!(found, [(path, text)] if path.ends_with(file) && text.starts_with(line))
}

fn refresh(server: &mut Server, copy: &Path, report: &mut Report) {
    let manifest = copy.join(MANIFEST);
    let good = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(
        &manifest,
        format!("{good}clock = \"dyn treenail::Clock\"\n"),
    )
    .expect("written");
    server.save(GREETER);
    let fields = of_greeter(server);
    report.check(
        "a new requirement is offered after the next save, without a restart",
        fields == ["voice", "clock"],
        &fields,
    );
    fs::write(&manifest, good).expect("written");
    server.save(GREETER);
    let fields = of_greeter(server);
    report.check(
        "a requirement that is gone is not",
        fields == ["voice"],
        &fields,
    );
    let manifest = copy.join("clerk/plugins.toml");
    let good = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(
        &manifest,
        format!("{good}clock = \"dyn treenail::Clock\"\n"),
    )
    .expect("written");
    generate(copy);
    server.settle();
    let fields = of_clerk(server);
    report.check(
        "a new requirement is offered once code that is shipped is generated anew",
        fields == ["greet", "clock"],
        &fields,
    );
    fs::write(&manifest, good).expect("written");
    generate(copy);
    server.settle();
}

fn diagnostics(server: &mut Server, copy: &Path, report: &mut Report) {
    let manifest = copy.join(MANIFEST);
    let good = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(
        &manifest,
        good.replace("component.requires", "component.reqires"),
    )
    .expect("written");
    server.save(GREETER);
    let wrong = server.wrong();
    let is_one = matches!(&wrong[..], [(file, 10, 12, words)] if file == MANIFEST && words.starts_with("unknown key `reqires`"));
    report.check(
        "an unknown key is one message, at its place in plugins.toml",
        is_one,
        &wrong,
    );
    let fixes = server.fixes(MANIFEST);
    report.check(
        "it has a quick fix",
        fixes.contains(&"requires".to_owned()),
        &fixes,
    );
    let fields = of_greeter(server);
    report.check(
        "`deps.` offers what it did before",
        fields == ["voice"],
        &fields,
    );
    fs::write(&manifest, format!("{good}clock = \"dyn treen")).expect("written");
    server.save(GREETER);
    let wrong = server.wrong();
    let is_one = matches!(&wrong[..], [(file, 12, _, words)] if file == MANIFEST && words.starts_with("invalid TOML"));
    report.check(
        "half a line that is saved is one message, at its place",
        is_one,
        &wrong,
    );
    let fields = of_greeter(server);
    report.check(
        "`deps.` still offers what it did before",
        fields == ["voice"],
        &fields,
    );
    fs::write(&manifest, &good).expect("written");
    let host = copy.join("desk/plugins.toml");
    let of_host = fs::read_to_string(&host).expect("a manifest");
    fs::write(
        &host,
        format!("{of_host}\n[plugins]\nsinger = {{ enabled = false }}\n"),
    )
    .expect("written");
    server.save(GREETER);
    let wrong = server.wrong();
    let is_one = matches!(&wrong[..], [(file, 11, 9, words)] if file == MANIFEST && words.starts_with("nothing provides `dyn api::Voice`"));
    report.check(
        "what does not fit together is one message, at the requirement",
        is_one,
        &wrong,
    );
    fs::write(&host, of_host).expect("written");
    server.save(GREETER);
    let wrong = server.wrong();
    report.check(
        "nothing is left of what is mended",
        wrong.is_empty(),
        &wrong,
    );
}

/// Where code is checked as by default, a plugin is built although its manifest has a mistake.
fn without_treenail(copy: &Path, report: &mut Report) {
    let mut server = started(copy, &json!({}));
    let manifest = copy.join(MANIFEST);
    let good = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, format!("{good}\n[compnent]\n")).expect("written");
    server.save(GREETER);
    let wrong = server.wrong();
    let is_one = matches!(&wrong[..], [(file, 8, 1, words)] if file == GREETER && words.contains("greeter/plugins.toml:13:2"));
    report.check(
        "without `cargo treenail`, a mistake is one message at `compose!()`, with its place",
        is_one,
        &wrong,
    );
    let fields = of_greeter(&mut server);
    report.check(
        "`deps.` then offers what could be read",
        fields == ["voice"],
        &fields,
    );
    fs::write(&manifest, good).expect("written");
}
