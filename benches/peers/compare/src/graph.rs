//! The graph that all programs build.

/// What service `i` needs: the distinct members of {i/2, i/3, i/4}.
pub(crate) fn needs_of(i: usize) -> Vec<usize> {
    let mut needs = if i == 0 {
        Vec::new()
    } else {
        vec![i / 2, i / 3, i / 4]
    };
    needs.dedup();
    needs
}

/// The services that no other one needs, of `size` services.
pub(crate) fn unneeded(size: usize) -> std::ops::Range<usize> {
    size / 2..size
}

/// The value of the last service: its number, and the values of what it needs.
pub(crate) fn checksum(size: usize) -> u64 {
    let mut values: Vec<u64> = Vec::with_capacity(size);
    for i in 0..size {
        let needed = needs_of(i).into_iter().map(|need| values[need]);
        values.push(needed.fold(i as u64, u64::wrapping_add));
    }
    values.last().copied().unwrap_or(0)
}
