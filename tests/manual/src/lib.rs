//! Each test is a program, or a configuration, that a page of the manual shows.
