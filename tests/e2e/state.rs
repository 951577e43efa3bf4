//! A libOS's state on the page: the tree of its values, its arrays, and its page table.

use exo_session::debugger::Stride;
use exo_session::{Session, first_light};
use serde_json::json;

use crate::A;
use crate::driver::wait_for;
use crate::page::Page;

/// Near the end of the opening scenario: memory is full, and a page must go.
const FULL: u64 = 203_000;
/// Faults from there to one of A's.
const FAULTS: usize = 3;

#[test]
fn the_way_from_the_page_of_a_fault_to_its_frame_is_shown_and_is_that_of_the_tlb() {
    let page = Page::open();
    page.go_to_step(FULL);
    (0..FAULTS).for_each(|_| page.go("Next fault"));
    page.click("Values");
    let before = page.wait_for_words(".pagetable .found", "Page 0x");
    page.click("Line out");
    let mut native = Session::new(first_light().unwrap()).unwrap();
    native.go_to_step(FULL);
    for _ in 0..FAULTS {
        native.run_until_fault(u64::MAX);
    }
    native.step_line(A, Stride::Out, u64::MAX);
    page.wait_for_state_of(&native);
    let found = page.wait_for_words(".pagetable .found", ": frame 0x");
    let number = |text: &str, mark: &str| {
        let digits = text.split(mark).nth(1).unwrap();
        let digits: String = digits.chars().take_while(char::is_ascii_hexdigit).collect();
        u32::from_str_radix(&digits, 16).unwrap()
    };
    let (of, frame) = (number(&found, "Page 0x"), number(&found, ": frame 0x"));
    assert_eq!(number(&before, "Page 0x"), of);
    let entries = native.machine().hardware().tlb.entries().iter().flatten();
    let mut bound = entries.filter(|it| (it.asid, it.page.0) == (A.0, of));
    assert_eq!(bound.next().map(|it| it.frame.0), Some(frame), "{found}");
    // The picture marks it, and a click on it shows its frame in the map.
    let name = page.attribute(".ptpage.now", "title");
    let slot = found.split("in slot ").nth(1).unwrap();
    let slot = slot.split(':').next().unwrap();
    assert_eq!(
        name,
        format!("page 0x{of:X}, slot {slot}, frame 0x{frame:X}")
    );
    page.click(&format!("0x{of:X} → 0x{frame:X}"));
    page.wait_for_words(".detail", &format!("0x{frame:X}"));
    wait_for("the entry is chosen", || {
        (page.attribute(".ptpage.now", "aria-pressed") == "true").then_some(())
    });
    page.assert_quiet();
}

#[test]
fn the_slot_at_the_hand_is_reached_and_any_other_by_its_index() {
    let page = Page::open();
    page.go_to_step(FULL);
    (0..FAULTS).for_each(|_| page.go("Next fault"));
    page.click("Values");
    page.wait_for_words(".inside", "Fields of Fifo");
    let unfold = "const it = [...document.querySelectorAll('.fold')].find(it => it.textContent.startsWith('page ')); \
                  it.focus(); return it.getAttribute('aria-expanded')";
    assert_eq!(page.driver.execute(unfold, json!([])), "false");
    page.driver.press("\u{E007}");
    let bar = page.wait_for_words(".arraybar + table, .array .arraybar", "hand = ");
    let hand = bar.split("hand = ").nth(1).unwrap();
    let hand: String = hand.chars().take_while(char::is_ascii_digit).collect();
    page.click(&format!("hand = {hand}"));
    let asked = page.wait_for_words(".array tr.asked", "hand");
    assert!(asked.starts_with(&hand) && asked.contains("0x"), "{asked}");
    let typed = "const it = document.querySelector('.array input'); it.value = '4000'; \
                 it.dispatchEvent(new Event('change', { bubbles: true }))";
    page.driver.execute(typed, json!([]));
    let rest = page.wait_for_words(".array tr.asked", "64 to 4,095");
    assert!(rest.contains("table.used = 64"), "{rest}");
    page.assert_quiet();
}
