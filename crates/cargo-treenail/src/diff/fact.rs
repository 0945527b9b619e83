//! What is different between two compositions: facts, in classes.

use std::fmt;

use serde::Serialize;

/// How serious a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    /// A configuration, or code of the host, that was right for the old composition is not for the new one.
    Breaking,
    /// Something behaves differently.
    Changed,
    /// There is more.
    New,
}

impl Class {
    pub(crate) const ALL: [Self; 3] = [Self::Breaking, Self::Changed, Self::New];

    /// Breaking if it is, else this.
    pub(crate) fn unless(self, is_breaking: bool) -> Self {
        if is_breaking { Self::Breaking } else { self }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Changed => "changed",
            Self::New => "new",
        }
    }
}

/// Who decided something, and where that is written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Decided {
    /// In words; empty where the place says it all.
    #[serde(rename = "by")]
    pub(crate) who: String,
    /// `file:line`
    pub(crate) at: String,
    /// It is a place of the old composition.
    pub(crate) before: bool,
}

impl Decided {
    pub(crate) fn by(who: impl Into<String>, at: &str) -> Self {
        let (who, at) = (who.into(), at.to_owned());
        let before = false;
        Self { who, at, before }
    }

    /// It is written there.
    pub(crate) fn at(place: &str) -> Self {
        Self::by("", place)
    }

    /// It was so before.
    pub(crate) fn before(self) -> Self {
        let before = true;
        Self { before, ..self }
    }

    /// Who decides it now, and who did where that is another one.
    pub(crate) fn now_and_before(now: Option<Self>, before: Option<Self>) -> Vec<Self> {
        let before = before.filter(|before| now.as_ref() != Some(before));
        now.into_iter().chain(before.map(Self::before)).collect()
    }
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { who, at, .. } = self;
        match (self.before, who.as_str()) {
            (false, "") => write!(f, "{at}"),
            (false, _) => write!(f, "{who}, {at}"),
            (true, "") => write!(f, "was at {at}"),
            (true, _) => write!(f, "before: {who}, {at}"),
        }
    }
}

/// One difference.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fact {
    pub(crate) class: Class,
    /// What it is about, for people.
    pub(crate) subject: String,
    /// What it was, and what it is.
    pub(crate) old: String,
    pub(crate) new: String,
    /// Who decided that.
    pub(crate) decided: Vec<Decided>,
    /// Who notices it.
    #[serde(rename = "noticed_by")]
    pub(crate) hits: Vec<String>,
    /// What follows from it, and is no fact of its own.
    pub(crate) follows: Vec<String>,
}

impl Fact {
    pub(crate) fn new(
        class: Class,
        subject: impl Into<String>,
        old: impl Into<String>,
        new: impl Into<String>,
    ) -> Self {
        Self {
            class,
            subject: subject.into(),
            old: old.into(),
            new: new.into(),
            decided: Vec::new(),
            hits: Vec::new(),
            follows: Vec::new(),
        }
    }

    /// Adds who decided it.
    pub(crate) fn decided(mut self, by: impl IntoIterator<Item = Decided>) -> Self {
        self.decided.extend(by);
        self
    }

    /// Adds who notices it.
    pub(crate) fn hits(mut self, who: impl IntoIterator<Item = String>) -> Self {
        self.hits.extend(who);
        self
    }

    /// Adds what follows from it, and how serious that is.
    pub(crate) fn follow(&mut self, class: Class, what: String) {
        self.class = self.class.min(class);
        self.follows.push(what);
    }
}
