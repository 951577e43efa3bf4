//! The page's files as they are laid out: `web/index.html`, with what it names beside it, each file of ours under a
//! name that fits its content.
//!
//! `index.html` names files as Trunk has them named, in elements with `data-trunk`: a style sheet or an icon gets such
//! a name, and its hash for browsers to compare; a file to be copied keeps its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384};

use crate::inputs::hex;
use crate::places;

/// A page that is being laid out.
#[derive(Debug)]
pub struct Layout {
    /// `index.html` so far.
    pub html: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// A file of the page: its name, and what a browser compares it with before it uses it.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The hash.
    pub integrity: String,
}

impl Layout {
    /// Begins with `index.html` and the files of `static/` that it names; `read` reads one.
    ///
    /// # Errors
    /// A file is missing, or named in another way than in a `<link>` on a line of its own.
    pub fn begin(html: &str, read: impl Fn(&str) -> Result<Vec<u8>>) -> Result<Layout> {
        let mut layout = Layout {
            html: String::new(),
            files: BTreeMap::new(),
        };
        for line in html.lines() {
            match Element::of(line) {
                Some(element) => layout.follow(&element, &read)?,
                None => layout.html.push_str(&format!("{line}\n")),
            }
        }
        if layout.html.contains("data-trunk") || layout.html.contains("../static/") {
            bail!("index.html names a file in another way than in a <link data-trunk> of one line");
        }
        Ok(layout)
    }

    /// Takes the file of an element into the page, and has the page name it.
    fn follow(
        &mut self,
        element: &Element<'_>,
        read: impl Fn(&str) -> Result<Vec<u8>>,
    ) -> Result<()> {
        let rel = match element.rel {
            // The program has steps of its own.
            "rust" => return Ok(()),
            "copy-file" => {
                let name = element.file.to_owned();
                self.files.insert(name, read(element.path)?);
                return Ok(());
            }
            "css" => "stylesheet",
            other => other,
        };
        let Some((stem, ending)) = element.file.split_once('.') else {
            bail!(
                "index.html names static/{}, which has no ending",
                element.path
            );
        };
        let Named { name, integrity } = self.add(stem, ending, read(element.path)?);
        let (href, rest) = (format!("./{name}"), element.rest);
        self.html.push_str(&format!(
            "<link rel=\"{rel}\" href=\"{href}\" integrity=\"{integrity}\"{rest}\n"
        ));
        Ok(())
    }

    /// Adds a file under a name that fits its content.
    pub fn add(&mut self, stem: &str, ending: &str, bytes: Vec<u8>) -> Named {
        let name = format!("{stem}-{}.{ending}", fingerprint(&bytes));
        let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(&bytes)));
        self.files.insert(name.clone(), bytes);
        Named { name, integrity }
    }

    /// Puts something at the end of the head.
    ///
    /// # Errors
    /// There is no head.
    pub fn append_to_head(&mut self, element: &str) -> Result<()> {
        let end = self.html.find("</head>");
        let end = end.context("index.html has no </head>")?;
        self.html.insert_str(end, element);
        Ok(())
    }

    /// Writes the page, in the place of what was there.
    ///
    /// # Errors
    /// A file cannot be written; the page is not whole then.
    pub fn write(&self, page: &Path) -> Result<()> {
        places::remove_directory(page)?;
        fs::create_dir_all(page)?;
        let html = ("index.html", self.html.as_bytes());
        let files = self.files.iter().map(|(name, bytes)| (&**name, &**bytes));
        for (name, bytes) in files.chain([html]) {
            fs::write(page.join(name), bytes)
                .with_context(|| format!("{name} of the page cannot be written"))?;
        }
        Ok(())
    }
}

/// An element of `index.html` that stands for a file.
struct Element<'html> {
    rel: &'html str,
    /// Where the file is, below `static/`; and its name.
    path: &'html str,
    file: &'html str,
    /// What comes behind that in the element.
    rest: &'html str,
}

impl Element<'_> {
    /// The one on a line, if there is one as Trunk reads it: `data-trunk`, `rel` and `href` come first.
    fn of(line: &str) -> Option<Element<'_>> {
        let (rel, rest) = line
            .strip_prefix("<link data-trunk rel=\"")?
            .split_once('"')?;
        let (path, rest) = rest.strip_prefix(" href=\"")?.split_once('"')?;
        let below = path.strip_prefix("../static/").unwrap_or(path);
        Some(Element {
            rel,
            path: below,
            file: below.rsplit('/').next().unwrap_or(below),
            rest,
        })
    }
}

/// Sixteen digits that differ where the content does.
fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

#[cfg(test)]
mod tests {
    use super::Layout;

    fn begin(html: &str) -> anyhow::Result<Layout> {
        Layout::begin(html, |path| Ok(format!("content of {path}").into_bytes()))
    }

    #[test]
    fn files_get_names_that_fit_them_and_hashes_to_compare() {
        let html = "<head>\n<link data-trunk rel=\"css\" href=\"../static/css/a.css\">\n\
                    <link data-trunk rel=\"copy-file\" href=\"../static/b.trace\">\n\
                    <link data-trunk rel=\"rust\" href=\"Cargo.toml\">\n</head>\n";
        let mut layout = begin(html).unwrap();
        let names: Vec<&String> = layout.files.keys().collect();
        let [hashed, copied] = names[..] else {
            panic!("{names:?}");
        };
        assert!(
            hashed.starts_with("a-") && hashed.ends_with(".css"),
            "{hashed}"
        );
        assert_eq!(copied, "b.trace");
        let start =
            format!("<head>\n<link rel=\"stylesheet\" href=\"./{hashed}\" integrity=\"sha384-");
        assert!(layout.html.starts_with(&start), "{}", layout.html);
        assert!(layout.html.ends_with("\">\n</head>\n"), "{}", layout.html);
        layout.append_to_head("<meta>").unwrap();
        assert!(layout.html.ends_with("<meta></head>\n"), "{}", layout.html);
    }

    #[test]
    fn a_file_that_is_named_otherwise_is_refused() {
        let error = begin("<img src=\"../static/a.svg\">").unwrap_err();
        assert!(error.to_string().contains("in another way"), "{error}");
        assert!(begin("<link data-trunk rel=\"icon\" href=\"../static/a\">").is_err());
        assert!(begin("").unwrap().append_to_head("").is_err());
    }
}
