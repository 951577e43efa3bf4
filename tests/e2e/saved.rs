//! Files that the page saves.

use std::path::PathBuf;

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

/// A folder for what a page saves; it goes with it.
pub struct Saved(PathBuf);

impl Saved {
    /// A folder of that name, into which the page saves from now on without asking.
    pub fn new(page: &Page, name: &str) -> Saved {
        let folder = std::env::temp_dir().join(format!("exo-e2e-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let behavior = json!({ "behavior": "allow", "downloadPath": folder });
        page.driver.devtools("Page.setDownloadBehavior", behavior);
        Saved(folder)
    }

    /// The file whose name ends so, once it is there.
    pub fn with_ending(&self, ending: &str) -> Vec<u8> {
        wait_for(&format!("{ending} is saved"), || {
            let mut files = self.0.read_dir().ok()?.flatten().map(|it| it.path());
            let file = files.find(|it| it.extension().is_some_and(|it| it == ending))?;
            std::fs::read(file).ok().filter(|bytes| !bytes.is_empty())
        })
    }

    /// The text of the file of that name, once it is there.
    pub fn text_of(&self, name: &str) -> String {
        let file = self.0.join(name);
        wait_for(&format!("{name} is saved"), || {
            std::fs::read_to_string(&file)
                .ok()
                .filter(|it| !it.is_empty())
        })
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
