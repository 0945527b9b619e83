treenail::compose!("unsupported_contract_version.toml");

fn main() {}
