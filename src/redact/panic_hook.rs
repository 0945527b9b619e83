//! Panics that would print a secret. The standard hook prints the message of a panic before anybody can catch it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::borrow::Cow;
use std::io::Write as _;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::{Arc, Mutex, Once, PoisonError, RwLock, Weak};

use super::redactor::{KnownSecrets, Redactor};
use crate::error::panic_text;

/// The secrets of the applications of this process, as long as somebody has them.
static KNOWN: Mutex<Vec<Weak<RwLock<KnownSecrets>>>> = Mutex::new(Vec::new());

static HOOK: Once = Once::new();

/// Lets no panic of this process print what this redactor knows.
///
/// A hook is put in front of the one that is in force when this is called first. It hands on every panic whose message
/// shows no secret, and prints any other itself, as the standard hook does, without the secret. It looks at panics of the
/// whole process, because a component may have threads and tasks that nobody else knows of.
pub(crate) fn redact_panics(redactor: &Redactor) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|known| known.strong_count() > 0);
    let is_new = |one: &Weak<_>| !Weak::ptr_eq(one, &Arc::downgrade(&redactor.0));
    if known.iter().all(is_new) {
        known.push(Arc::downgrade(&redactor.0));
    }
    drop(known);
    // A thread that panics cannot set a hook.
    if !std::thread::panicking() {
        HOOK.call_once(|| {
            let before = take_hook();
            set_hook(Box::new(move |panic| match without_secrets(panic) {
                Some(message) => print(panic, &message),
                None => before(panic),
            }));
        });
    }
}

/// The message of a panic without the secrets that it shows; `None`: it shows none.
fn without_secrets(panic: &PanicHookInfo<'_>) -> Option<String> {
    let message = panic_text(panic.payload())?;
    let known: Vec<Redactor> = {
        let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .iter()
            .filter_map(Weak::upgrade)
            .map(Redactor)
            .collect()
    };
    known.iter().fold(None, |clean, redactor| {
        let text = clean.as_deref().unwrap_or(message);
        match redactor.redact(text) {
            Cow::Owned(cleaner) => Some(cleaner),
            Cow::Borrowed(_) => clean,
        }
    })
}

/// Prints what the standard hook would, with another message. Nothing is left to do where that fails.
fn print(panic: &PanicHookInfo<'_>, message: &str) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut text = format!("\nthread '{name}' panicked at {place}:\n{message}\n");
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        text.push_str(&format!("stack backtrace:\n{trace}\n"));
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}
