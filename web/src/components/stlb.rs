//! The software TLB as a strip: how full each part is, and the entry that is looked at.

use std::rc::Rc;

use exo_session::why::Thing;
use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, MouseEvent, classes, hook, html, use_node_ref,
};

use super::act::pointed;
use super::icon::owner_tag;
use super::part::Part;
use super::trend::trend;
use crate::driver::{place_within, use_width};
use crate::store::Action;
use crate::view::words::hex;
use crate::view::{CloseView, NearView, Outcome, Probe, StlbView};

/// What the strip shows and whom it tells.
#[derive(PartialEq)]
pub struct StlbStrip {
    /// The software TLB.
    pub stlb: Rc<StlbView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// How full each part of the software TLB is, and the slot that this step looked into. One tab stop:
/// arrow keys look at the next entry in use, a click at the nearest.
#[hook]
fn use_stlb_strip(props: &StlbStrip) -> Html {
    let stlb = &props.stlb;
    let strip = use_node_ref();
    let width = use_width(&strip);
    if !stlb.on {
        return html! {
            <section class="stlb" aria-label="Software TLB"><div class="hd"><h2>{ "STLB" }</h2><span class="dim">{ "off" }</span></div></section>
        };
    }
    let look = {
        let on = props.on.clone();
        move |index: u32| on.emit(Action::Look(Some(Thing::Stlb(index))))
    };
    let onkeydown = {
        let (look, stlb) = (look.clone(), stlb.clone());
        move |event: KeyboardEvent| {
            if let Some(index) = moved(&stlb, &event.key()) {
                look(index);
                event.prevent_default();
            }
        }
    };
    let onclick = {
        let (stlb, strip) = (stlb.clone(), strip.clone());
        move |event: MouseEvent| {
            let across = place_within(&strip, &event).map_or(0, |(across, _)| across.max(0));
            let index = u64::from(across as u32) * stlb.buckets as u64 / u64::from(width.max(1));
            if let Some(index) = nearest(&stlb.used, index as u32 * stlb.size) {
                look(index);
            }
        }
    };
    let told = stlb.probe.as_ref().map_or("", |probe| &probe.text);
    let words = stlb.looked.as_ref().map_or(told, |(_, words)| words);
    let now = stlb.looked.as_ref().map_or(0, |(index, _)| *index);
    let last = (stlb.buckets as u32 * stlb.size).saturating_sub(1);
    html! {
        <section class="stlb" aria-labelledby="h-stlb">
            <div class="hd">
                <h2 id="h-stlb">{ "STLB" }</h2><b class="strong">{ told }</b><span class="dim cut">{ &stlb.summary }</span>{ trend("software TLB", stlb.trend.as_ref()) }
            </div>
            <div class="strip" ref={strip} tabindex="0" role="slider" aria-label="Entry of the software TLB: arrow keys move"
                aria-valuemin="0" aria-valuemax={last.to_string()} aria-valuenow={now.to_string()}
                aria-valuetext={format!("{words}; {}", stlb.summary)} data-own-keys="true" {onkeydown} {onclick}>
                { picture(stlb) }
            </div>
            { close_by(stlb, &props.on) }
        </section>
    }
}

impl Part for StlbStrip {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_stlb_strip(self).run(context)
    }
}

fn picture(stlb: &StlbView) -> Html {
    let width = stlb.buckets * 10;
    // All entries of an environment are ticks below the strip, those of one thing are framed.
    let ticks: String = stlb
        .linked
        .iter()
        .map(|it| format!("M{} 24v5", it * 10 + 5))
        .collect();
    html! {
        <svg viewBox={format!("0 0 {width} 30")} preserveAspectRatio="none" aria-hidden="true">
            if let Some(probe) = &stlb.probe {
                <rect class="probe" x={(probe.bucket * 10).to_string()} y="0.5" width="10" height="22" />
            }
            <path class="sbar" d={stlb.bars.clone()} /><path class="sbase" d={format!("M0 22.5H{width}")} />
            <path class="slooked" d={ticks} />
            if !stlb.whole {
                { for stlb.linked.iter().map(|bucket| html! { <rect class="slooked" x={(bucket * 10).to_string()} y="0.5" width="10" height="22" /> }) }
            }
            if let Some(probe) = &stlb.probe {
                <path class="probe-t" d={format!("M{} 24l-7 5h14z", probe.bucket * 10 + 5)} />
            }
        </svg>
    }
}

