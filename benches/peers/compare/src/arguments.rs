//! What is asked for on the command line.

use std::path::PathBuf;
use std::time::Duration;

use crate::peers::{PEERS, Peer};

/// What is compared, and how.
pub(crate) struct Arguments {
    /// Numbers of services.
    pub(crate) sizes: Vec<usize>,
    /// The columns.
    pub(crate) peers: Vec<&'static Peer>,
    /// How often each measurement is made.
    pub(crate) runs: usize,
    /// How long one may take.
    pub(crate) limit: Duration,
    /// Where programs are written and built; it stays.
    pub(crate) keep: Option<PathBuf>,
}

impl Arguments {
    /// Reads them.
    ///
    /// # Errors
    /// What cannot be read, in words.
    pub(crate) fn read(mut given: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self {
            sizes: vec![20, 100, 300, 1000],
            peers: PEERS.iter().collect(),
            runs: 3,
            limit: Duration::from_secs(120),
            keep: None,
        };
        while let Some(option) = given.next() {
            let value = given
                .next()
                .ok_or_else(|| format!("`{option}` needs a value"))?;
            match option.as_str() {
                "--sizes" => {
                    let sizes = value.split(',').map(|size| positive(&option, size));
                    arguments.sizes = sizes.collect::<Result<_, _>>()?;
                }
                "--peers" => {
                    let peers = value.split(',').map(peer);
                    arguments.peers = peers.collect::<Result<_, _>>()?;
                }
                "--runs" => arguments.runs = positive(&option, &value)?,
                "--limit" => {
                    arguments.limit = Duration::from_secs(positive(&option, &value)? as u64)
                }
                "--keep" => arguments.keep = Some(PathBuf::from(value)),
                _ => {
                    return Err(format!(
                        "there is no `{option}`: --sizes, --peers, --runs, --limit, --keep"
                    ));
                }
            }
        }
        Ok(arguments)
    }
}

fn positive(option: &str, value: &str) -> Result<usize, String> {
    let number = value.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("`{option}` takes positive numbers, and `{value}` is none"))
}

fn peer(name: &str) -> Result<&'static Peer, String> {
    let found = PEERS.iter().find(|peer| peer.name == name.trim());
    found.ok_or_else(|| {
        let names: Vec<&str> = PEERS.iter().map(|peer| peer.name).collect();
        format!(
            "nothing is compared that is called `{name}`: {}",
            names.join(", ")
        )
    })
}
