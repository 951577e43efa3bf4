//! Keeps the work in the browser's store, half a second after typing and before anything runs.

use std::cell::RefCell;
use std::rc::Rc;

use exo_core::ids::Position;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Date, Math};
use wasm_bindgen::JsValue;
use web_sys::{Storage, StorageEvent};
use yew::{hook, use_effect_with};

use super::crash;
use super::store::Store;
use super::theme::storage;
use crate::store::{
    Action, Kept, Offering, Playground, Shelf, WorkMark, bounded, is_stale, shelve,
};

/// How long a text rests before it is kept, in milliseconds.
const REST_MS: u32 = 500;
/// How long one types at most until another version begins.
const VERSION_MS: f64 = 120_000.0;
/// What the names of entries begin with, and those of the flags beside them.
const WORK: &str = "exokernel.work.";
const RUNNING: &str = "exokernel.running.";

/// The document of this page: its name in the browser's store, and what was kept last.
pub(super) struct Keeper {
    document: String,
    version: u32,
    /// When the version was begun, in milliseconds of the browser's calendar.
    began_ms: f64,
    kept: WorkMark,
    /// Where it stood then.
    stood: Option<Position>,
    /// The name of what was kept last; none if this document has nothing in the browser's store.
    entry: Option<String>,
    /// Whether the document goes on with what was kept before.
    goes_on: bool,
    timer: Option<Timeout>,
    flagged: bool,
    /// When the flag comes down, unless something runs then.
    calm: Option<Timeout>,
    refused: bool,
    /// Whether anything is kept at all: not in another's page.
    on: bool,
}

impl Keeper {
    pub(super) fn new(playground: &Playground, on: bool) -> Keeper {
        Keeper {
            document: new_document(),
            version: 0,
            began_ms: Date::now(),
            kept: playground.work_mark(),
            stood: playground.stands_at(),
            entry: None,
            goes_on: false,
            timer: None,
            flagged: false,
            calm: None,
            refused: false,
            on,
        }
    }

    /// Whether the work has changed since it was last kept.
    pub(super) fn lacks(&self, playground: &Playground) -> bool {
        playground.work_mark() != self.kept
    }

    /// Keeps the work if it has changed since it was last kept. When it rests, also where it stands, if it has been
    /// changed at all. True if the browser has refused, for the first time.
    pub(super) fn keep(&mut self, playground: &Playground, rests: bool) -> bool {
        let mark = playground.work_mark();
        let changed = mark != self.kept;
        let stands = playground.stands_at();
        let moved = stands.is_some() && stands != self.stood;
        let is_work = self.entry.is_some() || self.goes_on;
        if !(changed || rests && is_work && (moved || self.is_gone())) {
            return false;
        }
        (self.kept, self.stood) = (mark, stands);
        let text = playground.work_text();
        crash::remember(&text);
        if !self.on {
            return false;
        }
        let now = Date::now();
        if changed && now - self.began_ms > VERSION_MS {
            (self.version, self.began_ms) = (self.version + 1, now);
        }
        let name = self.entry.clone().filter(|_| !changed);
        let name = name.unwrap_or_else(|| format!("{}.{:04}", self.document, self.version));
        let (texts, words) = (playground.work_texts(), playground.work_words());
        let entry = Kept::render(now as u64, &texts, &words, &text);
        let refused = !store(&name, &entry);
        if !refused {
            self.entry = Some(name);
        }
        let first = refused && !self.refused;
        self.refused = refused;
        first
    }

    /// Whether another page has taken away what this one had kept.
    fn is_gone(&self) -> bool {
        let entry = self.entry.as_ref().zip(storage());
        entry.is_some_and(|(name, storage)| Stored(storage).get(name).is_none())
    }

    /// Whatever comes next is another version.
    pub(super) fn begin_version(&mut self) {
        (self.version, self.began_ms) = (self.version + 1, Date::now());
    }

    /// Whatever comes next is another document; it goes on with what was kept before, or begins.
    pub(super) fn begin_document(&mut self, playground: &Playground, goes_on: bool) {
        crash::remember(&playground.work_text());
        self.lower_flag();
        *self = Keeper {
            goes_on,
            refused: self.refused,
            ..Keeper::new(playground, self.on)
        };
    }

    /// All that was kept has been forgotten.
    pub(super) fn forget(&mut self) {
        self.begin_version();
        // Its flag went with the rest.
        (self.entry, self.goes_on, self.flagged) = (None, false, false);
    }

    /// Says in the browser's store that something runs, or that nothing does.
    pub(super) fn flag(&mut self, running: bool) {
        if running == self.flagged || !self.on {
            return;
        }
        if running {
            self.flagged = true;
            let flag = format!("{RUNNING}{}", self.document);
            // Where nothing can be stored, nothing is kept that could be run into.
            let now = (Date::now() as u64).to_string();
            storage().map(|it| it.set_item(&flag, &now));
        } else {
            self.lower_flag();
        }
    }

