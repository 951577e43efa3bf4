//! What the page's address asks for: to be a part of another page, to be read only, where to begin.

use web_sys::UrlSearchParams;

/// The questions of the address; see `docs/embedding.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// Whether the page is a part of another page: few controls, nothing kept.
    pub(super) embedded: bool,
    /// Whether nothing of it may be changed.
    pub(super) read_only: bool,
    /// The scenario to open, unless there is a link.
    pub(super) scenario: Option<String>,
    /// The step, the position or the end to begin at.
    pub(super) step: Option<String>,
    /// The only origin that may drive it; any, if none is named.
    pub(super) host: Option<String>,
}

impl Address {
    /// Reads the page's address. What it does not know is passed over.
    pub(super) fn of_the_page() -> Address {
        let search = web_sys::window().and_then(|window| window.location().search().ok());
        let search = search.and_then(|it| UrlSearchParams::new_with_str(&it).ok());
        let Some(search) = search else {
            return Address::default();
        };
        let is_set = |name| search.get(name).is_some_and(|it| it != "0");
        Address {
            embedded: is_set("embed"),
            read_only: is_set("readonly"),
            scenario: search.get("scenario"),
            step: search.get("step"),
            host: search.get("host"),
        }
    }
}
