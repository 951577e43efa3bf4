//! Light, dark or high contrast, and the size of the type: follows the system until a button is pressed,
//! and remembers the choice.

use gloo::events::EventListener;
use web_sys::{Element, Storage};
use yew::{Callback, hook, use_effect_with, use_mut_ref, use_state_eq};

const STORED_AS: &str = "exokernel.theme";
const TYPE_STORED_AS: &str = "exokernel.type";
/// What else of the system changes the colours.
const FOLLOWED: [&str; 3] = [
    "(prefers-color-scheme: dark)",
    "(prefers-contrast: more)",
    "(forced-colors: active)",
];

/// What was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Whatever the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Black on white, or white on black if the system is dark.
    Contrast,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    /// The icon of its button.
    pub fn icon(self) -> &'static str {
        match self {
            Theme::System => "#i-theme",
            Theme::Light => "#i-light",
            Theme::Dark => "#i-dark",
            Theme::Contrast => "#i-contrast",
        }
    }

    /// What its button says: what is chosen, and what comes next.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "Theme: as the system. Change to light",
            Theme::Light => "Theme: light. Change to dark",
            Theme::Dark => "Theme: dark. Change to high contrast",
            Theme::Contrast => "Theme: high contrast. Change to follow the system",
        }
    }

    fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Contrast,
            Theme::Contrast => Theme::System,
        }
    }
}

/// Grows whenever the page's colours may have changed: what is drawn by hand is then drawn again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inks(pub u32);

/// How the page looks, and what changes that.
#[derive(Clone, PartialEq)]
pub struct Looks {
    /// The theme.
    pub theme: Theme,
    /// Whether the type is large, as for a projector.
    pub large: bool,
    /// Goes on to the next theme.
    pub next_theme: Callback<()>,
    /// Makes the type large, or usual again.
    pub change_type: Callback<()>,
}

/// How the page looks, and the count of changes of its colours.
#[hook]
pub(super) fn use_looks() -> (Looks, Inks) {
    let theme = use_state_eq(stored);
    let large = use_state_eq(|| stored_at(TYPE_STORED_AS).as_deref() == Some("large"));
    let inks = use_state_eq(Inks::default);
    let count = use_mut_ref(|| 0_u32);
    let changed = {
        let inks = inks.setter();
        Callback::from(move |()| {
            *count.borrow_mut() += 1;
            inks.set(Inks(*count.borrow()));
        })
    };
    {
        let changed = changed.clone();
        use_effect_with(*theme, move |theme| {
            write(*theme);
            changed.emit(());
        });
    }
    {
        let changed = changed.clone();
        use_effect_with(*large, move |large| {
            write_type(*large);
            changed.emit(());
        });
    }
    use_effect_with((), move |()| {
        let listen = |words: &str| {
            let query = web_sys::window()?.match_media(words).ok()??;
            let changed = changed.clone();
            Some(EventListener::new(&query, "change", move |_| {
                changed.emit(());
            }))
        };
        let listeners = FOLLOWED.map(listen);
        move || drop(listeners)
    });
    let looks = Looks {
        theme: *theme,
        large: *large,
        next_theme: {
            let theme = theme.clone();
            Callback::from(move |()| theme.set(theme.next()))
        },
        change_type: {
            let large = large.clone();
            Callback::from(move |()| large.set(!*large))
        },
    };
    (looks, *inks)
}

fn root() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

/// The browser's store, if the page may use it.
pub(super) fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

pub(super) fn stored_at(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Remembers something; a browser that forbids that only forgets.
pub(super) fn store_at(key: &str, value: &str) {
    if let Some(storage) = storage() {
        drop(storage.set_item(key, value));
    }
}

fn stored() -> Theme {
    let name = stored_at(STORED_AS);
    let known = [Theme::Light, Theme::Dark, Theme::Contrast];
    known
        .into_iter()
        .find(|theme| Some(theme.name()) == name.as_deref())
        .unwrap_or_default()
}

/// Puts the theme on the page and remembers it.
fn write(theme: Theme) {
    if let Some(root) = root() {
        let done = match theme {
            Theme::System => root.remove_attribute("data-theme"),
            Theme::Light | Theme::Dark | Theme::Contrast => {
                root.set_attribute("data-theme", theme.name())
            }
        };
        debug_assert!(done.is_ok(), "data-theme is a valid attribute name");
    }
    store_at(STORED_AS, theme.name());
}

/// Puts the size of the type on the page and remembers it, likewise.
fn write_type(large: bool) {
    let name = if large { "large" } else { "usual" };
    if let Some(root) = root() {
        let done = root.set_attribute("data-type", name);
        debug_assert!(done.is_ok(), "data-type is a valid attribute name");
    }
    store_at(TYPE_STORED_AS, name);
}
