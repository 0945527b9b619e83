//! Areas of shapes by name, for programs in C: `shapes.h` says how they are asked for.

use std::ffi::{CStr, c_char, c_int};

treenail::registries!();

/// What computes an area of a size, by the name of its shape.
pub struct Areas;

impl treenail::Registry for Areas {
    type Entry = fn(f64) -> f64;
}

/// The area of a square with sides of this length.
pub fn square(side: f64) -> f64 {
    side * side
}

fn area(shape: &str, size: f64) -> Result<f64, treenail::UnknownKey> {
    Ok(registries::get::<Areas>().get(shape)?(size))
}

/// Writes the area of a shape and returns 0. Where there is no such shape, it returns 1, and writes what is to be said of it: as
/// much as there is room for, with a zero at its end.
///
/// # Safety
/// `shape` ends with a zero, `result` is a number's place, and `message` is of `capacity` bytes.
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "C hands over pointers")]
pub unsafe extern "C" fn shapes_area(
    shape: *const c_char,
    size: f64,
    result: *mut f64,
    message: *mut u8,
    capacity: usize,
) -> c_int {
    // SAFETY: the caller promises it.
    let (shape, result, message) = unsafe {
        let message = std::slice::from_raw_parts_mut(message, capacity);
        (CStr::from_ptr(shape), &mut *result, message)
    };
    match area(&shape.to_string_lossy(), size) {
        Ok(area) => {
            *result = area;
            0
        }
        Err(unknown) => {
            let said = unknown.to_string();
            let said = said.bytes().take(capacity.saturating_sub(1)).chain([0]);
            message
                .iter_mut()
                .zip(said)
                .for_each(|(to, byte)| *to = byte);
            1
        }
    }
}
