//! A plugin brings another template renderer: where the configuration names it, it renders every template, and the
//! declared types hold all the same.

use contract::Store;
use treenail::{Component, Config, ConfigError, Deps, Settings, TemplateRenderer};

treenail::compose!("renderer.toml");

/// What a shelf is configured with.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct ShelfConfig {
    label: String,
    #[serde(default)]
    boards: u8,
}

/// A store with a label and some boards.
pub struct Shelf(ShelfConfig);

impl Component for Shelf {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self(config))
    }
}

impl Store for Shelf {
    fn name(&self) -> String {
        format!("{} {}", self.0.label, self.0.boards)
    }
}

/// What the till is configured with.
#[derive(Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct TillConfig {
    drawer: String,
}

/// A singleton, which is configured too.
pub struct Till {
    drawer: String,
}

impl Component for Till {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            drawer: config.drawer,
        })
    }
}

fn settings(services: &str) -> Settings {
    let text = format!(
        "shop:\n  components: {{ app:Till: {{ drawer: $LABEL }} }}\n  services:\n{services}"
    );
    Settings::yaml("shop.yml", text).unwrap().environment([
        ("LABEL", "books"),
        ("BOARDS", "7"),
        ("MANY", "700"),
    ])
}

fn shelf(params: &str) -> String {
    format!("    front: {{ use: 'app:Shelf', params: {params} }}\n")
}

const DOLLAR: &str = "    dollar: { use: 'dollar:Dollar' }\n";

#[tokio::test]
async fn the_renderer_that_the_configuration_names_renders_every_template() {
    let front = shelf("{ label: $LABEL, boards: $BOARDS }");
    let app = App::start(settings(&format!("{DOLLAR}{front}")))
        .await
        .unwrap();
    assert_eq!(
        app.instance::<dyn Store>("front").unwrap().name(),
        "books 7"
    );
    assert_eq!(app.get::<Till>().drawer, "books");
    let renderer = app.instance::<dyn TemplateRenderer>("dollar").unwrap();
    assert!(renderer.compile("$LABEL").unwrap().is_some());
    app.stop().await;
}

#[tokio::test]
async fn what_is_no_template_to_it_is_a_text_and_its_own_parameters_are_none() {
    let other = "    dollar: { use: 'dollar:Dollar', params: { mark: '{{ 1 }}' } }\n";
    let front = shelf("{ label: '{{ 1 }}LABEL' }");
    let app = App::start(settings(&format!("{other}{front}")))
        .await
        .unwrap();
    assert_eq!(
        app.instance::<dyn Store>("front").unwrap().name(),
        "books 0"
    );
    assert_eq!(app.get::<Till>().drawer, "$LABEL");
    app.stop().await;
}

#[tokio::test]
async fn without_it_the_built_in_one_renders() {
    let front = shelf("{ label: '$LABEL', boards: \"{{ get_env('BOARDS') }}\" }");
    let app = App::start(settings(&front)).await.unwrap();
    assert_eq!(
        app.instance::<dyn Store>("front").unwrap().name(),
        "$LABEL 7"
    );
    app.stop().await;
}

fn problems(services: &str) -> Vec<(String, String)> {
    let error: ConfigError = App::check(&settings(services)).unwrap_err();
    let problems = error.problems().iter();
    problems
        .map(|problem| (problem.path().to_owned(), problem.message()))
        .collect()
}

#[test]
fn its_errors_and_wrong_types_are_found_when_the_configuration_is_checked() {
    let front = shelf("{ label: $, boards: $LABEL }");
    let back = front
        .replace("front", "back")
        .replace("$,", "$NOWHERE,")
        .replace("$LABEL", "$MANY");
    let found = problems(&format!("{DOLLAR}{front}{back}"));
    let expected = [
        (
            "shop.services.front.params.label",
            "template syntax error: a name is missing",
        ),
        (
            "shop.services.front.params.boards",
            "the template cannot be rendered: expected an integer, found a text",
        ),
        (
            "shop.services.back.params.label",
            "the template cannot be rendered: there is no `NOWHERE`",
        ),
    ];
    for (path, message) in expected {
        assert!(
            found.contains(&(path.to_owned(), message.to_owned())),
            "{message}: {found:?}"
        );
    }
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn exactly_one_is_in_force_and_one_that_cannot_be_made_is_the_only_problem() {
    let front = shelf("{ label: $LABEL }");
    let two = problems(&format!(
        "{DOLLAR}    hasty: {{ use: 'dollar:Hasty' }}\n{front}"
    ));
    assert_eq!(two.len(), 1, "{two:?}");
    assert!(
        two[0].1.contains("more than one template renderer"),
        "{two:?}"
    );
    let none = problems(&format!("    hasty: {{ use: 'dollar:Hasty' }}\n{front}"));
    assert_eq!(none.len(), 1, "{none:?}");
    assert!(
        none[0].0 == "shop.services.hasty" && none[0].1.contains("`dollar:Hasty` cannot be made"),
        "{none:?}"
    );
}
