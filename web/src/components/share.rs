//! The share sheet: the session's link and file, and the scenarios that come along.

use std::rc::Rc;

use exo_libos_samples::{SCENARIOS, ScenarioSample};
use exo_session::export::Format;
use yew::{Callback, Hook, HookContext, Html, hook, html, use_node_ref};

use super::act::act;
use super::kept::kept_list;
use super::part::{Part, part};
use crate::driver::{address, save, select_all, use_download, use_modal};
use crate::store::{Action, ExportFile, FORMATS, Share};
use crate::view::KeptView;

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct ShareSheet {
    /// Link and file; the sheet is closed while there are none.
    pub share: Option<Rc<Share>>,
    /// What the browser keeps.
    pub kept: Rc<KeptView>,
    /// The last file that was exported.
    pub exported: Option<Rc<ExportFile>>,
    /// The next one, while it is written: steps that are, and how many there are.
    pub exporting: Option<(u64, u64)>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The sheet.
#[hook]
fn use_share_sheet(props: &ShareSheet) -> Html {
    let dialog = use_node_ref();
    let close = |()| Action::CloseShare;
    use_modal(&dialog, props.share.is_some(), props.on.reform(close));
    use_download(props.exported.as_ref());
    html! {
        <dialog class="sheet" ref={dialog} aria-labelledby="h-share">
            <div class="body">
                <h2 id="h-share">{ "Share this session" }</h2>
                if let Some(share) = &props.share {
                    { link(share) }
                    { file(share) }
                    { exports(share.packets, props) }
                }
                <h3>{ "Open another" }</h3>
                { scenarios(false, &props.on) }
                <h4>{ "Malicious policies, and what stops them" }</h4>
                { scenarios(true, &props.on) }
                <p>{ "Open… in the bar above takes a session’s file too; so does the page, if you drop one on it." }</p>
                { kept_list(&props.kept, &props.on) }
                <footer><button class="btn" onclick={act(&props.on, Action::CloseShare)}>{ "Close" }</button></footer>
            </div>
        </dialog>
    }
}

impl Part for ShareSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_share_sheet(self).run(context)
    }
}

fn link(share: &Rc<Share>) -> Html {
    match &share.link {
        Ok(link) => html! { { part(LinkField { link: link.clone(), copied: share.copied }) } },
        Err(reason) => html! { <p class="bad">{ format!("There is no link: {reason}.") }</p> },
    }
}

#[derive(PartialEq, Eq)]
struct LinkField {
    link: String,
    copied: Option<bool>,
}

/// The link in a field, and whether it has been copied.
#[hook]
fn use_link_field(props: &LinkField) -> Html {
    let field = use_node_ref();
    let select = {
        let field = field.clone();
        move |_| select_all(&field)
    };
    let words = match props.copied {
        Some(true) => "Copied.",
        Some(false) => "The browser did not let the page copy it: select it and copy it yourself.",
        None => "Copying…",
    };
    let length = address().chars().count();
    html! {
        <>
            <p>{ "Whoever opens this link has the machine at this very step, with the policies and the texts in their editors. It holds everything but traces of your own; no server sees it." }</p>
            <input class="link" readonly=true ref={field} value={address()} aria-label="The link" data-link={props.link.clone()} onfocus={select} />
            <p id="copied" role="status">{ format!("{words} {length} characters.") }</p>
        </>
    }
}

impl Part for LinkField {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_link_field(self).run(context)
    }
}

fn file(share: &Rc<Share>) -> Html {
    let kept = share.clone();
    html! {
        <p>
            <button class="btn" onclick={move |_| save(&kept.file_name, &[&kept.file])}>{ "Save as a file" }</button>
            <span class="dim">{ format!(" {}: the same as readable text", share.file_name) }</span>
        </p>
    }
}

/// The run so far for other programs; packets where there are any.
fn exports(packets: bool, props: &ShareSheet) -> Html {
    let (on, busy) = (&props.on, props.exporting.is_some());
    let format = |&(format, name, _, what): &(Format, &'static str, &'static str, &'static str)| {
        let on = on.clone();
        html! {
            <li>
                <button class="btn sm" disabled={busy} onclick={move |_| on.emit(Action::Export(format))}>{ name }</button>
                <span class="dim">{ format!(" {what}") }</span>
            </li>
        }
    };
    let formats = FORMATS.iter();
    let formats = formats.filter(|it| packets || it.0 != Format::Pcapng);
    let last = props
        .exported
        .as_ref()
        .filter(|_| props.exporting.is_none());
    let said = last.map(|file| format!("{}: {}", file.name, file.words));
    let stop = on.reform(|_| Action::Cancel);
    html! {
        <>
            <h3>{ "Export the run up to this step" }</h3>
            <ul class="exports">{ for formats.map(format) }</ul>
            <p id="exported" role="status">
                { said.unwrap_or_default() }
                if let Some((done, all)) = props.exporting {
                    { "Writing. " }<progress max={all.max(1).to_string()} value={done.to_string()} aria-label="Steps written"></progress>{ " " }
                    <button class="btn sm" onclick={stop}>{ "Stop" }</button>
                }
            </p>
        </>
    }
}

/// The scenarios that come along: those with an attacker in them, or the others.
fn scenarios(attacks: bool, on: &Callback<Action>) -> Html {
    let these = SCENARIOS
        .iter()
        .filter(|it| it.name.starts_with("attack-") == attacks);
    html! { <ul class="scenarios">{ for these.map(|it| scenario(it, on)) }</ul> }
}

fn scenario(scenario: &'static ScenarioSample, on: &Callback<Action>) -> Html {
    let on = on.clone();
    html! {
        <li>
            <button class="linkbtn" onclick={move |_| on.emit(Action::OpenScenario(scenario.name))}>{ scenario.name }</button>
            { format!(": {}", scenario.summary) }
        </li>
    }
}
