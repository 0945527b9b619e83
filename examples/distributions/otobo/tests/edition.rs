//! The edition as it is built.

#[path = "../../edition.rs"]
mod edition;

use edition::Edition;

const THIS: Edition = Edition(env!("CARGO_BIN_EXE_desk-otobo"));

#[test]
fn it_has_the_plugins_of_its_file_and_no_others() {
    THIS.has_the_plugins_of_its_file();
}

#[test]
fn it_takes_its_configuration_and_says_what_it_lacks_for_others() {
    THIS.takes_its_configuration();
    THIS.lacks_of("desk", "sqlite:Store");
    THIS.lacks_of("zammad", "zammad:ZammadTicketsystemService");
}
