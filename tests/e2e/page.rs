//! The playground's page as a person meets it: buttons by what they are called, text in the editor.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xtask::page_server::PageServer;

use crate::driver::{Driver, Element, PATIENCE, setting, wait_for};

/// Collects what the content security policy forbids, from before the page's first script on.
const LISTEN: &str = "window.violations = []; document.addEventListener('securitypolicyviolation', \
    event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));";

/// The control key, as WebDriver names it.
pub const CONTROL: &str = "\u{E009}";

/// The page, opened in a browser of its own.
pub struct Page {
    pub driver: Driver,
}

/// Where the page is served, for as long as the tests run.
pub fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        let folder = PathBuf::from(setting("EXO_PAGE_DIR"));
        let server = PageServer::bind(0).expect("a free port");
        server.serve_in_background(folder)
    })
}

impl Page {
    /// Opens the page and waits until its machine is there.
    pub fn open() -> Page {
        Page::open_at(address())
    }

    /// Opens an address of the page, and waits likewise.
    pub fn open_at(address: &str) -> Page {
        let page = Page::load(address, |_| {});
        page.wait_for_the_editor();
        page
    }

    /// Opens the page where the editor's bundle cannot be loaded.
    pub fn open_without_bundle() -> Page {
        Page::load(address(), |driver| {
            driver.devtools("Network.enable", json!({}));
            driver.devtools(
                "Network.setBlockedURLs",
                json!({ "urls": ["*editor-*.js"] }),
            );
        })
    }

    /// Opens an address after `before` has been told to the browser, and waits until its machine is there.
    pub fn load(address: &str, before: impl FnOnce(&Driver)) -> Page {
        let driver = Driver::start();
        let page = Page { driver };
        page.size(1440, 900);
        let listen = json!({ "source": LISTEN });
        page.driver
            .devtools("Page.addScriptToEvaluateOnNewDocument", listen);
        before(&page.driver);
        page.driver.open(address);
        page.wait_for_the_machine();
        page
    }

    /// Waits until the machine is there.
    pub fn wait_for_the_machine(&self) {
        wait_for("the machine is there", || {
            let script =
                "return typeof window.exokernel === 'object' && !!document.getElementById('step')";
            self.driver
                .execute(script, json!([]))
                .as_bool()?
                .then_some(())
        });
    }

    /// Waits until the editor is there.
    pub fn wait_for_the_editor(&self) {
        wait_for("the editor is there", || {
            (self.driver.find_all(".rich .cm-content").len() == 1).then_some(())
        });
    }

    /// Opens the page that is shown once more, and waits for both.
    pub fn reload(&self) {
        self.driver.reload();
        self.wait_for_the_machine();
        self.wait_for_the_editor();
    }

    /// Gives the page a window of that size in CSS pixels, however small.
    pub fn size(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver
            .devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Lets the system prefer `light` or `dark`.
    pub fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.driver.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
    }

    /// What `window.exokernel` tells of the machine.
    pub fn state(&self) -> Value {
        self.driver
            .execute("return window.exokernel.state()", json!([]))
    }

    /// The digest of the machine's state.
    pub fn digest(&self) -> String {
        self.state()["digest"]
            .as_str()
            .expect("a digest")
            .to_owned()
    }

    /// The number of the current step.
    pub fn step(&self) -> u64 {
        self.state()["step"].as_u64().expect("a step")
    }

    /// A counter of one environment.
    pub fn counter(&self, env: usize, name: &str) -> u64 {
        let state = self.state();
        let value = &state["environments"][env]["counters"][name];
        value
            .as_u64()
            .unwrap_or_else(|| panic!("{name} in {state}"))
    }

    /// What an environment does.
    pub fn phase(&self, env: usize) -> String {
        let state = self.state();
        let phase = state["environments"][env]["phase"].as_str();
        phase.expect("a phase").to_owned()
    }

    /// The button that is called `name`, wholly or up to its key; it can be seen and used.
    pub fn button(&self, name: &str) -> Option<Element> {
        self.button_in("", name)
    }

