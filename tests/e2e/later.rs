//! The later part of the program: fetched when it is first needed and not before, and done without where it cannot be.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::offline::{Site, wait_until_kept};
use crate::page::Page;

/// How often the page has fetched the later part.
fn fetches(page: &Page) -> u64 {
    let script = "return performance.getEntriesByType('resource').filter(it => it.name.includes('exo-later-')).length";
    page.driver.execute(script, json!([])).as_u64().unwrap()
}

/// The file of the later part in a copy of the page.
fn later_part(site: &Site) -> PathBuf {
    let files = site.page.read_dir().unwrap().map(|it| it.unwrap().path());
    let is_later = |it: &PathBuf| {
        let name = it.file_name().unwrap().to_string_lossy();
        name.starts_with("exo-later-")
    };
    let found: Vec<PathBuf> = files.filter(is_later).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn what_needs_no_network_and_no_sheet_does_not_fetch_the_later_part() {
    let page = Page::open();
    page.go("Next fault");
    page.run_to_the_end();
    assert_eq!(fetches(&page), 0);
    page.click("Packets…");
    page.wait_for_words("#packets-what", "sample.pcap: 22 packets");
    assert_eq!(fetches(&page), 1);
    page.click("Close");
    page.click("Packets…");
    page.wait_for_words("#packets-what", "sample.pcap: 22 packets");
    assert_eq!(fetches(&page), 1);
    page.assert_quiet();
}

#[test]
fn a_scenario_with_a_network_fetches_the_later_part_and_is_open_then() {
    let page = Page::open_at(&format!("{}?scenario=network-ping", crate::page::address()));
    page.wait_for_words("#notice", "Opened from network-ping");
    assert_eq!(fetches(&page), 1);
    let text = exo_libos_samples::scenario("network-ping").unwrap().text;
    let read = exo_session::saved::read(text).unwrap();
    let opened = exo_session::saved::open(&read.saved, &mut exo_session::saved::Nothing).unwrap();
    let mut native = opened.session;
    page.wait_for_state_of(&native);
    page.go("Next fault");
    native.run_until_fault(u64::MAX);
    page.wait_for_state_of(&native);
    page.assert_quiet();
}

#[test]
fn where_it_cannot_be_fetched_a_sentence_says_so_nothing_is_lost_and_it_is_kept_once_it_was_there()
{
    let site = Site::new("later");
    let later = later_part(&site);
    let bytes = fs::read(&later).unwrap();
    fs::remove_file(&later).unwrap();
    let page = Page::open_at(&site.address);
    wait_until_kept(&page);
    page.go("Next fault");
    page.edit("// not to be lost");
    let (step, digest, text) = (page.step(), page.digest(), page.text());
    page.click("Packets…");
    page.wait_for_words("#notice", "could not be loaded, and nothing has changed");
    assert_eq!(
        (page.step(), page.digest(), page.text()),
        (step, digest, text)
    );
    fs::write(&later, bytes).unwrap();
    page.click("Packets…");
    page.wait_for_words("#packets-what", "sample.pcap: 22 packets");
    // From then on it is kept.
    fs::rename(&site.page, site.root.join("elsewhere")).unwrap();
    page.reload();
    page.click("Packets…");
    page.wait_for_words("#packets-what", "sample.pcap: 22 packets");
}
