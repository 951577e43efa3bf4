//! The text of a policy, in the bundled editor; in a plain textarea until that has loaded, and where it cannot.

use std::rc::Rc;

use yew::{
    Callback, FocusEvent, Hook, HookContext, Html, hook, html, use_effect_with, use_node_ref,
};

use super::part::{Part, part};
use super::plain_editor::PlainEditor;
use crate::driver::{Caret, move_caret, use_rich_editor};
use crate::store::Action;
use crate::view::EditorView;

/// What the editor shows and whom it tells.
#[derive(PartialEq)]
pub struct Editor {
    /// The policy.
    pub view: Rc<EditorView>,
    /// Whether it is out of sight.
    pub hidden: bool,
    /// The cursor, for those who move it.
    pub caret: Caret,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The editor.
#[hook]
fn use_editor(props: &Editor) -> Html {
    let parent = use_node_ref();
    let ready = use_rich_editor(&parent, &props.caret.rich, &props.view, &props.on);
    {
        let caret = props.caret.clone();
        use_effect_with(props.view.go_to, move |go_to| {
            if let Some((line, _)) = go_to {
                move_caret(&caret, *line, 1);
            }
        });
    }
    let writing = |on: bool| props.on.reform(move |_: FocusEvent| Action::Writing(on));
    html! {
        <>
            <div class="rich" ref={parent} hidden={props.hidden || !ready} onfocusin={writing(true)} onfocusout={writing(false)}></div>
            if !ready && !props.hidden {
                { part(PlainEditor { view: props.view.clone(), area: props.caret.area.clone(), on: props.on.clone() }) }
            }
        </>
    }
}

impl Part for Editor {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_editor(self).run(context)
    }
}
