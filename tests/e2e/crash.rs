//! When the program itself stops, or cannot begin: the panel says so, and offers the session.

use serde_json::json;

use crate::driver::wait_for;
use crate::keep::marked;
use crate::page::{Page, address};
use crate::saved::Saved;

/// The session that the panel saves.
fn rescued(page: &Page, saved: &Saved) -> String {
    let link = page.driver.find_all("#crash-session");
    page.driver.click(&link[0]);
    let text = saved.text_of("rescued-session.toml");
    assert!(exo_session::saved::read(&text).is_ok());
    text
}

impl Page {
    /// Whether the panel is there that takes the page's place.
    pub fn has_crashed(&self) -> bool {
        let script = "return !document.getElementById('crash').hidden";
        self.driver.execute(script, json!([])).as_bool() == Some(true)
    }

    /// Makes the program stop: what an extension that rewrites pages may do, it finds its elements gone.
    pub fn crash(&self) {
        let script = "document.querySelector('.viewtabs').remove()";
        self.driver.execute(script, json!([]));
        // Something is put in front of what is gone.
        self.driver
            .execute("location.hash = 'v1.damaged'", json!([]));
        wait_for("the panel is there", || self.has_crashed().then_some(()));
    }
}

#[test]
fn after_a_crash_the_session_can_be_saved_and_is_offered_when_the_page_opens_again() {
    let page = Page::open();
    let saved = Saved::new(&page, "crash");
    page.edit(&marked(&page.text(), "rescue me"));
    page.wait_until_kept("rescue me");
    page.crash();
    let text = rescued(&page, &saved);
    assert!(text.contains("rescue me"), "{text}");
    let again = page.driver.find_all(".crash-ways .primary");
    page.driver.click(&again[0]);
    page.wait_for_the_machine();
    page.wait_for_words("#kept-offer", "fifo.rs (edited)");
    assert!(!page.has_crashed());
}

#[test]
fn what_is_saved_after_a_crash_is_the_session_that_was_open_where_it_stood_edited_or_not() {
    let page = Page::open_at(&format!("{}?scenario=pressure", address()));
    let saved = Saved::new(&page, "crash-open");
    page.wait_for_words("#notice", "Opened from pressure");
    (0..3).for_each(|_| page.go("Next fault"));
    let digest = page.digest();
    page.crash();
    let text = rescued(&page, &saved);
    let pressure = exo_libos_samples::scenario("pressure").unwrap().text;
    let title = pressure.lines().find(|it| it.starts_with("title")).unwrap();
    assert!(text.contains(title), "{text}");
    assert!(text.contains(&digest), "where it stood: {text}");
}

#[test]
fn a_page_within_another_one_does_not_say_that_it_has_kept_anything() {
    let page = Page::open_at(&format!("{}?embed=1", address()));
    let saved = Saved::new(&page, "crash-embed");
    page.edit(&marked(&page.text(), "in a lecture"));
    page.crash();
    let said = page.words("#crash");
    assert!(
        said.contains("keeps nothing") && !said.contains("were kept"),
        "{said}"
    );
    assert!(rescued(&page, &saved).contains("in a lecture"));
}

#[test]
fn a_page_whose_trace_cannot_be_had_says_so_and_not_that_it_has_crashed() {
    let page = Page::open();
    page.driver.devtools("Network.enable", json!({}));
    let blocked = json!({ "urls": ["*dash.trace*"] });
    page.driver.devtools("Network.setBlockedURLs", blocked);
    // Not out of what a page before has left in the browser.
    page.driver
        .devtools("Network.setBypassServiceWorker", json!({ "bypass": true }));
    page.driver.reload();
    let said = page.wait_for_words("#crash", "dash.trace, could not be fetched");
    assert!(said.contains("The page could not be opened"), "{said}");
    assert!(
        !said.contains("crashed") && !said.contains("Save the session"),
        "{said}"
    );
}
