//! The hardware TLB slot by slot, and the software TLB as a strip.

use std::rc::Rc;

use yew::{Html, Properties, classes, component, html};

use crate::view::{StlbView, TlbCell, TlbView};

/// What the grid shows.
#[derive(Properties, PartialEq, Eq)]
pub struct TlbProps {
    /// The TLB.
    pub tlb: Rc<TlbView>,
}

/// Which binding is cached where.
#[component]
pub fn TlbGrid(props: &TlbProps) -> Html {
    let tlb = &props.tlb;
    let class = format!("tlbgrid w{}", tlb.columns);
    html! {
        <section class="tlb" aria-labelledby="h-tlb">
            <div class="hd">
                <h2 id="h-tlb">{ "TLB" }</h2><b class="strong">{ &tlb.headline }</b><span class="dim cut" title={tlb.structure.clone()}>{ &tlb.structure }</span>
            </div>
            <ol {class} tabindex="0" aria-label="TLB slots: owner, page, frame">
                { for tlb.cells.iter().enumerate().map(|(slot, cell)| html! { <Slot key={slot} cell={cell.clone()} /> }) }
            </ol>
        </section>
    }
}

#[derive(Properties, PartialEq, Eq)]
struct SlotProps {
    cell: TlbCell,
}

#[component]
fn Slot(props: &SlotProps) -> Html {
    let cell = &props.cell;
    let class = classes!(
        cell.entry.is_none().then_some("invalid"),
        cell.now.then_some("now"),
        cell.selected.then_some("sel"),
        cell.read_only.then_some("ro")
    );
    html! {
        <li {class} title={cell.label.clone()} aria-current={cell.now.then_some("step")}>
            if let Some((owner, page, frame)) = &cell.entry {
                <span class={format!("o o-{}", owner.hue())}>{ owner.letter() }</span>{ page }
                <span class="fr">{ frame }{ if cell.read_only { " r" } else { "" } }</span>
            } else {
                { "–" }
            }
        </li>
    }
}

/// What the strip shows.
#[derive(Properties, PartialEq, Eq)]
pub struct StlbProps {
    /// The software TLB.
    pub stlb: Rc<StlbView>,
}

/// How full each part of the software TLB is, and the slot that this step looked into.
#[component]
pub fn StlbStrip(props: &StlbProps) -> Html {
    let stlb = &props.stlb;
    if !stlb.on {
        return html! {
            <section class="stlb" aria-label="Software TLB"><div class="hd"><h2>{ "STLB" }</h2><span class="dim">{ "off" }</span></div></section>
        };
    }
    let width = stlb.buckets * 10;
    let told = stlb.probe.as_ref().map_or("", |probe| &probe.text);
    let label = format!("Software TLB: {}. {told}", stlb.summary);
    html! {
        <section class="stlb" aria-labelledby="h-stlb">
            <div class="hd">
                <h2 id="h-stlb">{ "STLB" }</h2><b class="strong">{ told }</b><span class="dim cut">{ &stlb.summary }</span>
            </div>
            <svg viewBox={format!("0 0 {width} 30")} preserveAspectRatio="none" role="img" aria-label={label}>
                if let Some(probe) = &stlb.probe {
                    <rect class="probe" x={(probe.bucket * 10).to_string()} y="0.5" width="10" height="22" />
                }
                <path class="sbar" d={stlb.bars.clone()} /><path class="sbase" d={format!("M0 22.5H{width}")} />
                if let Some(probe) = &stlb.probe {
                    <path class="probe-t" d={format!("M{} 24l-7 5h14z", probe.bucket * 10 + 5)} />
                }
            </svg>
        </section>
    }
}
