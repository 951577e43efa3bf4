//! The frame that is looked at.

use std::rc::Rc;

use exo_core::ids::Frame;
use yew::{Callback, Html, Properties, component, html};

use super::icon::OwnerTag;
use crate::view::DetailView;

/// What the panel shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct FrameDetailProps {
    /// The frame.
    pub detail: Rc<DetailView>,
    /// Told to look at none.
    pub on_select: Callback<Option<Frame>>,
}

/// Owner, contents and bits of one frame.
#[component]
pub fn FrameDetail(props: &FrameDetailProps) -> Html {
    let detail = &props.detail;
    let on_select = props.on_select.clone();
    html! {
        <section class="detail" aria-label="The frame that is looked at">
            if let Some(title) = &detail.title {
                <h3>
                    if let Some(owner) = detail.owner { <OwnerTag {owner} /> }
                    <span class={if detail.now { "now" } else { "" }}>{ title }</span>
                    <button class="linkbtn" onclick={move |_| on_select.emit(None)}>{ "close" }</button>
                </h3>
                <dl class="kv">{ for detail.facts.iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> }) }</dl>
            } else {
                <h3>{ "No frame chosen" }</h3>
                <p>{ "Choose a frame in the map: its owner, its page, its bits and the cached bindings that name it are told here." }</p>
            }
        </section>
    }
}
