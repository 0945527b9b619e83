//! A process that counts for somebody else already.

use treenail::Settings;

treenail::compose!("isolated.toml");

#[tokio::test]
async fn a_program_with_another_recorder_is_told_what_to_leave_out() {
    metrics::set_global_recorder(metrics::NoopRecorder).expect("the first one");
    let yaml =
        "helpdesk_metrics:\n  components:\n    \"metrics:Endpoint\": { listen: \"127.0.0.1:0\" }\n";
    for _ in 0..2 {
        let settings = Settings::yaml("the test's configuration", yaml).expect("YAML");
        let error = App::start(settings).await.expect_err("a failed start");
        let error = format!("{error:#}");
        let words = "this program counts for another recorder: leave out that one, or `listen`";
        assert!(error.contains(words), "{error}");
    }
    let silent = Settings::yaml("the test's configuration", "helpdesk_metrics: {}").expect("YAML");
    let app = App::start(silent).await.expect("a start");
    assert!(app.stop().await.is_clean());
}
