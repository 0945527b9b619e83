treenail::compose!("service_is_not_send_and_sync.toml");

fn main() {}
pub struct Clerk;

impl treenail::Component for Clerk {
    async fn build(_: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

pub trait Cell {}

impl Cell for Clerk {}
