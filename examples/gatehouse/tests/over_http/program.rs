//! A program under test: its configuration, its process, and requests to it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What requests show.
pub(crate) const TOKEN: &str = "tk-4711-never-shown";
/// What the program shows to webhooks.
pub(crate) const WEBHOOK_TOKEN: &str = "wh-0815-never-shown";
/// An announcement.
pub(crate) const ADA: &str = r#"{"name": "Ada", "host": "Charles"}"#;
/// Much longer than anything here takes.
pub(crate) const HUNG: Duration = Duration::from_secs(60);

/// What a program is told.
pub(crate) struct Told {
    pub(crate) listen: String,
    pub(crate) token: String,
    pub(crate) list: String,
    pub(crate) metrics: Option<String>,
    pub(crate) webhooks: Vec<String>,
    pub(crate) log: &'static str,
    folder: PathBuf,
}

impl Told {
    /// In a folder of its own, which is empty.
    pub(crate) fn new(test: &str) -> Self {
        let program = crate::PROGRAM.rsplit('/').next().expect("a name");
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(program)
            .join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self {
            listen: "127.0.0.1:0".to_owned(),
            token: TOKEN.to_owned(),
            list: folder.join("visitors.jsonl").display().to_string(),
            metrics: None,
            webhooks: Vec::new(),
            log: "info",
            folder,
        }
    }

    /// Runs the program with this as its configuration file.
    pub(crate) fn with(&self, configuration: &str) -> Program {
        let file = self.folder.join("told.yml");
        fs::write(&file, configuration).expect("a file");
        let mut child = Command::new(crate::PROGRAM)
            .arg(file)
            .env("RUST_LOG", self.log)
            .env_remove("GATEHOUSE_TOKEN")
            .env_remove("GATEHOUSE__COMPONENTS__HTTP_SERVER__TOKEN")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let err = child.stderr.take().map(collect);
        Program {
            child,
            out,
            err,
            address: String::new(),
        }
    }

    pub(crate) fn run(&self) -> Program {
        self.with(&crate::configuration(self))
    }

    /// Runs the program until it listens.
    pub(crate) fn listening(&self) -> Program {
        let mut program = self.run();
        let mut line = String::new();
        program.out.read_line(&mut line).expect("its output");
        match line.trim_end().strip_prefix("listening on http://") {
            Some(address) => program.address = address.to_owned(),
            None => panic!("{:?}", program.end()),
        }
        program
    }
}

/// Reads on, so that the program never waits for a reader.
fn collect(mut from: ChildStderr) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).expect("text");
        text
    })
}

/// A program under way.
pub(crate) struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
    err: Option<JoinHandle<String>>,
    pub(crate) address: String,
}

/// What is left of a program.
#[derive(Debug)]
pub(crate) struct Left {
    /// Its exit status.
    pub(crate) code: Option<i32>,
    /// What it said on standard output since it listens.
    pub(crate) out: String,
    /// What it said on standard error.
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Left {
        let begun = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                break status.code();
            }
            if begun.elapsed() > HUNG {
                self.child.kill().expect("killed");
                panic!("hung");
            }
            thread::sleep(Duration::from_millis(10));
        };
        let mut out = String::new();
        self.out.read_to_string(&mut out).expect("text");
        let err = self.err.take().map(|err| err.join().expect("text"));
        Left {
            code,
            out,
            err: err.unwrap_or_default(),
        }
    }

    /// Ends it as a supervisor does.
    pub(crate) fn stop(self) -> Left {
        self.signal("TERM");
        self.end()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, Some(TOKEN), "").answer()
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, Some(TOKEN), body).answer()
    }

    /// Sends a request, whose answer can be read later.
    pub(crate) fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Asked {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let token = token.map_or_else(String::new, |token| {
            format!("authorization: Bearer {token}\r\n")
        });
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: gate\r\nconnection: close\r\n{token}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        Asked(stream)
    }

    /// Asks again and again, until the answer is like this.
    pub(crate) fn until(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < HUNG, "still {answer:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Of a test that failed; else it has ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request under way.
pub(crate) struct Asked(TcpStream);

impl Asked {
    pub(crate) fn answer(mut self) -> Answer {
        let mut text = String::new();
        self.0.read_to_string(&mut text).expect("an answer");
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).expect("a status");
        Answer {
            status: status.parse().expect("a number"),
            body: body.to_owned(),
        }
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
