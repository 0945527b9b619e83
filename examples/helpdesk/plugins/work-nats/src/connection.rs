//! The connection: made when the plugin starts, and again whenever it is lost; the application is told.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, ClientError, ConnectOptions, Event};
use helpdesk_work::WorkError;

use crate::config::NatsWorkConfig;
use crate::failure::{OpenError, while_};
use crate::health::{Health, Trouble};

/// How long a server may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// The oldest version of a server: what came with it is asked for.
pub(crate) const MINIMUM: (u32, u32) = (2, 9);

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
    health: Arc<Health>,
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
        .event_callback(told(health));
    let client = match options.connect(config.servers.as_slice()).await {
        Ok(client) => client,
        Err(error) => return Err(OpenError::Connect { servers, error }),
    };
    let version = client.server_info().version;
    if !is_new_enough(&version) {
        return Err(OpenError::Version { servers, version });
    }
    Ok(client)
}

/// Whether a server of this version does all that is asked of it. What does not look like a version may be a later one.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= MINIMUM,
        _ => true,
    }
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
            // Variables and templates lose the end of the last line, which async-nats asks for.
            .credentials(&format!("{}\n", credentials.expose()))
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

/// Tells of a connection that is lost, why it is not there again yet, and of its return.
fn told(health: Arc<Health>) -> impl Fn(Event) -> std::future::Ready<()> + Send + Sync + 'static {
    const LOST: &str = "the connection to NATS is lost, and is being made again";
    move |event| {
        match event {
            Event::Disconnected => health.trouble(Trouble::Connection, LOST),
            Event::Connected => health.well(Trouble::Connection),
            Event::ClientError(ClientError::Other(why)) => {
                health.still(Trouble::Connection, format_args!("{LOST}: {why}"));
            }
            Event::ServerError(what) => health.said(what),
            event => tracing::warn!(%event, "NATS"),
        }
        std::future::ready(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_the_oldest_one_are_told() {
        for old in ["2.8.4", "v2.8.4", "2.8.4-beta.1", "1.4.1", "2.8"] {
            assert!(!is_new_enough(old), "{old}");
        }
        for new in [
            "2.9.0",
            "2.9.10",
            "v2.10.0",
            "2.12.0-RC.1",
            "3.0.0",
            "nightly",
            "",
        ] {
            assert!(is_new_enough(new), "{new}");
        }
    }
}
