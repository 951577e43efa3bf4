//! What the bundled editor asks of the page: it tells edits, and asks what the compiler knows of a text.

use exo_policy::services::{Kind, completions, hover, semantic_tokens};
use js_sys::{Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::{Closure, WasmClosure};
use yew::Callback;

use crate::store::Action;
use crate::units::{Units, byte_of};

/// Every kind of a piece of text, in the order of their numbers.
const KINDS: [Kind; 17] = [
    Kind::Keyword,
    Kind::Type,
    Kind::Function,
    Kind::Method,
    Kind::SystemCall,
    Kind::Field,
    Kind::Parameter,
    Kind::Local,
    Kind::Constant,
    Kind::Variant,
    Kind::Macro,
    Kind::Number,
    Kind::Text,
    Kind::Comment,
    Kind::Documentation,
    Kind::Label,
    Kind::Operator,
];

/// Something that could be written, as the editor reads it.
#[derive(Serialize)]
struct Offered {
    label: String,
    kind: &'static str,
    detail: String,
    documentation: String,
    insert: String,
    from: u32,
}

/// What is known of a word, as the editor reads it.
#[derive(Serialize)]
struct Known {
    from: u32,
    to: u32,
    signature: String,
    documentation: String,
}

/// A plain value of JavaScript; null where there is none.
pub(super) fn plain(value: &impl Serialize) -> JsValue {
    let made = value.serialize(&Serializer::json_compatible());
    made.unwrap_or(JsValue::NULL)
}

/// The object that answers the editor. It lives as long as the page.
pub(super) fn host(on: &Callback<Action>) -> JsValue {
    let object = Object::new();
    let kinds: Array = KINDS
        .iter()
        .map(|kind| JsValue::from(kind.name()))
        .collect();
    put(&object, "kinds", &kinds);
    let edits = on.clone();
    answer::<dyn Fn(String)>(
        &object,
        "edited",
        Box::new(move |text| edits.emit(Action::Edit(text))),
    );
    let refuses = on.clone();
    let refused = move || refuses.emit(Action::TypedIntoLocked);
    answer::<dyn Fn()>(&object, "refused", Box::new(refused));
    let applies = on.clone();
    let apply = move || applies.emit(Action::Apply { reset: false });
    answer::<dyn Fn()>(&object, "apply", Box::new(apply));
    let toggles = on.clone();
    let toggle = move |line| toggles.emit(Action::ToggleBreakpoint(line));
    answer::<dyn Fn(u32)>(&object, "toggle", Box::new(toggle));
    let looks = on.clone();
    let look = move |line| looks.emit(Action::LookAtLine(line));
    answer::<dyn Fn(u32)>(&object, "look", Box::new(look));
    answer::<dyn Fn(String) -> Uint32Array>(&object, "tokens", Box::new(|text| tokens(&text)));
    answer::<dyn Fn(String, u32) -> JsValue>(
        &object,
        "complete",
        Box::new(|text, at| offered(&text, at)),
    );
    answer::<dyn Fn(String, u32) -> JsValue>(
        &object,
        "hover",
        Box::new(|text, at| known(&text, at)),
    );
    object.into()
}

/// Gives a new object a property.
pub(super) fn put(object: &Object, name: &str, value: &JsValue) {
    let done = Reflect::set(object, &name.into(), value);
    debug_assert!(done.is_ok(), "a new object takes properties");
}

fn answer<T: WasmClosure + ?Sized>(object: &Object, name: &str, closure: Box<T>) {
    put(object, name, &Closure::wrap(closure).into_js_value());
}

/// Three numbers for each piece: where it begins, where it ends, its kind.
fn tokens(text: &str) -> Uint32Array {
    let mut units = Units::new(text);
    let mut found = Vec::new();
    for token in semantic_tokens(text) {
        let (from, to) = (units.of(token.range.start), units.of(token.range.end));
        if from < to {
            found.extend([from, to, token.kind as u32]);
        }
    }
    Uint32Array::from(&found[..])
}

fn offered(text: &str, at: u32) -> JsValue {
    let mut units = Units::new(text);
    let found = completions(text, byte_of(text, at)).into_iter();
    let offered: Vec<Offered> = found
        .map(|it| Offered {
            label: it.label,
            kind: it.kind.name(),
            detail: it.detail,
            documentation: it.documentation,
            insert: it.insert,
            from: units.of(it.replace.start),
        })
        .collect();
    plain(&offered)
}

fn known(text: &str, at: u32) -> JsValue {
    let mut units = Units::new(text);
    let known = hover(text, byte_of(text, at)).map(|it| Known {
        from: units.of(it.range.start),
        to: units.of(it.range.end),
        signature: it.signature,
        documentation: it.documentation,
    });
    plain(&known)
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn every_kind_stands_at_its_number() {
        for (number, kind) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, number, "{}", kind.name());
        }
    }
}
