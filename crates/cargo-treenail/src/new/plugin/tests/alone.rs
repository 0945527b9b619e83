//! The plugin alone in an application.

use example_name::Greeter;

use treenail::testing::{Fault, Trial};
use treenail::{Phase, Settings};

treenail::compose!("alone.toml");

const GREETER: &str = "example-name:Greeter";

const CONFIGURATION: &str = r#"
example_name:
  components:
    "example-name:Greeter":
      greeting: good morning
"#;

#[tokio::test]
async fn it_greets_as_its_configuration_says() -> treenail::Result<()> {
    let settings = Settings::yaml("the test's configuration", CONFIGURATION)?;
    let app = App::start(settings).await?;
    assert_eq!(app.get::<Greeter>().greet("world"), "good morning, world");
    app.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_application_does_not_start_where_it_fails() {
    let trial = Trial::new().fault(GREETER, Phase::Build, Fault::error("lost for words"));
    let started = App::start_with(Settings::none(), trial.lifecycle()).await;
    assert!(started.is_err_and(|error| error.to_string().contains("lost for words")));
}
