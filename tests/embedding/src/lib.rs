//! Nothing of its own: the tests are in `tests/`, the plugins they compose in `plugins/`.
