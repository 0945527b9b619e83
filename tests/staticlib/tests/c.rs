//! The library as a program in C links it, with the system's compiler, with the feature that brings a shape and without.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

/// What the program prints for these shapes, with the library built with these features.
fn printed(features: &str, shapes: &[&str]) -> String {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    // `target/debug/deps/c-…`: what this test depends on is compiled already.
    let test = std::env::current_exe().expect("a path");
    let target = test.ancestors().nth(3).expect("the target directory");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--lib",
        "--locked",
        "--quiet",
        "--features",
        features,
    ]);
    run(cargo.arg("--target-dir").arg(target).current_dir(package));
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("main-{features}"));
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let mut compiler = Command::new(compiler);
    compiler.arg("-o").arg(&program).arg(package.join("main.c"));
    compiler
        .arg(target.join("debug/libshapes.a"))
        .args(["-lm", "-lpthread", "-ldl"]);
    run(&mut compiler);
    run(Command::new(program).args(shapes))
}

#[test]
fn a_program_in_c_finds_the_entries_and_is_told_which_feature_brings_others() {
    let shapes = ["square", "circle", "sqare"];
    assert_eq!(
        printed("", &shapes),
        "square: 4.00\n\
         `circle` is not in this program: build it with `--features round`\n\
         nothing in `shapes::Areas` is called `sqare`: did you mean `square`? There is `square`\n"
    );
    assert_eq!(
        printed("round", &shapes),
        "square: 4.00\n\
         circle: 12.57\n\
         nothing in `shapes::Areas` is called `sqare`: did you mean `square`? There are `circle`, `square`\n"
    );
}
