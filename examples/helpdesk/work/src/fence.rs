//! Where the fences of a store begin.

use std::time::Duration;

/// How many of the low bits of a fence count the claims of one store: a million for each millisecond that it has existed.
const COUNTED: u32 = 20;

/// For plugins: what a store adds to the number of each of its claims, told from when it was made, which is kept with it as a time
/// since 1970. A store that is made later gives greater fences than an earlier one has given, as no store gives a million claims
/// in a millisecond.
///
/// ```
/// use std::time::Duration;
/// let made = Duration::from_millis(1_764_000_000_000);
/// let later = made + Duration::from_millis(1);
/// assert!(helpdesk_work::fence_base(made) + 1_000_000 < helpdesk_work::fence_base(later));
/// ```
#[must_use]
pub fn fence_base(made: Duration) -> u64 {
    // A fence is no greater than what databases call a big integer, until the year 2248.
    u64::try_from(made.as_millis()).map_or(0, |millis| millis << COUNTED)
}
