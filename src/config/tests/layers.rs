//! Which layer wins, and where a value is said to come from.

use crate::base::tests::TABLE;
use crate::config::{configure, logging};
use crate::{ConfigError, Settings};

const FILE: &str = "
shop:
  services:
    Main: { use: 'shop:Shelf', params: { path: x, retries: 1 } }
  orchestrator:
    id: c
    use: base:CompositePipe
    params:
      steps:
        - { id: a, use: 'shop:Boom' }
        - { id: b, use: 'shop:Boom' }
";

fn check(settings: &Settings) -> Result<(), ConfigError> {
    configure(&TABLE, settings).map(drop)
}

/// Path and source of the only problem.
fn only(settings: &Settings) -> (String, String) {
    let error = check(settings).expect_err("is wrong");
    assert_eq!(error.problems().len(), 1, "{error}");
    let problem = &error.problems()[0];
    (
        problem.path().to_owned(),
        problem
            .place()
            .map(|place| format!("{}:{}", place.source, place.line))
            .unwrap_or_default(),
    )
}

fn file() -> Settings {
    Settings::yaml("test.yml", FILE).expect("YAML")
}

#[test]
fn a_variable_overrides_a_value_in_any_case_and_is_named() {
    let settings = file().environment([
        ("shop__services__MAIN__use", "shop:Nope"),
        ("UNRELATED", "1"),
    ]);
    let expected = (
        "shop.services.Main.use".to_owned(),
        "environment variable `shop__services__MAIN__use`:0".to_owned(),
    );
    assert_eq!(only(&settings), expected);
}

#[test]
fn a_variable_reaches_an_item_of_a_list_and_leaves_the_others_alone() {
    let settings = file().environment([("SHOP__ORCHESTRATOR__PARAMS__STEPS__1__USE", "shop:Nope")]);
    assert_eq!(only(&settings).0, "shop.orchestrator.params.steps[1].use");
    let settings = file().environment([("SHOP__ORCHESTRATOR__PARAMS__STEPS__0__ID", "b")]);
    assert_eq!(
        only(&settings),
        (
            "shop.orchestrator.params.steps[1].id".to_owned(),
            "test.yml:11".to_owned()
        )
    );
}

#[test]
fn a_variable_is_read_by_the_declared_type_and_may_be_a_whole_node() {
    assert!(check(&file().environment([("SHOP__SERVICES__MAIN__PARAMS__RETRIES", "7")])).is_ok());
    assert!(check(&file().environment([("SHOP__SERVICES__MAIN__PARAMS__PATH", "7")])).is_ok());
    let settings = file().environment([("SHOP__SERVICES__MAIN__PARAMS__RETRIES", "many")]);
    assert_eq!(only(&settings).0, "shop.services.Main.params.retries");
    let settings = file().environment([(
        "SHOP__SERVICES__MAIN__PARAMS",
        r#"{"path": "y", "speed": 3}"#,
    )]);
    assert_eq!(only(&settings).0, "shop.services.Main.params.speed");
}

#[test]
fn the_environment_wins_over_dotenv_and_dotenv_over_the_file() {
    let dotenv = "OTHER=1\nSHOP__SERVICES__MAIN__USE=shop:Nope\n";
    let settings = file().environment([("A", "b")]).dotenv(dotenv);
    assert_eq!(only(&settings).1, ".env (`SHOP__SERVICES__MAIN__USE`):2");
    let settings = file()
        .environment([("SHOP__SERVICES__MAIN__USE", "shop:Shelf")])
        .dotenv(dotenv);
    assert!(check(&settings).is_ok());
}

#[test]
fn templates_see_dotenv_and_the_environment_given() {
    let text = "shop: { services: { a: { use: 'shop:Shelf', params: { path: \"{{ get_env('HERE') }}\" } } } }";
    let settings = Settings::yaml("test.yml", text)
        .expect("YAML")
        .environment([("OTHER", "1")]);
    assert_eq!(only(&settings).0, "shop.services.a.params.path");
    assert!(check(&settings.dotenv("HERE=x")).is_ok());
}

