//! What is remembered while a configuration is read: which field it is, where the first error was, which fields nobody reads.

use std::cell::RefCell;
use std::fmt;

/// Why a configuration does not fit: a value of it, fields that the type does not have, or both.
#[derive(Debug)]
pub(super) struct Misfit {
    /// A value is wrong, or a field is missing: where, and what serde says of it.
    pub(super) fault: Option<(FieldPath, String)>,
    /// Fields that the type does not have, as far as it was read.
    pub(super) unknown: Vec<FieldPath>,
}

/// The way to a value from the whole configuration, for which it is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldPath(Vec<PathStep>);

/// A part of a path.
#[derive(Debug, Clone)]
pub(super) enum PathStep {
    /// A field, the key of a map, or a variant.
    Name(String),
    /// A place in a list.
    Index(usize),
}

impl FieldPath {
    /// Its names, without the places in lists.
    pub(super) fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            PathStep::Name(name) => Some(name.as_str()),
            PathStep::Index(_) => None,
        })
    }

    /// A text without this path in front, or what some formats have of it.
    fn taken_from<'t>(&self, text: &'t str) -> &'t str {
        let mut names = self.names();
        let mut is_part = |part: &str| {
            let name = part.split('[').next().unwrap_or(part);
            name.is_empty() || names.any(|own| own == name)
        };
        match text.split_once(": ") {
            Some((front, rest)) if front.split('.').all(&mut is_part) => rest,
            _ => text,
        }
    }
}

/// As people write it: `limits[0].bytes`.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Name(name) if number == 0 => f.write_str(name)?,
                PathStep::Name(name) => write!(f, ".{name}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What is remembered while a configuration is read.
#[derive(Default)]
pub(super) struct Notes(RefCell<Noted>);

#[derive(Default)]
struct Noted {
    /// The way to what is being read.
    path: FieldPath,
    /// What was read of a key.
    key: Option<String>,
    fault: Option<(FieldPath, String)>,
    /// The format has said where the fault is.
    is_placed: bool,
    unknown: Vec<FieldPath>,
}

impl Notes {
    /// Reads something that is a step further.
    pub(super) fn within<T, E: fmt::Display>(
        &self,
        step: PathStep,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.0.borrow_mut().path.0.push(step);
        let read = read().map_err(|error| self.failed(error));
        let mut noted = self.0.borrow_mut();
        noted.path.0.pop();
        if read.is_ok() {
            // Its type has got over whatever was wrong.
            (noted.fault, noted.is_placed) = (None, false);
        }
        read
    }

    /// Reads a key, and says what was read.
    pub(super) fn key<T>(&self, read: impl FnOnce() -> T) -> (T, String) {
        self.0.borrow_mut().key = Some(String::new());
        let read = read();
        let key = self.0.borrow_mut().key.take();
        (read, key.unwrap_or_default())
    }

    /// A scalar was read.
    pub(super) fn scalar(&self, value: impl fmt::Display) {
        if let Some(key) = &mut self.0.borrow_mut().key {
            *key = value.to_string();
        }
    }

    /// Nobody reads what is here.
    pub(super) fn ignored(&self) {
        let mut noted = self.0.borrow_mut();
        let path = noted.path.clone();
        noted.unknown.push(path);
    }

    /// What reads a value says that it is wrong. What is said first is the fault; all else follows from it.
    pub(super) fn refused<E: fmt::Display>(&self, error: E) -> E {
        let mut noted = self.0.borrow_mut();
        if noted.fault.is_none() {
            noted.fault = Some((noted.path.clone(), error.to_string()));
        }
        error
    }

    /// The format hands out an error: its own, or one that it was handed. To that some add a place, at every level another one:
    /// the first is that of the value.
    pub(super) fn failed<E: fmt::Display>(&self, error: E) -> E {
        let mut noted = self.0.borrow_mut();
        let Noted {
            path,
            fault,
            is_placed,
            ..
        } = &mut *noted;
        match fault {
            None => {
                *fault = Some((path.clone(), error.to_string()));
                *is_placed = true;
            }
            Some((_, said)) if !*is_placed => {
                let text = error.to_string();
                // TOML prints lines of the file, and those of the whole file.
                *is_placed = text != *said && !text.contains('\n');
                if *is_placed {
                    *said = text;
                }
            }
            Some(_) => {}
        }
        error
    }
    /// What came of it: what was read, or why it does not fit.
    pub(super) fn outcome<T, E>(self, read: Result<T, E>) -> Result<T, Misfit> {
        let Noted { fault, unknown, .. } = self.0.into_inner();
        match read {
            Ok(value) if unknown.is_empty() => Ok(value),
            Ok(_) => Err(Misfit {
                fault: None,
                unknown,
            }),
            Err(_) => {
                let fault = fault.map(|(path, said)| {
                    let said = path.taken_from(said.trim_end()).to_owned();
                    (path, said)
                });
                Err(Misfit { fault, unknown })
            }
        }
    }
}
