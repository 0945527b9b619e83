//! What does not go together in a table.

use super::key::{Held, KeyTable};
use super::tables::APART;

impl KeyTable {
    /// Where the first holds of a table, none of the others does.
    pub(crate) fn apart(&self) -> impl Iterator<Item = (Held, &'static [Held])> {
        let all = APART.iter();
        let of_this = all.filter(move |(table, ..)| std::ptr::eq(*table, self));
        of_this.map(|(_, one, others)| (*one, *others))
    }
}