    /// The moment is over after which the flag comes down if nothing runs.
    pub(super) fn calm_over(&mut self, busy: bool) {
        self.calm = None;
        self.flag(busy);
    }

    fn lower_flag(&mut self) {
        (self.flagged, self.calm) = (false, None);
        let flag = format!("{RUNNING}{}", self.document);
        storage().map(|it| it.remove_item(&flag));
    }
}

/// A name that no other page has: 52 random bits.
fn new_document() -> String {
    format!("{:013x}", (Math::random() * (1_u64 << 52) as f64) as u64)
}

/// The browser's store as a shelf.
struct Stored(Storage);

impl Shelf for Stored {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get_item(&format!("{WORK}{name}")).ok().flatten()
    }

    fn put(&self, name: &str, stored: &str) -> bool {
        self.0.set_item(&format!("{WORK}{name}"), stored).is_ok()
    }

    fn remove(&self, name: &str) {
        drop(self.0.remove_item(&format!("{WORK}{name}")));
    }
}

/// Stores an entry. False if the browser refuses.
fn store(name: &str, entry: &str) -> bool {
    storage().is_some_and(|it| shelve(&Stored(it.clone()), || entries(&it), name, entry))
}

/// All entries of the store, in no order.
fn entries(storage: &Storage) -> Vec<Kept> {
    let entry = |key: String| {
        let name = key.strip_prefix(WORK)?;
        let stored = storage.get_item(&key).ok().flatten()?;
        let mut kept = Kept::parse(name, &stored)?;
        let flag = storage.get_item(&format!("{RUNNING}{}", kept.document()));
        kept.interrupted = flag.ok().flatten().is_some();
        let when = Date::new(&JsValue::from_f64(kept.when_ms as f64));
        kept.when = when.to_locale_string("default", &JsValue::UNDEFINED).into();
        Some(kept)
    };
    keys(storage).into_iter().filter_map(entry).collect()
}

fn keys(storage: &Storage) -> Vec<String> {
    let length = storage.length().unwrap_or(0);
    let keys = (0..length).filter_map(|index| storage.key(index).ok().flatten());
    keys.collect()
}

/// Removes all that is kept, but for what other pages keep from now on.
pub(super) fn forget_all() {
    if let Some(storage) = storage() {
        let all = keys(&storage).into_iter();
        let ours = all.filter(|key| key.starts_with(WORK) || key.starts_with(RUNNING));
        ours.for_each(|key| drop(storage.remove_item(&key)));
    }
}

/// Takes down flags that say nothing any more.
fn clear_flags() {
    let Some(storage) = storage() else {
        return;
    };
    let keys = keys(&storage);
    for key in &keys {
        let Some(document) = key.strip_prefix(RUNNING) else {
            continue;
        };
        let put_up = storage.get_item(key).ok().flatten().unwrap_or_default();
        let kept = |key: &String| {
            let name = key.strip_prefix(WORK);
            name.is_some_and(|it| it.split('.').next() == Some(document))
        };
        if is_stale(&put_up, keys.iter().any(kept), Date::now() as u64) {
            drop(storage.remove_item(key));
        }
    }
}

/// Tells the page what is kept.
pub(super) fn tell(store: &Store, offer: Offering) {
    if let Some(storage) = storage() {
        let kept = bounded(entries(&storage)).0.into();
        store.dispatch(Action::KeptFound { kept, offer });
    }
}

/// Offers what is kept when the page opens, follows other pages, and keeps the work when this one ends.
#[hook]
pub(super) fn use_keeping(store: &Store, on: bool, offer: Offering) {
    let store = store.clone();
    use_effect_with((), move |()| {
        let window = web_sys::window().filter(|_| on);
        let listeners = window.map(|window| {
            tell(&store, offer);
            clear_flags();
            let (ends, others) = (store.clone(), store);
            let leave = EventListener::new(&window, "pagehide", move |_| ends.leave());
            let storage = EventListener::new(&window, "storage", move |event| {
                let key = wasm_bindgen::JsCast::dyn_ref::<StorageEvent>(event)
                    .and_then(StorageEvent::key);
                if key.is_none_or(|key| key.starts_with(WORK)) {
                    tell(&others, Offering::Nothing);
                }
            });
            (leave, storage)
        });
        move || drop(listeners)
    });
}

/// Lets the flag come down when nothing has run for a moment: steps that follow each other do not write to the
/// browser's store, which may be the disk, twice each.
pub(super) fn lower_flag_soon(keeper: &Rc<RefCell<Keeper>>, store: &Store) {
    let mut waits = keeper.borrow_mut();
    if waits.flagged && waits.calm.is_none() {
        let store = store.clone();
        waits.calm = Some(Timeout::new(REST_MS, move || store.lower_flag_if_calm()));
    }
}

/// Lets the work be kept when it has rested.
pub(super) fn keep_soon(keeper: &Rc<RefCell<Keeper>>, store: &Store) {
    let store = store.clone();
    let timer = Timeout::new(REST_MS, move || store.keep_now(false));
    keeper.borrow_mut().timer = Some(timer);
}
