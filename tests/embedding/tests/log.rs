//! The log of a concurrent start reads the same every time. Alone in its program, because the log is the program's.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, Deps, Phase, Settings};

treenail::compose!("log.toml");

macro_rules! components {
    ($($Component:ident)*) => {
        $(
            /// Only takes its time.
            pub struct $Component;

            impl Component for $Component {
                async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
                    Ok(Self)
                }
            }
        )*
    };
}

components! { Left Right Top }

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The log of one life in which the left and the right component take so long, without durations.
async fn log(text: &Text, left: u64, right: u64) -> Vec<String> {
    text.0.lock().unwrap().clear();
    let delay = |seconds| Fault::Delay(Duration::from_secs(seconds));
    let trial =
        [Phase::Build, Phase::Start, Phase::Stop]
            .into_iter()
            .fold(Trial::new(), |trial, phase| {
                trial
                    .fault("app:Left", phase, delay(left))
                    .fault("app:Right", phase, delay(right))
            });
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    app.stop().await;
    let text = String::from_utf8(text.0.lock().unwrap().clone()).unwrap();
    text.lines()
        .map(|line| line.split(" took=").next().unwrap_or(line).to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_log_of_a_concurrent_start_reads_the_same_whatever_the_order_in_which_it_went() {
    let text = Text::default();
    let writer = text.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .init();
    let one = log(&text, 1, 4).await;
    assert_eq!(one, log(&text, 4, 1).await);
    let endings = one.iter().filter(|line| line.contains(" ended "));
    let endings = endings.map(|line| line.trim_start_matches("DEBUG treenail::lifecycle: ended "));
    assert_eq!(
        endings.collect::<Vec<_>>(),
        [
            "component=app:Left phase=build outcome=done",
            "component=app:Right phase=build outcome=done",
            "component=app:Top phase=build outcome=done",
            "component=app:Left phase=start outcome=done",
            "component=app:Right phase=start outcome=done",
            "component=app:Top phase=start outcome=done",
            "component=app:Top phase=stop outcome=done",
            "component=app:Right phase=stop outcome=done",
            "component=app:Left phase=stop outcome=done",
        ]
    );
}
