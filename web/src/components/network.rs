//! The panel of the network: what has become of packets, how full the rings are, and how the other end got on.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, html};

use super::icon::owner_tag;
use super::part::Part;
use super::sheets::sheet_button;
use crate::store::Action;
use crate::view::{FillRow, NetworkView, PeerRow};

/// What the panel shows and whom it tells.
#[derive(PartialEq)]
pub struct NetworkPanel {
    /// The network; none if the machine has none, and then nothing is shown.
    pub network: Option<Rc<NetworkView>>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The panel.
fn network_panel(props: &NetworkPanel) -> Html {
    let Some(view) = &props.network else {
        return html! {};
    };
    let fill =
        |it: &FillRow| html! { <li>{ owner_tag(it.owner) }{ format!(" {}", it.words) }</li> };
    html! {
        <section class="network" aria-labelledby="h-network">
            <div class="ph"><h2 id="h-network">{ "Network" }</h2><span class="note">{ "packets up to this step" }</span><span class="right">{ sheet_button("Packets…", &props.on) }</span></div>
            { counts(&view.counts) }
            if !view.fills.is_empty() { <ul class="fills">{ for view.fills.iter().map(fill) }</ul> }
            { peers(&view.peers) }
        </section>
    }
}

impl Part for NetworkPanel {
    fn draw(&self, _: &mut HookContext) -> Html {
        network_panel(self)
    }
}

/// What was counted.
pub(super) fn counts(counts: &[(String, String)]) -> Html {
    let count =
        |(name, count): &(String, String)| html! { <div><dt>{ name }</dt><dd>{ count }</dd></div> };
    html! { <dl class="netcounts">{ for counts.iter().map(count) }</dl> }
}

/// The tasks at the other end.
pub(super) fn peers(peers: &[PeerRow]) -> Html {
    if peers.is_empty() {
        return html! { <p class="dim">{ "Nobody is at the other end." }</p> };
    }
    let peer = |it: &PeerRow| html! { <li><b>{ &it.name }</b>{ ": " }{ &it.words }</li> };
    html! { <ul class="peers" aria-label="Tasks at the other end of the link">{ for peers.iter().map(peer) }</ul> }
}
