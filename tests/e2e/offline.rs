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
fn a_newer_version_waits_until_it_is_wanted_and_is_then_the_only_one() {
    let site = Site::new("newer");
    let page = Page::open_at(&site.address);
    wait_until_kept(&page);
    let worker = site.page.join("sw.js");
    let source = fs::read_to_string(&worker).unwrap();
    let (before, after) = source.split_once("const VERSION = \"").unwrap();
    let newer = format!("{before}const VERSION = \"ffffffffffffffff{}", &after[16..]);
    fs::write(&worker, newer).unwrap();
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
