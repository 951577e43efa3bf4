//! The map of physical memory and its table: pointing at frames, and very many of them.

use serde_json::{Value, json};

use crate::driver::wait_for;
use crate::page::Page;

const PAGE_UP: &str = "\u{E00E}";
const END: &str = "\u{E010}";
const HOME: &str = "\u{E011}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";

impl Page {
    /// The middle of a frame's cell in a map with letters, at a place of the window.
    fn place_of_frame(&self, frame: u32) -> (i64, i64) {
        let script = "const map = document.getElementById('frame-map'); const frame = arguments[0]; \
                      map.scrollIntoView({ block: 'center' }); \
                      const box = map.getBoundingClientRect(); const zoom = box.width / map.clientWidth; \
                      const room = map.clientWidth - 30; \
                      const columns = room >= 32 * 14 ? 32 : room >= 16 * 18 ? 16 : 8; \
                      const at = [30 + (frame % columns + 0.5) * room / columns, (Math.floor(frame / columns) + 0.5) * 18]; \
                      map.parentElement.scrollTop = at[1] - 60; \
                      const top = map.getBoundingClientRect(); \
                      return [top.left + at[0] * zoom, top.top + at[1] * zoom].map(Math.round)";
        let at = self.driver.execute(script, json!([frame]));
        let place = |index: usize| match at[index].as_f64() {
            Some(place) => place as i64,
            None => panic!("frame {frame} is at {at}"),
        };
        (place(0), place(1))
    }

    /// Clicks in the middle of a frame's cell of the map.
    pub fn click_frame(&self, frame: u32) {
        let (x, y) = self.place_of_frame(frame);
        self.driver.click_at(x, y);
    }

    /// Shows memory as a table and chooses a frame in it, wherever its row is.
    pub fn choose_in_table(&self, frame: u32) {
        self.click("As table");
        self.wait_for_words(".maptable thead", "Owner");
        let script = "const list = document.querySelector('.maptable'); \
                      list.scrollTop = arguments[0] * parseInt(getComputedStyle(list).getPropertyValue('--row'))";
        self.driver.execute(script, json!([frame]));
        self.click(&format!("0x{frame:X}"));
    }

    /// Opens a machine of 65,536 frames.
    pub fn open_large(&self) {
        let text = "exokernel = 1\ntitle = \"Large\"\n\n[machine]\nframes = 65_536\n\n\
                    [[environment]]\nlibos = \"clock\"\nframes = 30_000\ntrace = \"dash\"\n\n\
                    [[environment]]\nlibos = \"fifo\"\nframes = 30_000\ntrace = \"dash\"\n";
        let name = format!("exokernel-large-{}.toml", std::process::id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, text).expect("a file");
        self.open_file(&file);
        self.wait_for_words("#notice", "paused");
        let _ = std::fs::remove_file(&file);
    }

    /// The frames whose rows are on the page, by the numbers that assistive technology reads.
    fn frame_rows(&self) -> Vec<u64> {
        let script = "return [...document.querySelectorAll('.maptable tbody tr')].map(it => Number(it.getAttribute('aria-rowindex')) - 2)";
        let rows = self.driver.execute(script, json!([]));
        let rows = rows.as_array().into_iter().flatten();
        rows.filter_map(Value::as_u64).collect()
    }

    fn wait_for_last_row(&self, frame: u64) {
        wait_for(
            &format!("frame {frame} is the last one that is seen"),
            || (self.frame_rows().last() == Some(&frame)).then_some(()),
        );
        let seen = "const list = document.querySelector('.maptable').getBoundingClientRect(); \
                    const row = document.querySelector('.maptable tbody tr:last-child').getBoundingClientRect(); \
                    return row.bottom <= list.bottom && row.top >= list.top";
        assert_eq!(self.driver.execute(seen, json!([])), true, "{frame}");
    }

    /// How many elements the page has.
    fn elements(&self) -> u64 {
        let count = "return document.querySelectorAll('*').length";
        let count = self.driver.execute(count, json!([]));
        count.as_u64().expect("a number")
    }
}

