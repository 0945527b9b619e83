//! The list of codes. Each names one kind of mistake for good, and has a page that explains it.

/// Declares the codes, and ties each to its page: a code without one does not compile.
macro_rules! codes {
    ($($code:ident),* $(,)?) => {
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

            /// What `cargo treenail explain` prints.
            pub(crate) const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!("../explain/", stringify!($code), ".md")),)*
                }
            }
        }
    };
}

codes![
    TN0001, TN0002, TN0003, TN0004, TN0005, TN0006, TN0007, TN0008, TN0009, TN0010, TN0011, TN0012,
    TN0013, TN0014, TN0015, TN0016, TN0101, TN0102, TN0103, TN0104, TN0105, TN0106, TN0107, TN0108,
    TN0109, TN0110, TN0111, TN0201, TN0202, TN0203, TN0204, TN0205, TN0206, TN0207, TN0208, TN0301,
    TN0302, TN0303, TN0304, TN0305, TN0306, TN0307, TN0308, TN0309, TN0310, TN0401, TN0402, TN0501,
    TN0502, TN0503, TN0504, TN0901, TN0902, TN0903, TN0904, TN0905, TN0906, TN0907, TN0908, TN0909,
    TN0910,
];

impl Code {
    /// The code of this name, in upper or lower case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|code| code.name().eq_ignore_ascii_case(name))
    }
}
