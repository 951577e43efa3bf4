//! The page without a network, from a folder of a host that sends no headers of its own.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use xtask::page_server::PageServer;

use crate::driver::{setting, wait_for};
use crate::page::Page;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The built page in a folder of a host's, and where it is served.
pub struct Site {
    pub root: PathBuf,
    pub page: PathBuf,
    pub address: String,
}

impl Site {
    pub fn new(name: &str) -> Site {
        let root = std::env::temp_dir().join(format!("exo-e2e-{name}-{}", std::process::id()));
        let page = root.join("courses/os");
        copy(Path::new(&setting("EXO_PAGE_DIR")), &page);
        let server = PageServer::bind(0).unwrap();
        let address = server.serve_in_background(root.clone());
        Site {
            root,
            page,
            address: format!("{address}courses/os/"),
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Waits until a version of the page is kept whole and in charge.
pub fn wait_until_kept(page: &Page) {
    let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(async (registration) => { \
                  done(registration.active.state === 'activated' && !!navigator.serviceWorker.controller) })";
    wait_for("the page is kept", || {
        page.driver
            .execute_async(script, json!([]))
            .as_bool()?
            .then_some(())
    });
}

/// What waits for as long as the page rests before it keeps the rest is held, for the test to let it happen.
const HELD: &str = "window.rested = []; const wait = window.setTimeout; \
    window.setTimeout = (what, time, ...more) => time === 20000 ? window.rested.push(what) : wait(what, time, ...more)";

/// Opens the site with that wait in the test's hand.
fn open_held(site: &Site) -> Page {
    let page = Page::open();
    let held = json!({ "source": HELD });
    page.driver
        .devtools("Page.addScriptToEvaluateOnNewDocument", held);
    page.driver.open(&site.address);
    page.wait_for_the_machine();
    page.wait_for_the_editor();
    wait_until_kept(&page);
    page
}

/// The page has rested.
fn rest(page: &Page) {
    let script = "window.rested.splice(0).forEach(it => it()); return window.rested.length";
    page.driver.execute(script, json!([]));
}

/// Whether the program's later part is kept.
fn has_rest(page: &Page) -> bool {
    let script = "const done = arguments[0]; caches.keys().then(async (names) => { let found = false; \
        for (const name of names) { for (const it of await (await caches.open(name)).keys()) \
        found ||= it.url.includes('/exo-later-') } done(found) })";
    page.driver.execute_async(script, json!([])) == true
}

fn stores(page: &Page) -> Vec<String> {
    let script = "const done = arguments[0]; caches.keys().then(done)";
    let stores = page.driver.execute_async(script, json!([]));
    let stores = stores.as_array().cloned().unwrap_or_default();
    stores
        .iter()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn after_the_first_visit_the_page_opens_without_a_network() {
    let site = Site::new("offline");
    let page = Page::open_at(&site.address);
    wait_until_kept(&page);
    assert_eq!(stores(&page).len(), 1);
    page.assert_quiet();
    // Nothing is left to be served.
    fs::rename(&site.page, site.root.join("elsewhere")).unwrap();
    page.reload();
    page.go("Next fault");
    assert!(page.step() > 0);
    page.driver
        .open(&format!("{}?embed=0#nothing", site.address));
    page.wait_for_the_machine();
    page.wait_for_the_editor();
}

#[test]
fn when_the_page_has_rested_all_of_it_works_without_a_network() {
    let site = Site::new("rested");
    let page = open_held(&site);
    assert!(
        !has_rest(&page),
        "opening the page fetches no more than it needs"
    );
    // While something runs it does not rest.
    page.speed("1/s");
    page.click("Run");
    rest(&page);
    page.click("Pause");
    assert!(!has_rest(&page));
    rest(&page);
    wait_for("the rest is kept", || has_rest(&page).then_some(()));
    assert_eq!(stores(&page).len(), 1);
    fs::rename(&site.page, site.root.join("elsewhere")).unwrap();
    page.reload();
    page.go("Next fault");
    page.click("Charts…");
    page.wait_for_words(".chart h3", "page loads");
    page.click("Close");
    page.click("Other kernels…");
    page.wait_for_words(".kernels tbody", "monolithic, by signal");
    page.click("Close");
    page.click("All events…");
    page.wait_for_words("#record-place", "Events ");
    page.click("Close");
    page.click("Packets…");
    page.wait_for_words("#packets-what", "sample.pcap: 22 packets");
    page.click("Close");
    page.click("format");
    page.click("versions");
    page.wait_for_words("#versions", "No other version");
    page.click("Find…");
    page.put("#find-what", "an event of a kind");
    page.click("Run until what is looked for");
    page.wait_for_words("#found", "step");
    page.click("Share…");
    page.click("Timeline");
    page.wait_for_words("#exported", "trace.json");
    page.click("Close");
    page.driver
        .open(&format!("{}?scenario=network-ping", site.address));
    page.wait_for_the_machine();
    page.wait_for_words("#notice", "Opened from network-ping");
    page.type_step("end");
    page.wait_for_words(".network .peers", "3 replies");
}

#[test]
fn who_saves_data_keeps_no_more_than_what_was_used() {
    let site = Site::new("saves");
    let page = open_held(&site);
    let saves = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } }); \
                 return navigator.connection.saveData";
    assert_eq!(page.driver.execute(saves, json!([])), true);
    rest(&page);
    let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(async (registration) => { \
                  await registration.update(); done(true) })";
    page.driver.execute_async(script, json!([]));
    assert!(!has_rest(&page));
}

/// Puts a newer version in the place of the one that is served.
pub fn publish_newer(site: &Site) {
    let worker = site.page.join("sw.js");
    let source = fs::read_to_string(&worker).unwrap();
    let (before, after) = source.split_once("const VERSION = \"").unwrap();
    let newer = format!("{before}const VERSION = \"ffffffffffffffff{}", &after[16..]);
    fs::write(&worker, newer).unwrap();
}

#[test]
fn a_newer_version_that_one_tab_uses_leaves_the_other_its_files_and_its_button() {
    let site = Site::new("tabs");
    let page = Page::open_at(&site.address);
    wait_until_kept(&page);
    let old = stores(&page);
    publish_newer(&site);
    page.reload();
    page.wait_for_words("#newer", "A newer version");
    let (first, second) = (page.driver.window(), page.driver.new_tab());
    page.driver.switch(&second);
    page.driver.open(&site.address);
    page.wait_for_the_machine();
    page.wait_for_the_editor();
    page.wait_for_words("#newer", "A newer version");
    page.driver.switch(&first);
    page.click("Use the newer version");
    wait_for("the first tab is of the newer version", || {
        page.words("#newer").is_empty().then_some(())
    });
    page.wait_for_the_editor();
    page.driver.switch(&second);
    // What the other tab began with is there for it, though it is served no more.
    assert!(stores(&page).contains(&old[0]), "its files stay");
    page.driver.execute("window.before = true", json!([]));
    page.click("Use the newer version");
    wait_for("the other tab has loaded the page again", || {
        let script = "return window.before !== true && typeof window.exokernel === 'object'";
        let again = page.driver.execute(script, json!([]));
        again.as_bool()?.then_some(())
    });
    wait_for("nobody uses the old one", || {
        let stores = stores(&page);
        (stores.len() == 1 && stores[0].ends_with("ffffffffffffffff")).then_some(())
    });
    assert_eq!(page.words("#newer"), "");
    page.go("Next fault");
}

#[test]
fn a_newer_version_waits_until_it_is_wanted_and_is_then_the_only_one() {
    let site = Site::new("newer");
    let page = Page::open_at(&site.address);
    wait_until_kept(&page);
    publish_newer(&site);
    let old = stores(&page);
    page.reload();
    page.wait_for_words("#newer", "A newer version");
    assert!(stores(&page).contains(&old[0]), "the one in use stays");
    page.edit("// not to be lost");
    page.click("Use the newer version");
    wait_for("the newer one is the only one", || {
        let stores = stores(&page);
        (stores.len() == 1 && stores[0].ends_with("ffffffffffffffff")).then_some(())
    });
    page.wait_for_the_machine();
    page.wait_for_the_editor();
    page.wait_for_words("#kept-offer", "(edited)");
}

#[test]
fn a_file_that_is_not_as_it_was_built_leaves_the_version_in_use() {
    let site = Site::new("half");
    let page = Page::open_at(&site.address);
    wait_until_kept(&page);
    let old = stores(&page);
    let worker = site.page.join("sw.js");
    let source = fs::read_to_string(&worker).unwrap();
    let wrong = source
        .replace("[\"./\", \"", "[\"./\", \"00")
        .replace("const VERSION = \"", "const VERSION = \"00");
    fs::write(&worker, wrong).unwrap();
    page.reload();
    let script = "const done = arguments[0]; navigator.serviceWorker.getRegistration() \
                  .then(it => it.update()).then(() => done('taken'), () => done('refused'))";
    page.driver.execute_async(script, json!([]));
    wait_for("it is given up", || {
        let script = "const done = arguments[0]; navigator.serviceWorker.getRegistration() \
                      .then(it => done(!it.installing && !it.waiting))";
        page.driver
            .execute_async(script, json!([]))
            .as_bool()?
            .then_some(())
    });
    assert!(stores(&page).contains(&old[0]));
    assert_eq!(page.words("#newer"), "");
    page.go("Next fault");
}
