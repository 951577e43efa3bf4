//! Sealing the built page: a content security policy that lets nothing in but what was built.
//!
//! The policy lets scripts of the same origin run. One inside the HTML it names by its hash, so that no other can
//! run, and it forbids styles and event handlers inside the HTML altogether.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use sha2::{Digest, Sha256};
use xtask::headers::Header;

/// Who may show the page in a frame. Teachers embed it in their own pages, so: anyone.
const FRAME_ANCESTORS: &str = "frame-ancestors *";

/// A page with its policy inside, and the headers to send with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The page.
    pub html: String,
    /// What a server sends with every file.
    pub headers: Vec<Header>,
}

/// Seals a page; refuses, with one line for each reason, if the policy would break it.
pub fn seal(html: &str) -> Result<Sealed, Vec<String>> {
    // Browsers hash a script after they have done the same.
    let html = html.replace("\r\n", "\n");
    let findings = Findings::in_page(&html);
    let Some(head) = findings.head_start else {
        return Err(vec!["there is no <head> to put the policy into".to_owned()]);
    };
    if !findings.offences.is_empty() {
        return Err(findings.offences);
    }
    let policy = policy(&findings.script_hashes);
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let mut sealed = html;
    // From the end, so that the places found stay right.
    for place in findings.bases.iter().rev() {
        sealed.replace_range(place.clone(), "");
    }
    sealed.insert_str(head, &meta);
    Ok(Sealed {
        html: sealed,
        headers: headers(&policy),
    })
}

/// The policy of a page whose inside scripts have these hashes.
fn policy(script_hashes: &[String]) -> String {
    let hashes: String = script_hashes
        .iter()
        .map(|hash| format!(" 'sha256-{hash}'"))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; object-src 'none'"
    )
}

/// The headers of every file: the policy, with the part that only a header can say, and three more. The last one lets
/// a frame without an origin of its own load the page's files, of which none is a secret.
fn headers(policy: &str) -> Vec<Header> {
    vec![
        Header::new(
            "Content-Security-Policy",
            &format!("{policy}; {FRAME_ANCESTORS}"),
        ),
        Header::new("X-Content-Type-Options", "nosniff"),
        Header::new("Referrer-Policy", "no-referrer"),
        Header::new("Access-Control-Allow-Origin", "*"),
    ]
}

/// What matters for the policy in a page.
#[derive(Default)]
struct Findings {
    /// Where the head's content begins.
    head_start: Option<usize>,
    /// The `<base>` elements that change nothing.
    bases: Vec<std::ops::Range<usize>>,
    /// The hashes of the scripts inside the page.
    script_hashes: Vec<String>,
    /// What the policy would forbid, with its line.
    offences: Vec<String>,
}

impl Findings {
    /// Reads a page.
    fn in_page(html: &str) -> Self {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut findings = Self::default();
        let mut in_script = false;
        for token in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Ok(Token::StartTag(tag)) => {
                    in_script = &**tag.name == b"script" && !has(&tag, b"src");
                    findings.look_at(&tag, html);
                }
                Ok(Token::String(text)) if in_script => {
                    findings
                        .script_hashes
                        .push(STANDARD.encode(Sha256::digest(&**text)));
                }
                Ok(Token::EndTag(_)) => in_script = false,
                _ => {}
            }
        }
        findings
    }

    /// Looks at one element.
    fn look_at(&mut self, tag: &StartTag<usize>, html: &str) {
        let line = 1 + html[..tag.span.start].matches('\n').count();
        let mut offend = |what: String| self.offences.push(format!("line {line}: {what}"));
        match &**tag.name {
            b"head" => self.head_start = self.head_start.or(Some(tag.span.end)),
            b"style" => offend("a <style> element: put it into a file of static/".to_owned()),
            b"base" if attribute(tag, b"href").is_none_or(|href| matches!(href, "" | "./")) => {
                self.bases.push(tag.span.start..tag.span.end);
            }
            b"base" => offend("a <base> that changes what addresses mean".to_owned()),
            b"meta" if attribute(tag, b"http-equiv").is_some_and(is_policy) => {
                offend("the page has a content security policy already".to_owned());
            }
            _ => {}
        }
        for (name, value) in &tag.attributes {
            let name = String::from_utf8_lossy(name);
            if name == "style" {
                offend("a style= attribute: use a class".to_owned());
            } else if name.starts_with("on") {
                offend(format!(
                    "the event handler {name}=: add a listener in the program"
                ));
            } else if value
                .trim_ascii_start()
                .to_ascii_lowercase()
                .starts_with(b"javascript:")
            {
                offend(format!(
                    "a script in {name}=: add a listener in the program"
                ));
            }
        }
    }
}

