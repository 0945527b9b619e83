//! The page in a browser: Chromium, where there is one, and else that is said.

use std::process::Command;
use std::time::Duration;

use helpdesk_metrics::Endpoint;
use treenail::Settings;

treenail::compose!("isolated.toml");

/// The page as a browser has it after its script ran for half a minute; `None` without a browser.
fn shown(address: &str) -> Option<String> {
    let mut browsers = ["chromium", "chromium-browser", "google-chrome"].into_iter();
    browsers.find_map(|browser| {
        let output = Command::new(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--virtual-time-budget=30000",
                "--dump-dom",
                address,
            ])
            .output()
            .ok()?;
        String::from_utf8(output.stdout).ok()
    })
}

/// What stands in the element that begins like this.
fn inside<'p>(page: &'p str, element: &str) -> &'p str {
    let (_, rest) = page.split_once(element).expect(element);
    let end = if element.starts_with("<tr") {
        "</tr>"
    } else {
        "</figure>"
    };
    rest.split_once(end).expect(end).0
}

/// The points of its curves, and the numbers beside them.
fn curves(element: &str) -> (Vec<usize>, Vec<&str>) {
    let between = |begin: &str, end: char| {
        let parts: Vec<&str> = element.split(begin).skip(1).collect();
        let texts = parts
            .into_iter()
            .filter_map(move |rest| rest.split(end).next());
        texts.collect::<Vec<_>>()
    };
    let points = between("<polyline points=\"", '"');
    let points = points
        .iter()
        .map(|points| points.split_whitespace().count());
    (points.collect(), between("<output>", '<'))
}

/// A step with an odd name fails again and again.
async fn count() {
    const ODD: &str = "base:\"Odd\\Pipe";
    loop {
        let labels = [("component", ODD), ("outcome", "failed")];
        metrics::counter!("helpdesk_steps_total", &labels).increment(1);
        metrics::histogram!("helpdesk_step_seconds", "component" => ODD).record(0.0125);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a browser"]
async fn a_browser_shows_rates_and_draws_what_has_become_of_them() {
    let yaml =
        "helpdesk_metrics:\n  components:\n    \"metrics:Endpoint\": { listen: \"127.0.0.1:0\" }\n";
    let settings = Settings::yaml("the test's configuration", yaml).expect("YAML");
    let app = App::start(settings).await.expect("a start");
    let address = app.get::<Endpoint>().address().expect("an address");
    metrics::gauge!("helpdesk_dead_letters").set(3.0);
    let counting = tokio::spawn(count());
    let page = tokio::task::spawn_blocking(move || shown(&format!("http://{address}/")));
    let page = page.await.expect("no panic");
    counting.abort();
    assert!(app.stop().await.is_clean());
    let Some(page) = page else {
        eprintln!("skipped: there is no chromium, chromium-browser or google-chrome");
        return;
    };
    assert!(
        page.contains("<html lang=\"en\" class=\"scripted\">"),
        "{page}"
    );
    assert!(
        page.contains("<p id=\"fresh\" role=\"status\"></p>"),
        "it was answered"
    );

    let (points, numbers) = curves(inside(
        &page,
        "<figure data-metric=\"helpdesk_steps_total\"",
    ));
    assert!(points.len() == 1 && points[0] > 3, "{points:?}");
    assert!(
        numbers[0].parse::<f64>().expect("a rate") > 0.0,
        "{numbers:?}"
    );
    let (points, numbers) = curves(inside(
        &page,
        "<figure data-metric=\"helpdesk_dead_letters\"",
    ));
    assert!(points.len() == 1 && points[0] > 3, "{points:?}");
    assert_eq!(numbers, ["3"]);
    let (points, numbers) = curves(inside(&page, "<tr data-metric=\"helpdesk_step_seconds\""));
    assert!(points.len() == 1 && points[0] > 3, "{points:?}");
    assert_eq!(numbers, ["12.5ms"]);
    let (points, numbers) = curves(inside(
        &page,
        "<figure data-metric=\"helpdesk_claims_held\"",
    ));
    assert_eq!(
        (points, numbers),
        (vec![], vec![]),
        "nobody has counted any"
    );
}
