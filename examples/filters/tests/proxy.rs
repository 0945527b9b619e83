//! The proxy, from the file of its chain to its answers.

use filters::{App, Proxy};
use filters_api::{Answer, Filters, Request};
use treenail::Settings;

const CHAIN: &str = include_str!("../chain.toml");

fn to(path: &str) -> Request {
    Request {
        path: path.to_owned(),
        ..Request::default()
    }
}

async fn started() -> App {
    App::start(Settings::none()).await.expect("a start")
}

/// What is said of a chain that cannot be made.
fn refused(app: &App, chain: &str) -> String {
    let proxy = Proxy::new(app.registry::<Filters>(), chain);
    proxy.err().expect("a mistake").to_string()
}

#[tokio::test]
async fn requests_go_through_filters_of_the_host_and_of_three_other_crates() -> treenail::Result<()>
{
    let app = started().await;
    let proxy = Proxy::new(app.registry::<Filters>(), CHAIN)?;
    let answer = |path| {
        let Answer { status, body } = proxy.handle(to(path));
        format!("{status} {body}")
    };
    assert_eq!(answer("/health"), "200 well");
    assert_eq!(answer("/admin/users"), "403 /admin is closed");
    assert_eq!(
        answer("/Shop/Red Shoes"),
        "200 shop.internal answers /shop/red-shoes"
    );
    app.stop().await;
    Ok(())
}

#[tokio::test]
async fn filters_of_one_kind_share_the_pool_that_is_injected() -> treenail::Result<()> {
    let app = started().await;
    let filters = app.registry::<Filters>();
    let forward = |server: &str| {
        let chain = format!("[[filter]]\nuse = \"forward\"\nto = \"{server}\"\n");
        Proxy::new(filters, &chain)
    };
    for server in ["shop.internal", "mail.internal", "shop.internal"] {
        assert_eq!(forward(server)?.handle(to("/")).status, 200);
    }
    assert_eq!(app.get::<filters_upstream::Pool>().connections(), 2);
    app.stop().await;
    Ok(())
}

#[tokio::test]
async fn what_is_known_of_a_filter_is_there_at_run_time() {
    let app = started().await;
    let lines = app.registry::<Filters>().iter();
    let lines = lines.filter(|line| line.key != "mirror");
    let lines: Vec<String> = lines
        .map(|line| format!("{} {} {}", line.key, line.plugin, line.version))
        .collect();
    assert_eq!(
        lines,
        [
            "block edge 0.1.0",
            "forward upstream 0.1.0",
            "header edge 0.1.0",
            "health app 0.1.0",
            "slug app 0.1.0",
        ]
    );
    app.stop().await;
}

#[tokio::test]
async fn a_filter_that_there_is_not_is_told_with_what_was_meant() {
    let app = started().await;
    let there = match cfg!(feature = "mirror") {
        true => "`block`, `forward`, `header`, `health`, `mirror`, `slug`",
        false => "`block`, `forward`, `header`, `health`, `slug`",
    };
    assert_eq!(
        refused(
            &app,
            "[[filter]]\nuse = \"health\"\n[[filter]]\nuse = \"heder\"\n"
        ),
        format!(
            "filter 2: nothing in `filters_api::Filters` is called `heder`: did you mean `header`? There are {there}"
        )
    );
    assert_eq!(
        refused(&app, "[[filter]]\nuse = \"forward\"\n"),
        "filter 1, `forward`: `to` is missing"
    );
    app.stop().await;
}

#[cfg(not(feature = "mirror"))]
#[tokio::test]
async fn a_filter_whose_feature_is_off_is_told_with_the_feature() {
    let app = started().await;
    assert_eq!(
        refused(&app, "[[filter]]\nuse = \"mirror\"\n"),
        "filter 1: `mirror` is not in this program: build it with `--features mirror`"
    );
    let left_out: Vec<_> = app.registry::<Filters>().left_out().collect();
    assert_eq!(left_out.len(), 1);
    assert_eq!(left_out[0].feature(), Some("mirror"));
    app.stop().await;
}

#[cfg(feature = "mirror")]
#[tokio::test]
async fn a_filter_whose_feature_is_on_is_there() -> treenail::Result<()> {
    let app = started().await;
    let filters = app.registry::<Filters>();
    assert!(Proxy::new(filters, "[[filter]]\nuse = \"mirror\"\n").is_ok());
    assert_eq!(filters.left_out().count(), 0);
    app.stop().await;
    Ok(())
}
