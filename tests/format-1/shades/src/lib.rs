//! A library that ships its registries.

include!("treenail.rs");

fn light(whom: &str) -> String {
    format!("light {whom}")
}

#[cfg(feature = "dark")]
fn dark(whom: &str) -> String {
    format!("dark {whom}")
}

/// Says something in a shade.
///
/// # Errors
/// There is no such shade here.
pub fn say(shade: &str, whom: &str) -> Result<String, treenail::UnknownKey> {
    Ok(registries::get::<api::Words>().get(shade)?(whom))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_a_feature_would_bring_is_told() {
        assert_eq!(super::say("light", "blue").expect("there"), "light blue");
        match super::say("dark", "blue") {
            Ok(said) => assert!(cfg!(feature = "dark") && said == "dark blue"),
            Err(told) => assert!(told.to_string().contains("--features dark"), "{told}"),
        }
    }
}
