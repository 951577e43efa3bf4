//! From a request's path to a file of the page, and never to any other file.

use std::path::{Path, PathBuf};

/// The file that this request target names, if the page has it.
///
/// A target is refused when it leaves the page's directory, by `..`, by an encoded separator or by a symbolic
/// link, and when it names the headers file, which is for the server.
pub(crate) fn resolve(root: &Path, target: &str) -> Option<PathBuf> {
    let relative = relative_path(target)?;
    if relative == Path::new(crate::headers::FILE_NAME) {
        return None;
    }
    let root = root.canonicalize().ok()?;
    let mut file = root.join(relative);
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(&root) && file.is_file()).then_some(file)
}

/// The path below the page's directory that a request target names; `None` if it is not a plain one.
fn relative_path(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let decoded = percent_decode(path)?;
    let mut relative = PathBuf::new();
    for part in decoded
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        let is_plain = part != ".." && !part.contains(['\\', ':', '\0']);
        is_plain.then(|| relative.push(part))?;
    }
    Some(relative)
}

/// The text with each `%xx` replaced by its byte; `None` if that is not UTF-8, or an escape is broken.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            let digits = str::from_utf8(&digits).ok()?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

/// The media type of a file, by its name's extension.
pub(crate) fn media_type(file: &Path) -> &'static str {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "rs" | "toml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_targets_name_files_below_the_page() {
        assert_eq!(relative_path("/"), Some(PathBuf::new()));
        assert_eq!(
            relative_path("/static/a.css?v=1#x"),
            Some("static/a.css".into())
        );
        assert_eq!(relative_path("//static/./a%20b"), Some("static/a b".into()));
    }

    #[test]
    fn targets_that_leave_the_page_are_refused() {
        for target in [
            "/..",
            "/../secret",
            "/a/../../secret",
            "/%2e%2e/secret",
            "/a/..%2fsecret",
            "/..%5csecret",
            "/c:/secret",
            "/a%00",
            "secret",
            "http://elsewhere/",
        ] {
            assert_eq!(relative_path(target), None, "{target}");
        }
    }

    #[test]
    fn broken_escapes_are_refused() {
        for target in ["/%", "/%4", "/%zz", "/%ff"] {
            assert_eq!(relative_path(target), None, "{target}");
        }
    }

    #[test]
    fn wasm_and_scripts_have_the_types_that_browsers_insist_on() {
        assert_eq!(media_type(Path::new("a_bg.wasm")), "application/wasm");
        assert_eq!(
            media_type(Path::new("a.js")),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(media_type(Path::new("LICENSE")), "application/octet-stream");
    }

    #[test]
    #[cfg(unix)]
    fn a_symbolic_link_out_of_the_page_is_refused() {
        let root = std::env::temp_dir().join(format!("xtask-files-{}", std::process::id()));
        let page = root.join("page");
        std::fs::create_dir_all(&page).unwrap();
        std::fs::write(root.join("secret"), "secret").unwrap();
        std::fs::write(page.join("index.html"), "page").unwrap();
        std::os::unix::fs::symlink(root.join("secret"), page.join("link")).unwrap();
        let (index, link) = (resolve(&page, "/"), resolve(&page, "/link"));
        std::fs::remove_dir_all(&root).unwrap();
        assert!(index.is_some_and(|file| file.ends_with("page/index.html")));
        assert_eq!(link, None);
    }
}
