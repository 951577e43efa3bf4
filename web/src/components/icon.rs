//! Small marks: icons of the page's sprite, owner tags.

use yew::{AttrValue, Html, Properties, component, html};

use crate::view::Owner;

/// Which icon.
#[derive(Properties, PartialEq, Eq)]
pub struct IconProps {
    /// A symbol of the sprite in `index.html`.
    pub name: AttrValue,
    /// Drawn small, for rows of text.
    #[prop_or_default]
    pub small: bool,
    /// What it means, where that stands neither beside it nor in its button's label.
    #[prop_or_default]
    pub label: Option<&'static str>,
}

/// An icon.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let class = if props.small { "ev" } else { "icon" };
    let (role, hidden) = match props.label {
        Some(_) => (Some("img"), None),
        None => (None, Some("true")),
    };
    html! { <svg {class} {role} aria-label={props.label} aria-hidden={hidden}><use href={props.name.clone()} /></svg> }
}

/// Whose.
#[derive(Properties, PartialEq, Eq)]
pub struct OwnerTagProps {
    /// The owner.
    pub owner: Owner,
}

/// An owner's letter on its tint.
#[component]
pub fn OwnerTag(props: &OwnerTagProps) -> Html {
    let class = format!("own own-{}", props.owner.hue());
    html! { <span {class}>{ props.owner.letter() }</span> }
}
