//! The list of codes. Each names one kind of mistake for good, and has a page that explains it.

/// Declares the codes, with the names of those that are warnings, and ties each to its page: a code without one does not compile.
macro_rules! codes {
    ($($code:ident $($lint:ident)?),* $(,)?) => {
        /// What names a kind of mistake for good. A code is never used again for something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Code {
            $($code,)*
        }

        impl Code {
            /// Every code, in order.
            pub(crate) const ALL: &[Self] = &[$(Self::$code),*];

            /// As people write it: `TN0203`.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)*
                }
            }

            /// What `[lints]` calls it; `None` for an error.
            pub(crate) fn lint(self) -> Option<&'static str> {
                let names: &[&str] = match self {
                    $(Self::$code => &[$(stringify!($lint))?],)*
                };
                names.first().copied()
            }

            /// What `cargo treenail explain` prints.
            pub(crate) const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!("pages/", stringify!($code), ".md")),)*
                }
            }
        }
    };
}

// A name after a code makes it a warning.
codes![
    TN0001, TN0002, TN0003, TN0004, TN0005, TN0006, TN0007, TN0008, TN0009, TN0010, TN0011, TN0012,
    TN0013, TN0014, TN0015, TN0016,
    TN0101, TN0102, TN0103, TN0104, TN0105, TN0106, TN0107, TN0108, TN0109, TN0110,
    TN0111 undeclared_plugin,
    TN0112, TN0113,
    TN0201, TN0202, TN0203, TN0204, TN0205, TN0206, TN0207, TN0208,
    TN0301, TN0302, TN0303, TN0304, TN0305, TN0306, TN0307, TN0308, TN0309,
    TN0310 unused_bind,
    TN0311, TN0312, TN0313, TN0314, TN0315, TN0316,
    TN0401, TN0402,
    TN0501, TN0502, TN0503, TN0504,
    TN0601, TN0602, TN0603, TN0604, TN0605, TN0606, TN0607,
    TN0608 lock_behind,
    TN0609 without_cargo,
    TN0901 left_out,
    TN0902 unused_plugin,
    TN0903 unused_component,
    TN0904 unused_alias,
    TN0905 unused_overlay,
    TN0906 unknown_lint,
    TN0907 unused_lint,
    TN0908 unused_order,
    TN0909 unused_table,
    TN0910 unused_all,
    TN0911 unknown_cfg,
    TN0912 similar_keys,
    TN0913 empty_registry,
];

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// There is no composition.
    Error,
    /// There is one, but probably not the one that was meant.
    Warning,
}

impl Code {
    /// The code of this name, in upper or lower case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|code| code.name().eq_ignore_ascii_case(name))
    }

    /// How bad it is where `[lints]` says nothing.
    pub(crate) fn severity(self) -> Severity {
        match self.lint() {
            Some(_) => Severity::Warning,
            None => Severity::Error,
        }
    }
}
