//! The replicas: of each, one process after the other.

use std::time::{Duration, Instant};

use super::store::NAME;
use crate::ends::End;
use crate::folder::Folder;
use crate::program::{Program, Run, Said};

/// Who is asked to end has this time: far less than a service manager gives it.
const PATIENCE: Duration = Duration::from_secs(20);

/// All replicas.
pub(crate) struct Fleet<'f> {
    program: &'f Program,
    folder: &'f Folder,
    replicas: Vec<Replica>,
    /// The names of all processes there were.
    names: Vec<String>,
    /// How many of them found no server.
    pub(crate) futile: usize,
}

struct Replica {
    number: usize,
    /// How many processes it has been so far.
    lives: usize,
    run: Run,
    /// Since when it has been asked to end.
    asked: Option<Instant>,
}

/// A process that has ended.
pub(crate) struct Ended {
    pub(crate) end: End,
    pub(crate) at: Instant,
    /// The ticket that it claimed last.
    pub(crate) ticket: Option<String>,
}

impl Replica {
    fn name(&self) -> String {
        name(self.number, self.lives)
    }
}

/// What one of the processes of a replica is called.
fn name(replica: usize, life: usize) -> String {
    format!("{replica}.{life}")
}

impl<'f> Fleet<'f> {
    pub(crate) fn new(program: &'f Program, folder: &'f Folder) -> Self {
        Self {
            program,
            folder,
            replicas: Vec::new(),
            names: Vec::new(),
            futile: 0,
        }
    }

    /// Starts one more.
    pub(crate) fn add(&mut self) -> Result<(), String> {
        let number = self.replicas.len() + 1;
        let run = self.started(name(number, 1))?;
        self.replicas.push(Replica {
            number,
            lives: 1,
            run,
            asked: None,
        });
        Ok(())
    }

    fn started(&mut self, name: String) -> Result<Run, String> {
        let run = self.program.start_as(&name, NAME, self.folder)?;
        self.names.push(name);
        Ok(run)
    }

    /// Puts a new process in the place of one, which is given back.
    fn replace(&mut self, whom: usize) -> Result<Run, String> {
        let replica = &self.replicas[whom];
        let next = name(replica.number, replica.lives + 1);
        let run = self.started(next)?;
        let replica = &mut self.replicas[whom];
        replica.lives += 1;
        replica.asked = None;
        Ok(std::mem::replace(&mut replica.run, run))
    }

    /// Kills one, and starts another in its place.
    pub(crate) fn kill(&mut self, whom: usize) -> Result<Ended, String> {
        let name = self.replicas[whom].name();
        self.replicas[whom].run.kill();
        let at = Instant::now();
        let killed = self.replace(whom)?.wait(PATIENCE);
        killed.ok_or_else(|| format!("replica {name} outlives SIGKILL"))?;
        Ok(Ended {
            end: End::Kill,
            at,
            ticket: Said::of(&name, self.folder).claimed(),
        })
    }

    /// Asks one to end.
    pub(crate) fn ask(&mut self, whom: usize) {
        let replica = &mut self.replicas[whom];
        if replica.asked.is_none() {
            replica.asked = Some(Instant::now());
            replica.run.terminate();
        }
    }

    /// Starts others in the place of those that have ended because they were asked to, and gives those. While a server `is_away`,
    /// others are started too in the place of those that found none.
    ///
    /// # Errors
    /// Where one has not ended in time or not well, or has without being asked.
    pub(crate) fn look(&mut self, is_away: bool) -> Result<Vec<Ended>, String> {
        let mut ended = Vec::new();
        for whom in 0..self.replicas.len() {
            let replica = &mut self.replicas[whom];
            let name = replica.name();
            match (replica.run.has_ended(), replica.asked) {
                (false, Some(asked)) if asked.elapsed() > PATIENCE => {
                    return Err(not_in_time(&name));
                }
                (false, _) => {}
                (true, _) if is_away && !Said::of(&name, self.folder).has_worked() => {
                    self.replace(whom)?.wait(PATIENCE);
                    self.futile += 1;
                }
                (true, asked) => {
                    let run = self.replace(whom)?;
                    let one = self.well_ended(&name, run)?;
                    asked.ok_or_else(|| format!("replica {name} has ended by itself"))?;
                    ended.push(one);
                }
            }
        }
        Ok(ended)
    }

    fn well_ended(&self, name: &str, run: Run) -> Result<Ended, String> {
        let status = run.wait(PATIENCE).ok_or_else(|| not_in_time(name))?;
        let said = Said::of(name, self.folder);
        // The signal kills who has not begun.
        if status.code().is_some() || said.has_worked() {
            let well = said.ended_well(status);
            well.map_err(|broken| format!("replica {name}: {broken}"))?;
        }
        Ok(Ended {
            end: End::Term,
            at: Instant::now(),
            ticket: said.claimed(),
        })
    }

    /// Asks all to end, and waits for that.
    pub(crate) fn end(&mut self) -> Result<Vec<Ended>, String> {
        for whom in 0..self.replicas.len() {
            self.ask(whom);
        }
        let replicas = std::mem::take(&mut self.replicas);
        let ended = replicas
            .into_iter()
            .map(|replica| self.well_ended(&replica.name(), replica.run));
        ended.collect()
    }

    /// What each process of all replicas said, by its name.
    pub(crate) fn said(&self) -> Vec<(&str, Said)> {
        let said = |name: &'_ String| Said::of(name, self.folder);
        self.names
            .iter()
            .map(|name| (&**name, said(name)))
            .collect()
    }
}

fn not_in_time(name: &str) -> String {
    format!("replica {name} was asked to end, and has not within {PATIENCE:?}")
}