#[test]
fn a_frame_that_is_pointed_at_is_told_without_drawing_the_map_again() {
    let page = Page::open();
    page.speed("full");
    (0..3).for_each(|_| page.go("Next fault"));
    let hint = page.words("#frame-told");
    let height = "return document.querySelector('.memory').offsetHeight";
    let before = page.driver.execute(height, json!([]));
    let (x, y) = page.place_of_frame(5);
    let count = "window.drawn = 0; for (const name of ['putImageData', 'fillRect', 'clearRect']) { \
                 const own = CanvasRenderingContext2D.prototype[name]; \
                 CanvasRenderingContext2D.prototype[name] = function (...it) { window.drawn += 1; return own.apply(this, it); }; }";
    page.driver.execute(count, json!([]));
    page.driver.point_at(x, y);
    let told = page.wait_for_words("#frame-told", "Frame 0x5, ");
    assert!(
        told.contains("owned by ") || told.contains("free"),
        "{told}"
    );
    assert_eq!(page.driver.find_all(".around .at").len(), 1);
    let drawn = page.driver.execute("return window.drawn", json!([]));
    assert_eq!(drawn, 0, "an outline is enough");
    assert_eq!(page.driver.execute(height, json!([])), before);
    page.driver.point_at(2, 2);
    page.wait_for_words("#frame-told", &hint);
    // The keyboard's cursor is told in the same words, to the eye and to assistive technology.
    page.focus(".map");
    page.driver.press(RIGHT);
    let told = page.wait_for_words("#frame-told", "Frame 0x1, ");
    assert_eq!(page.attribute(".map", "aria-valuetext"), told);
    page.assert_quiet();
}

#[test]
fn what_is_drawn_step_by_step_looks_as_if_it_were_drawn_at_once() {
    let page = Page::open_at(&format!("{}?scenario=collector", crate::page::address()));
    page.speed("full");
    page.go("Next fault");
    (0..4).for_each(|_| page.go_to_step(page.step() + 400));
    page.go_to_step(page.step() / 4);
    let picture = "return document.getElementById('frame-map').toDataURL()";
    let seen = page.driver.execute(picture, json!([]));
    page.click("As table");
    page.wait_for_words(".maptable thead", "Owner");
    page.click("As map");
    wait_for("the map is drawn as it was", || {
        let there = page.driver.find_all("#frame-map").len() == 1;
        (there && page.driver.execute(picture, json!([])) == seen).then_some(())
    });
}

#[test]
fn in_large_type_the_map_has_a_pixel_for_each_of_the_screen() {
    let page = Page::open();
    page.size(1920, 1080);
    page.click("Large type, for a projector");
    wait_for("the map is as fine as the screen", || {
        let fine = "const map = document.getElementById('frame-map'); \
                    return map.getBoundingClientRect().width * devicePixelRatio - map.width";
        let fine = page.driver.execute(fine, json!([]));
        fine.as_f64()
            .is_some_and(|it| it.abs() <= 1.0)
            .then_some(())
    });
}

#[test]
fn what_is_told_of_a_frame_is_in_sight_below_a_map_of_very_many() {
    let page = Page::open();
    page.open_large();
    page.wait_for_words(".legend", "65,");
    let seen = "const told = document.getElementById('frame-told').getBoundingClientRect(); \
                return told.bottom <= document.querySelector('.machine').getBoundingClientRect().bottom + 1";
    assert_eq!(page.driver.execute(seen, json!([])), true);
}

#[test]
fn the_table_of_very_many_frames_has_few_rows_and_keys_and_scrolling_reach_every_one() {
    let page = Page::open();
    page.open_large();
    let before = page.elements();
    page.click("As table");
    page.wait_for_words(".maptable thead", "Owner");
    let rows = page.frame_rows();
    assert!((5..30).contains(&rows.len()) && rows[0] == 0, "{rows:?}");
    assert!(page.elements() < before + 200, "{before} before");
    assert_eq!(page.attribute(".maptable table", "aria-rowcount"), "65537");
    let (few, last) = (rows.len() as u64, 65_535);
    page.focus(".maptable");
    page.driver.press(END);
    page.wait_for_last_row(last);
    page.driver.press(PAGE_UP);
    page.wait_for_last_row(last - (few - 1));
    page.driver.press(HOME);
    page.wait_for_last_row(few - 1);
    page.driver.press(DOWN);
    page.wait_for_last_row(few);
    page.choose_far_frame(last);
    page.assert_quiet();
}

impl Page {
    /// The last frame is scrolled to, and chosen; the table shows it whenever it is opened again.
    fn choose_far_frame(&self, last: u64) {
        let end =
            "const list = document.querySelector('.maptable'); list.scrollTop = list.scrollHeight";
        self.driver.execute(end, json!([]));
        self.wait_for_last_row(last);
        self.click("0xFFFF");
        self.wait_for_words(".detail h3", "Frame 0xFFFF");
        self.click("As map");
        self.click("As table");
        self.wait_for_last_row(last);
        assert_eq!(
            self.attribute(".maptable .sel button", "aria-pressed"),
            "true"
        );
    }
}
