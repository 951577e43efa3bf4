//! A packet's fields and bytes, each pointing at the other.

use std::ops::Range;
use std::rc::Rc;

use exo_net::decode::{Field, Layer};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::{
    Callback, Hook, HookContext, Html, KeyboardEvent, MouseEvent, classes, hook, html,
    use_node_ref, use_state_eq,
};

use super::part::Part;
use crate::driver::use_width;
use crate::view::{PacketView, PacketsView};

/// What is shown.
#[derive(PartialEq, Eq)]
pub struct PacketBytes {
    /// The packets; the one that is looked at is shown.
    pub view: Rc<PacketsView>,
}

/// What is pointed at: a byte, or a field by its place among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lit {
    Byte(usize),
    Field(usize),
}

/// Pixels below which a row has eight bytes.
const NARROW: u32 = 520;

fn fields(layers: &[Layer]) -> impl Iterator<Item = &Field> {
    layers.iter().flat_map(|it| &it.fields)
}

impl Lit {
    /// The field's place: the narrowest that has the byte.
    fn field(self, packet: &PacketView) -> Option<usize> {
        match self {
            Lit::Field(field) => Some(field),
            Lit::Byte(byte) => {
                let holding = fields(&packet.layers).enumerate();
                let holding = holding.filter(|(_, it)| it.range.contains(&byte) && !it.wrong);
                holding.min_by_key(|(_, it)| it.range.len()).map(|it| it.0)
            }
        }
    }

    /// The bytes that belong to it.
    fn bytes(self, packet: &PacketView) -> Range<usize> {
        let field = self
            .field(packet)
            .and_then(|it| fields(&packet.layers).nth(it));
        match (field, self) {
            (Some(field), _) => field.range.clone(),
            (None, Lit::Byte(byte)) => byte..byte + 1,
            (None, Lit::Field(_)) => 0..0,
        }
    }

    /// The same in words.
    fn words(self, packet: &PacketView) -> String {
        let range = self.bytes(packet);
        let place = match self {
            Lit::Byte(byte) => {
                let value = packet.bytes.get(byte).map_or(0, |it| it.0);
                format!("Byte {byte} is 0x{value:02x}")
            }
            Lit::Field(_) if range.len() == 1 => format!("Byte {}", range.start),
            Lit::Field(_) => format!("Bytes {} to {}", range.start, range.end.saturating_sub(1)),
        };
        let field = self
            .field(packet)
            .and_then(|it| fields(&packet.layers).nth(it));
        let field = field.map(|it| format!(" {}: {}.", it.name, it.value));
        let looked = packet.bytes.get(range).unwrap_or_default();
        let looked = if looked.iter().all(|it| it.1 == 0) {
            "No filter on the packet’s way looked at it.".to_owned()
        } else if looked.len() <= 8 {
            let bits: String = looked.iter().map(|it| format!("{:02x}", it.1)).collect();
            format!("Looked at: bits 0x{bits}.")
        } else {
            "Filters looked at some of it.".to_owned()
        };
        format!("{place}.{} {looked}", field.unwrap_or_default())
    }
}

/// The number that the attribute of whatever the event is about holds.
fn number(event: &MouseEvent, name: &str) -> Option<usize> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let holder = target.closest(&format!("[{name}]")).ok()??;
    holder.get_attribute(name)?.parse().ok()
}

