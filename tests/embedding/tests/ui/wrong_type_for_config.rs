treenail::compose!("wrong_type_for_config.toml");

fn main() {}
pub struct Rules;

pub struct Clerk;

impl treenail::Component for Clerk {
    async fn build(_: treenail::Deps<Self>, _: treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}
