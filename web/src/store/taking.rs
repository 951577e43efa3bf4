//! Every action and what it does, by what it is about: moving and running, texts and views, files and what is kept.

use std::rc::Rc;

use exo_session::condition::{Condition, Kind};
use exo_session::debugger::Side;

use super::action::{Action, Face};
use super::kept::{Offer, Offering};
use super::playground::Playground;

impl Playground {
    /// Does what is asked, or begins it.
    pub(super) fn take(&mut self, action: Action) {
        match action {
            Action::Reset => self.moving(|session| session.reset()),
            Action::StepBack => self.moving(|it| _ = it.step_back()),
            Action::Step => self.moving(|it| _ = it.step()),
            Action::NextEvent | Action::NextFault | Action::NextPacket => self.go_on_to(&action),
            Action::StepLine(stride) => self.step_line(stride),
            Action::StepLineBack(stride) => self.step_line_back(stride),
            Action::ToggleBreakpoint(line) => self.toggle_breakpoint(line),
            Action::RemoveBreakpoint(breakpoint) => self.remove_breakpoint(breakpoint),
            Action::GoTo(target) => self.go_to(target),
            Action::GoToTyped(text) => self.go_to_typed(&text),
            Action::GoToMark { forward } => self.go_to_mark(forward),
            Action::Zoom { closer } => self.zoom(closer),
            Action::Point => self.point(),
            Action::PlayBack => self.play_back(),
            Action::CloseFind => self.finder.open = false,
            Action::SetFind(form) => self.finder.form = *form,
            Action::Search { back } => self.search(back),
            Action::Cancel => self.cancel(),
            Action::ToggleRun => self.toggle_run(),
            Action::SetSpeed(speed) => self.set_speed(speed),
            Action::LastFault => self.seek_back(Condition::Kind(Kind::Upcall, None)),
            other => self.take_of_texts(other),
        }
    }

    /// What is about texts, and about what is looked at.
    fn take_of_texts(&mut self, action: Action) {
        match action {
            Action::SelectEnvironment(env) => self.show_program(env, Side::LibOs),
            Action::SelectApplication(env) => self.show_program(env, Side::Application),
            Action::ShowFace(Face::Values) | Action::State(_) => self.take_later(action),
            Action::ShowFace(face) => self.face = face,
            Action::Run { env, application } => self.run_application(env, application),
            Action::SetFrameLimit { env, frames } => self.set_frame_limit(env, frames),
            Action::Edit(text) => self.edit(text),
            Action::TypedIntoLocked => self.say_locked(),
            Action::Compare(shown) => self.comparing = shown,
            Action::Check => self.check(),
            Action::LoadSample(name) => self.load_sample(name),
            Action::ExchangeTable(name) => self.exchange_table(name),
            Action::LoadOriginal => self.draft().load_original(),
            Action::LoadRunning => self.load_running(),
            Action::UndoLoad => self.draft().undo_load(),
            Action::Apply { reset } => self.apply(reset),
            Action::Look(_) | Action::LookAtStep(_) | Action::PutAway => self.choose(&action),
            Action::LookAtLine(_) | Action::ShowLine(_) => self.choose(&action),
            Action::Follow(_) | Action::Writing(_) => self.choose(&action),
            Action::Ask(thing) => self.ask(thing),
            Action::CloseAnswer => self.close_answer(),
            Action::SelectPanel(panel) => self.panel = panel,
            Action::TraceReading { name, read, size } => self.reading(&name, read, size),
            Action::TraceRead(trace) => self.offered(*trace),
            Action::TraceFailed { name, reason } => self.not_read(&name, &reason),
            Action::Record(_) | Action::Charts(_) | Action::Packets(_) => self.take_later(action),
            Action::Kernels(_) | Action::Branch(_) | Action::Marks(_) | Action::Attempts => {
                self.take_later(action);
            }
            Action::Export(_) | Action::Format | Action::Beside(_) => self.take_later(action),
            Action::OpenFind => self.take_later(action),
            Action::ShowVersions(_) | Action::FramesAsTable(_) => self.take_later(action),
            other => self.take_of_files(other),
        }
    }

    /// What is about files, links, and what the browser keeps; the rest is done above.
    fn take_of_files(&mut self, action: Action) {
        match action {
            Action::UndoChange => self.undo_change(),
            Action::StopReading => self.stop_reading(),
            Action::OpenLink(link) => self.open_link(&link),
            Action::OpenText { name, text } => self.open_text(&name, &text),
            Action::OpenProgram { name, text } => self.open_program(&name, &text),
            Action::OfSeveral(count) => self.of_several(count),
            Action::OpenScenario(name) => self.open_scenario(name),
            Action::LaterFailed => self.later_failed(),
            Action::Guide(action) => self.guide(action),
            Action::StartAt(place) => self.start_at(place),
            Action::ReadOnly => self.read_only = true,
            Action::KeptFound { kept, offer } => self.found_kept(kept, offer),
            Action::OpenKept(name) => self.open_kept(&name),
            Action::DeclineKept => self.kept_offer = Offer::Nothing,
            Action::ForgetKept => self.found_kept(Rc::default(), Offering::Nothing),
            Action::NotKept => self.not_kept(),
            Action::TakeVersion(index) => self.take_version(index),
            Action::Share => self.share(),
            Action::Copied(copied) => self.copied(copied),
            Action::CloseShare => self.share = None,
            Action::Dismiss => self.dismiss(),
            _ => {}
        }
    }
}
