//! Version constraints: a requirement holds where Cargo's own rules say so, wherever a manifest may write one.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use semver::{BuildMetadata, Prerelease, Version, VersionReq};
use treenail_build::testing::{Case, Package};

/// A requirement, the version it is about, and where it is written.
#[derive(Debug, Arbitrary)]
struct Constraint {
    place: Place,
    numbers: [u8; 3],
    prerelease: Option<u8>,
    build: Option<u8>,
    requirement: String,
}

#[derive(Debug, Arbitrary)]
enum Place {
    /// `[plugins]` of the host: TN0201.
    Plugins,
    /// `requires` of another plugin: TN0202.
    Requires,
    /// `api` of a plugin: TN0203.
    Api,
    /// `host` of a plugin: TN0204.
    Host,
    /// `conflicts` of another plugin: TN0206, where it does match.
    Conflicts,
}

impl Constraint {
    fn version(&self) -> Version {
        let [major, minor, patch] = self.numbers.map(u64::from);
        let mut version = Version::new(major, minor, patch);
        if let Some(number) = self.prerelease {
            version.pre = Prerelease::new(&format!("rc.{number}")).expect("a prerelease");
        }
        if let Some(number) = self.build {
            version.build = BuildMetadata::new(&format!("b{number}")).expect("build metadata");
        }
        version
    }

    /// A composition with it.
    fn case(&self) -> Case {
        let requirement = quoted(&self.requirement);
        let version = self.version().to_string();
        let mut host = "treenail = 1\n[host]\n".to_owned();
        let (mut subject, mut other) = (String::new(), String::new());
        let (mut plugin, mut contract) = ("1.0.0", "1.0.0");
        match self.place {
            Place::Plugins => {
                plugin = &version;
                host.push_str(&format!("[plugins]\nmail = {requirement}\n"));
            }
            Place::Requires => {
                plugin = &version;
                other.push_str(&format!("requires = {{ mail = {requirement} }}\n"));
            }
            Place::Api => {
                contract = &version;
                subject.push_str(&format!("api = {{ contract = {requirement} }}\n"));
            }
            Place::Host => {
                host.push_str(&format!("api = {}\n", quoted(&version)));
                subject.push_str(&format!("host = {requirement}\n"));
            }
            Place::Conflicts => {
                plugin = &version;
                other.push_str(&format!("conflicts = {{ mail = {requirement} }}\n"));
            }
        }
        let manifest = |id: &str, rest: &str| {
            format!(
                "treenail = 1\n[plugin]\nid = \"{id}\"\n{rest}[[component]]\ntype = \"crate::C\"\n"
            )
        };
        let package =
            |name: &str, version: &str| Package::new(name, version).depends_on(["contract"]);
        Case::new(Package::new("desk", "1.0.0").manifest(host))
            .with(Package::new("contract", contract))
            .with(package("mail", plugin).manifest(manifest("mail", &subject)))
            .with(package("other", "1.0.0").manifest(manifest("other", &other)))
    }

    /// The messages that Cargo's rules ask for.
    fn expected(&self) -> Vec<&'static str> {
        let Ok(requirement) = VersionReq::parse(&self.requirement) else {
            return vec!["TN0006"];
        };
        // `*` means every version, releases or not.
        let matches = requirement == VersionReq::STAR || requirement.matches(&self.version());
        let code = match self.place {
            Place::Plugins => "TN0201",
            Place::Requires => "TN0202",
            Place::Api => "TN0203",
            Place::Host => "TN0204",
            Place::Conflicts if matches => return vec!["TN0206"],
            Place::Conflicts => return Vec::new(),
        };
        if matches { Vec::new() } else { vec![code] }
    }
}

/// A TOML string, whatever is in it.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// Whether one of the small versions is meant by a requirement: then it may not be called empty.
fn has_a_version(requirement: &str) -> bool {
    let Ok(requirement) = VersionReq::parse(requirement) else {
        return false;
    };
    let numbers = |digits: u64| Version::new(digits / 25, digits / 5 % 5, digits % 5);
    (0..125).any(|digits| requirement.matches(&numbers(digits)))
}

fuzz_target!(|constraint: Constraint| {
    let outcome = constraint.case().compose();
    let (codes, expected) = (outcome.codes(), constraint.expected());
    // That no version at all is meant is told in the place of what this one is about.
    let is_empty = codes == ["TN0006"]
        && (expected.is_empty() == matches!(constraint.place, Place::Conflicts))
        && !has_a_version(&constraint.requirement);
    assert!(
        codes == expected || is_empty,
        "{expected:?} {}",
        outcome.text()
    );
});
