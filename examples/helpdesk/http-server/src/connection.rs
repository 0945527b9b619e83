//! Connections: a request each, a few at a time, none of them for long.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use treenail::{Handle, Shutdown};

use crate::answer::{Pages, answer};

/// So many connections at a time; others wait for one of them to end.
const CONNECTIONS: usize = 64;
/// So long may a connection last. Who asks how the application is has not more to say than fits into a moment.
const PATIENCE: Duration = Duration::from_secs(5);
/// After a connection that could not be accepted, as when there are no more file handles.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until the shutdown, and then lets those that have asked have their answers.
pub(crate) async fn serve(
    listener: TcpListener,
    pages: &Arc<impl Pages>,
    handle: &Handle,
    shutdown: Shutdown,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.requested() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    handle.ok();
                    connections.spawn(connection(stream, Arc::clone(pages), shutdown.clone()));
                }
                Err(error) => {
                    handle.recoverable(format_args!("cannot accept a connection: {error}"));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, pages: Arc<impl Pages>, shutdown: Shutdown) {
    let service = service_fn(|request: Request<Incoming>| {
        let answer = answer(&*pages, request.method(), request.uri().path());
        async { Ok::<_, Infallible>(answer) }
    });
    let mut http = http1::Builder::new();
    http.keep_alive(false);
    let mut served = pin!(http.serve_connection(TokioIo::new(stream), service));
    let served = async {
        tokio::select! {
            served = served.as_mut() => served,
            () = shutdown.requested() => {
                served.as_mut().graceful_shutdown();
                served.await
            }
        }
    };
    // What a client does wrong, or that it goes away, is its own affair.
    let _ = tokio::time::timeout(PATIENCE, served).await;
}
