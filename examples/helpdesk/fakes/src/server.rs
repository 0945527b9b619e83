//! A server that answers, or does what servers do instead.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// A request that arrived, whole.
#[derive(Clone, Debug)]
pub struct Seen {
    /// GET, POST and so on.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The connection that it came over, counted from one.
    pub connection: usize,
}

impl Seen {
    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The body, which is JSON or nothing.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What a server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It answers.
    Whole {
        /// The status.
        status: u16,
        /// Headers besides the length.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// It answers so, but only after a while.
    Late(Duration, Box<Reply>),
    /// It is silent for ever.
    Silence,
    /// It resets the connection without a word.
    Reset,
    /// It begins an answer with this body and promises more, but closes the connection.
    Cut(Vec<u8>),
    /// It begins an answer with this body, and resets the connection.
    CutByReset(Vec<u8>),
    /// It announces an answer of so many bytes, and sends zeros as long as somebody listens.
    Huge(u64),
    /// It sends zeros without saying how many, as long as somebody listens.
    Endless,
}

impl Reply {
    /// An answer in JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// Any other answer.
    #[must_use]
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::Whole {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    /// The answer with another header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// What decides about the replies.
type Handler = dyn Fn(&Seen) -> Reply + Send + Sync;

/// A server on loopback, on a thread of its own. It ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    secure: bool,
    seen: Arc<Mutex<Vec<Seen>>>,
    certificate: String,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// A server that replies as `handler` says.
    #[must_use]
    pub fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::launch(Arc::new(handler), None)
    }

    /// A server for `localhost` that speaks TLS, with a certificate that nobody has signed but itself.
    #[must_use]
    pub fn secure(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let names = vec!["localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let key = made.signing_key.serialize_der().try_into().expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a certificate with its key");
        Self::launch(Arc::new(handler), Some((Arc::new(config), made.cert.pem())))
    }

    fn launch(handler: Arc<Handler>, tls: Option<(Arc<rustls::ServerConfig>, String)>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (stop, stopped) = oneshot::channel::<()>();
        let (secure, certificate) = (tls.is_some(), tls.as_ref().map(|(_, pem)| pem.clone()));
        let acceptor = tls.map(|(config, _)| TlsAcceptor::from(config));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a socket");
                tokio::select! {
                    () = accept(listener, acceptor, handler, log) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            secure,
            seen,
            certificate: certificate.unwrap_or_default(),
            _stop: stop,
        }
    }

    /// Its address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        let port = self.address.port();
        if self.secure {
            format!("https://localhost:{port}")
        } else {
            format!("http://127.0.0.1:{port}")
        }
    }

    /// Its certificate in PEM form, if it has one.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// What it was asked so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.seen).clone()
    }

    /// What it was asked since this was last called.
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *lock(&self.seen))
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    handler: Arc<Handler>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    let mut connection = 0;
    while let Ok((stream, _)) = listener.accept().await {
        connection += 1;
        // Head and body are written apart, and the second of them shall not wait for the client.
        let _ = stream.set_nodelay(true);
        let (handler, seen, tls) = (Arc::clone(&handler), Arc::clone(&seen), tls.clone());
        tokio::spawn(async move {
            // That a client goes away is its own affair.
            let _ = match tls {
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => serve(stream, connection, &*handler, &seen, |_| {}).await,
                    Err(error) => Err(error),
                },
                None => {
                    let reset = |stream: TcpStream| {
                        let _ = stream.set_zero_linger();
                    };
                    serve(stream, connection, &*handler, &seen, reset).await
                }
            };
        });
    }
}

/// Answers one request after the other on a connection.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    connection: usize,
    handler: &Handler,
    seen: &Mutex<Vec<Seen>>,
    reset: impl FnOnce(S),
) -> io::Result<()> {
    while let Some(mut request) = read(&mut stream).await? {
        request.connection = connection;
        lock(seen).push(request.clone());
        let mut reply = handler(&request);
        if let Reply::Late(pause, answer) = reply {
            tokio::time::sleep(pause).await;
            reply = *answer;
        }
        let head = |length: &str| {
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{length}\r\n\r\n")
        };
        match reply {
            Reply::Whole {
                status,
                headers,
                body,
            } => {
                let mut answer = format!("HTTP/1.1 {status} Whatever\r\n");
                for (name, value) in headers {
                    answer.push_str(&format!("{name}: {value}\r\n"));
                }
                answer.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
                stream.write_all(answer.as_bytes()).await?;
                stream.write_all(&body).await?;
            }
            // One delay is enough for anybody.
            Reply::Late(..) | Reply::Silence => std::future::pending().await,
            Reply::Reset => {
                reset(stream);
                return Ok(());
            }
            Reply::Cut(body) => {
                stream
                    .write_all(head("content-length: 100000").as_bytes())
                    .await?;
                stream.write_all(&body).await?;
                return stream.shutdown().await;
            }
            Reply::CutByReset(body) => {
                stream
                    .write_all(head("content-length: 100000").as_bytes())
                    .await?;
                stream.write_all(&body).await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
                reset(stream);
                return Ok(());
            }
            Reply::Huge(bytes) => {
                stream
                    .write_all(head(&format!("content-length: {bytes}")).as_bytes())
                    .await?;
                zeros(&mut stream, false).await?;
            }
            Reply::Endless => {
                stream
                    .write_all(head("transfer-encoding: chunked").as_bytes())
                    .await?;
                zeros(&mut stream, true).await?;
            }
        }
        stream.flush().await?;
    }
    Ok(())
}

async fn zeros(stream: &mut (impl AsyncWrite + Unpin), chunked: bool) -> io::Result<()> {
    let zeros = vec![b'0'; 0x10000];
    loop {
        if chunked {
            stream.write_all(b"10000\r\n").await?;
        }
        stream.write_all(&zeros).await?;
        if chunked {
            stream.write_all(b"\r\n").await?;
        }
    }
}

/// The next request, or `None` where the client has no more.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Seen>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        first.next().unwrap_or_default(),
        first.next().unwrap_or_default(),
    );
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let mut request = Seen {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: headers.collect(),
        body: Vec::new(),
        connection: 0,
    };
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok());
    request.body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut request.body).await?;
    Ok(Some(request))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
