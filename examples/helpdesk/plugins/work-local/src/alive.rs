//! Which processes are alive that have claims: each has a file beside the database locked, which the operating system lets go of
//! when the process ends, however it does.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::file::new_private;

/// What the names of the locked files end in.
const ENDING: &str = "alive";

/// This process is alive for as long as this is.
pub(crate) struct Alive {
    database: PathBuf,
    name: String,
    _locked: File,
}

impl Alive {
    /// Locks a new file beside the database.
    pub(crate) fn begin(database: &Path) -> io::Result<Self> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let since = since.unwrap_or_default().as_nanos();
        let name = format!("{}-{since:x}", std::process::id());
        let locked = new_private().open(file(database, &name))?;
        locked.lock()?;
        Ok(Self {
            database: database.to_owned(),
            name,
            _locked: locked,
        })
    }

    /// What others know the process by.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether another process is certainly gone. One whose file was removed may live, and is waited for as long as its lease is.
    pub(crate) fn is_gone(&self, other: &str) -> bool {
        if other == self.name {
            return false;
        }
        let Ok(opened) = File::open(file(&self.database, other)) else {
            return false;
        };
        opened.try_lock_shared().is_ok()
    }

    /// Nobody asks for a process again that is gone, and whose claims have ended.
    pub(crate) fn forget(&self, other: &str) {
        let _ = fs::remove_file(file(&self.database, other));
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.forget(&self.name);
    }
}

fn file(database: &Path, name: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(format!("-{name}.{ENDING}"));
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_lives_while_it_holds_its_file_and_where_nobody_knows() {
        let folder = std::env::temp_dir().join(format!("helpdesk-alive-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let database = folder.join("work.db");
        let one = Alive::begin(&database).expect("locked");
        let other = Alive::begin(&database).expect("locked");
        assert!(!one.is_gone(other.name()) && !one.is_gone(one.name()));
        assert!(!one.is_gone("1-unknown"));
        // What is left behind by one that was killed.
        fs::write(file(&database, "2-killed"), "").expect("a file");
        assert!(one.is_gone("2-killed"));
        one.forget("2-killed");
        drop((one, other));
        let left = fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(left, 0);
        fs::remove_dir_all(folder).expect("removed");
    }
}
