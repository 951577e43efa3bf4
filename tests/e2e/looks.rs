//! Other looks of the page: the system's own colours, and large type.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

/// How an element stands out: outline, border, and what it is drawn with.
const SEEN: &str = "const it = getComputedStyle(document.querySelector(arguments[0])); return [ \
    it.outlineStyle === 'none' ? 'no outline' : `${it.outlineStyle} ${it.outlineWidth} ${it.outlineColor}`, \
    it.borderBottomStyle === 'none' ? 'no border' : `${it.borderBottomStyle} ${it.borderBottomWidth} ${it.borderBottomColor}`, \
    it.backgroundColor, it.color].join('; ')";

impl Page {
    fn seen(&self, selector: &str) -> String {
        assert!(!self.driver.find_all(selector).is_empty(), "{selector}");
        let seen = self.driver.execute(SEEN, json!([selector]));
        seen.as_str().expect("a style").to_owned()
    }
}

#[test]
fn in_the_system_s_own_colours_what_is_chosen_now_in_focus_or_owned_can_be_told_apart() {
    let page = Page::open();
    // Tab may lead out of the page, which has the focus all the same.
    let always = json!({ "enabled": true });
    page.driver
        .devtools("Emulation.setFocusEmulationEnabled", always);
    page.speed("full");
    (0..3).for_each(|_| page.go("Next fault"));
    for scheme in ["light", "dark"] {
        let features = json!([
            { "name": "forced-colors", "value": "active" },
            { "name": "prefers-color-scheme", "value": scheme },
        ]);
        let media = json!({ "features": features });
        page.driver.devtools("Emulation.setEmulatedMedia", media);
        let active = "return matchMedia('(forced-colors: active)').matches";
        assert_eq!(page.driver.execute(active, json!([])), true);
        for (chosen, other) in [
            (".tab[aria-pressed=true]", ".tab[aria-pressed=false]"),
            (".hops .now", ".hops li:not(.now)"),
            (".log tr.now td", ".log tr:not(.now) td"),
            (".envs li[aria-current]", ".envs li:not([aria-current])"),
            (".own-a", ".own-b"),
            (
                ".facebar [aria-pressed=true]",
                ".facebar [aria-pressed=false]",
            ),
            ("button:disabled", "#find-open"),
        ] {
            let (chosen, other) = (page.seen(chosen), page.seen(other));
            assert_ne!(chosen, other, "{scheme}");
        }
        for button in ["#find-open", ".envs select", "#step"] {
            let seen = page.seen(button);
            assert!(!seen.contains("no border"), "{button}: {seen}");
        }
        for focused in ["#find-open", "#step", ".map", ".tlbgrid", ".logscroll"] {
            let before = page.seen(focused);
            page.driver.press("\u{E004}"); // the keyboard is used: its focus is to be seen
            page.focus(focused);
            let seen = page.seen(focused);
            assert!(!seen.contains("no outline"), "{focused}: {seen}");
            assert_ne!(seen, before);
        }
    }
    page.assert_quiet();
}

#[test]
fn a_click_on_the_map_hits_its_frame_in_any_type_at_any_width() {
    let page = Page::open();
    (0..3).for_each(|_| page.go("Next fault"));
    for type_ in ["usual", "large"] {
        if type_ == "large" {
            page.size(1440, 900);
            page.click("Large type, for a projector");
        }
        for width in [1440, 768] {
            page.size(width, 900);
            if page.can("Memory") {
                page.click("Memory");
            }
            for frame in [0, 37, 101] {
                page.click_frame(frame);
                let name = format!("rame 0x{frame:X}");
                wait_for(&format!("f{name} is looked at, {type_}, {width}"), || {
                    let heading = page.words(".detail h3");
                    heading
                        .split_once(&name)
                        .is_some_and(|(_, rest)| {
                            !rest.starts_with(|it: char| it.is_ascii_hexdigit())
                        })
                        .then_some(())
                });
            }
        }
    }
    page.assert_quiet();
}
