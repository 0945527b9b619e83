//! Code by hand: constructors that are called in order; and the same where each is asynchronous and can fail, as those of
//! treenail's components are.

use std::fmt::Write;
use std::path::Path;

use crate::graph::needs_of;
use crate::program::{Program, fields, main, serves, service};

/// One function that makes everything.
pub(crate) fn program(size: usize, _: &Path) -> Program {
    let mut code = "use std::sync::Arc;\n\n".to_owned();
    for i in 0..size {
        code.push_str(&component(i));
    }
    let wiring = (0..size).map(|i| {
        let needs = needs_of(i).into_iter();
        let fields: String = needs
            .map(|need| format!("n{need}: Arc::clone(&s{need}), "))
            .collect();
        format!("    let s{i}: Arc<dyn S{i}> = Arc::new(C{i} {{ {fields}}});\n")
    });
    let built = format!("fn build() -> App {{\n{}", wiring.collect::<String>());
    code.push_str(&app(size, &built, |made| made));
    Program {
        main: code,
        ..Program::default()
    }
}

/// An asynchronous constructor for each component, and a function of its own that calls it: one function that awaits all of them
/// takes rustc minutes.
pub(crate) fn asynchronous(size: usize, _: &Path) -> Program {
    let mut code = "use std::error::Error;\nuse std::future::Future;\nuse std::sync::Arc;\n\n\
        fn ready<T>(future: impl Future<Output = Result<T, Box<dyn Error>>>) -> Result<T, Box<dyn Error>> {\n    \
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());\n    \
        match std::pin::pin!(future).poll(&mut context) {\n        std::task::Poll::Ready(made) => made,\n        \
        std::task::Poll::Pending => Err(\"it waits\".into()),\n    }\n}\n\n"
        .to_owned();
    let mut wiring = String::new();
    for i in 0..size {
        let (mut parameters, mut moves, mut arguments) =
            (String::new(), String::new(), String::new());
        for need in needs_of(i) {
            let _ = write!(parameters, "n{need}: Arc<dyn S{need}>, ");
            let _ = write!(moves, "n{need}, ");
            let _ = write!(arguments, "Arc::clone(&s{need}), ");
        }
        code.push_str(&component(i));
        let _ = writeln!(
            code,
            "impl C{i} {{\n    async fn build({parameters}) -> Result<Self, Box<dyn Error>> {{\n        Ok(Self {{ {moves}}})\n    }}\n}}\n\
             fn make{i}({parameters}) -> Result<Arc<dyn S{i}>, Box<dyn Error>> {{\n    Ok(Arc::new(ready(C{i}::build({moves}))?))\n}}"
        );
        let _ = writeln!(wiring, "    let s{i} = make{i}({arguments})?;");
    }
    let built = format!(
        "fn build() -> App {{\n    try_build().expect(\"nothing fails\")\n}}\n\n\
         fn try_build() -> Result<App, Box<dyn Error>> {{\n{wiring}"
    );
    code.push_str(&app(size, &built, |made| format!("Ok({made})")));
    Program {
        main: code,
        ..Program::default()
    }
}

fn component(i: usize) -> String {
    let fields = fields(i, |need| format!("n{need}: Arc<dyn S{need}>,"));
    let (service, serves) = (service(i, "Send + Sync"), serves(i, &format!("C{i}")));
    format!("{service}\nstruct C{i} {{\n{fields}}}\n\n{serves}\n")
}

/// The struct of all services, the end of the function that makes it, and `main`.
fn app(size: usize, built: &str, ending: fn(String) -> String) -> String {
    let fields: String = (0..size)
        .map(|i| format!("    s{i}: Arc<dyn S{i}>,\n"))
        .collect();
    let names: Vec<String> = (0..size).map(|i| format!("s{i}")).collect();
    let (names, last) = (names.join(", "), size - 1);
    let main = main(size, "App", "None", &format!("(&app.s{last})"));
    let made = ending(format!("App {{ {names} }}"));
    format!("struct App {{\n{fields}}}\n\n{built}    {made}\n}}\n\n{main}")
}
