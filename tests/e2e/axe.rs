//! Every screen as axe-core sees it, in each theme and at each width: nothing that assistive technology
//! cannot use, by WCAG 2.2 at level AA.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::driver::{setting, wait_for};
use crate::page::Page;

const THEMES: [&str; 3] = ["light", "dark", "contrast"];
const WIDTHS: [(u32, u32); 3] = [(1440, 900), (768, 1024), (390, 844)];

/// Looks at what is shown; each violation with its rule, its elements and what is wrong.
const LOOK: &str = "const done = arguments[0]; const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']; \
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then( \
    result => done(result.violations.map(it => it.id + ': ' + it.help + ' ' + it.nodes.map( \
    node => node.target.join(' ') + ' (' + node.any.concat(node.all, node.none).map(why => why.message).join('; ') + ')').slice(0, 4).join(' | '))), \
    error => done(['axe: ' + error]))";

impl Page {
    /// Opens the page with axe-core in it.
    fn with_axe() -> Page {
        let page = Page::open();
        page.bring_axe();
        page
    }

    fn bring_axe(&self) {
        let source = std::fs::read_to_string(setting("EXO_AXE")).expect("axe-core can be read");
        self.driver.execute(&source, json!([]));
        let there = self.driver.execute("return typeof axe", json!([]));
        assert_eq!(there, "object", "axe-core is in the page");
    }

    /// What is wrong with a screen in any theme at any width. What is drawn asks for nothing that the content security
    /// policy forbids.
    fn look(&self, screen: &str, wrong: &mut String) {
        self.look_after_a_crash(screen, wrong);
        self.assert_quiet();
    }

    /// The same where the console tells of a crash.
    fn look_after_a_crash(&self, screen: &str, wrong: &mut String) {
        for theme in THEMES {
            let script = "document.documentElement.dataset.theme = arguments[0]";
            self.driver.execute(script, json!([theme]));
            for (width, height) in WIDTHS {
                self.size(width, height);
                self.look_once(&format!("{screen}, {theme}, {width}"), wrong);
            }
        }
        self.size(1440, 900);
    }

    fn look_once(&self, what: &str, wrong: &mut String) {
        let found = self.driver.execute_async(LOOK, json!([]));
        for violation in found.as_array().into_iter().flatten() {
            let text = violation.as_str().unwrap_or("?");
            writeln!(wrong, "{what}: {text}").unwrap();
        }
    }
}