    /// The same within what a selector finds.
    fn button_in(&self, place: &str, name: &str) -> Option<Element> {
        let buttons = self.driver.find_all(&format!("{place} button:enabled"));
        buttons.into_iter().find(|button| {
            let label = self.driver.about(button, "computedlabel");
            let label = label.as_str().unwrap_or_default();
            label == name
                || label
                    .strip_suffix("Ctrl Enter")
                    .is_some_and(|it| it.trim() == name)
        })
    }

    /// Clicks the button that is called `name`, when it can be used.
    pub fn click(&self, name: &str) {
        let button = wait_for(&format!("{name:?} can be used"), || self.button(name));
        self.driver.click(&button);
    }

    /// The same within what a selector finds.
    pub fn click_in(&self, place: &str, name: &str) {
        let button = wait_for(&format!("{name:?} in {place} can be used"), || {
            self.button_in(place, name)
        });
        self.driver.click(&button);
    }

    /// Whether a button of that name can be used.
    pub fn can(&self, name: &str) -> bool {
        self.button(name).is_some()
    }

    /// Clicks a button that moves the run, and waits until it stands still somewhere else.
    pub fn go(&self, name: &str) {
        let before = self.step();
        self.click(name);
        wait_for(&format!("{name:?} has moved the run"), || {
            (self.step() != before && self.can("Run") || self.is_over()).then_some(())
        });
    }

    /// Whether nothing has anything left to do.
    pub fn is_over(&self) -> bool {
        let state = self.state();
        let environments = state["environments"].as_array().expect("environments");
        environments.iter().all(|it| {
            let phase = it["phase"].as_str();
            matches!(phase, Some("finished" | "broken"))
        })
    }

    /// Chooses in the menu whose label begins so, by the value of an option that it has.
    pub fn choose(&self, menu: &str, value: &str) {
        let script = "const menu = document.querySelector(`select[aria-label^=\"${arguments[0]}\"]`); \
                      menu.value = arguments[1]; const chosen = menu.value; \
                      menu.dispatchEvent(new Event('change', { bubbles: true })); return chosen";
        assert_eq!(self.driver.execute(script, json!([menu, value])), value);
    }

    /// Chooses how fast a run goes.
    pub fn speed(&self, label: &str) {
        self.choose("Speed", label);
    }

    /// Runs to the end at full speed.
    pub fn run_to_the_end(&self) {
        self.speed("full");
        self.click("Run");
        wait_for("the run is over", || self.is_over().then_some(()));
    }

    /// The text in the editor.
    pub fn text(&self) -> String {
        let script = "const rich = document.querySelector('.rich'); \
                      return rich.editor?.text() ?? document.getElementById('policy-text').value";
        let text = self.driver.execute(script, json!([]));
        text.as_str().expect("a text").to_owned()
    }

    /// Puts the editor's cursor behind the first `mark` of its text, and gives it the keyboard.
    pub fn place_behind(&self, mark: &str) {
        let script = "const { editor } = document.querySelector('.rich'); \
                      editor.place(editor.text().indexOf(arguments[0]) + arguments[0].length)";
        self.driver.execute(script, json!([mark]));
    }

    /// The number of the line that is marked as where the program stands; empty if none is.
    pub fn current_line(&self) -> String {
        let words = self.words(".cm-lineNumbers .cm-gutterElement.cur");
        words.trim().to_owned()
    }

    /// Scrolls the editor to a line: it has no more of the text on the page than can be seen.
    pub fn scroll_to(&self, line: u32) {
        let script =
            "document.querySelector('.rich .cm-scroller').scrollTop = (arguments[0] - 5) * 17";
        self.driver.execute(script, json!([line]));
    }

