//! Text that is never lost: reloads, two tabs, links, a full store, a run that went on for ever.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::{Page, address};

/// A text with a remark of one's own in it.
pub fn marked(text: &str, remark: &str) -> String {
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

    /// Opens the page in another tab of the browser.
    pub fn show(&self, tab: &str) {
        self.driver.switch(tab);
        self.size(1440, 900);
        self.driver.open(address());
        self.wait_for_the_machine();
        self.wait_for_the_editor();
    }

    /// Waits until the browser keeps a text with these words in it.
    pub fn wait_until_kept(&self, words: &str) {
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
fn work_comes_back_where_the_run_stood_when_it_was_left_and_again_from_there() {
    let page = Page::open();
    page.go("Next fault");
    page.edit(&marked(&page.text(), "left later"));
    page.wait_until_kept("left later");
    for _ in 0..2 {
        let before = page.step();
        (0..4).for_each(|_| page.go("Next fault"));
        let (step, digest) = (page.step(), page.digest());
        assert!(step > before);
        page.reload();
        page.click("Bring my work back");
        wait_for("it stands where it was left", || {
            (page.step() == step).then_some(())
        });
        assert_eq!(page.digest(), digest);
        assert!(page.text().contains("left later") && page.can("Run"));
    }
    page.assert_quiet();
}

#[test]
fn one_tab_does_not_take_away_what_another_keeps_and_what_is_gone_is_kept_again() {
    let page = Page::open();
    page.edit(&marked(&page.text(), "the quiet tab"));
    page.wait_until_kept("the quiet tab");
    let (first, second) = (page.driver.window(), page.driver.new_tab());
    page.show(&second);
    let text = page.text();
    for version in 0..14 {
        page.edit(&marked(&text, &format!("version {version}")));
        page.wait_for_words("#apply-words", "ompiles");
        page.click("Apply");
        page.wait_for_words("#apply-words", "Applied");
    }
    page.wait_until_kept("version 13");
    let quiet = |page: &Page| page.kept().iter().any(|it| it.contains("the quiet tab"));
    assert!(quiet(&page), "the newest of another page stays");
    page.driver.execute("localStorage.clear()", json!([]));
    page.driver.switch(&first);
    page.reload();
    assert!(quiet(&page), "its page has kept it again at its end");
    page.wait_for_words("#kept-offer", "fifo.rs (edited)");
}

#[test]
fn a_store_that_is_full_loses_nothing_and_the_page_says_that_it_keeps_no_more() {
    let page = Page::open();
    page.edit(&marked(&page.text(), "kept before"));
    page.wait_until_kept("kept before");
    let (first, second) = (page.driver.window(), page.driver.new_tab());
    page.show(&second);
    let fill = "for (let size = 1 << 22, n = 0; size >= 1;) { \
                try { localStorage.setItem('filler' + n++, 'x'.repeat(size)); } catch { size >>= 1; } }";
    page.driver.execute(fill, json!([]));
    page.edit(&marked(&page.text(), "no room for this"));
    page.wait_for_words("#notice", "has no room for it");
    assert!(page.kept().iter().any(|it| it.contains("kept before")));
    page.driver.switch(&first);
    page.reload();
    page.wait_for_words("#kept-offer", "fifo.rs (edited)");
}

#[test]
fn work_on_a_link_is_offered_over_the_link_and_the_first_lesson_is_not() {
    let page = Page::open();
    page.go("Next fault");
    let original = page.text();
    let link = page.link();
    page.reload();
    page.wait_for_words("#notice", "Opened from a link");
    assert_eq!(page.words("#kept-offer"), "", "nothing has been changed");
    let mine = marked(&original, "my homework");
    page.edit(&mine);
    page.wait_until_kept("my homework");
    page.driver.open("about:blank");
    page.driver.open(&link);
    page.wait_for_the_machine();
    page.wait_for_the_editor();
    page.wait_for_words("#kept-offer", "fifo.rs (edited)");
    page.wait_for_words("#notice", "Opened from a link");
    assert_eq!(page.text(), original);
    assert!(page.driver.find_all(".guide").is_empty());
    page.click("Bring my work back");
    wait_for("it is back", || (page.text() == mine).then_some(()));
    page.assert_quiet();
}

#[test]
fn a_session_that_is_opened_over_a_text_that_was_typed_shows_its_own() {
    let page = Page::open();
    let (original, link) = (page.text(), page.link());
    page.go("Next fault");
    page.link();
    page.edit("// unsaved");
    let open = |page: &Page| {
        let script = "location.hash = arguments[0].slice(arguments[0].indexOf('#'))";
        page.driver.execute(script, json!([link]));
        page.wait_for_words("#notice", "Opened from a link");
        wait_for("its own text is shown", || {
            (page.text() == original).then_some(())
        });
    };
    open(&page);
    page.focus(".rich .cm-content");
    page.driver.press_with(crate::page::CONTROL, "z");
    assert_eq!(page.text(), original, "nothing was typed in this session");
    page.driver
        .execute("document.activeElement.blur()", json!([]));
    page.click("Undo the change");
    wait_for("the text is back", || {
        (page.text() == "// unsaved").then_some(())
    });
    page.assert_quiet();
}

#[test]
fn what_is_forgotten_leaves_no_flag_behind_and_old_flags_go_when_the_page_opens() {
    let page = Page::open();
    let flags =
        "return Object.keys(localStorage).filter(key => key.startsWith('exokernel.running.'))";
    let put_up = "localStorage.setItem('exokernel.running.' + arguments[0], arguments[1])";
    let now = "return String(Date.now())";
    let now = page.driver.execute(now, json!([]));
    page.driver.execute(put_up, json!(["old", "1"]));
    page.driver.execute(put_up, json!(["another", now]));
    page.reload();
    wait_for("the old flag is down", || {
        (page.driver.execute(flags, json!([])) == json!(["exokernel.running.another"]))
            .then_some(())
    });
    page.edit(&marked(&page.text(), "mine"));
    page.wait_until_kept("mine");
    page.reload();
    page.wait_for_words("#kept-offer", "edited");
    page.click("Share…");
    page.click("Forget all of it");
    wait_for("no flag is left", || {
        (page.driver.execute(flags, json!([])) == json!([])).then_some(())
    });
    page.assert_quiet();
}
