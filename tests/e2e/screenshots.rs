//! A picture of each screen, light and dark, on a desk and on a phone: made by `cargo xtask screenshots`.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::driver::setting;
use crate::page::Page;

const SIZES: [(&str, u32, u32); 2] = [("1440", 1440, 900), ("390", 390, 844)];

impl Page {
    fn store_picture(&self, name: &str) {
        let folder = PathBuf::from(setting("EXO_PICTURES"));
        let bytes = STANDARD.decode(self.driver.picture()).expect("base64");
        std::fs::write(folder.join(format!("{name}.png")), bytes).expect("a picture is written");
    }

    /// A picture of what is shown in either theme at either size; `phone` is the view of a small screen.
    fn picture(&self, screen: &str, phone: &str) {
        for theme in ["light", "dark"] {
            self.prefer(theme);
            for (size, width, height) in SIZES {
                self.size(width, height);
                if self.can(phone) {
                    self.click(phone);
                }
                self.driver.execute("window.scrollTo(0, 0)", json!([]));
                self.store_picture(&format!("{screen}-{theme}-{size}"));
            }
        }
        self.size(1440, 900);
    }
}

impl Page {
    /// Pictures of what opens above the machine.
    fn picture_sheets(&self) {
        for (button, shown, words, screen) in [
            ("Charts…", ".chart h3", "page loads", "charts"),
            (
                "Other kernels…",
                ".kernels tbody",
                "monolithic, by signal",
                "kernels",
            ),
            ("All events…", "#record-place", "Events ", "all-events"),
        ] {
            self.click(button);
            self.wait_for_words(shown, words);
            self.picture(screen, "none");
            self.click("Close");
        }
        self.click("Packets…");
        self.wait_for_words("#h-packet", "Packet 1");
        self.focus(".packets .rows table");
        (0..6).for_each(|_| self.driver.press("\u{E015}"));
        self.wait_for_words("#h-packet", "Packet 7");
        self.picture("packets", "none");
        self.click("Close");
    }

    /// Pictures of a machine with a network, and of its packets.
    fn picture_network(&self) {
        self.go_to_step(40_000);
        self.picture("network", "Events");
        self.click("Packets…");
        self.wait_for_words("#h-packet", "Packet 51");
        self.picture("packets-of-the-machine", "none");
    }
}

#[test]
#[ignore = "makes pictures: `cargo xtask screenshots`"]
fn every_screen_is_pictured() {
    let page = Page::open();
    page.picture("opening", "Path");
    page.click("Start the first lesson");
    page.go("Next fault");
    page.picture("lesson", "Path");
    // Where the README's picture stands: memory is full, and the library gives a frame to another page.
    let page = Page::open();
    page.click("No, thanks");
    page.speed("full");
    page.go_to_step(132_751);
    page.go("Next fault");
    (0..3).for_each(|_| page.go("Step"));
    page.driver
        .execute("document.activeElement.blur()", json!([]));
    page.picture("workbench", "Path");
    page.picture("memory", "Memory");
    page.picture("policy", "Code");
    page.picture("events", "Events");
    page.click("Values");
    page.wait_for_words(".inside", "Page table");
    page.picture("values", "Code");
    page.click("Source");
    page.click("Find…");
    page.picture("find", "Path");
    page.click("Close the find bar");
    page.picture_sheets();
    page.click("Share…");
    page.picture("share", "none");
    page.click("Close");
    page.click("Help and keys");
    page.picture("help", "none");
    page.driver.press("\u{E00C}");
    for next in [
        "Theme: as the system. Change to light",
        "Theme: light. Change to dark",
        "Theme: dark. Change to high contrast",
    ] {
        page.click(next);
    }
    for scheme in ["light", "dark"] {
        page.prefer(scheme);
        page.store_picture(&format!("contrast-{scheme}-1440"));
    }
    page.click("Theme: high contrast. Change to follow the system");
    page.prefer("light");
    page.size(1920, 1080);
    page.click("Large type, for a projector");
    page.store_picture("projector-light-1920");
    let embedded = Page::open_at(&format!("{}?embed=1&step=120", crate::page::address()));
    embedded.picture("embedded", "Path");
    Page::on_scenario("network-lossy").picture_network();
}