#[test]
fn what_is_set_wins_over_everything() {
    let settings = file()
        .environment([("SHOP__SERVICES__MAIN__USE", "shop:Shelf")])
        .set("services.Main.use", "shop:Nope")
        .expect("a value");
    assert_eq!(only(&settings).1, "setting `services.Main.use`:0");
}

#[test]
fn a_figment_is_taken_as_it_is() {
    let figment = figment::Figment::from(figment::providers::Serialized::default(
        "shop.services.a.use",
        "shop:Nope",
    ));
    assert_eq!(only(&Settings::figment(figment)).0, "shop.services.a.use");
    assert!(check(&Settings::none()).is_ok());
}

#[test]
fn a_later_file_wins_key_by_key() {
    let folder = std::env::temp_dir().join(format!("treenail-layers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (one, two) = (folder.join("one.yml"), folder.join("two.yml"));
    std::fs::write(&one, FILE).expect("written");
    std::fs::write(
        &two,
        "shop:\n  services:\n    Main:\n      params: { retries: many }\n",
    )
    .expect("written");
    let settings = Settings::files([&one, &two])
        .expect("YAML")
        .environment([("A", "b")]);
    let (path, place) = only(&settings);
    assert_eq!(path, "shop.services.Main.params.retries");
    assert!(place.ends_with("two.yml:4"), "{place}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn the_logging_section_is_read_before_anything_starts() {
    let settings = Settings::yaml(
        "test.yml",
        "shop: { infrastructure: { logging: { level: DEBUG, log_to_file: false } } }",
    )
    .expect("YAML");
    let settings =
        settings.environment([("SHOP__INFRASTRUCTURE__LOGGING__LOG_FILE_PATH", "a.log")]);
    let read = logging(&TABLE, &settings).expect("is right");
    assert_eq!(read.level, crate::LogLevel::Debug);
    assert_eq!(read.log_file_path.as_deref(), Some("a.log"));
    assert_eq!(
        logging(&TABLE, &Settings::none()).expect("defaults").level,
        crate::LogLevel::Info
    );
}

#[test]
fn every_name_of_the_root_key_means_the_same_key_in_every_layer() {
    let short = || Settings::yaml("test.yml", FILE.replace("shop:\n", "acme:\n")).expect("YAML");
    for settings in [file(), short()] {
        let root = settings.files[0].layer.name.clone();
        assert_eq!(root, "test.yml");
        for name in ["SHOP", "Acme", "acme"] {
            let variable = format!("{name}__SERVICES__MAIN__PARAMS__RETRIES");
            let good = settings.clone().environment([(variable.as_str(), "2")]);
            check(&good).expect("a number");
            let wrong = settings.clone().environment([(variable.as_str(), "many")]);
            let (path, source) = only(&wrong);
            assert!(path.ends_with("services.Main.params.retries"), "{path}");
            assert_eq!(source, format!("environment variable `{variable}`:0"));
            let dotenv = settings.clone().environment([("X", "")]);
            let (_, source) = only(&dotenv.dotenv(&format!("X=1\n{variable}=many\n")));
            assert_eq!(source, format!(".env (`{variable}`):2"));
        }
    }
    let two = format!("{FILE}acme: {{}}\n");
    let (path, _) = only(&Settings::yaml("test.yml", two).expect("YAML"));
    assert_eq!(path, "acme", "two names in one file are a mistake");
}

#[test]
fn a_variable_with_the_name_of_the_root_holds_all_of_it_or_is_somebody_elses() {
    let with = |value: &str| file().environment([("Acme", value)]);
    check(&with("/etc/acme.conf")).expect("not ours");
    assert_eq!(only(&with("{ \"colour\": 1 }")).0, "shop.colour");
}

#[test]
fn a_number_or_a_boolean_may_be_written_as_text() {
    let text = |retries: &str| {
        let text = FILE.replace("retries: 1", &format!("retries: {retries}"));
        check(&Settings::yaml("test.yml", text).expect("YAML"))
    };
    text("'2'").expect("a number");
    text("\" 2 \"").expect("a number");
    for wrong in ["'two'", "'2.5'", "''", "'-1'", "'256'"] {
        let error = text(wrong).expect_err(wrong);
        assert_eq!(error.problems().len(), 1, "{error}");
        assert!(error.problems()[0].path().ends_with("retries"), "{error}");
    }
}
