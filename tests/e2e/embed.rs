//! The page as a part of another one, which is of another origin.

use std::cell::Cell;
use std::path::PathBuf;

use serde_json::{Value, json};
use xtask::page_server::PageServer;

use crate::driver::{Driver, wait_for};
use crate::page::{Page, address};

/// A host: it asks, and writes down what it is told and from where.
const HOST: &str = "<!doctype html><title>A lecture</title><h1>A lecture</h1>
<iframe title=\"The playground\" width=\"1200\" height=\"760\" src=\"ADDRESS\"></iframe>
<script>
window.said = [];
addEventListener('message', (event) => window.said.push({ origin: event.origin, data: event.data }));
window.ask = (message) => document.querySelector('iframe').contentWindow.postMessage(message, '*');
</script>";

struct Host {
    page: Page,
    folder: PathBuf,
    /// How often it has asked: each question has a number of its own.
    asked: Cell<u32>,
}

impl Host {
    /// Shows the page with these questions in its address, within a page of another port.
    fn open(name: &str, questions: &str) -> Host {
        let folder =
            std::env::temp_dir().join(format!("exo-e2e-host-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let shown = format!("{}{questions}", address());
        std::fs::write(folder.join("index.html"), HOST.replace("ADDRESS", &shown)).unwrap();
        let server = PageServer::bind(0).unwrap();
        let host = server.serve_in_background(folder.clone());
        let driver = Driver::start();
        let page = Page { driver };
        page.size(1440, 900);
        page.driver.open(&host);
        Host {
            page,
            folder,
            asked: Cell::new(0),
        }
    }

    fn said(&self) -> Vec<Value> {
        let said = self.page.driver.execute("return window.said", json!([]));
        said.as_array().cloned().unwrap_or_default()
    }

    /// Asks the frame, and waits for the answer or the error.
    fn ask(&self, ask: &str, value: Value) -> Value {
        let id = self.asked.get() + 1;
        self.asked.set(id);
        let message = json!({ "exokernel": 1, "id": id, "ask": ask, "value": value });
        self.page
            .driver
            .execute("window.ask(arguments[0])", json!([message]));
        wait_for(&format!("{ask} is answered"), || {
            self.said().into_iter().find(|it| it["data"]["id"] == id)
        })["data"]
            .clone()
    }

    fn wait_until_ready(&self) {
        wait_for("the frame is there", || {
            self.said()
                .iter()
                .any(|it| it["data"]["event"] == "ready")
                .then_some(())
        });
    }

    /// Commands go to the page within the frame from now on.
    fn enter(&self) {
        let frames = self.page.driver.find_all("iframe");
        self.page.driver.enter(&frames[0]);
        self.page.wait_for_the_machine();
        self.page.wait_for_the_editor();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_host_of_another_origin_shows_the_page_and_drives_it() {
    let host = Host::open("drives", "?embed=1&step=120");
    host.wait_until_ready();
    assert_eq!(host.ask("ping", Value::Null)["answer"], "pong");
    wait_for("it begins at that step", || {
        (host.ask("state", Value::Null)["answer"]["step"] == 120).then_some(())
    });
    assert_eq!(host.ask("step", Value::Null)["answer"]["step"], 121);
    assert_eq!(host.ask("back", Value::Null)["answer"]["step"], 120);
    host.ask("goTo", json!("7"));
    wait_for("it is there", || {
        (host.ask("state", Value::Null)["answer"]["step"] == 7).then_some(())
    });
    let link = host.ask("link", Value::Null)["answer"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(link.starts_with("#v1."), "{link}");
    let wrong = host.ask("fly", Value::Null)["error"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(wrong.contains("fly"), "{wrong}");
    assert!(host.ask("goTo", Value::Null)["error"].is_string());
    let origin = address().trim_end_matches('/');
    assert!(host.said().iter().all(|it| it["origin"] == origin));

    host.enter();
    assert!(!host.page.can("Share…"));
    let full = host.page.driver.find_all("a.full");
    assert_eq!(
        host.page.driver.about(&full[0], "computedlabel"),
        "Open in full"
    );
    let kept = host.page.driver.execute(
        "return Object.keys(localStorage).filter(it => it.startsWith('exokernel.work.')).length",
        json!([]),
    );
    assert_eq!(kept, 0, "nothing is kept in another's page");
}

#[test]
fn a_page_that_may_only_be_read_changes_nothing() {
    let host = Host::open("reads", "?embed=1&readonly=1");
    host.wait_until_ready();
    host.enter();
    let page = &host.page;
    let text = page.text();
    page.place_behind("use exo_prelude::*;");
    page.driver.type_text("x");
    assert_eq!(page.text(), text);
    page.choose("Load a sample policy", "lru");
    page.wait_for_words("#notice", "may only be read");
    wait_for("the text is set back", || {
        (page.text() == text).then_some(())
    });
    page.driver
        .execute("document.activeElement.blur()", json!([]));
    page.go("Next fault");
    assert!(page.step() > 0);
}

#[test]
fn another_origin_than_the_one_that_is_named_is_not_heard() {
    let host = Host::open("unheard", "?embed=1&host=https://example.org");
    host.enter();
    host.page.driver.leave_frame();
    let message = json!({ "exokernel": 1, "id": 1, "ask": "step" });
    for _ in 0..5 {
        let script = "window.ask(arguments[0])";
        host.page.driver.execute(script, json!([message]));
    }
    host.enter();
    assert_eq!(host.page.step(), 0);
    host.page.driver.leave_frame();
    assert_eq!(host.said(), Vec::<Value>::new());
}
