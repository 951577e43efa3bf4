//! The hardware TLB slot by slot.

use std::rc::Rc;

use exo_core::ids::TlbSlot;
use exo_session::why::Thing;
use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, classes, hook, html, use_node_ref,
    use_state_eq,
};

use super::part::{Part, keyed_part};
use super::trend::trend;
use crate::driver::{columns_of, use_reveal_marked};
use crate::store::Action;
use crate::view::{TlbCell, TlbView};

/// What the grid shows and whom it tells.
#[derive(PartialEq)]
pub struct TlbGrid {
    /// The TLB.
    pub tlb: Rc<TlbView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Which binding is cached where. One tab stop: arrow keys move, Enter looks at a slot.
#[hook]
fn use_tlb_grid(props: &TlbGrid) -> Html {
    let tlb = &props.tlb;
    let cursor = use_state_eq(|| 0_usize);
    let focused = use_state_eq(|| false);
    let grid = use_node_ref();
    let onkeydown = {
        let (cursor, tlb, on) = (cursor.clone(), tlb.clone(), props.on.clone());
        let grid = grid.clone();
        move |event: KeyboardEvent| {
            let key = event.key();
            if key == "Enter" || key == " " {
                on.emit(look_at(*cursor));
            } else if let Some(to) = moved(*cursor, &key, columns_of(&grid), tlb.cells.len()) {
                cursor.set(to);
            } else {
                return;
            }
            event.prevent_default();
        }
    };
    let at = cursor.clone();
    // Where all slots are one set, the grid is framed instead of each of them.
    let all = tlb.probed.len() == tlb.cells.len() && !tlb.probed.is_empty();
    let slots = tlb.cells.iter().enumerate().map(|(slot, cell)| {
        let (cursor, on) = (cursor.clone(), props.on.clone());
        let on_look = move |()| {
            cursor.set(slot);
            on.emit(look_at(slot));
        };
        let probed = !all && tlb.probed.contains(&slot);
        html! { { keyed_part(slot, Slot { slot, cell: cell.clone(), active: *focused && *at == slot, probed, on_look: on_look.into() }) } }
    });
    let slots: Vec<Html> = slots.collect();
    // The set that this step looked into, or its slot, can be seen.
    let now = tlb.cells.iter().position(|cell| cell.now);
    let probed = tlb.probed.clone().next().filter(|_| !all);
    use_reveal_marked(&grid, now.or(probed).map(|slot| slot as u32));
    let class = classes!(
        "tlbgrid",
        format!("w{}", tlb.columns),
        tlb.in_sets.then_some("sets"),
        all.then_some("probed")
    );
    let active = focused.then(|| format!("tlb-{}", *cursor));
    let (focus, blur) = (focused.clone(), focused);
    html! {
        <section class="tlb" aria-labelledby="h-tlb">
            <div class="hd">
                <h2 id="h-tlb">{ "TLB" }</h2><b class="strong">{ &tlb.headline }</b><span class="dim cut" title={tlb.structure.clone()}>{ &tlb.structure }</span>{ trend("TLB", tlb.trend.as_ref()) }
            </div>
            <ol {class} ref={grid} tabindex="0" role="listbox" aria-label="TLB slots: owner, page, frame; Enter looks at one" data-own-keys="true"
                aria-activedescendant={active} {onkeydown} onfocus={move |_| focus.set(true)} onblur={move |_| blur.set(false)}>
                { for slots }
            </ol>
        </section>
    }
}

impl Part for TlbGrid {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_tlb_grid(self).run(context)
    }
}

fn look_at(slot: usize) -> Action {
    Action::Look(Some(Thing::Tlb(TlbSlot(slot as u16))))
}

/// The slot that a key moves to.
fn moved(slot: usize, key: &str, columns: usize, slots: usize) -> Option<usize> {
    let to = match key {
        "ArrowLeft" => slot.checked_sub(1)?,
        "ArrowRight" => slot + 1,
        "ArrowUp" => slot.checked_sub(columns)?,
        "ArrowDown" => slot + columns,
        "Home" => 0,
        "End" => slots.checked_sub(1)?,
        _ => return None,
    };
    (to < slots).then_some(to)
}

#[derive(PartialEq)]
struct Slot {
    slot: usize,
    cell: TlbCell,
    active: bool,
    /// Whether this step looked into it without a match.
    probed: bool,
    on_look: Callback<()>,
}

fn slot(props: &Slot) -> Html {
    let cell = &props.cell;
    let class = classes!(
        cell.entry.is_none().then_some("invalid"),
        cell.now.then_some("now"),
        cell.selected.then_some("sel"),
        props.active.then_some("at"),
        cell.read_only.then_some("ro"),
        props.probed.then_some("probed"),
        cell.set.is_some().then_some("first")
    );
    let on_look = props.on_look.clone();
    html! {
        <li {class} id={format!("tlb-{}", props.slot)} role="option" aria-selected={cell.selected.to_string()}
            title={cell.label.clone()} data-set={cell.set.map(|set| set.to_string())} aria-current={cell.now.then_some("step")} onclick={move |_| on_look.emit(())}>
            if let Some((owner, page, frame)) = &cell.entry {
                <span class={format!("o o-{}", owner.hue())} aria-hidden="true">{ owner.letter() }</span>
                <span aria-hidden="true">{ page }</span>
                <span class="fr" aria-hidden="true">{ frame }{ if cell.read_only { " r" } else { "" } }</span>
            } else {
                <span aria-hidden="true">{ "–" }</span>
            }
            <span class="sr">{ &cell.label }</span>
        </li>
    }
}

impl Part for Slot {
    fn draw(&self, _: &mut HookContext) -> Html {
        slot(self)
    }
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn arrows_move_within_the_grid_and_not_out_of_it() {
        assert_eq!(moved(9, "ArrowUp", 8, 64), Some(1));
        assert_eq!(moved(9, "ArrowDown", 8, 64), Some(17));
        assert_eq!(moved(0, "ArrowLeft", 8, 64), None);
        assert_eq!(moved(3, "ArrowUp", 8, 64), None);
        assert_eq!(moved(60, "ArrowDown", 8, 64), None);
        assert_eq!(moved(5, "End", 8, 64), Some(63));
        assert_eq!(moved(5, "End", 8, 0), None);
        assert_eq!(moved(5, "n", 8, 64), None);
    }
}
