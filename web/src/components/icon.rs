//! Small marks: icons of the page's sprite, owner tags.

use yew::{AttrValue, Html, html};

use crate::view::{Owner, hatch_path};

/// A symbol of the sprite in `index.html`. What it means stands beside it or in its button's label.
pub(crate) fn icon(name: impl Into<AttrValue>) -> Html {
    drawn("icon", name.into(), None)
}

/// The same, small, for rows of text.
pub(crate) fn mark(name: impl Into<AttrValue>) -> Html {
    drawn("ev", name.into(), None)
}

/// The same, where nothing beside it says what it means.
pub(crate) fn named_mark(name: impl Into<AttrValue>, meaning: &'static str) -> Html {
    drawn("ev", name.into(), Some(meaning))
}

fn drawn(class: &'static str, name: AttrValue, meaning: Option<&'static str>) -> Html {
    let (role, hidden) = match meaning {
        Some(_) => (Some("img"), None),
        None => (None, Some("true")),
    };
    html! { <svg {class} {role} aria-label={meaning} aria-hidden={hidden}><use href={name} /></svg> }
}

/// An owner's letter on its tint, with its hatch if others have the hue.
pub(crate) fn owner_tag(owner: Owner) -> Html {
    let class = format!("own own-{}", owner.hue());
    let hatch = hatch_path(owner.env);
    html! {
        <span {class}>
            if let Some(d) = hatch { <svg viewBox="0 0 3 3" aria-hidden="true"><path {d} /></svg> }
            { owner.letter() }
        </span>
    }
}
