//! The same reference under the comparison kernels, in the lanes of the fault path: part of the later part.

use exo_session::compare::Way;
use exo_session::path::FaultPath;
use yew::{Html, html};

use super::cycle_bar::cycle_bar;
use super::fault_path::{crossings, hop};
use crate::view::words::grouped;
use crate::view::{BesideView, handler_name};

/// What stands under the hops.
pub(crate) fn beside(view: &BesideView, path: Option<&FaultPath>) -> Html {
    let scale = view.scale.max(path.map_or(0, FaultPath::cycles));
    html! {
        <section class="beside" id="beside" tabindex="0" aria-label="The same reference under other kernels">
            if let Some(instead) = &view.instead {
                <p class="dim" role="status">{ instead }</p>
            } else {
                { own(path, scale) }
                { for view.ways.iter().map(|it| way(it, scale)) }
            }
        </section>
    }
}

/// The first line: the exokernel, whose hops stand above.
fn own(path: Option<&FaultPath>, scale: u64) -> Html {
    let Some(path) = path else {
        return html! {};
    };
    let so_far = if path.complete { "" } else { ", so far" };
    let cycles = [path.application, path.libos, path.kernel];
    html! {
        <p class="sumline">
            <b>{ format!("exokernel{so_far}") }</b>
            { figures(cycles, scale, path.crossings.into()) }
        </p>
    }
}

fn figures(cycles: [u64; 3], scale: u64, entries: u64) -> Html {
    html! {
        <>
            { cycle_bar(None, cycles, scale, (180, 12)) }
            <span class="n">{ format!("{} cycles", grouped(cycles.iter().sum())) }</span>
            <span class="n">{ format!("{} {} ", grouped(entries), crossings(entries)) }<span class="mono" aria-hidden="true">{ "‖" }</span></span>
        </>
    }
}

fn way(way: &Way, scale: u64) -> Html {
    let it = &way.cycles;
    let cycles = [it.application, it.libos, it.kernel];
    let own = handler_name(way.kernel);
    html! {
        <details key={way.kernel.title()}>
            <summary class="sumline"><b>{ way.kernel.title() }</b>{ figures(cycles, scale, way.crossings) }</summary>
            if let Some(why) = &way.given_up {
                <p class="bad">{ format!("Given up: {why}") }</p>
            } else if way.hops.is_empty() {
                <p class="dim">{ "Its application ends before this reference." }</p>
            }
            <ol class="hops">
                { for way.hops.iter().enumerate().map(|(index, one)| hop(index, one, way.hops.get(index.wrapping_sub(1)), own, None)) }
            </ol>
        </details>
    }
}
