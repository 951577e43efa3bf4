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
        Host::with(name, questions, "<iframe")
    }

    /// The same in a frame that is given no origin.
    fn open_sandboxed(name: &str, questions: &str) -> Host {
        Host::with(name, questions, "<iframe sandbox=\"allow-scripts\"")
    }

    fn with(name: &str, questions: &str, frame: &str) -> Host {
        let folder =
            std::env::temp_dir().join(format!("exo-e2e-host-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let shown = format!("{}{questions}", address());
        let host = HOST
            .replace("ADDRESS", &shown)
            .replacen("<iframe", frame, 1);
        std::fs::write(folder.join("index.html"), host).unwrap();
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
    assert_eq!(host.ask("goTo", json!("7"))["answer"]["step"], 7);
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
fn what_cannot_be_done_is_answered_as_an_error_with_a_sentence() {
    let host = Host::open("errors", "?embed=1");
    host.wait_until_ready();
    let before = host.ask("state", Value::Null)["answer"].clone();
    for (ask, value) in [
        ("goTo", "abc"),
        ("goTo", "-1"),
        ("goTo", "1.2.3"),
        ("open", "junk"),
        ("open", "#v1.AAAA"),
        ("open", "#v1.AAAA"),
    ] {
        let answer = host.ask(ask, json!(value));
        let said = answer["error"].as_str().unwrap_or_default();
        assert!(
            said.ends_with('.') && said.len() > 40,
            "{ask} {value}: {answer}"
        );
        assert!(answer["answer"].is_null(), "{answer}");
        assert_eq!(host.ask("state", Value::Null)["answer"], before);
    }
    assert!(host.ask("goTo", json!(-1))["error"].is_string());
}

#[test]
fn a_search_a_far_place_and_a_session_are_answered_when_they_are_there() {
    let host = Host::open("done", "?embed=1");
    host.wait_until_ready();
    let mut native = crate::native(0);
    for _ in 0..4 {
        native.run_until_fault(u64::MAX);
        let answer = host.ask("nextFault", Value::Null)["answer"].clone();
        assert_eq!(answer["step"], native.step_number());
        assert_eq!(answer["digest"], exo_tests::digest(&native));
    }
    assert_eq!(host.ask("goTo", json!(400_000))["answer"]["step"], 400_000);
    // What needs the later part of the program is answered when that has come, and the session is open.
    let text = exo_libos_samples::scenario("network-ping").unwrap().text;
    let read = exo_session::saved::read(text).unwrap();
    let link = exo_session::saved::to_link(&read.saved).unwrap();
    let opened = exo_session::saved::open(&read.saved, &mut exo_session::saved::Nothing).unwrap();
    let answer = host.ask("open", json!(link))["answer"].clone();
    assert_eq!(answer["digest"], exo_tests::digest(&opened.session));
    // A question that is overtaken is answered all the same.
    let ask = |id: u32, ask: &str| {
        let message = json!({ "exokernel": 1, "id": id, "ask": ask, "value": "end" });
        host.page
            .driver
            .execute("window.ask(arguments[0])", json!([message]));
    };
    ask(1001, "goTo");
    ask(1002, "reset");
    for id in [1001, 1002] {
        wait_for("both are answered", || {
            let said = host.said();
            let answer = said.iter().find(|it| it["data"]["id"] == id)?;
            answer["data"]["answer"]["step"].is_u64().then_some(())
        });
    }
    assert_eq!(host.ask("state", Value::Null)["answer"]["step"], 0);
}

#[test]
fn a_network_scenario_opens_at_the_step_that_its_address_names() {
    let page = Page::open_at(&format!("{}?scenario=network-udp&step=200", address()));
    wait_for("it stands at that step", || {
        (page.step() == 200).then_some(())
    });
    assert_eq!(
        page.state()["environments"].as_array().map(Vec::len),
        Some(3)
    );
    page.assert_quiet();
}

/// Drops a file with that name and text on the page.
const DROP: &str = "const dataTransfer = new DataTransfer(); \
    dataTransfer.items.add(new File([arguments[1]], arguments[0])); \
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";

#[test]
fn a_file_that_is_dropped_where_the_page_may_only_be_read_is_refused_and_its_host_may_open() {
    let host = Host::open("dropped", "?embed=1&readonly=1");
    host.wait_until_ready();
    host.enter();
    let page = &host.page;
    let digest = page.digest();
    let pressure = exo_libos_samples::scenario("pressure").unwrap().text;
    for (name, text) in [("mine.toml", pressure), ("mine.lackey", " L 1000,4\n")] {
        page.driver.execute(DROP, json!([name, text]));
        page.wait_for_words("#notice", "may only be read");
        assert_eq!(page.digest(), digest);
    }
    page.driver.leave_frame();
    let read = exo_session::saved::read(pressure).unwrap();
    let link = exo_session::saved::to_link(&read.saved).unwrap();
    let opened = host.ask("open", json!(link))["answer"]["digest"].clone();
    assert_ne!(opened, digest);
    host.enter();
    assert_eq!(page.digest(), opened.as_str().unwrap());
    assert!(!page.can("Undo the change"));
    page.driver.press_with(crate::page::CONTROL, "z");
    page.go("Next fault");
    assert_ne!(page.state()["environments"], json!([]));
}

#[test]
fn a_frame_without_an_origin_of_its_own_works_and_keeps_nothing() {
    let host = Host::open_sandboxed("sandbox", "?embed=1");
    host.wait_until_ready();
    assert_eq!(host.ask("ping", Value::Null)["answer"], "pong");
    assert_eq!(host.ask("step", Value::Null)["answer"]["step"], 1);
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
    for (menu, other) in [
        ("What A runs", "scan"),
        ("Page table of this text", "two-level"),
    ] {
        let selector = format!("select[aria-label^=\"{menu}\"]");
        let before = page.value(&selector);
        page.choose(menu, other);
        wait_for("the menu shows what is so", || {
            (page.value(&selector) == before).then_some(())
        });
    }
    page.put("#limit-0", "211");
    page.driver.execute(
        "document.querySelector('#limit-0').dispatchEvent(new Event('change', { bubbles: true }))",
        json!([]),
    );
    wait_for("the slider shows what is so", || {
        (page.value("#limit-0") == "64").then_some(())
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
