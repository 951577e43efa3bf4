//! The help sheet: keys, and the two rules by which the page is read.

use yew::{Callback, Hook, HookContext, Html, hook, html, use_node_ref};

use super::part::Part;
use crate::driver::use_modal;

/// Whether the sheet is open, and whom it tells.
#[derive(PartialEq)]
pub struct Help {
    /// Whether it is open.
    pub open: bool,
    /// Opens or closes it.
    pub on_help: Callback<bool>,
}

const KEYS: &[(&str, &str)] = &[
    ("←", "one event back"),
    ("→", "one event forward"),
    ("E", "to the next event that is not a TLB hit"),
    ("N", "to the next fault that reaches a handler"),
    ("I", "one line on, into calls"),
    ("O", "one line on, over calls"),
    ("U", "out of the call or the handler"),
    ("Shift I O U", "the same back: undo a step by line"),
    ("Space", "run, or pause"),
    ("Shift Space", "run back at the chosen speed, or pause"),
    ("+, −", "less of the run on the timeline, or more"),
    (
        "F8 F9 F10",
        "outside of the editor: run or pause, one event forward, to the next event",
    ),
    ("Home", "back to step 0"),
    ("End", "to the end of the run"),
    ("G", "type a step, a position or end to go to"),
    (
        "M",
        "to the next mark of the timeline; with Shift to the one before. Tab to the marks, and arrows tell them",
    ),
    (
        "↑ ↓ Enter",
        "in the events: from row to row, choose what a row touched; in All events… Enter again goes to its step",
    ),
    ("F", "find in the run: what happened where"),
    (
        "Esc",
        "give up what is under way; then put away what is open, then what is chosen",
    ),
    ("Ctrl Enter", "in the editor: apply the text"),
    (
        "Ctrl Z",
        "outside of the editor: undo the last change of programs, limits, traces or sessions",
    ),
    ("Ctrl Space", "in the editor: what could be written here"),
    ("Ctrl F", "in the editor: search and replace"),
    (
        "Ctrl /",
        "in the editor: make comments of the lines, or text again",
    ),
    ("F8", "in the editor: to the next remark of the compiler"),
    (
        "Tab, Shift Tab",
        "in the editor: indent; Esc, then Tab, leaves it",
    ),
    (
        "F9",
        "in the editor: a breakpoint at the cursor’s line, or none; a click on the line’s number does the same",
    ),
    (
        "Alt Enter",
        "in the editor: mark what the cursor’s line made, in every view",
    ),
    ("?", "this sheet"),
];

/// The sheet.
#[hook]
fn use_help(props: &Help) -> Html {
    let dialog = use_node_ref();
    use_modal(&dialog, props.open, props.on_help.reform(|()| false));
    let close = props.on_help.reform(|_| false);
    let key = |(key, what): &(&'static str, &'static str)| html! { <tr><th scope="row"><kbd>{ *key }</kbd></th><td>{ *what }</td></tr> };
    html! {
        <dialog class="sheet" ref={dialog} aria-labelledby="h-help">
            <div class="body">
                <h2 id="h-help">{ "How to read this page" }</h2>
                <p>{ "A small computer runs two programs under an exokernel. The kernel only keeps track of who owns which frame and checks what is bound; which page goes where is decided by each program’s own library operating system, the Rust text on the left. Change it and press Apply." }</p>
                <div class="marks">
                    <span><i class="swatch"></i>{ "yellow: what this step touches, in every view" }</span>
                    <span><i class="double"></i>{ "double rule: the boundary to the kernel; ‖ is one entry with its return" }</span>
                </div>
                <h3>{ "Keys" }</h3>
                <table><tbody>{ for KEYS.iter().map(key) }</tbody></table>
                <p>{ "While you type in the editor or in a field, keys only type. Whatever goes on from here stops at a breakpoint on its way; what goes to a place, or back, does not. Find goes back to one." }</p>
                <h3>{ "A trace of your own" }</h3>
                <p>{ "valgrind --tool=lackey --trace-mem=yes --log-file=my.trace PROGRAM writes one; Dinero’s .din files and plain addresses, one a line, will do too. Open it as it is or packed with gzip; the first 16,000,000 references are taken, and nothing leaves your computer." }</p>
                <footer><button class="btn" onclick={close}>{ "Close" }</button></footer>
            </div>
        </dialog>
    }
}

impl Part for Help {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_help(self).run(context)
    }
}
