//! The tests of a ticket system alone in an application: they are the same for each that talks HTTP.

/// Tests the life of the ticket system that `configuration` calls `desk`, and faults in it, with a double in the place of the
/// HTTP client: `crate::Wire`, which `composition` declares. `asks` is the request for the ticket 7.
///
/// The test needs treenail with the feature `testing`, tokio's paused clock, and the contracts of the example.
#[macro_export]
macro_rules! ticket_system_alone {
    (
        composition: $composition:tt,
        plugin: $plugin:literal,
        configuration: $configuration:literal,
        asks: $asks:literal $(,)?
    ) => {
        use std::sync::Mutex;

        use helpdesk_api::{ErrorKind, TicketSystem};
        use helpdesk_http_client::{
            Fault as HttpFault, Http, HttpError, Request, Response, async_trait,
        };
        use treenail::testing::{Fault, Trial};
        use treenail::{Component, Config, Deps, Outcome, Phase, Settings, StartError};

        treenail::compose!($composition);

        /// A wire that is cut: remembers what was sent, and answers nothing.
        pub struct Wire(Mutex<Vec<String>>);

        impl Component for Wire {
            async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
                Ok(Self(Mutex::default()))
            }
        }

        #[async_trait]
        impl Http for Wire {
            async fn send(&self, request: Request) -> Result<Response, HttpError> {
                let line = format!("{} {}", request.method(), request.url());
                self.0.lock().expect("no panic").push(line);
                Err(HttpError::new(
                    &request,
                    HttpFault::Unreachable,
                    "it is cut",
                ))
            }
        }

        fn settings() -> Settings {
            Settings::yaml("the test's configuration", $configuration).expect("YAML")
        }

        #[tokio::test(start_paused = true)]
        async fn it_asks_the_client_it_was_given_and_nobody_before_it_is_asked() {
            let trial = Trial::new();
            let app = App::start_with(settings(), trial.lifecycle())
                .await
                .expect("a start needs no server");
            let sent = || app.get::<Wire>().0.lock().expect("no panic").clone();
            assert!(sent().is_empty());
            let desk = app
                .instance::<dyn TicketSystem>("desk")
                .expect("a service of this name");
            let error = desk.get_ticket("7").await.expect_err("it is cut");
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert_eq!(sent(), [$asks]);
            assert!(app.stop().await.is_clean());
            trial.events().assert_order(&[
                "app:Wire built",
                "desk built",
                "app:Wire started",
                "desk started",
                "desk stopped",
                "app:Wire stopped",
            ]);
        }

        #[tokio::test(start_paused = true)]
        async fn a_client_that_cannot_start_is_named_and_the_ticket_system_does_not_start() {
            let trial =
                Trial::new().fault("app:Wire", Phase::Start, Fault::error("no sockets left"));
            let error = App::start_with(settings(), trial.lifecycle())
                .await
                .expect_err("a fault");
            let words = "cannot start `app:Wire` (plugin `app`): no sockets left";
            assert!(error.to_string().starts_with(words), "{error}");
            trial.events().assert_never(&["desk start"]);
        }

        #[tokio::test(start_paused = true)]
        async fn a_ticket_system_that_hangs_is_named_and_its_client_is_stopped() {
            let trial = Trial::new().fault("desk", Phase::Start, Fault::Hang);
            let error = App::start_with(settings(), trial.lifecycle())
                .await
                .expect_err("a fault");
            let error = error.downcast_ref::<StartError>().expect("a failed start");
            assert_eq!(error.failures[0].plugin, $plugin);
            assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
            trial
                .events()
                .assert_order(&["desk waiting", "desk start failed", "app:Wire stopped"]);
        }

        #[tokio::test(start_paused = true)]
        async fn a_ticket_system_that_cannot_stop_keeps_its_client_from_nothing() {
            let trial = Trial::new().fault("desk", Phase::Stop, Fault::panic("out of order"));
            let app = App::start_with(settings(), trial.lifecycle())
                .await
                .expect("a start");
            let failures: Vec<_> = app
                .stop()
                .await
                .failures()
                .map(ToString::to_string)
                .collect();
            assert_eq!(
                failures,
                [concat!(
                    "`desk` (plugin `",
                    $plugin,
                    "`): panicked: out of order"
                )]
            );
            trial
                .events()
                .assert_order(&["desk stop failed", "app:Wire stopped"]);
            assert_eq!(trial.events().count("app:Wire stopped"), 1);
        }
    };
}
