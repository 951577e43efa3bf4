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

/// Every control that can be brought in sight, and what is in front of it there, if something is.
const COVERED: &str = "const named = (it) => (it.getAttribute('aria-label') || it.innerText || it.id).trim().slice(0, 30); \
    const wrong = []; \
    for (const it of document.querySelectorAll('button, input, select, summary, a[href]')) { \
        if (it.closest('dialog') || it.matches('.skip') || !it.checkVisibility({ visibilityProperty: true })) continue; \
        it.scrollIntoView({ block: 'center', inline: 'center' }); \
        const box = it.getBoundingClientRect(); \
        for (let on = it.parentElement; on; on = on.parentElement) { \
            const hides = ['hidden', 'clip'].includes(getComputedStyle(on).overflowX) && on.scrollLeft > 0; \
            if (hides) { on.scrollLeft = 0; wrong.push(`${named(it)} is beside the page`); } \
        } \
        for (const part of [0.1, 0.5, 0.9]) { \
            const [x, y] = [box.left + box.width * part, box.top + box.height / 2]; \
            const seen = document.elementFromPoint(x, y); \
            if (seen && (it.contains(seen) || seen.matches('label') && seen.contains(it))) continue; \
            wrong.push(`${named(it)} is under ${seen ? seen.tagName + ' ' + named(seen) : 'nothing'}`); \
            break; \
        } \
    } \
    scrollTo(0, 0); return wrong";

impl Page {
    /// No control lies in front of another one, in any view.
    fn assert_nothing_is_covered(&self, what: &str) {
        let tabs = "const tabs = [...document.querySelectorAll('.viewtabs button')]; \
                    return tabs.filter(it => it.checkVisibility()).length";
        let tabs = self.driver.execute(tabs, json!([])).as_u64();
        // Without tabs all views are there at once.
        for view in 0..tabs.expect("a number").max(1) {
            let show = "document.querySelectorAll('.viewtabs button')[arguments[0]].click()";
            self.driver.execute(show, json!([view]));
            // What was out of sight is as wide as it was there until the next picture.
            let drawn = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0], 0)))";
            self.driver.execute_async(drawn, json!([]));
            let wrong = self.driver.execute(COVERED, json!([]));
            assert_eq!(wrong, json!([]), "{what}, {view}");
            let wide =
                "const root = document.documentElement; return root.scrollWidth - root.clientWidth";
            let wide = self.driver.execute(wide, json!([]));
            assert!(
                wide.as_i64().is_some_and(|it| it <= 0),
                "{what}, {view}: {wide} too wide"
            );
        }
    }
}

#[test]
fn no_control_is_covered_by_another_in_any_type_at_any_size() {
    let sizes = [
        (320, 256),
        (360, 780),
        (390, 844),
        (414, 896),
        (768, 1024),
        (1440, 900),
        (3840, 2160),
    ];
    for scenario in ["", "?scenario=attack-loop-in-handler"] {
        let page = Page::open_at(&format!("{}{scenario}", crate::page::address()));
        page.go("Next fault");
        for type_ in ["usual", "large"] {
            let script = "document.documentElement.dataset.type = arguments[0]";
            page.driver.execute(script, json!([type_]));
            for (width, height) in sizes {
                page.size(width, height);
                let what = format!("{scenario}, {type_}, {width}");
                page.assert_nothing_is_covered(&what);
            }
        }
        page.assert_quiet();
    }
}

/// Where an element is: left, top, right and bottom.
const PLACE: &str = "const it = document.querySelector(arguments[0]).getBoundingClientRect(); \
    return [it.left, it.top, it.right, it.bottom]";

#[test]
fn with_four_environments_every_tab_and_the_events_are_in_sight() {
    for scenario in ["collector", "attack-loop-in-handler"] {
        let page = Page::open_at(&format!("{}?scenario={scenario}", crate::page::address()));
        page.go("Next fault");
        let place = |selector: &str, side: usize| {
            let place = page.driver.execute(PLACE, json!([selector]));
            place[side].as_f64().expect("a place")
        };
        let column = place(".policy", 2);
        let tabs = "return [...document.querySelectorAll('.tabs .tab')].map(it => it.getBoundingClientRect().right)";
        let tabs = page.driver.execute(tabs, json!([]));
        for tab in tabs.as_array().expect("tabs") {
            assert!(
                tab.as_f64().is_some_and(|it| it <= column),
                "{scenario}: {tabs}, {column}"
            );
        }
        let cut =
            "const it = document.querySelector('.tabs'); return it.scrollHeight - it.clientHeight";
        assert_eq!(
            page.driver.execute(cut, json!([])),
            0,
            "{scenario}: no tab is cut"
        );
        assert!(
            place(".logpane", 3) <= place(".dock", 1) + 1.0,
            "{scenario}"
        );
        let room = place(".logpane", 3) - place(".logpane", 1);
        assert!(room > 150.0, "{scenario}: {room} pixels of events");
    }
}

#[test]
fn on_a_screen_of_many_pixels_the_columns_share_them() {
    let page = Page::open();
    for (width, height) in [(1920, 1080), (2560, 1440), (3840, 2160)] {
        page.size(width, height);
        let of = "return ['.policy', '.machine', '.side'].map(it => \
                  document.querySelector(it).getBoundingClientRect().width / innerWidth)";
        let shares = page.driver.execute(of, json!([]));
        let share = |index: usize| shares[index].as_f64().expect("a share");
        assert!(
            share(0) > 0.24 && share(1) < 0.56 && share(2) > 0.18,
            "{width}: {shares}"
        );
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
