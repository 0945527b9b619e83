include!("treenail.rs");

include!("../../treenail/src/hello.rs");
