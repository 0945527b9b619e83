//! A host that has registries alone, and ships its generated code.

include!("treenail.rs");

fn own(whom: &str) -> String {
    format!("own {whom}")
}

fn main() {
    for line in registries::get::<api::Words>().iter() {
        println!("{}: {}", line.key, (line.entry)("word"));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn entries_are_there_without_an_application() {
        let words = super::registries::get::<api::Words>();
        assert_eq!(words.get("own").expect("an entry")("word"), "own word");
    }
}
