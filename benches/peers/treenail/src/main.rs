treenail::compose!();

include!("hello.rs");
