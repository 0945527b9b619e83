treenail::compose!("cycle.toml");

fn main() {}
pub struct Hen;

impl treenail::Component for Hen {
    async fn build(_: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

pub struct Egg;

impl treenail::Component for Egg {
    async fn build(_: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