/// Whether this `http-equiv` is that of a policy.
fn is_policy(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-security-policy")
}

/// Whether the element has the attribute.
fn has(tag: &StartTag<usize>, name: &[u8]) -> bool {
    tag.attributes.contains_key(name)
}

/// The value of an attribute.
fn attribute<'a>(tag: &'a StartTag<usize>, name: &[u8]) -> Option<&'a str> {
    tag.attributes
        .get(name)
        .and_then(|value| str::from_utf8(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(html: &str) -> Vec<String> {
        seal(html).expect_err("the page should be refused")
    }

    #[test]
    fn the_policy_comes_first_in_the_head() {
        let sealed =
            seal("<!doctype html><html><head><meta charset=\"utf-8\"></head></html>").unwrap();
        let start = "<!doctype html><html><head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ";
        assert!(sealed.html.starts_with(start), "{}", sealed.html);
        assert!(
            sealed
                .html
                .ends_with("object-src 'none'\"><meta charset=\"utf-8\"></head></html>")
        );
    }

    #[test]
    fn a_script_in_the_page_is_named_by_its_hash() {
        // The script and the hash are the example of the policy's specification.
        let sealed =
            seal("<head><script type=module>alert('Hello, world.');</script></head>").unwrap();
        let hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert!(sealed.html.contains(hash), "{}", sealed.html);
        assert!(sealed.headers[0].value.contains(hash));
    }

    #[test]
    fn line_ends_do_not_change_a_scripts_hash() {
        let unix = seal("<head></head><script>\na < b;\n</script>").unwrap();
        let dos = seal("<head></head><script>\r\na < b;\r\n</script>").unwrap();
        assert_eq!(unix, dos);
    }

    #[test]
    fn scripts_in_files_need_no_hash() {
        let sealed = seal("<head><script src=\"a.js\"></script></head>text").unwrap();
        assert!(
            sealed
                .html
                .contains("script-src 'self' 'wasm-unsafe-eval'; style-src")
        );
    }

    #[test]
    fn the_headers_say_what_a_meta_element_cannot() {
        let sealed = seal("<head></head>").unwrap();
        assert!(
            sealed.headers[0]
                .value
                .ends_with("object-src 'none'; frame-ancestors *")
        );
        assert!(!sealed.html.contains("frame-ancestors"));
        assert_eq!(
            sealed.headers[1],
            Header::new("X-Content-Type-Options", "nosniff")
        );
        assert_eq!(
            sealed.headers[2],
            Header::new("Referrer-Policy", "no-referrer")
        );
        assert_eq!(
            sealed.headers[3],
            Header::new("Access-Control-Allow-Origin", "*")
        );
    }

    #[test]
    fn what_the_policy_would_break_is_refused_with_its_line() {
        assert_eq!(
            offences("<head>\n</head><p style=\"color:red\">"),
            ["line 2: a style= attribute: use a class"]
        );
        assert!(offences("<head><style>p{}</style></head>")[0].contains("<style>"));
        assert!(offences("<head></head><p ONCLICK=x()>")[0].contains("onclick="));
        assert!(offences("<head></head><a href=' JavaScript:x()'>")[0].contains("href="));
        assert_eq!(offences("<head></head><p style=a><b onclick=b>").len(), 2);
    }

    #[test]
    fn text_that_only_looks_like_an_offence_is_none() {
        let page = "<head></head><!-- <p style=a> --><script>\"<p style='a'>\"</script><p title='style=a'>";
        assert!(seal(page).is_ok());
    }

    #[test]
    fn a_base_that_changes_nothing_is_dropped_and_another_refused() {
        let sealed = seal("<head><base href=\"./\"><title>t</title></head>").unwrap();
        assert!(
            sealed
                .html
                .ends_with("object-src 'none'\"><title>t</title></head>")
        );
        assert!(offences("<head><base href=\"/elsewhere/\"></head>")[0].contains("<base>"));
    }

    #[test]
    fn a_page_is_sealed_once() {
        let sealed = seal("<head></head>").unwrap();
        assert!(offences(&sealed.html)[0].contains("already"));
        assert!(offences("<p>no head")[0].contains("no <head>"));
    }
}
