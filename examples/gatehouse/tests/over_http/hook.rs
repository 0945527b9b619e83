//! A webhook's other end.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use crate::program::HUNG;

/// A server that takes one request, says that it has it, and answers when it is told to.
pub(crate) struct Hook {
    pub(crate) url: String,
    asked: mpsc::Receiver<String>,
    pub(crate) answer: mpsc::Sender<&'static str>,
}

impl Hook {
    /// The request that it has got.
    pub(crate) fn request(&self) -> String {
        self.asked.recv_timeout(HUNG).expect("a request")
    }
}

/// Listens on a port of its own.
pub(crate) fn hook() -> Hook {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/gate", listener.local_addr().expect("an address"));
    let (asking, asked) = mpsc::channel();
    let (answer, answering) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a request");
            request.extend(byte);
        }
        asking
            .send(String::from_utf8(request).expect("text"))
            .expect("a test");
        let status = answering.recv().expect("an answer");
        let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
    });
    Hook { url, asked, answer }
}