#[test]
fn the_workbench_has_no_violations() {
    let page = Page::with_axe();
    let mut wrong = String::new();
    page.look("at reset, with the lesson offered", &mut wrong);
    page.click("Start the first lesson");
    (0..3).for_each(|_| page.go("Next fault"));
    page.look("at a fault", &mut wrong);
    page.click("Beside other kernels");
    page.wait_for_words(".beside", "microkernel");
    page.look("beside other kernels", &mut wrong);
    page.click("Beside other kernels");
    let script = "document.querySelector('.hops [data-look]').click()";
    page.driver.execute(script, json!([]));
    page.wait_for_words(".detail h3", "Page 0x");
    page.look("with a page chosen", &mut wrong);
    page.edit("this is no policy");
    page.wait_for_words(".diag li", "1:");
    page.look("with errors in the text", &mut wrong);
    page.click("Values");
    page.wait_for_words(".inside", "Page table");
    let unfold = "document.querySelectorAll('.fold[aria-expanded=false], .pagetable summary').forEach(it => it.click())";
    page.driver.execute(unfold, json!([]));
    page.wait_for_words(".inside", "pointed to by");
    page.look("values", &mut wrong);
    page.click("Bytecode");
    page.look("bytecode", &mut wrong);
    page.click("Source");
    page.click("Find…");
    page.look("with Find open", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_views_of_a_small_screen_have_no_violations() {
    let page = Page::with_axe();
    page.go("Next fault");
    let mut wrong = String::new();
    for theme in THEMES {
        let script = "document.documentElement.dataset.theme = arguments[0]";
        page.driver.execute(script, json!([theme]));
        page.size(390, 844);
        for view in ["Path", "Memory", "Code", "Events"] {
            page.click(view);
            page.look_once(&format!("{view}, {theme}, 390"), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn sheets_tables_and_a_machine_that_was_given_up_have_no_violations() {
    let page = Page::with_axe();
    let mut wrong = String::new();
    page.go("Next fault");
    page.click("As table");
    page.wait_for_words(".maptable thead", "Owner");
    page.driver
        .execute("document.querySelector('#frame-map')?.click()", json!([]));
    page.look("memory as a table", &mut wrong);
    page.click("Charts…");
    page.wait_for_words(".chart h3", "page loads");
    page.look("charts", &mut wrong);
    page.click("Close");
    page.click("Other kernels…");
    page.wait_for_words(".kernels tbody", "monolithic, by signal");
    page.look("other kernels", &mut wrong);
    page.click("Close");
    page.click("Packets…");
    page.wait_for_words("#h-packet", "Packet 1");
    page.look("packets", &mut wrong);
    let text = page.value("#filter-text");
    page.put("#filter-text", &format!("{text}spy: tcp port 80\n"));
    page.wait_for_words("#filter-said", "has these packets");
    page.focus(".packets .hex");
    page.driver.press("\u{E015}");
    page.wait_for_words(".packets .about", "Byte 0");
    page.look("packets with a filter that is refused", &mut wrong);
    page.click("Close");
    page.click("All events…");
    page.wait_for_words("#record-place", "Events ");
    page.look("all events", &mut wrong);
    page.click("Close");
    page.click("Help and keys");
    page.look("help", &mut wrong);
    page.driver.press("\u{E00C}");
    page.click("Share…");
    page.look("share", &mut wrong);
    page.click("Close");
    let text = page.text();
    let mark = "let frame = match self.table.find(fault.page) {";
    page.edit(&text.replace(mark, &format!("loop {{}}\n        {mark}")));
    page.click("Apply");
    page.speed("full");
    page.click("Run");
    wait_for("A is given up", || {
        (page.phase(0) == "broken").then_some(())
    });
    page.look("A is given up", &mut wrong);
    page.go("Step back");
    page.edit(&text);
    page.click("Apply");
    page.click("Branches 2");
    page.look("branches", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_machine_with_a_network_and_its_packets_have_no_violations() {
    let mut wrong = String::new();
    let page = Page::on_scenario("network-udp");
    page.bring_axe();
    page.type_step("end");
    page.wait_for_words(".network .peers", "finished");
    page.look("a machine with a network", &mut wrong);
    page.show_machine_packets("52 packets");
    page.focus(".slots");
    page.driver.press("\u{E014}");
    page.wait_for_words(".ring [aria-live]", "On the map too");
    page.look("packets of the machine", &mut wrong);
    let buttons = page.driver.find_all(".netpane .ph .btn");
    page.driver.click(&buttons[0]);
    page.wait_for_words(".ringtable", "kernel");
    page.look("rings as a table", &mut wrong);
    page.click("A capture");
    page.wait_for_words("#h-packet", "Packet 1");
    page.look("a capture beside a machine with a network", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_was_tried_and_what_stopped_it_has_no_violations() {
    let mut wrong = String::new();
    let page = Page::on_scenario("attack-ignore-revocation");
    page.bring_axe();
    page.type_step("end");
    page.wait_for_words(".tried", "taken");
    page.look("what was tried", &mut wrong);
    page.size(390, 844);
    page.click("Events");
    page.look_once("what was tried, on a small screen", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_embedded_page_and_large_type_have_no_violations() {
    let mut wrong = String::new();
    let page = Page::open_at(&format!("{}?embed=1&readonly=1", crate::page::address()));
    page.bring_axe();
    page.look("embedded", &mut wrong);
    page.click("Large type, for a projector");
    page.look("embedded, large", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn large_type_why_what_was_found_and_a_newer_version_have_no_violations() {
    let mut wrong = String::new();
    let site = crate::offline::Site::new("axe");
    let page = Page::open_at(&site.address);
    crate::offline::wait_until_kept(&page);
    crate::offline::publish_newer(&site);
    page.reload();
    page.bring_axe();
    page.wait_for_words("#newer", "A newer version");
    page.look("a newer version", &mut wrong);
    (0..3).for_each(|_| page.go("Next fault"));
    let why = page.driver.find_all(".envs .linkbtn:not(.stt)");
    page.driver.click(&why[0]);
    page.wait_for_words(".chain", "step");
    page.look("why", &mut wrong);
    page.click("Find…");
    page.put("#find-what", "an event of a kind");
    page.click("Run until what is looked for");
    page.wait_for_words("#found", "a step");
    page.look("what was found", &mut wrong);
    page.click("Large type, for a projector");
    page.look("large", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_offer_of_kept_work_and_the_panel_after_a_crash_have_no_violations() {
    let page = Page::with_axe();
    let mut wrong = String::new();
    page.edit("// half a thought");
    page.click("versions");
    page.wait_for_words("#versions", "No other version");
    page.look("versions, of which there is none", &mut wrong);
    page.reload();
    page.bring_axe();
    page.wait_for_words("#kept-offer", "Your work of");
    page.look("the offer of kept work", &mut wrong);
    page.click("versions");
    page.wait_for_words("#versions", "differ");
    page.look("versions", &mut wrong);
    page.crash();
    page.look_after_a_crash("the panel after a crash", &mut wrong);
    assert!(wrong.is_empty(), "{wrong}");
}

/// The text of the live region, and whether it is one.
fn told(page: &Page) -> (String, Value) {
    let script = "const region = document.querySelector('.caption [role=status]'); \
                  return [region.textContent, region.getAttribute('aria-live')]";
    let told = page.driver.execute(script, json!([]));
    (
        told[0].as_str().unwrap_or_default().to_owned(),
        told[1].clone(),
    )
}

#[test]
fn each_manual_step_is_told_in_the_live_region_and_the_map_has_a_table_with_a_name() {
    let page = Page::open();
    let mut before = told(&page).0;
    for _ in 0..4 {
        page.go("Next fault");
        let (text, live) = told(&page);
        assert_eq!(live, "polite");
        assert_ne!(text, before);
        before = text;
    }
    page.click("As table");
    page.wait_for_words(".maptable thead", "Owner");
    let tables = page.driver.find_all(".maptable table");
    let label = page.driver.about(&tables[0], "computedlabel");
    assert!(label.as_str().is_some_and(|it| !it.is_empty()), "{label}");
}
