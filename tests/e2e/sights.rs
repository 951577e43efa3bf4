//! What must be in sight, whole, on the screens that people have: laptops, a projector, a phone.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

/// The hops, and what of them cannot be seen: too few, beside the list, heads that do not stand above their lanes.
const HOPS: &str = "const list = document.querySelector('.hops'); const box = list.getBoundingClientRect(); \
    const rows = list.clientHeight / list.querySelector('li').offsetHeight; \
    const [head, lane] = ['.lanes svg', '.hops svg'].map(it => document.querySelector(it).getBoundingClientRect()); \
    const machine = document.querySelector('.machine').getBoundingClientRect(); const wrong = []; \
    if (rows < 8) wrong.push(`${rows} hops are seen`); \
    if (list.scrollWidth > list.clientWidth) wrong.push('the list is scrolled sideways'); \
    if (Math.abs(head.left - lane.left) > 1 || Math.abs(head.right - lane.right) > 1) wrong.push('heads stand elsewhere'); \
    const beyond = [...list.querySelectorAll('.cy, .x')].filter(it => (it.getBoundingClientRect().right - box.left) * list.offsetWidth / box.width > list.clientWidth); \
    if (beyond.length) wrong.push('cycles are cut'); \
    const sum = document.querySelector('.pathsum').getBoundingClientRect(); \
    if (sum.bottom > machine.bottom + 1) wrong.push('the sum is below what is seen'); \
    const cut = [...document.querySelectorAll('.pathsum > *')].filter(it => it.getBoundingClientRect().right > sum.right); \
    if (cut.length) wrong.push('the sum is cut'); return wrong";

/// Whether the row that is lit is within what is seen of its list.
const LIT: &str = "const list = document.querySelector(arguments[0]); const box = list.getBoundingClientRect(); \
    const row = list.querySelector('[aria-current]').getBoundingClientRect(); \
    return list.scrollHeight > list.clientHeight && row.top >= box.top - 1 && row.bottom <= box.bottom + 1";

impl Page {
    fn large_type(&self) {
        let script = "document.documentElement.dataset.type = 'large'";
        self.driver.execute(script, json!([]));
    }

    fn wait_until_lit(&self, list: &str, what: &str) {
        wait_for(&format!("what is lit in {list} is seen, {what}"), || {
            let lit = self.driver.execute(LIT, json!([list]));
            lit.as_bool()?.then_some(())
        });
    }
}

#[test]
fn the_path_shows_eight_hops_and_their_cycles_on_usual_screens() {
    // The sum of the second one names what others did meanwhile.
    for (scenario, step) in [("sets", 3000), ("swap", 60_728)] {
        let page = Page::open_at(&format!("{}?scenario={scenario}", crate::page::address()));
        page.go_to_step(step);
        page.wait_for_words(".pathsum", "crossing");
        for (width, height) in [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)] {
            page.size(width, height);
            let wrong = page.driver.execute(HOPS, json!([]));
            assert_eq!(wrong, json!([]), "{scenario}, {width}");
        }
        page.large_type();
        let wrong = page.driver.execute(HOPS, json!([]));
        assert_eq!(wrong, json!([]), "{scenario}, large type");
        page.assert_quiet();
    }
}

#[test]
fn what_is_lit_stays_in_sight_when_the_room_around_it_changes() {
    let page = Page::open_at(&format!("{}?scenario=swap", crate::page::address()));
    page.go_to_step(60_728);
    page.size(1440, 1800);
    page.wait_for_words(".hops", "libOS");
    page.size(1440, 640);
    page.wait_until_lit(".logscroll", "in a lower window");
    page.size(1440, 1200);
    page.click("Find…");
    page.size(1440, 640);
    page.wait_until_lit(".logscroll", "beside the find bar");
    page.click("Beside other kernels");
    page.wait_until_lit(".hops", "beside other kernels");
    page.assert_quiet();
}

#[test]
fn entries_of_a_tlb_are_not_cut_on_usual_screens_in_sets_or_with_long_numbers() {
    let cut = "return [...document.querySelectorAll('.tlbgrid li')].filter(it => { \
               const frame = it.querySelector('.fr'); \
               return frame && frame.getBoundingClientRect().right > it.getBoundingClientRect().right; }).map(it => it.title)";
    for (scenario, step) in [("sets", 3_000), ("network-lossy", 20_000)] {
        let page = Page::on_scenario(scenario);
        page.go_to_step(step);
        for (width, height) in [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)] {
            page.size(width, height);
            let found = page.driver.execute(cut, json!([]));
            assert_eq!(found, json!([]), "{scenario} at {width}");
            // An arrow down leads to the entry below, however many stand in a row.
            page.focus(".tlbgrid");
            page.driver.press("\u{E011}");
            page.driver.press("\u{E015}");
            let below = "const [first, at] = [document.getElementById('tlb-0'), document.querySelector('.tlbgrid .at')]; \
                         return at && at.offsetLeft === first.offsetLeft && at.offsetTop === first.offsetTop + first.offsetHeight";
            wait_for("the entry below is at hand", || {
                (page.driver.execute(below, json!([])) == true).then_some(())
            });
        }
    }
}

#[test]
fn on_a_phone_the_line_where_the_program_stands_is_seen_above_the_bar() {
    let page = Page::open();
    page.go_to_step(300_000);
    page.go("Next fault");
    for _ in 0..20 {
        if page.current_line().is_empty() {
            page.go("Step");
        }
    }
    page.size(390, 844);
    page.click("Code");
    wait_for("the current line is between the bars", || {
        let seen = "const line = document.querySelector('.cm-line.cm-now'); const box = line.getBoundingClientRect(); \
                    const at = document.elementFromPoint(box.left + 20, (box.top + box.bottom) / 2); \
                    return scrollY === 0 && (line === at || line.contains(at))";
        let there = page.driver.find_all(".cm-line.cm-now").len() == 1;
        let seen = there && page.driver.execute(seen, json!([])) == true;
        seen.then_some(())
    });
}

#[test]
fn values_beside_lines_are_seen_whole_however_long_the_lines_are() {
    let page = Page::open();
    page.go_to_step(403_120);
    wait_for("there are values", || {
        (page.driver.find_all(".cm-line .cm-values").len() > 1).then_some(())
    });
    let cut = "const box = document.querySelector('.cm-scroller').getBoundingClientRect(); \
               return [...document.querySelectorAll('.cm-line .cm-values')].filter(it => \
               it.getBoundingClientRect().right > box.right).map(it => it.innerText)";
    assert_eq!(page.driver.execute(cut, json!([])), json!([]));
}
