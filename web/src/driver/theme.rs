//! Light or dark: follows the system until the button is pressed, and remembers the choice.

use gloo::events::EventListener;
use web_sys::{Element, Storage};
use yew::{Callback, hook, use_effect_with, use_mut_ref, use_state_eq};

const STORED_AS: &str = "exokernel.theme";

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
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The icon of its button.
    pub fn icon(self) -> &'static str {
        match self {
            Theme::System => "#i-theme",
            Theme::Light => "#i-light",
            Theme::Dark => "#i-dark",
        }
    }

    /// What its button says: what is chosen, and what comes next.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "Theme: as the system. Change to light",
            Theme::Light => "Theme: light. Change to dark",
            Theme::Dark => "Theme: dark. Change to follow the system",
        }
    }

    fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }
}

/// Grows whenever the page's colours may have changed: what is drawn by hand is then drawn again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inks(pub u32);

/// The theme, the count of colour changes, and what changes it.
#[hook]
pub(super) fn use_theme() -> (Theme, Inks, Callback<()>) {
    let theme = use_state_eq(stored);
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
    use_effect_with((), move |()| {
        let query = web_sys::window().and_then(|window| {
            window
                .match_media("(prefers-color-scheme: dark)")
                .ok()
                .flatten()
        });
        let listener =
            query.map(|query| EventListener::new(&query, "change", move |_| changed.emit(())));
        move || drop(listener)
    });
    let change = {
        let theme = theme.clone();
        Callback::from(move |()| theme.set(theme.next()))
    };
    (*theme, *inks, change)
}

fn root() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

/// The browser's store, if the page may use it.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn stored() -> Theme {
    let name = storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    let known = [Theme::Light, Theme::Dark];
    known
        .into_iter()
        .find(|theme| Some(theme.name()) == name.as_deref())
        .unwrap_or_default()
}

/// Puts the theme on the page and remembers it; a browser that forbids remembering only forgets.
fn write(theme: Theme) {
    if let Some(root) = root() {
        let done = match theme {
            Theme::System => root.remove_attribute("data-theme"),
            Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
        };
        debug_assert!(done.is_ok(), "data-theme is a valid attribute name");
    }
    if let Some(storage) = storage() {
        drop(storage.set_item(STORED_AS, theme.name()));
    }
}
