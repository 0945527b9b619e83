treenail::compose!("loses_and_is_no_component.toml");

fn main() {}

pub trait Tickets: Send + Sync {}

pub struct Memory;

pub struct Disk;

impl Tickets for Memory {}

impl Tickets for Disk {}

impl treenail::Component for Memory {
    async fn build(_: treenail::Deps<Self>, (): treenail::Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}
