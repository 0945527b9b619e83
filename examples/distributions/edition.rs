//! What is asked of each edition: it has the plugins of its file and no others, takes its own configuration, and says of another's what
//! it lacks.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

/// An edition: its program, in whose package the test runs.
pub(crate) struct Edition(pub(crate) &'static str);

impl Edition {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.0);
        command.args(arguments).env("NO_COLOR", "1");
        command.output().expect("it runs")
    }

    /// It has the plugins that its file names, and those that treenail brings.
    pub(crate) fn has_the_plugins_of_its_file(&self) {
        let file = fs::read_to_string("plugins.toml").expect("the edition");
        let named = file
            .lines()
            .filter_map(|line| line.strip_prefix("plugins.helpdesk-"));
        let named = named.filter_map(|line| line.split_whitespace().next());
        let expected: BTreeSet<&str> = named.chain(["base"]).collect();
        let output = self.run(&["plugins"]);
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        let found = said
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        assert_eq!(found.collect::<BTreeSet<_>>(), expected);
    }

    /// Its own configuration is fine.
    pub(crate) fn takes_its_configuration(&self) {
        let output = self.run(&["check", "--config", "config.yml"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
    }

    /// Of another edition's configuration it says what it does not have.
    pub(crate) fn lacks_of(&self, other: &str, component: &str) {
        let config = format!("../{other}/config.yml");
        let output = self.run(&["check", "--config", &config]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{other}: {told}");
        assert!(told.contains(component), "{other}: {told}");
    }
}
