//! A server that is handed every route, begins when the application starts, and ends when it stops.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use treenail::{Component, Config, Deps, Settings};

treenail::compose!("hooks.toml");

/// Answers what is asked below its path.
pub trait Route: Send + Sync {
    /// Its path.
    fn path(&self) -> &'static str;
}

/// What the world sees of the server.
pub trait Serves: Send + Sync {
    /// The paths, while it serves.
    fn paths(&self) -> Vec<&'static str>;
}

/// Greets.
pub struct Hello;

impl Component for Hello {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Route for Hello {
    fn path(&self) -> &'static str {
        "/hello"
    }
}

/// Repeats.
pub struct Echo;

impl Component for Echo {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Route for Echo {
    fn path(&self) -> &'static str {
        "/echo"
    }
}

/// Serves all routes that there are.
pub struct Server {
    routes: Vec<Arc<dyn Route>>,
    open: AtomicBool,
}

impl Component for Server {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            routes: deps.routes,
            open: AtomicBool::new(false),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.open.store(true, Ordering::Release);
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.open.store(false, Ordering::Release);
        Ok(())
    }
}

impl Serves for Server {
    fn paths(&self) -> Vec<&'static str> {
        let open = self.open.load(Ordering::Acquire);
        let routes = self.routes.iter().filter(|_| open);
        routes.map(|route| route.path()).collect()
    }
}

#[tokio::test]
async fn a_server_serves_every_route_from_its_start_to_its_stop() {
    let app = App::start(Settings::none()).await.unwrap();
    let server = Arc::clone(app.get::<dyn Serves>());
    let mut paths = server.paths();
    paths.sort_unstable();
    assert_eq!(paths, ["/echo", "/hello"]);
    app.stop().await;
    assert!(server.paths().is_empty());
}