    /// Clicks the number of a line.
    pub fn click_line(&self, line: u32) {
        self.scroll_to(line);
        let number = line.to_string();
        let element = wait_for(&format!("line {line} can be seen"), || {
            let all = self.driver.find_all(".cm-lineNumbers .cm-gutterElement");
            all.into_iter()
                .find(|it| self.driver.about(it, "text") == *number)
        });
        self.driver.click(&element);
    }

    /// Puts another text into the editor, as if it were typed.
    pub fn edit(&self, text: &str) {
        if self.driver.find_all(".rich .cm-content").is_empty() {
            let script = "const area = document.getElementById('policy-text'); area.value = arguments[0]; \
                          area.dispatchEvent(new InputEvent('input', { bubbles: true }));";
            self.driver.execute(script, json!([text]));
            return;
        }
        self.focus(".rich .cm-content");
        self.driver.press_with(CONTROL, "a");
        let script = "const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', arguments[0]); \
                      const content = document.querySelector('.rich .cm-content'); \
                      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })); \
                      content.blur()";
        self.driver.execute(script, json!([text]));
        assert_eq!(self.text(), text);
    }

    /// Opens a trace file of this machine with the file picker.
    pub fn open_file(&self, path: &Path) {
        let inputs = self.driver.find_all("input[type=file]");
        let path = path.to_str().expect("a path of plain text");
        self.driver.choose(&inputs[0], path);
    }

    /// What can be read of the first element that a selector finds.
    pub fn words(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let words = self.driver.execute(script, json!([selector]));
        words.as_str().expect("words").to_owned()
    }

    /// Gives the keyboard to the first element that a selector finds.
    pub fn focus(&self, selector: &str) {
        let script = "document.querySelector(arguments[0]).focus()";
        self.driver.execute(script, json!([selector]));
    }

    /// Puts a text into a field or a range, or chooses in a menu, as if by hand.
    pub fn put(&self, selector: &str, text: &str) {
        let script = "const it = document.querySelector(arguments[0]); it.value = arguments[1]; \
                      const kind = it.tagName === 'SELECT' ? 'change' : 'input'; \
                      it.dispatchEvent(new Event(kind, { bubbles: true })); return it.value";
        assert_eq!(self.driver.execute(script, json!([selector, text])), text);
    }

    /// Types a place into the field of the step, and goes there.
    pub fn type_step(&self, place: &str) {
        self.focus("#step");
        self.put("#step", place);
        self.driver.press("\u{E007}");
    }

    /// Goes to a step, and waits until the run stands there.
    pub fn go_to_step(&self, step: u64) {
        self.type_step(&step.to_string());
        wait_for("the step is there", || (self.step() == step).then_some(()));
    }

    /// Waits until the machine's state is that of a native session.
    pub fn wait_for_state_of(&self, native: &exo_session::Session) {
        let digest = exo_tests::digest(native);
        let step = native.step_number();
        wait_for(&format!("the page stands at step {step}"), || {
            (self.step() == step && self.digest() == digest).then_some(())
        });
    }

    /// An attribute of the first element that a selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let script =
            "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? ''";
        let value = self.driver.execute(script, json!([selector, name]));
        value.as_str().expect("an attribute").to_owned()
    }

    /// What stands in a field.
    pub fn value(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0]).value";
        let value = self.driver.execute(script, json!([selector]));
        value.as_str().expect("a field").to_owned()
    }

    /// Waits until an element says something with `word` in it, and returns all it says.
    pub fn wait_for_words(&self, selector: &str, word: &str) -> String {
        let start = Instant::now();
        loop {
            let words = self.words(selector);
            if words.contains(word) {
                return words;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{selector} says {words:?} and not {word:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The console tells of no error, and nothing forbidden was tried.
    pub fn assert_quiet(&self) {
        let said = self.driver.console();
        let loud: Vec<_> = said.iter().filter(|(level, _)| level == "SEVERE").collect();
        assert!(loud.is_empty(), "the console says {loud:?}");
        let violations = self.driver.execute("return window.violations", json!([]));
        assert_eq!(
            violations,
            json!([]),
            "the content security policy was violated"
        );
    }
}
