//! Keeps the work in the browser's store, half a second after typing and before anything runs.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Date, Math};
use wasm_bindgen::JsValue;
use web_sys::{Storage, StorageEvent};
use yew::{hook, use_effect_with};

use super::crash;
use super::store::Store;
use super::theme::storage;
use crate::store::{Action, Kept, Playground, WorkMark, bounded};

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
            timer: None,
            flagged: false,
            calm: None,
            refused: false,
            on,
        }
    }

    fn name(&self) -> String {
        format!("{}.{:04}", self.document, self.version)
    }

    /// Whether this has not been kept yet.
    pub(super) fn lacks(&self, mark: &WorkMark) -> bool {
        self.on && *mark != self.kept
    }

    /// Keeps the work if it has changed since it was last kept. True if the browser has refused, for
    /// the first time.
    pub(super) fn keep(&mut self, playground: &Playground) -> bool {
        let mark = playground.work_mark();
        if !self.on || mark == self.kept {
            return false;
        }
        self.kept = mark;
        let text = playground.work_text();
        crash::remember(&text);
        let now = Date::now();
        if now - self.began_ms > VERSION_MS {
            (self.version, self.began_ms) = (self.version + 1, now);
        }
        let (texts, words) = (playground.work_texts(), playground.work_words());
        let entry = Kept::render(now as u64, &texts, &words, &text);
        let refused = store(&self.name(), &entry).is_err();
        let first = refused && !self.refused;
        self.refused = refused;
        first
    }

    /// Whatever comes next is another version, or another document.
    pub(super) fn begin(&mut self, playground: &Playground, another: bool) {
        if another {
            self.lower_flag();
            (self.document, self.version) = (new_document(), 0);
            self.kept = playground.work_mark();
        } else {
            (self.version, self.began_ms) = (self.version + 1, Date::now());
        }
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
            storage().map(|it| it.set_item(&flag, "1"));
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

/// Stores an entry and removes what is too much. Where there is no room, older entries go one by one.
fn store(name: &str, entry: &str) -> Result<(), JsValue> {
    let storage = storage().ok_or(JsValue::NULL)?;
    let key = format!("{WORK}{name}");
    let (stays, goes) = bounded(entries(&storage));
    goes.iter().for_each(|it| remove(&storage, it));
    let mut older = stays.iter().rev().filter(|it| it.name != name);
    loop {
        match storage.set_item(&key, entry) {
            Ok(()) => return Ok(()),
            Err(error) => remove(&storage, older.next().ok_or(error)?),
        }
    }
}

fn remove(storage: &Storage, entry: &Kept) {
    drop(storage.remove_item(&format!("{WORK}{}", entry.name)));
}

/// All entries of the store, in no order.
fn entries(storage: &Storage) -> Vec<Kept> {
    let length = storage.length().unwrap_or(0);
    let keys = (0..length).filter_map(|index| storage.key(index).ok().flatten());
    let entry = |key: String| {
        let name = key.strip_prefix(WORK)?;
        let stored = storage.get_item(&key).ok().flatten()?;
        let mut kept = Kept::parse(name, &stored)?;
        let document = name.split('.').next().unwrap_or(name);
        let flag = storage.get_item(&format!("{RUNNING}{document}"));
        kept.interrupted = flag.ok().flatten().is_some();
        let when = Date::new(&JsValue::from_f64(kept.when_ms as f64));
        kept.when = when.to_locale_string("default", &JsValue::UNDEFINED).into();
        Some(kept)
    };
    keys.filter_map(entry).collect()
}

/// Removes all that is kept, but for what other pages keep from now on.
pub(super) fn forget_all() {
    if let Some(storage) = storage() {
        entries(&storage).iter().for_each(|it| remove(&storage, it));
    }
}

/// Tells the page what is kept.
pub(super) fn tell(store: &Store, offer: bool) {
    if let Some(storage) = storage() {
        let kept = bounded(entries(&storage)).0.into();
        store.dispatch(Action::KeptFound { kept, offer });
    }
}

/// Offers what is kept when the page opens, follows other pages, and keeps the work when this one ends.
#[hook]
pub(super) fn use_keeping(store: &Store, on: bool, offer: bool) {
    let store = store.clone();
    use_effect_with((), move |()| {
        let window = web_sys::window().filter(|_| on);
        let listeners = window.map(|window| {
            tell(&store, offer);
            let (ends, others) = (store.clone(), store);
            let leave = EventListener::new(&window, "pagehide", move |_| ends.leave());
            let storage = EventListener::new(&window, "storage", move |event| {
                let key = wasm_bindgen::JsCast::dyn_ref::<StorageEvent>(event)
                    .and_then(StorageEvent::key);
                if key.is_none_or(|key| key.starts_with(WORK)) {
                    tell(&others, false);
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
    let timer = Timeout::new(REST_MS, move || store.keep_now());
    keeper.borrow_mut().timer = Some(timer);
}
