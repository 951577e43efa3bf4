//! Text that is never lost: reloads, two tabs, a run that went on for ever, a crash.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::{Page, address};

/// A text with a remark of one's own in it.
fn marked(text: &str, remark: &str) -> String {
    let marked = text.replacen(
        "let slot = self.hand;",
        &format!("let slot = self.hand; // {remark}"),
        1,
    );
    assert_ne!(marked, text);
    marked
}

impl Page {
    /// The texts that the browser keeps, in no order.
    fn kept(&self) -> Vec<String> {
        let script = "return Object.entries(localStorage).filter(([key]) => key.startsWith('exokernel.work.')) \
                      .map(([, text]) => text)";
        let kept = self.driver.execute(script, json!([]));
        let texts = kept.as_array().cloned().unwrap_or_default();
        texts
            .iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect()
    }

    /// Whether the panel is there that takes the page's place.
    fn has_crashed(&self) -> bool {
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

    /// Opens the page in another tab of the browser.
    fn show(&self, tab: &str) {
        self.driver.switch(tab);
        self.size(1440, 900);
        self.driver.open(address());
        self.wait_for_the_machine();
        self.wait_for_the_editor();
    }

    /// Waits until the browser keeps a text with these words in it.
    fn wait_until_kept(&self, words: &str) {
        wait_for(&format!("{words} is kept"), || {
            self.kept()
                .iter()
                .any(|it| it.contains(words))
                .then_some(())
        });
    }
}

#[test]
fn what_was_typed_is_offered_after_a_reload_and_comes_back_where_it_stood() {
    let page = Page::open();
    page.go("Next fault");
    assert_eq!(
        page.kept(),
        Vec::<String>::new(),
        "nothing has been changed yet"
    );
    let mine = marked(&page.text(), "mine");
    page.edit(&mine);
    let (step, digest) = (page.step(), page.digest());
    page.reload();
    page.wait_for_words("#kept-offer", "fifo.rs (edited)");
    assert_eq!(page.step(), 0, "nothing runs by itself");
    assert_ne!(page.text(), mine);
    page.click("Bring my work back");
    page.wait_for_words("#notice", "Opened from what this browser kept");
    wait_for("it stands where it was left", || {
        (page.step() == step).then_some(())
    });
    assert_eq!((page.digest(), page.text()), (digest, mine));
    page.assert_quiet();
}

#[test]
fn a_text_is_kept_before_it_runs() {
    let page = Page::open();
    page.go("Next fault");
    let mine = marked(&page.text(), "about to run");
    // Typed and applied in one go: there is no time to rest.
    page.edit(&mine);
    page.focus("#apply");
    page.click("Apply");
    assert!(page.kept().iter().any(|it| it.contains("about to run")));
    page.assert_quiet();
}

#[test]
fn earlier_versions_of_a_text_are_listed_and_put_back_from_this_tab_and_others() {
    let page = Page::open();
    let original = page.text();
    let one = marked(&original, "the first version");
    page.edit(&one);
    page.wait_for_words("#apply-words", "ompiles");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied");
    page.choose("Load a sample policy", "lru");
    wait_for("the sample is there", || {
        (page.text() == exo_libos_samples::sample("lru").unwrap().source).then_some(())
    });
    let rows = |page: &Page| page.driver.find_all("#versions li").len();
    page.click("versions");
    page.wait_for_words("#versions", "lines differ");
    page.reload();
    page.click("Not now");
    page.click("versions");
    wait_for("both versions are listed", || {
        (rows(&page) == 2).then_some(())
    });
    assert_eq!(page.text(), original);
    let other = page.driver.new_tab();
    page.show(&other);
    page.click("versions");
    wait_for("another tab lists them too", || {
        (rows(&page) == 2).then_some(())
    });
    let buttons = page.driver.find_all("#versions li .linkbtn");
    page.driver.click(&buttons[1]);
    wait_for("the older one is there", || {
        (page.text() == one).then_some(())
    });
    assert!(page.driver.find_all("#versions").is_empty());
    page.click("bring my text back");
    wait_for("it is undone", || (page.text() == original).then_some(()));
}

#[test]
fn two_tabs_never_write_over_each_other() {
    let page = Page::open();
    let one = marked(&page.text(), "the first tab");
    page.edit(&one);
    page.wait_until_kept("the first tab");
    let (first, second) = (page.driver.window(), page.driver.new_tab());
    page.show(&second);
    let two = marked(&page.text(), "the second tab");
    page.edit(&two);
    page.wait_until_kept("the second tab");
    page.driver.switch(&first);
    page.edit(&marked(&one, "once more"));
    page.wait_until_kept("once more");
    assert!(page.kept().iter().any(|it| it.contains("the second tab")));
    // Each finds the other's in the list.
    page.click("Share…");
    page.wait_for_words("#kept-list", "fifo.rs (edited)");
    assert_eq!(page.driver.find_all("#kept-list li").len(), 2);
}

#[test]
fn what_ran_when_it_was_last_heard_of_opens_at_step_0() {
    let page = Page::open();
    (0..3).for_each(|_| page.go("Next fault"));
    page.edit(&marked(&page.text(), "runs"));
    page.wait_until_kept("// runs");
    page.speed("1/s");
    page.click("Run");
    let second = page.driver.new_tab();
    page.show(&second);
    page.wait_for_words("#kept-offer", "it opens at step 0");
    page.click("Bring my work back");
    page.wait_for_words("#notice", "stands at step 0");
    assert_eq!(page.step(), 0);
    assert!(page.text().contains("// runs") && page.can("Run"));
}

#[test]
fn after_a_crash_the_session_can_be_saved_and_is_offered_when_the_page_opens_again() {
    let folder = std::env::temp_dir().join(format!("exo-e2e-crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let page = Page::open();
    page.edit(&marked(&page.text(), "rescue me"));
    page.wait_until_kept("rescue me");
    page.crash();
    let behavior = json!({ "behavior": "allow", "downloadPath": folder });
    page.driver.devtools("Page.setDownloadBehavior", behavior);
    let link = page.driver.find_all("#crash-session");
    page.driver.click(&link[0]);
    let file = folder.join("rescued-session.toml");
    let text = wait_for("the session is saved", || {
        std::fs::read_to_string(&file).ok()
    });
    assert!(text.contains("rescue me"), "{text}");
    assert!(exo_session::saved::read(&text).is_ok());
    let again = page.driver.find_all(".crash-ways .primary");
    page.driver.click(&again[0]);
    page.wait_for_the_machine();
    page.wait_for_words("#kept-offer", "fifo.rs (edited)");
    assert!(!page.has_crashed());
    std::fs::remove_dir_all(&folder).unwrap();
}
