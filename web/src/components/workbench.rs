//! The whole page, from its view.

use std::rc::Rc;

use web_sys::File;
use yew::{Callback, Html, Properties, classes, component, html};

use super::attempts::AttemptsPanel;
use super::branches::BranchesSheet;
use super::caption::{Caption, NoticeBar};
use super::charts::ChartsSheet;
use super::environments::Environments;
use super::fault_path::FaultPathPanel;
use super::frame_detail::FrameDetail;
use super::guide::GuideBar;
use super::help::Help;
use super::kept::KeptBar;
use super::kernels::KernelsSheet;
use super::log::Log;
use super::marks::MarksSheet;
use super::memory::Memory;
use super::network::NetworkPanel;
use super::packets::PacketsSheet;
use super::part::part;
use super::policy::Policy;
use super::record::RecordSheet;
use super::share::ShareSheet;
use super::stlb::StlbStrip;
use super::timeline::Timeline;
use super::tlb::TlbGrid;
use super::top_bar::TopBar;
use crate::driver::Looks;
use crate::later::later;
use crate::store::{Action, Panel};
use crate::view::View;

/// What the page shows and whom it tells.
#[derive(Properties, PartialEq)]
pub struct WorkbenchProps {
    /// All that it shows.
    pub view: Rc<View>,
    /// How the page looks.
    pub looks: Looks,
    /// Uses a newer version of the page, if one is there.
    pub newer: Option<Callback<()>>,
    /// Where the page is part of another one: the address of the whole page as it stands.
    pub full: Option<Callback<(), String>>,
    /// Whether the help sheet is open.
    pub help: bool,
    /// Takes actions.
    pub on: Callback<Action>,
    /// Takes a file: a trace or a session.
    pub on_file: Callback<File>,
    /// Opens or closes the help sheet.
    pub on_help: Callback<bool>,
}

/// The page.
#[component]
pub fn Workbench(props: &WorkbenchProps) -> Html {
    let (view, on) = (&props.view, &props.on);
    // The style sheet is told what is there, and need not look for it whenever a row of a list has come or gone.
    let network = view.network.is_some();
    let panel = network || view.attempts.is_some();
    html! {
        <div class="shell">
            <a class="skip" href="#main">{ "Skip to the machine" }</a>
            { part(TopBar { run: view.run.clone(), looks: props.looks.clone(), full: props.full.clone(), on: on.clone(), on_file: props.on_file.clone(), on_help: props.on_help.clone() }) }
            { part(Caption { caption: view.caption.clone() }) }
            { newer(props.newer.as_ref()) }
            { part(GuideBar { guide: view.guide.clone(), on: on.clone() }) }
            { part(KeptBar { kept: view.kept.clone(), on: on.clone() }) }
            if !view.packets.open {
                { part(NoticeBar { notice: view.notice.clone(), on: on.clone() }) }
            }
            { view_tabs(view.panel, on) }
            <main id="main" class={format!("main v-{}", view.panel.label().to_ascii_lowercase())}>
                { part(Policy { view: view.editor.clone(), inside: view.inside.clone(), on: on.clone() }) }
                <div class={classes!("col", "machine", view.beside.open.then_some("with-beside"))}>
                    { part(FaultPathPanel { path: view.path.clone(), beside: view.beside.clone(), looked: view.looked.clone(), on: on.clone() }) }
                    { part(Memory { memory: view.memory.clone(), on: on.clone() }) }
                    <div class={classes!("lower", view.tlb.in_sets.then_some("with-sets"))}>
                        <div>{ part(TlbGrid { tlb: view.tlb.clone(), on: on.clone() }) }{ part(StlbStrip { stlb: view.stlb.clone(), on: on.clone() }) }</div>
                        { part(FrameDetail { detail: view.detail.clone(), on: on.clone() }) }
                    </div>
                </div>
                <div class={classes!("col", "side", panel.then_some("with-panel"), network.then_some("with-network"))}>
                    { part(Environments { environments: view.environments.clone(), undo: view.run.undo.clone(), on: on.clone() }) }
                    { later().map(|it| (it.panel)(props)).unwrap_or_default() }
                    { part(Log { on: on.clone(), rows: view.log.clone(), fast: view.run.running && view.run.still }) }
                </div>
            </main>
            <div class="dock">
                { later().map(|it| (it.find)(&view.find, on)).unwrap_or_default() }
                { part(Timeline { view: view.timeline.clone(), looked: view.looked.owner, branches: view.branches.count, on: on.clone() }) }
            </div>
            { later().map(|it| (it.sheets)(props)).unwrap_or_default() }
            { part(ShareSheet { share: view.share.clone(), kept: view.kept.clone(), exported: view.exported.clone(), exporting: view.exporting, on: on.clone() }) }
            { part(Help { open: props.help, on_help: props.on_help.clone() }) }
        </div>
    }
}

/// The panel of the later part of the program, among those of the machine.
pub(crate) fn later_panel(props: &WorkbenchProps) -> Html {
    let (view, on) = (&props.view, &props.on);
    html! {
        <>
            { part(NetworkPanel { network: view.network.clone(), on: on.clone() }) }
            { part(AttemptsPanel { view: view.attempts.clone(), on: on.clone() }) }
        </>
    }
}

/// The sheets of the later part of the program.
pub(crate) fn later_sheets(props: &WorkbenchProps) -> Html {
    let (view, on) = (&props.view, &props.on);
    html! {
        <>
            { part(BranchesSheet { view: view.branches.clone(), on: on.clone() }) }
            { part(MarksSheet { view: view.marks.clone(), on: on.clone() }) }
            { part(RecordSheet { view: view.record.clone(), on: on.clone() }) }
            { part(ChartsSheet { view: view.charts.clone(), on: on.clone() }) }
            { part(KernelsSheet { view: view.kernels.clone(), on: on.clone() }) }
            { part(PacketsSheet { view: view.packets.clone(), notice: view.notice.clone(), run: view.run.clone(), on: on.clone(), on_file: props.on_file.clone() }) }
        </>
    }
}

/// A newer version of the page is there, and is used when its reader wants it.
fn newer(use_it: Option<&Callback<()>>) -> Html {
    let Some(use_it) = use_it.cloned() else {
        return html! {};
    };
    html! {
        <section class="notice" aria-label="A newer version">
            <p id="newer" role="status">{ "A newer version of the playground is there. Your work is kept, and offered when the page has loaded again." }</p>
            <button class="btn sm" onclick={move |_| use_it.emit(())}>{ "Use the newer version" }</button>
        </section>
    }
}

/// On a small screen: which part of the page is shown.
fn view_tabs(shown: Panel, on: &Callback<Action>) -> Html {
    let tab = |panel: Panel| {
        let on = on.clone();
        html! {
            <button aria-pressed={(panel == shown).to_string()} onclick={move |_| on.emit(Action::SelectPanel(panel))}>{ panel.label() }</button>
        }
    };
    html! { <nav class="viewtabs" aria-label="Views">{ for Panel::ALL.into_iter().map(tab) }</nav> }
}