/// The neighbourhood of the entry that this step looked into, or that is chosen: the page that is wanted there, what
/// lies there, and the same in words.
fn close_by(stlb: &StlbView, on: &Callback<Action>) -> Html {
    let Some(close) = &stlb.close else {
        return html! { <p class="closeby">{ "Each page has one place: a step that looks there, or an entry that is chosen, is shown here from close by." }</p> };
    };
    let onclick = on.reform(|event: MouseEvent| {
        let index = pointed(&event, "data-entry").unwrap_or(0);
        Action::Look(Some(Thing::Stlb(index as u32)))
    });
    html! {
        <div class="closeby">
            <div class="near" aria-hidden="true" {onclick}>
                if let Some(probe) = &stlb.probe { { wanted(probe) } }
                { for close.entries.iter().map(|it| entry(it, close, stlb.probe.is_some())) }
            </div>
            <p id="stlb-words">{ &close.words }</p>
        </div>
    }
}

/// The page that a place is looked into for, and what came of it.
fn wanted(probe: &Probe) -> Html {
    let (owner, page) = &probe.wanted;
    let mark = match probe.outcome {
        Outcome::Hit => "✓",
        Outcome::Written => "→",
        Outcome::Empty => "∅",
        Outcome::Conflict | Outcome::ReadOnly => "✕",
    };
    html! { <span class="wanted">{ owner_tag(*owner) }{ page }<b>{ mark }</b></span> }
}

fn entry(near: &NearView, close: &CloseView, now: bool) -> Html {
    let here = near.index == close.index;
    let class = classes!(
        (here && now).then_some("now"),
        near.selected.then_some("looked"),
        near.entry.is_none().then_some("none")
    );
    html! {
        <span {class} data-entry={near.index.to_string()} title={format!("slot {}", hex(near.index))}>
            <i>{ hex(near.index) }</i>
            if let Some((owner, page)) = &near.entry { <span><b class={format!("o o-{}", owner.hue())}>{ owner.letter() }</b>{ format!(" {page}") }</span> } else { <span>{ "–" }</span> }
        </span>
    }
}

/// The entry that a key moves to.
fn moved(stlb: &StlbView, key: &str) -> Option<u32> {
    let used = &stlb.used;
    let here = stlb.looked.as_ref().map(|(index, _)| *index);
    let (Some(first), Some(last)) = (used.first(), used.last()) else {
        return None;
    };
    Some(match (key, here) {
        ("Home", _) | ("ArrowRight" | "ArrowUp" | "Enter", None) => *first,
        ("End", _) | ("ArrowLeft" | "ArrowDown", None) => *last,
        ("ArrowRight" | "ArrowUp", Some(here)) => {
            *used.iter().find(|it| **it > here).unwrap_or(last)
        }
        ("ArrowLeft" | "ArrowDown", Some(here)) => {
            *used.iter().rev().find(|it| **it < here).unwrap_or(first)
        }
        _ => return None,
    })
}

/// The entry in use that is nearest to an index.
fn nearest(used: &[u32], index: u32) -> Option<u32> {
    used.iter().copied().min_by_key(|it| it.abs_diff(index))
}

#[cfg(test)]
mod tests {
    use super::{moved, nearest};
    use crate::view::StlbView;

    #[test]
    fn keys_go_from_one_used_entry_to_the_next_and_stay_at_the_ends() {
        let mut stlb = StlbView {
            on: true,
            bars: String::new(),
            buckets: 8,
            summary: String::new(),
            probe: None,
            used: vec![3, 9, 40],
            size: 8,
            looked: None,
            linked: Vec::new(),
            whole: false,
            close: None,
            trend: None,
        };
        let mut visited = Vec::new();
        for key in [
            "ArrowRight",
            "ArrowRight",
            "ArrowRight",
            "ArrowRight",
            "ArrowLeft",
            "Home",
        ] {
            let index = moved(&stlb, key).unwrap();
            stlb.looked = Some((index, String::new()));
            visited.push(index);
        }
        assert_eq!(visited, [3, 9, 40, 40, 9, 3]);
        assert_eq!(moved(&stlb, "x"), None);
        stlb.used.clear();
        assert_eq!(moved(&stlb, "Home"), None);
    }

    #[test]
    fn a_click_looks_at_the_nearest_entry() {
        assert_eq!(nearest(&[3, 9, 40], 30), Some(40));
        assert_eq!(nearest(&[], 30), None);
    }
}
