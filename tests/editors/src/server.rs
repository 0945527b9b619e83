//! A language server, as an editor talks to it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// No answer takes longer, the first build of the workspace included.
const PATIENCE: Duration = Duration::from_secs(900);

/// Nothing happens for so long where a server has come to rest.
const REST: Duration = Duration::from_secs(2);

/// What has not begun after so long does not begin any more.
const FORGOTTEN: Duration = Duration::from_secs(5);

/// A language server that runs.
pub struct Server {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    root: PathBuf,
    settings: Value,
    asked: i64,
    /// The texts of open documents, by path, with their versions.
    open: BTreeMap<String, (i64, String)>,
    /// What is wrong, by the address of the document.
    diagnostics: BTreeMap<String, Vec<Value>>,
    /// Whether each task is going on, by its name.
    tasks: BTreeMap<String, bool>,
    is_at_rest: bool,
    /// How often code was checked to the end.
    checked: usize,
}

impl Server {
    /// Starts a server for the workspace in a folder.
    pub fn start(command: &mut Command, root: &Path, settings: Value) -> Self {
        let command = command.current_dir(root).stderr(Stdio::null());
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the server starts");
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut server = Self {
            input: child.stdin.take().expect("its input"),
            child,
            messages,
            root: root.to_owned(),
            settings: settings.clone(),
            asked: 0,
            open: BTreeMap::new(),
            diagnostics: BTreeMap::new(),
            tasks: BTreeMap::new(),
            is_at_rest: false,
            checked: 0,
        };
        let uri = server.uri("");
        server.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": uri,
                "workspaceFolders": [{ "uri": uri, "name": "workspace" }],
                "initializationOptions": settings,
                "capabilities": {
                    "workspace": { "configuration": true },
                    "window": { "workDoneProgress": true },
                    "experimental": { "serverStatusNotification": true },
                    "textDocument": {
                        "hover": { "contentFormat": ["markdown"] },
                        "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } }
                    }
                }
            }),
        );
        server.notify("initialized", json!({}));
        server
    }

    fn uri(&self, file: &str) -> String {
        format!("file://{}", self.root.join(file).display())
            .trim_end_matches('/')
            .to_owned()
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        let sent = write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len());
        sent.and_then(|()| self.input.flush())
            .expect("the server listens");
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "method": method, "params": params }));
    }

    /// The answer to a question.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(json!({ "id": id, "method": method, "params": params }));
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(answer) = self.take_in(REST)
                && answer["id"] == id
            {
                return answer["result"].clone();
            }
        }
        panic!("no answer to {method}");
    }

    /// Takes a message in; an answer is given back.
    fn take_in(&mut self, wait: Duration) -> Option<Value> {
        let message = self.messages.recv_timeout(wait).ok()?;
        let params = &message["params"];
        match message["method"].as_str() {
            None => return Some(message),
            Some("textDocument/publishDiagnostics") => {
                let uri = params["uri"].as_str().unwrap_or_default().to_owned();
                let all = params["diagnostics"].as_array().cloned();
                self.diagnostics.insert(uri, all.unwrap_or_default());
            }
            Some("experimental/serverStatus") => self.is_at_rest = params["quiescent"] == true,
            Some("$/progress") => {
                let task = params["token"].to_string();
                let is_over = params["value"]["kind"] == "end";
                self.checked += usize::from(is_over && task.contains("flycheck"));
                self.tasks.insert(task, !is_over);
            }
            Some("workspace/configuration") => {
                let items = params["items"].as_array().map_or(0, Vec::len);
                let result = vec![self.settings.clone(); items];
                self.send(json!({ "id": message["id"], "result": result }));
            }
            Some(_) if !message["id"].is_null() => {
                self.send(json!({ "id": message["id"], "result": null }));
            }
            Some(_) => {}
        }
        None
    }

    /// Waits until the server has nothing to do any more.
    pub fn settle(&mut self) {
        let end = Instant::now() + PATIENCE;
        let mut quiet = Instant::now();
        while quiet.elapsed() < REST || !self.is_at_rest || self.tasks.values().any(|going| *going)
        {
            assert!(
                Instant::now() < end,
                "the server does not come to rest: {:?}",
                self.tasks
            );
            let before = Instant::now();
            self.take_in(REST / 4);
            if before.elapsed() < REST / 4 {
                quiet = Instant::now();
            }
        }
    }

    /// Opens a document.
    pub fn open(&mut self, file: &str, language: &str) {
        let text = fs::read_to_string(self.root.join(file)).expect("a file");
        let document =
            json!({ "uri": self.uri(file), "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.open.insert(file.to_owned(), (1, text));
    }

    /// Writes a text into an open document, and does not save it.
    pub fn write(&mut self, file: &str, text: String) {
        let uri = self.uri(file);
        let (version, known) = self.open.get_mut(file).expect("an open document");
        *version += 1;
        known.clone_from(&text);
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.notify("textDocument/didChange", params);
    }

    /// Saves an open document as it is, which has the code checked; waits until it is.
    pub fn save(&mut self, file: &str) {
        let before = self.checked;
        let document = json!({ "uri": self.uri(file) });
        let end = Instant::now() + PATIENCE;
        let mut said: Option<Instant> = None;
        while self.checked == before {
            assert!(Instant::now() < end, "the code is not checked");
            // rust-analyzer forgets a check that something else interrupts before it begins.
            let is_forgotten = said.is_none_or(|said| said.elapsed() > FORGOTTEN);
            if is_forgotten && self.tasks.values().all(|going| !going) {
                self.notify("textDocument/didSave", json!({ "textDocument": document }));
                said = Some(Instant::now());
            }
            self.take_in(REST);
        }
        self.settle();
    }

    /// Asks about the place in an open document that is so many bytes behind the start of a text.
    pub fn ask(&mut self, method: &str, file: &str, text: &str, behind: usize) -> Value {
        let (_, whole) = &self.open[file];
        let at = whole
            .find(text)
            .unwrap_or_else(|| panic!("no {text:?} in {file}"))
            + behind;
        let line = whole[..at].matches('\n').count();
        let column = at - whole[..at].rfind('\n').map_or(0, |end| end + 1);
        let document = json!({ "uri": self.uri(file) });
        let position = json!({ "line": line, "character": column });
        self.request(
            method,
            json!({ "textDocument": document, "position": position }),
        )
    }

    /// What is shown of a place.
    pub fn hover(&mut self, file: &str, text: &str, behind: usize) -> String {
        let answer = self.ask("textDocument/hover", file, text, behind);
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// What is offered at a place: labels, each with its kind and a sentence about it.
    pub fn completion(
        &mut self,
        file: &str,
        text: &str,
        behind: usize,
    ) -> Vec<(String, i64, String)> {
        let answer = self.ask("textDocument/completion", file, text, behind);
        let items = answer["items"].as_array().or(answer.as_array()).cloned();
        let item = |item: &Value| {
            let about = &item["documentation"];
            let about = about
                .as_str()
                .or(about["value"].as_str())
                .unwrap_or_default();
            let label = item["label"].as_str().unwrap_or_default();
            (
                label.to_owned(),
                item["kind"].as_i64().unwrap_or_default(),
                about.to_owned(),
            )
        };
        items.unwrap_or_default().iter().map(item).collect()
    }

    /// Where the definition of what stands at a place is: files, each with the line itself.
    pub fn definition(&mut self, file: &str, text: &str, behind: usize) -> Vec<(String, String)> {
        let answer = self.ask("textDocument/definition", file, text, behind);
        let found = answer.as_array().cloned().unwrap_or_else(|| vec![answer]);
        let place = |place: &Value| {
            let uri = place["targetUri"].as_str().or(place["uri"].as_str())?;
            let path = uri.strip_prefix("file://")?.to_owned();
            let range = place.get("targetSelectionRange").unwrap_or(&place["range"]);
            let line = usize::try_from(range["start"]["line"].as_u64()?).ok()?;
            let text = fs::read_to_string(&path).ok()?;
            Some((path, text.lines().nth(line)?.trim().to_owned()))
        };
        found.iter().filter_map(place).collect()
    }

    /// What is wrong: for each error and warning its file, its line and column from 1, and its words.
    pub fn wrong(&self) -> Vec<(String, u64, u64, String)> {
        let root = format!("{}/", self.uri(""));
        let all = self.diagnostics.iter().flat_map(|(uri, all)| {
            let file = uri.strip_prefix(&root).unwrap_or(uri);
            all.iter().map(move |one| (file, one))
        });
        // What is told at further places is a hint.
        let told = all.filter(|(_, one)| one["severity"].as_i64() <= Some(2));
        let place = |(file, one): (&str, &Value)| {
            let start = &one["range"]["start"];
            let number = |of: &str| start[of].as_u64().unwrap_or_default() + 1;
            let words = one["message"].as_str().unwrap_or_default();
            (
                file.to_owned(),
                number("line"),
                number("character"),
                words.to_owned(),
            )
        };
        told.map(place).collect()
    }

    /// The texts that quick fixes for what is wrong with a file put there.
    pub fn fixes(&mut self, file: &str) -> Vec<String> {
        let uri = self.uri(file);
        let wrong = self.diagnostics.get(&uri).cloned().unwrap_or_default();
        let mut found = Vec::new();
        for one in &wrong {
            let document = json!({ "uri": uri });
            let context = json!({ "diagnostics": [one] });
            let params =
                json!({ "textDocument": document, "range": one["range"], "context": context });
            let actions = self.request("textDocument/codeAction", params);
            let edits = actions
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|action| action["edit"]["changes"][&uri][0]["newText"].as_str());
            found.extend(edits.map(str::to_owned));
        }
        found
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next message of a server.
fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
