//! The connection: made when the plugin starts, and again whenever it is lost; the application is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event};
use helpdesk_work::WorkError;
use treenail::Handle;

use crate::config::NatsWorkConfig;
use crate::failure::{OpenError, while_};

/// How long a server may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Gives up a request that is not answered: while there is no connection, the client keeps it for later.
pub(crate) async fn within<T>(
    doing: &'static str,
    request: impl Future<Output = Result<T, WorkError>> + Send,
) -> Result<T, WorkError> {
    match tokio::time::timeout(PATIENCE, request).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(while_(doing, elapsed)),
    }
}

/// Connects to one of the servers.
pub(crate) async fn connect(
    config: &NatsWorkConfig,
    handle: Arc<Handle>,
) -> Result<Client, OpenError> {
    let servers = config.servers.join(", ");
    if config.servers.is_empty() {
        return Err(OpenError::Config(
            "`servers` is empty: name one, such as `nats://10.0.0.7:4222`",
        ));
    }
    if servers.contains('@') {
        return Err(OpenError::Config(
            "there are credentials in `servers`, where logs would show them: move them to `credentials` or `token`",
        ));
    }
    let options = secured(authenticated(ConnectOptions::new(), config)?, config)?
        .name("helpdesk")
        .connection_timeout(PATIENCE)
        // A server that hangs is taken for lost after some of these.
        .ping_interval(PATIENCE)
        .request_timeout(Some(PATIENCE))
        .event_callback(told(handle));
    let connected = options.connect(config.servers.as_slice()).await;
    connected.map_err(|error| OpenError::Connect { servers, error })
}

fn authenticated(
    options: ConnectOptions,
    config: &NatsWorkConfig,
) -> Result<ConnectOptions, OpenError> {
    match (&config.credentials, &config.token) {
        (Some(_), Some(_)) => Err(OpenError::Config(
            "there are both `credentials` and a `token`: the server takes one, remove the other",
        )),
        (Some(credentials), None) => options
            .credentials(credentials.expose())
            .map_err(OpenError::Credentials),
        (None, Some(token)) => Ok(options.token(token.expose().to_owned())),
        (None, None) => Ok(options),
    }
}

fn secured(
    mut options: ConnectOptions,
    config: &NatsWorkConfig,
) -> Result<ConnectOptions, OpenError> {
    // async-nats takes the provider of the process; where several are linked, one has to be chosen. An error says that
    // somebody else has done so.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(tls) = &config.tls else {
        return Ok(options);
    };
    options = options.require_tls(true);
    if let Some(authority) = &tls.authority {
        options = options.add_root_certificates(authority.clone());
    }
    match (&tls.certificate, &tls.key) {
        (Some(certificate), Some(key)) => {
            Ok(options.add_client_certificate(certificate.clone(), key.clone()))
        }
        (None, None) => Ok(options),
        _ => Err(OpenError::Config(
            "a `certificate` needs its `key`, and a `key` its `certificate`: name both in `tls`, or none",
        )),
    }
}

/// Tells the application of a connection that is lost, and of its return.
fn told(handle: Arc<Handle>) -> impl Fn(Event) -> std::future::Ready<()> + Send + Sync + 'static {
    let is_lost = AtomicBool::new(false);
    move |event| {
        match event {
            Event::Disconnected => {
                is_lost.store(true, Ordering::Relaxed);
                handle.recoverable("the connection to NATS is lost, and is being made again");
            }
            Event::Connected if is_lost.swap(false, Ordering::Relaxed) => handle.ok(),
            event => tracing::debug!(%event, "NATS"),
        }
        std::future::ready(())
    }
}
