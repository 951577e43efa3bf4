//! The store as a hook: actions go to the playground, its view comes back.

use std::cell::RefCell;
use std::rc::Rc;

use exo_session::ReadOptions;
use yew::{UseStateSetter, hook, use_memo, use_state};

use super::keep::{self, Keeper};
use super::page::Opened;
use crate::store::{Action, Offering, Playground};
use crate::view::View;

/// Milliseconds of a frame of the display that a run at full speed may take.
const BUDGET_MS: f64 = 8.0;

/// A handle on the page's state. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    playground: Rc<RefCell<Playground>>,
    keeper: Rc<RefCell<Keeper>>,
    shown: Rc<RefCell<Rc<View>>>,
    show: UseStateSetter<Rc<View>>,
}

impl Store {
    /// Does what is asked, and shows it. What may run on for ever finds the work kept.
    pub fn dispatch(&self, action: Action) {
        let ends = action.ends_a_version();
        let forgets = matches!(action, Action::ForgetKept);
        let goes_on = matches!(action, Action::OpenKept(_));
        if action.runs() {
            self.keep_now(false);
            self.keeper.borrow_mut().flag(true);
        }
        if forgets {
            keep::forget_all();
        }
        if matches!(action, Action::ShowVersions(true)) {
            keep::tell(self, Offering::Nothing);
        }
        let before = self.read(Playground::session_number);
        self.playground.borrow_mut().update(action);
        if self.read(Playground::session_number) != before {
            let playground = self.playground.borrow();
            let mut keeper = self.keeper.borrow_mut();
            keeper.begin_document(&playground, goes_on);
        } else if forgets {
            self.keeper.borrow_mut().forget();
        } else if ends {
            self.keeper.borrow_mut().begin_version();
        }
        self.publish();
        let lacks = self.read(|playground| self.keeper.borrow().lacks(playground));
        if lacks {
            keep::keep_soon(&self.keeper, self);
        }
    }

    /// The later part of the program is here: what it was wanted for is done.
    pub(super) fn later_came(&self) {
        let wanted = self.playground.borrow_mut().later_came();
        match wanted {
            Some(action) => self.dispatch(action),
            None => self.publish(),
        }
    }

    /// Keeps the work if it has changed; when it rests, also where it stands.
    pub(super) fn keep_now(&self, rests: bool) {
        let refused = self.read(|playground| self.keeper.borrow_mut().keep(playground, rests));
        if refused {
            self.playground.borrow_mut().update(Action::NotKept);
            self.publish();
        }
    }

    /// The page goes away: its work is kept, and nothing runs.
    pub(super) fn leave(&self) {
        self.keep_now(true);
        self.keeper.borrow_mut().flag(false);
    }

    /// Goes on with the work under way for one frame of the display, and shows it.
    pub(super) fn work_for_a_frame(&self) {
        let begin = now_ms();
        let before = self.seen();
        while self.playground.borrow_mut().work(begin) && now_ms() - begin < BUDGET_MS {}
        if self.seen() != before || !self.is_busy() {
            self.publish();
        }
    }

    /// What is seen of work under way.
    fn seen(&self) -> (u64, u64) {
        let playground = self.playground.borrow();
        (playground.session().step_number(), playground.work_seen())
    }

    /// Whether there is work under way.
    pub(super) fn is_busy(&self) -> bool {
        self.playground.borrow().is_busy()
    }

    /// Looks at the state.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Playground) -> T) -> T {
        look(&self.playground.borrow())
    }

    /// The link of the session as it stands, from `#` on, or why it has none. What runs is paused.
    pub(super) fn link(&self) -> Result<String, String> {
        self.dispatch(Action::Cancel);
        self.read(Playground::link)
    }

    /// What to take of the next trace file.
    pub(super) fn read_options(&self) -> ReadOptions {
        self.playground.borrow().read_options()
    }

    fn publish(&self) {
        let view = Rc::new(View::after(&self.shown.borrow(), &self.playground.borrow()));
        *self.shown.borrow_mut() = view.clone();
        self.show.set(view);
        if self.is_busy() {
            self.keeper.borrow_mut().flag(true);
        } else {
            keep::lower_flag_soon(&self.keeper, self);
        }
    }

    /// Nothing has run for a moment: the flag that something runs comes down, unless it has begun again.
    pub(super) fn lower_flag_if_calm(&self) {
        let busy = self.is_busy();
        self.keeper.borrow_mut().calm_over(busy);
        if !busy {
            self.keep_now(true);
        }
    }
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}

/// The view of the page's state, and the store that changes it; `keeps` if the work is to be kept.
#[hook]
pub(super) fn use_store(opened: &Opened, keeps: bool) -> (Rc<View>, Store) {
    let first = use_memo((), |()| View::of(&opened.0.borrow()));
    let view = use_state(|| first.clone());
    let shown = use_memo((), |()| RefCell::new(first.clone()));
    let keeper = use_memo((), |()| {
        RefCell::new(Keeper::new(&opened.0.borrow(), keeps))
    });
    let store = Store {
        playground: opened.0.clone(),
        keeper,
        shown,
        show: view.setter(),
    };
    ((*view).clone(), store)
}
