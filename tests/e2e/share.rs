//! Links and files: what one page shares, another opens where it stood.

use exo_session::export::{Format, Options, export};
use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

impl Page {
    /// The link of the session, once it stands in its field.
    pub fn link(&self) -> String {
        self.click("Share…");
        self.wait_for_words("#copied", "characters");
        let script = "return document.querySelector('input.link').value";
        let link = self.driver.execute(script, json!([]));
        self.click("Close");
        link.as_str().expect("a link").to_owned()
    }
}

#[test]
fn a_link_opens_paused_where_it_was_made_with_the_edited_policy() {
    let page = Page::open();
    (0..4).for_each(|_| page.go("Next fault"));
    let text = page.text();
    let mine = text.replacen("let slot = self.hand;", "let slot = self.hand; // mine", 1);
    page.edit(&mine);
    page.wait_for_words("#apply-words", "fields keep their values");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied");
    page.go("Next fault");
    let link = page.link();
    assert!(link.contains("/#v1.") && link.len() < 2000, "{link}");
    let (step, digest) = (page.step(), page.digest());
    page.assert_quiet();

    let other = Page::open_at(&link);
    let said = other.wait_for_words("#notice", "Opened from a link, paused");
    assert!(!said.contains("differs"), "{said}");
    wait_for("it stands where it was made", || {
        (other.step() == step).then_some(())
    });
    assert_eq!(other.digest(), digest);
    assert_eq!(other.text(), mine);
    assert!(other.can("Run"));
    other.go("Step back");
    page.go("Step back");
    assert_eq!(other.digest(), page.digest());

    // Another link in the same window; it is damaged, so nothing is lost.
    let before = other.digest();
    other.edit("// my work");
    let damaged = &link[link.find('#').expect("a fragment")..link.len() - 7];
    let script = "location.hash = arguments[0]";
    other.driver.execute(script, json!([damaged]));
    other.wait_for_words("#notice", "damaged on its way");
    assert_eq!(
        (other.digest(), other.text()),
        (before, "// my work".to_owned())
    );
    other.assert_quiet();
}

#[test]
fn a_link_keeps_the_text_of_a_program_that_was_not_applied() {
    let page = Page::open();
    page.choose("What A runs", "scan");
    page.wait_for_words("#notice", "from reset on");
    let show = |page: &Page| {
        let script = "[...document.querySelectorAll('.tabs .tab')].find(it => it.innerText.includes('scan.rs')).click()";
        page.driver.execute(script, json!([]));
        wait_for("the program is shown", || {
            page.text().contains("Application").then_some(())
        });
    };
    show(&page);
    let mine = format!("{}\n// half a thought", page.text());
    page.edit(&mine);
    let link = page.link();
    let other = Page::open_at(&link);
    other.wait_for_words("#notice", "Opened from a link, paused");
    show(&other);
    assert_eq!(other.text(), mine);
    other.assert_quiet();
    page.assert_quiet();
}

#[test]
fn the_run_so_far_is_exported_as_natively_and_the_page_stays_where_it_is() {
    let page = Page::open();
    (0..3).for_each(|_| page.go("Next fault"));
    let (step, digest) = (page.step(), page.digest());
    let mut native = crate::native(3);
    page.click("Share…");
    for (button, format, ending) in [
        ("Timeline", Format::Perfetto, "trace.json"),
        ("Picture", Format::Svg, "svg"),
        ("Table", Format::Csv, "csv"),
        ("JSON Lines", Format::JsonLines, "jsonl"),
    ] {
        let options = Options {
            to: Some(native.machine().position()),
            ..Options::default()
        };
        let exported = export(&mut native, format, &options, std::io::sink()).unwrap();
        page.click(button);
        let said = page.wait_for_words("#exported", &format!("exokernel-step-{step}.{ending}"));
        assert!(
            said.contains(&format!("It holds {} events", exported.events)),
            "{said}"
        );
    }
    page.click("Close");
    assert_eq!((page.step(), page.digest()), (step, digest));
    page.assert_quiet();
}

#[test]
fn a_session_s_file_is_opened_and_a_scenario_is_chosen() {
    let folder = std::env::temp_dir().join(format!("exo-e2e-share-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("mine.toml");
    let text = "exokernel = 1\ntitle = \"Mine\"\n[[environment]]\nlibos = \"lru\"\nframes = 20\n\
                trace = \"hash-join\"\n[[input]]\nat = 50\nenvironment = \"A\"\nframes = 9\n";
    let wrong = folder.join("wrong.toml");
    std::fs::write(&file, text).unwrap();
    std::fs::write(&wrong, text.replace("lru", "lruu")).unwrap();
    let page = Page::open();
    page.open_file(&wrong);
    page.wait_for_words(
        "#notice",
        "line 4: environment[1].libos: there is no sample",
    );
    page.open_file(&file);
    page.wait_for_words("#notice", "Opened from mine.toml");
    let saved = exo_session::saved::read(text).unwrap().saved;
    let native = exo_session::saved::open(&saved, &mut exo_session::saved::Nothing).unwrap();
    assert_eq!(page.digest(), exo_tests::digest(&native.session));

    page.click("Share…");
    page.click("pressure");
    page.wait_for_words("#notice", "the kernel takes what is missing by force");
    assert!(!page.can("Close"), "the sheet has gone");
    page.speed("full");
    page.click("Run");
    wait_for("B is given up, and the run pauses", || {
        (page.phase(1) == "broken").then_some(())
    });
    page.click("Run");
    wait_for("A comes to its end", || page.is_over().then_some(()));
    let scenario = exo_libos_samples::scenario("pressure").unwrap();
    let saved = exo_session::saved::read(scenario.text).unwrap().saved;
    let mut native = exo_session::saved::open(&saved, &mut exo_session::saved::Nothing).unwrap();
    native.session.run_slice(u64::MAX);
    wait_for("both have come to the end", || {
        (page.digest() == exo_tests::digest(&native.session)).then_some(())
    });
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).unwrap();
}
