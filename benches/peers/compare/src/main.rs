//! Compares treenail with its peers and with code by hand: what programs of one shape cost a build and a run.
//!
//! ```console
//! $ cargo run -p compare -- [--sizes 20,100,300,1000] [--peers hand,treenail,…] [--runs 3] [--limit 120] [--keep FOLDER]
//! ```
//!
//! Service `i` needs the distinct members of {i/2, i/3, i/4}, each behind a trait of its own; that a program prints the same
//! checksum proves that it has built the same graph. A measurement is the least of its runs, in user seconds of all processes but
//! where another unit is named. A run that takes longer than the limit is ended, and the table says so.
//!
//! Exit status 1 if rustc's time for what treenail composes grows faster than the number of services.

mod arguments;
mod comparison;
mod graph;
mod measure;
mod peers;
mod program;
mod table;

use std::process::ExitCode;

use arguments::Arguments;
use comparison::Comparison;

fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match Comparison::run(&arguments) {
        Ok(is_linear) => ExitCode::from(u8::from(!is_linear)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
