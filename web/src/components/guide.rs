//! The bar of the first lesson.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, html};

use super::act::act;
use super::part::Part;
use crate::store::{Action, GuideAction};
use crate::view::GuideView;

/// What the bar shows and whom it tells.
#[derive(PartialEq)]
pub struct GuideBar {
    /// What it says.
    pub guide: Rc<GuideView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// What is to be done next. What it says is told aloud when it changes.
fn guide_bar(props: &GuideBar) -> Html {
    let guide = &props.guide;
    if !guide.shown {
        return html! {};
    }
    let ask = |action: GuideAction| act(&props.on, Action::Guide(action));
    html! {
        <section class="notice guide" aria-label="First lesson" tabindex="-1">
            <div class="says">
                <p id="guide" role="status"><b>{ &guide.title }</b>{ " " }{ &guide.text }</p>
                if let Some(lines) = guide.lines { <pre tabindex="0" aria-label="The lines to type">{ lines.trim_end() }</pre> }
            </div>
            if let Some(begin) = guide.begin {
                <button class="btn sm primary" onclick={ask(GuideAction::Begin)}>{ begin }</button>
            }
            if guide.lines.is_some() {
                <button class="btn sm" onclick={ask(GuideAction::PutLines)}>{ "Put the lines in for me" }</button>
            }
            <button class="btn sm" onclick={ask(GuideAction::Skip)}>{ guide.skip }</button>
        </section>
    }
}

impl Part for GuideBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        guide_bar(self)
    }
}
