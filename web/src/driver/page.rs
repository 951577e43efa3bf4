//! The root: opens the scenario, wires store, hooks and workbench together.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use web_sys::File;
use yew::{
    Callback, ContextProvider, Html, Properties, component, hook, html, use_callback,
    use_effect_with, use_memo, use_state_eq,
};

use super::address::Address;
use super::store::{Store, use_store};
use super::{
    crash, drop, embed, files, focus, following, frames, guide, keep, keys, later, offline, script,
    share, theme, trace,
};
use crate::components::Workbench;
use crate::store::{Action, Offering, Playground};
use crate::view::EditorView;

/// How long the text rests before it is compiled, in milliseconds.
const CHECK_AFTER_MS: u32 = 300;

/// Puts the page into the element `app`, on the opening scenario.
pub fn mount() {
    crash::install_for_yew();
    let opened = exo_session::first_light().and_then(Playground::new);
    let root = gloo_root();
    match (opened, root) {
        (Ok(playground), Some(root)) => {
            let playground = Opened(Rc::new(RefCell::new(playground)));
            let opening = exo_libos_samples::scenario("first-light");
            crash::watch(&playground.0, opening.map_or("", |it| it.text));
            script::install(playground.0.clone());
            yew::Renderer::<Page>::with_root_and_props(root, PageProps { playground }).render();
        }
        (Err(error), _) => crash::show(&error.to_string()),
        (_, None) => crash::show("index.html has no element named `app`."),
    }
}

fn gloo_root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id("app")
}

/// The state, shared by the page and the script interface.
#[derive(Clone, Debug)]
pub(super) struct Opened(pub(super) Rc<RefCell<Playground>>);

impl PartialEq for Opened {
    fn eq(&self, other: &Opened) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    playground: Opened,
}

#[component]
fn Page(props: &PageProps) -> Html {
    let address = use_memo((), |()| Address::of_the_page());
    let (view, store) = use_store(&props.playground, !address.embedded);
    let (looks, inks) = theme::use_looks();
    let help = use_state_eq(|| false);
    let set_help = help.setter();
    // Each of them is made once: a part that is told to whom it tells another time would be drawn another time.
    let on_help = use_callback((), move |open, ()| set_help.set(open));
    let on = {
        let store = store.clone();
        use_callback((), move |action, ()| store.dispatch(action))
    };
    let on_files = use_files(&store);
    let on_file = use_callback(on_files.clone(), |file, on_files| on_files.emit((file, 1)));
    frames::use_frames(&store, view.run.working);
    keys::use_keys(&store, &on_help);
    focus::use_focus_handed_on();
    use_check(&store, &view.editor);
    share::use_links(&store, &address);
    let alone = !address.embedded;
    let fresh = alone && !share::has_link() && address.scenario.is_none();
    following::use_following(&store, view.editor.follows);
    let offer = if fresh {
        Offering::Newest
    } else {
        Offering::OfTheOpening
    };
    keep::use_keeping(&store, alone, offer);
    guide::use_guide(
        &store,
        fresh && !address.read_only,
        view.guide.stored.as_ref(),
    );
    embed::use_host(&store, &address);
    let newer = offline::use_offline(&store, alone);
    drop::use_drop(&on_files);
    later::use_later(&store, view.wants_later);
    trace::use_sample_capture(&store, view.packets.wants_sample);
    let shared = view
        .share
        .as_ref()
        .and_then(|share| share.link.as_deref().ok());
    share::use_sharing(&store, shared, address.embedded);
    let full = address.embedded.then(|| {
        let store = store.clone();
        Callback::from(move |()| share::whole_page(&store))
    });
    html! {
        <ContextProvider<theme::Inks> context={inks}>
            <Workbench {view} {looks} {newer} {full} help={*help} {on} {on_file} {on_help} />
        </ContextProvider<theme::Inks>>
    }
}

/// Opens the first of so many files, chosen or dropped.
#[hook]
fn use_files(store: &Store) -> Callback<(File, u32)> {
    let store = store.clone();
    use_callback((), move |(file, of), ()| {
        // One file at a time.
        if !store.read(Playground::is_reading) {
            files::read(file, of, store.clone());
        }
    })
}

/// Compiles the text when it has rested for a moment.
#[hook]
fn use_check(store: &Store, editor: &EditorView) {
    let store = store.clone();
    let unapplied = editor.differs.is_some();
    use_effect_with(
        (editor.env, editor.text.clone(), unapplied),
        move |(.., unapplied)| {
            let timer = unapplied
                .then(|| Timeout::new(CHECK_AFTER_MS, move || store.dispatch(Action::Check)));
            move || drop(timer)
        },
    );
}
