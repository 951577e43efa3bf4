//! A WebDriver client: blocking, over one TCP connection a request, no more than the tests need.
//!
//! The crates that do this (fantoccini, thirtyfour) bring an asynchronous runtime and some 130
//! packages, which every newcomer would wait for; ChromeDriver's side of it is JSON over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The key under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long anything may take before the test gives up.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What the browser is told, as `crates/xtask/src/browser.rs` tells it.
const BROWSER_ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A running ChromeDriver with one browser.
pub struct Driver {
    process: Child,
    port: u16,
    session: String,
}

/// Something on the page.
pub struct Element(String);

/// A setting that `cargo xtask test` gives.
pub fn setting(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run these tests with `cargo xtask test`"))
}

impl Driver {
    /// Starts ChromeDriver on a free port, and a browser.
    pub fn start() -> Driver {
        let port = free_port();
        let process = Command::new(setting("EXO_CHROMEDRIVER"))
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ChromeDriver starts");
        let mut driver = Driver {
            process,
            port,
            session: String::new(),
        };
        wait_for("ChromeDriver listens", || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "binary": setting("EXO_CHROMIUM"), "args": BROWSER_ARGUMENTS },
            "goog:loggingPrefs": { "browser": "ALL" },
        }}});
        let answer = driver.request("POST", "/session", &capabilities);
        driver.session = text(&answer["sessionId"]);
        let patience = json!({ "script": PATIENCE.as_millis() as u64 });
        driver.command("POST", "/timeouts", &patience);
        driver
    }

    /// Sends a command of this browser's session.
    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let path = format!("/session/{}{path}", self.session);
        self.request(method, &path, body)
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self
            .exchange(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let value = answer["value"].clone();
        assert!(value["error"].is_null(), "{method} {path}: {value}");
        value
    }

    fn exchange(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let body = if method == "POST" {
            body.to_string()
        } else {
            String::new()
        };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json; \
             charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// Opens an address and waits until it has loaded.
    pub fn open(&self, url: &str) {
        self.command("POST", "/url", &json!({ "url": url }));
    }

    /// Runs a script in the page and returns what it returns. Its values are `arguments`.
    pub fn execute(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.command("POST", "/execute/sync", &body)
    }

    /// Sends a command of Chrome's own protocol: sizes, media, scripts before all others.
    pub fn devtools(&self, command: &str, parameters: Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("POST", "/goog/cdp/execute", &body);
    }

    /// What a command of that protocol answers.
    pub fn devtools_answer(&self, command: &str) -> Value {
        let body = json!({ "cmd": command, "params": {} });
        self.command("POST", "/goog/cdp/execute", &body)
    }

    /// Opens the page that is shown once more.
    pub fn reload(&self) {
        self.command("POST", "/refresh", &json!({}));
    }

    /// The window that commands go to.
    pub fn window(&self) -> String {
        text(&self.command("GET", "/window", &Value::Null))
    }

    /// Another tab of the same browser; commands still go to the old one.
    pub fn new_tab(&self) -> String {
        let tab = self.command("POST", "/window/new", &json!({ "type": "tab" }));
        text(&tab["handle"])
    }

    /// Commands go to that window from now on.
    pub fn switch(&self, window: &str) {
        self.command("POST", "/window", &json!({ "handle": window }));
    }

    /// Commands go to the page within an `<iframe>` from now on.
    pub fn enter(&self, frame: &Element) {
        let id = json!({ ELEMENT: frame.0 });
        self.command("POST", "/frame", &json!({ "id": id }));
    }

    /// Commands go to the whole window again.
    pub fn leave_frame(&self) {
        self.command("POST", "/frame", &json!({ "id": null }));
    }

    /// Runs a script that ends when it calls its last argument, and returns what it is given.
    pub fn execute_async(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.command("POST", "/execute/async", &body)
    }

    /// A picture of what is shown, as PNG in base64.
    pub fn picture(&self) -> String {
        text(&self.command("GET", "/screenshot", &Value::Null))
    }

    /// Types a text into whatever has the keyboard.
    pub fn type_text(&self, typed: &str) {
        let actions = typed.chars().flat_map(|key| {
            let key = key.to_string();
            ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }))
        });
        let actions: Vec<Value> = actions.collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.command("POST", "/actions", &body);
    }

    /// The elements that a CSS selector finds.
    pub fn find_all(&self, selector: &str) -> Vec<Element> {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.command("POST", "/elements", &body);
        let elements = found.as_array().into_iter().flatten();
        elements.map(|it| Element(text(&it[ELEMENT]))).collect()
    }

    /// Clicks in the middle of an element, as a person would; something in front of it is an error.
    pub fn click(&self, element: &Element) {
        self.command("POST", &format!("/element/{}/click", element.0), &json!({}));
    }

    /// Clicks at a place of the window, in CSS pixels.
    pub fn click_at(&self, x: i64, y: i64) {
        let actions = json!([
            { "type": "pointerMove", "x": x, "y": y, "origin": "viewport" },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ]);
        let body = json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": actions }] });
        self.command("POST", "/actions", &body);
    }

    /// Moves the mouse to a place of the window, in CSS pixels.
    pub fn point_at(&self, x: i64, y: i64) {
        let to = json!([{ "type": "pointerMove", "x": x, "y": y, "origin": "viewport" }]);
        let body = json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": to }] });
        self.command("POST", "/actions", &body);
    }

    /// What assistive technology reads of an element, or one of its properties; null if the element has gone
    /// meanwhile.
    pub fn about(&self, element: &Element, what: &str) -> Value {
        let path = format!("/session/{}/element/{}/{what}", self.session, element.0);
        let answer = self
            .exchange("GET", &path, &Value::Null)
            .unwrap_or_else(|error| panic!("GET {path}: {error}"));
        let value = answer["value"].clone();
        match value["error"].as_str() {
            None => value,
            Some("stale element reference") => Value::Null,
            Some(error) => panic!("GET {path}: {error}"),
        }
    }

    /// Chooses a file in a file input.
    pub fn choose(&self, input: &Element, path: &str) {
        let body = json!({ "text": path });
        self.command("POST", &format!("/element/{}/value", input.0), &body);
    }

    /// Presses a key while the page itself has the focus.
    pub fn press(&self, key: &str) {
        let key_actions = json!([
            { "type": "keyDown", "value": key },
            { "type": "keyUp", "value": key },
        ]);
        let body =
            json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": key_actions }] });
        self.command("POST", "/actions", &body);
    }

    /// Presses a key while another one is held down.
    pub fn press_with(&self, held: &str, key: &str) {
        let actions = [
            ("keyDown", held),
            ("keyDown", key),
            ("keyUp", key),
            ("keyUp", held),
        ];
        let actions = actions.map(|(kind, value)| json!({ "type": kind, "value": value }));
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.command("POST", "/actions", &body);
    }

    /// What the browser's console has said since it was last asked: level and text.
    pub fn console(&self) -> Vec<(String, String)> {
        let entries = self.command("POST", "/se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().cloned().unwrap_or_default();
        let entry = |it: &Value| (text(&it["level"]), text(&it["message"]));
        entries.iter().map(entry).collect()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Without an answer too: whatever went wrong has been told already.
        let path = format!("/session/{}", self.session);
        let _ = self.exchange("DELETE", &path, &Value::Null);
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Asks again and again until there is an answer.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
