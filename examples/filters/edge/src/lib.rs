//! Filters for where requests come in. Nothing of treenail is in the tree of this package: plugins.toml says what it has.

use std::ops::ControlFlow;

use filters_api::{Answer, Filter, Request, Settings, setting};

/// Answers 403 to paths that begin with `prefix`.
///
/// # Errors
/// `prefix` is missing.
pub fn block(settings: &Settings) -> Result<Box<dyn Filter>, String> {
    let prefix = setting(settings, "prefix")?;
    Ok(Box::new(Block { prefix }))
}

struct Block {
    prefix: String,
}

impl Filter for Block {
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer> {
        if request.path.starts_with(&self.prefix) {
            let body = format!("{} is closed", self.prefix);
            return ControlFlow::Break(Answer { status: 403, body });
        }
        ControlFlow::Continue(())
    }
}

/// Sets the header `name` to `value`.
///
/// # Errors
/// One of them is missing.
pub fn header(settings: &Settings) -> Result<Box<dyn Filter>, String> {
    let (name, value) = (setting(settings, "name")?, setting(settings, "value")?);
    Ok(Box::new(Header { name, value }))
}

struct Header {
    name: String,
    value: String,
}

impl Filter for Header {
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer> {
        let (name, value) = (self.name.clone(), self.value.clone());
        request.headers.insert(name, value);
        ControlFlow::Continue(())
    }
}

/// Notes the path as it came in, in the header `x-came-as`.
///
/// # Errors
/// None: it has no settings.
#[cfg(feature = "mirror")]
pub fn mirror(_: &Settings) -> Result<Box<dyn Filter>, String> {
    Ok(Box::new(Mirror))
}

#[cfg(feature = "mirror")]
struct Mirror;

#[cfg(feature = "mirror")]
impl Filter for Mirror {
    fn apply(&self, request: &mut Request) -> ControlFlow<Answer> {
        let path = request.path.clone();
        request.headers.insert("x-came-as".to_owned(), path);
        ControlFlow::Continue(())
    }
}
