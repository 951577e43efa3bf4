//! The store as a hook: actions go to the playground, its view comes back.

use std::cell::RefCell;
use std::rc::Rc;

use exo_session::ReadOptions;
use yew::{UseStateSetter, hook, use_memo, use_state};

use super::page::Opened;
use crate::store::{Action, Playground};
use crate::view::View;

/// Milliseconds of a frame of the display that a run at full speed may take.
const BUDGET_MS: f64 = 8.0;

/// A handle on the page's state. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    playground: Rc<RefCell<Playground>>,
    shown: Rc<RefCell<Rc<View>>>,
    show: UseStateSetter<Rc<View>>,
}

impl Store {
    /// Does what is asked, and shows it.
    pub fn dispatch(&self, action: Action) {
        self.playground.borrow_mut().update(action);
        self.publish();
    }

    /// Goes on with the work under way for one frame of the display, and shows it.
    pub(super) fn work_for_a_frame(&self) {
        let begin = now_ms();
        let before = self.step();
        while self.playground.borrow_mut().work(begin) && now_ms() - begin < BUDGET_MS {}
        if self.step() != before || !self.is_busy() {
            self.publish();
        }
    }

    fn step(&self) -> u64 {
        self.playground.borrow().session().step_number()
    }

    /// Whether there is work under way.
    pub(super) fn is_busy(&self) -> bool {
        self.playground.borrow().is_busy()
    }

    /// What to take of the next trace file.
    pub(super) fn read_options(&self) -> ReadOptions {
        self.playground.borrow().read_options()
    }

    fn publish(&self) {
        let view = Rc::new(View::after(&self.shown.borrow(), &self.playground.borrow()));
        *self.shown.borrow_mut() = view.clone();
        self.show.set(view);
    }
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}

/// The view of the page's state, and the store that changes it.
#[hook]
pub(super) fn use_store(opened: &Opened) -> (Rc<View>, Store) {
    let first = use_memo((), |()| View::of(&opened.0.borrow()));
    let view = use_state(|| first.clone());
    let shown = use_memo((), |()| RefCell::new(first.clone()));
    let store = Store {
        playground: opened.0.clone(),
        shown,
        show: view.setter(),
    };
    ((*view).clone(), store)
}
