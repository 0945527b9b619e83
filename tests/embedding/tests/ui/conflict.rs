treenail::compose!("conflict.toml");

/// A host that is generic over its application adds nothing to what is wrong with the composition.
async fn serve<A: treenail::Application>() -> treenail::Result<()>
where
    dyn contract::Store: treenail::AllProvidedBy<A>,
{
    A::launch(treenail::Settings::none()).await
}

fn main() {
    drop(serve::<App>());
    drop(treenail::Reloader::<App>::start(treenail::Settings::none()));
}
