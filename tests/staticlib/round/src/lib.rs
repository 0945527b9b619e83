//! A shape of a crate that knows nothing of treenail.

/// The area of a circle of this radius.
pub fn circle(radius: f64) -> f64 {
    radius * radius * std::f64::consts::PI
}
