//! The environments: who holds what, who does what, who pays.

use std::rc::Rc;

use yew::{Html, Properties, component, html};

use super::cycle_bar::{CycleBar, CycleKey};
use super::icon::OwnerTag;
use crate::view::{EnvironmentView, PhaseMark};

/// What the panel shows.
#[derive(Properties, PartialEq, Eq)]
pub struct EnvironmentsProps {
    /// The environments.
    pub environments: Rc<Vec<EnvironmentView>>,
}

/// All environments.
#[component]
pub fn Environments(props: &EnvironmentsProps) -> Html {
    html! {
        <section aria-labelledby="h-environments">
            <div class="ph"><h2 id="h-environments">{ "Environments" }</h2><span class="note">{ "up to this step" }</span></div>
            <CycleKey />
            <ul class="envs">{ for props.environments.iter().map(one) }</ul>
        </section>
    }
}

fn one(view: &EnvironmentView) -> Html {
    let class = if view.now { "on" } else { "" };
    let phase = if view.mark == PhaseMark::Broken {
        "stt alert"
    } else {
        "stt"
    };
    html! {
        <li {class} aria-current={view.now.then_some("true")}>
            <div class="r1">
                <OwnerTag owner={view.owner} />
                <span class="nm">{ &view.policy }</span><span class={phase}>{ &view.phase }</span>
            </div>
            <p class="dim">{ &view.frames }</p>
            if let Some(reason) = &view.reason { <p class="why">{ reason }</p> }
            <dl>
                { for view.counters.iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
            </dl>
            <CycleBar class="bar" cycles={view.cycles} scale={view.scale} />
        </li>
    }
}