/// Where a key moves to among so many, `across` in a row.
fn moved(key: &str, at: usize, count: usize, across: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let to = match key {
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowRight" => at + 1,
        "ArrowUp" => at.checked_sub(across).unwrap_or(at),
        "ArrowDown" => at + across,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

/// Fields and bytes.
#[hook]
fn use_packet_bytes(props: &PacketBytes) -> Html {
    let pane = use_node_ref();
    let width = use_width(&pane);
    let lit = use_state_eq(|| None::<Lit>);
    let Some(packet) = &props.view.packet else {
        return html! {};
    };
    let across = if width < NARROW { 8 } else { 16 };
    let set = lit.setter();
    let over = |name: &'static str, make: fn(usize) -> Lit| {
        let set = set.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(it) = number(&event, name) {
                set.set(Some(make(it)));
            }
        })
    };
    let keys = |count: usize, across: usize, at: Option<usize>, make: fn(usize) -> Lit| {
        let set = set.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match at {
                Some(at) => moved(&event.key(), at, count, across),
                None => moved(&event.key(), 0, count, across).map(|_| 0),
            };
            if let Some(to) = to {
                event.prevent_default();
                set.set(Some(make(to)));
            }
        })
    };
    let field = lit.and_then(|it| it.field(packet));
    let byte = lit.map(|it| match it {
        Lit::Byte(byte) => byte,
        Lit::Field(_) => it.bytes(packet).start,
    });
    let byte = byte.filter(|it| *it < packet.bytes.len());
    let range = lit.map_or(0..0, |it| it.bytes(packet));
    let leave = {
        let set = set.clone();
        move |_| set.set(None)
    };
    html! {
        <div class="decoded" onmouseleave={leave}>
            <div class="fields" role="listbox" tabindex="0" aria-label="Fields: arrow keys choose one" aria-activedescendant={field.map(|it| format!("field-{it}"))}
                onmouseover={over("data-field", Lit::Field)} onkeydown={keys(fields(&packet.layers).count(), 1, field, Lit::Field)}>
                { layers(packet, field) }
            </div>
            <div class="bytes" ref={pane}>
                <div class="hex" role="grid" tabindex="0" aria-label="Bytes: arrow keys choose one" aria-activedescendant={byte.map(|it| format!("byte-{it}"))}
                    onmouseover={over("data-byte", Lit::Byte)} onkeydown={keys(packet.bytes.len(), across, byte, Lit::Byte)}>
                    { for packet.bytes.chunks(across).enumerate().map(|(row, bytes)| hex(row * across, across, bytes, &range)) }
                </div>
                <p class="about" aria-live="polite">{ match *lit { Some(lit) => lit.words(packet), None => KEY.to_owned() } }</p>
            </div>
        </div>
    }
}

impl Part for PacketBytes {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_packet_bytes(self).run(context)
    }
}

/// What the marks of bytes mean.
const KEY: &str =
    "Framed: the filters looked at all bits of the byte; framed with dashes: at some.";

fn layers(packet: &PacketView, lit: Option<usize>) -> Html {
    let mut place = 0;
    let layer = |layer: &Layer| {
        let from = place;
        place += layer.fields.len();
        html! {
            <div role="group" aria-label={layer.name}>
                <div class="layer" aria-hidden="true">{ layer.name }</div>
                { for layer.fields.iter().zip(from..).map(|(it, place)| field(it, place, lit == Some(place))) }
            </div>
        }
    };
    html! { <>{ for packet.layers.iter().map(layer) }</> }
}

fn field(field: &Field, place: usize, lit: bool) -> Html {
    html! {
        <div role="option" id={format!("field-{place}")} data-field={place.to_string()} aria-selected={lit.to_string()} class={classes!("fact", field.wrong.then_some("bad"))}>
            <span class="of">{ field.range.start }</span><span>{ field.name }</span><span>{ &field.value }</span>
        </div>
    }
}

/// A row of bytes, and what they are as text.
fn hex(from: usize, across: usize, bytes: &[(u8, u8)], lit: &Range<usize>) -> Html {
    let class = |at: usize| lit.contains(&at).then_some("lit");
    let byte = |(index, (value, looked)): (usize, &(u8, u8))| {
        let at = from + index;
        let looked = match looked {
            0 => None,
            0xff => Some("all"),
            _ => Some("some"),
        };
        html! { <span role="gridcell" id={format!("byte-{at}")} data-byte={at.to_string()} class={classes!("byte", class(at), looked)}>{ format!("{value:02x}") }</span> }
    };
    let text = |(index, (value, _)): (usize, &(u8, u8))| {
        let at = from + index;
        let it = match value {
            0x20..0x7f => char::from(*value),
            _ => '·',
        };
        html! { <span data-byte={at.to_string()} class={classes!(class(at))}>{ it }</span> }
    };
    html! {
        <div role="row" class="line">
            <span role="rowheader" class="of">{ format!("{from:04x}") }</span>
            { for bytes.iter().enumerate().map(byte) }
            { for (bytes.len()..across).map(|_| html! { <span class="byte" aria-hidden="true"></span> }) }
            <span class="text" aria-hidden="true">{ for bytes.iter().enumerate().map(text) }</span>
        </div>
    }
}
