treenail::compose!("duplicate_id.toml");

fn main() {}
pub struct Clerk;

impl treenail::Component for Clerk {
    async fn build(_: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

