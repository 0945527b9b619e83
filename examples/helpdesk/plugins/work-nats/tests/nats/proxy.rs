//! What stands between a helpdesk and its server, and can stop forwarding.

use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::server::Server;

/// Forwards bytes, or keeps them until it forwards again. Connections stay open in either case.
pub(crate) struct Proxy {
    port: u16,
    forwards: watch::Sender<bool>,
}

impl Proxy {
    pub(crate) async fn to(server: &Server) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (forwards, is_forwarding) = watch::channel(true);
        let server = server.port();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await else {
                    continue;
                };
                let ((near_out, near_in), (far_out, far_in)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(forward(near_out, far_in, is_forwarding.clone()));
                tokio::spawn(forward(far_out, near_in, is_forwarding.clone()));
            }
        });
        Self { port, forwards }
    }

    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Forwards nothing any more, or all that was kept, and what comes.
    pub(crate) fn forward(&self, is_forwarding: bool) {
        self.forwards.send_replace(is_forwarding);
    }
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut is_forwarding: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let may = is_forwarding
            .wait_for(|is_forwarding| *is_forwarding)
            .await
            .is_ok();
        if !may || to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
