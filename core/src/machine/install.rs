//! Replacing a policy in a running environment (D6).
//!
//! Fields of the same name and type keep their values, others take the new policy's first ones. If
//! a field that holds frames would be lost, or on request, the environment's bindings are broken
//! and its unpinned frames freed first, and then every field begins afresh: values that describe
//! frames no longer held would only mislead the new policy.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::config::{Unfit, admit, state_frames};
use super::{Machine, write_image};
use crate::cpu::{Field, Program, Role};
use crate::event::{BreakReason, Event, Sink};
use crate::hw::Segment;
use crate::ids::{EnvId, Frame};
use crate::kernel::{Environment, Handler, PendingInstall, Phase, Upcall};

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFate {
    /// Keeps its value.
    Kept,
    /// New, or of another type: takes the new policy's first value.
    Fresh,
    /// The new policy has no such field.
    Dropped,
}

/// Why another program was not even asked for. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallError {
    /// The machine has no such environment.
    NoSuchEnvironment,
    /// The program may not run there.
    Unfit(Unfit),
    /// A page of the machine is too small for the largest load of an application.
    PageTooSmall,
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstallError::NoSuchEnvironment => f.write_str("the machine has no such environment"),
            InstallError::Unfit(unfit) => unfit.fmt(f),
            InstallError::PageTooSmall => {
                f.write_str("a page of this machine is too small for an application's largest load")
            }
        }
    }
}

impl core::error::Error for InstallError {}

/// A field and its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub fate: FieldFate,
    /// Whether it holds frames.
    pub holds_frames: bool,
}

/// What replacing `old` by `new` would do to each field: the new policy's fields in order, then
/// those it lacks. The second value says whether frames are freed, which makes every field begin
/// afresh.
pub fn field_changes(old: &Program, new: &Program, reset: bool) -> (Vec<FieldChange>, bool) {
    let same = |one: &Field, two: &Field| one.name == two.name && one.type_text == two.type_text;
    let lost = old
        .fields
        .iter()
        .filter(|field| !new.fields.iter().any(|other| same(field, other)));
    let release = reset || lost.clone().any(|field| field.holds_frames);
    let mut changes: Vec<FieldChange> = new
        .fields
        .iter()
        .map(|field| {
            let kept = !release && old.fields.iter().any(|other| same(field, other));
            let fate = if kept {
                FieldFate::Kept
            } else {
                FieldFate::Fresh
            };
            FieldChange {
                name: field.name.clone(),
                fate,
                holds_frames: field.holds_frames,
            }
        })
        .collect();
    changes.extend(
        old.fields
            .iter()
            .filter(|field| !new.fields.iter().any(|it| it.name == field.name))
            .map(|field| FieldChange {
                name: field.name.clone(),
                fate: FieldFate::Dropped,
                holds_frames: field.holds_frames,
            }),
    );
    (changes, release)
}

/// The new policy's first state, with the values of kept fields written over it.
fn carry_over(old: &Program, old_image: &[u8], new: &Program, changes: &[FieldChange]) -> Vec<u8> {
    let mut image = new.initial_state.clone();
    for change in changes
        .iter()
        .filter(|change| change.fate == FieldFate::Kept)
    {
        let by_name = |field: &&Field| field.name == change.name;
        let (Some(from), Some(to)) = (
            old.fields.iter().find(by_name),
            new.fields.iter().find(by_name),
        ) else {
            continue;
        };
        let size = to.size_bytes as usize;
        let source = old_image.get(from.offset as usize..from.offset as usize + size);
        let target = image.get_mut(to.offset as usize..to.offset as usize + size);
        if let (Some(source), Some(target)) = (source, target) {
            target.copy_from_slice(source);
        }
    }
    image
}

impl Machine {
    /// Asks for another policy; it takes over at the next upcall boundary of `env`, which an event
    /// tells.
    ///
    /// # Errors
    /// There is no such environment, or the program may not run as a policy. Nothing changed.
    pub fn install(
        &mut self,
        env: EnvId,
        program: Arc<Program>,
        reset: bool,
    ) -> Result<(), InstallError> {
        let environment = self.kernel.environments.get_mut(env.index());
        let environment = environment.ok_or(InstallError::NoSuchEnvironment)?;
        admit(&program, Role::LibOs).map_err(InstallError::Unfit)?;
        environment.pending = Some(PendingInstall { program, reset });
        Ok(())
    }

    /// Lets one waiting policy or program take over, if its environment is between upcalls.
    pub(super) fn take_over<S: Sink>(&mut self, sink: &mut S) -> bool {
        self.kernel.environments.iter().any(Environment::waits)
            && (self.set_pending_limit(sink)
                || self.install_pending(sink)
                || self.load_pending(sink))
    }

    /// Lets one waiting policy take over, if its environment is between upcalls.
    fn install_pending<S: Sink>(&mut self, sink: &mut S) -> bool {
        let ready =
            self.kernel.environments.iter().position(|environment| {
                environment.pending.is_some() && environment.between_upcalls()
            });
        let Some(index) = ready else { return false };
        let env = EnvId(index as u8);
        if let Some(pending) = self.kernel.environments[index].pending.take() {
            let event = self.replace_policy(env, pending);
            self.emit(sink, event);
        }
        true
    }

    fn replace_policy(&mut self, env: EnvId, pending: PendingInstall) -> Event {
        let PendingInstall { program, reset } = pending;
        let none = Arc::new(Program::default());
        let environment = &self.kernel.environments[env.index()];
        let old = environment.program().unwrap_or(&none).clone();
        let (changes, release) = field_changes(&old, &program, reset);
        let needed = state_frames(program.initial_state.len(), self.config.page_bits);
        let held = if release { environment.frames_held } else { 0 };
        let free = self.kernel.frames.free() + held + environment.segment.frames.len() as u32;
        if needed > free {
            return Event::InstallRefused {
                env,
                frames_needed: needed,
                frames_free: free,
            };
        }

        let old_image = environment.segment.image(&self.hw.memory);
        let released = if release { self.release_frames(env) } else { 0 };
        let image = carry_over(&old, &old_image, &program, &changes);
        let segment = core::mem::take(&mut self.kernel.environments[env.index()].segment);
        let segment = self.resized(env, segment, needed, image.len() as u32);
        write_image(&mut self.hw.memory, &segment, &image);
        let environment = &mut self.kernel.environments[env.index()];
        environment.segment = segment;
        environment.handler = Handler::Program(program.clone());
        let count = |fate| changes.iter().filter(|change| change.fate == fate).count() as u16;
        let (kept, fresh, dropped) = (
            count(FieldFate::Kept),
            count(FieldFate::Fresh),
            count(FieldFate::Dropped),
        );
        self.restart(env, &program);
        Event::Installed {
            env,
            kept,
            fresh,
            dropped,
            released,
        }
    }

    /// Frees every unpinned frame of an environment, its extents and its filters. Returns how many frames.
    fn release_frames(&mut self, env: EnvId) -> u32 {
        let own = |index: &usize| {
            let record = self.kernel.frames.records()[*index];
            record.owner == Some(env) && !record.pinned
        };
        let frames: Vec<usize> = (0..self.kernel.frames.records().len())
            .filter(own)
            .collect();
        for index in &frames {
            let (page, _) = self.kernel.release(&mut self.hw, Frame(*index as u32));
            let environment = &mut self.kernel.environments[env.index()];
            environment.counters.evictions += u64::from(page.is_some());
        }
        self.kernel.release_extents(env);
        self.kernel.release_filters(env);
        self.kernel.environments[env.index()].frames_held = 0;
        let now = self.cycles();
        self.kernel.review(env, now);
        frames.len() as u32
    }

    /// Makes a program's state exactly `frames` pinned frames long. Contents do not matter: the
    /// caller writes all of it.
    pub(super) fn resized(
        &mut self,
        env: EnvId,
        segment: Segment,
        frames: u32,
        size_bytes: u32,
    ) -> Segment {
        let mut held = segment.frames;
        while held.len() > frames as usize {
            if let Some(frame) = held.pop() {
                self.kernel.release(&mut self.hw, frame);
            }
        }
        while held.len() < frames as usize {
            let Some(frame) = self.kernel.frames.next_free() else {
                break;
            };
            self.kernel.frames.take(frame, env, true);
            crate::kernel::hand_over(&mut self.hw, frame);
            held.push(frame);
        }
        Segment {
            frames: held,
            size_bytes,
        }
    }

    /// Lets the new policy go on where the old one stood: a broken environment is whole again and
    /// runs its reference once more, or asks once more; `adopted` comes first if there is one. An
    /// application that is over, or broke by itself, stays so.
    fn restart(&mut self, env: EnvId, program: &Program) {
        let environment = &mut self.kernel.environments[env.index()];
        if let Some(fault) = &mut environment.fault {
            fault.upcalls = [0; 2];
        }
        match environment.phase {
            Phase::Finished | Phase::Broken(BreakReason::Application(_)) => return,
            Phase::Broken(_) => {
                environment.context.leave();
                environment.phase = environment.application_phase();
            }
            _ => {}
        }
        environment
            .notices
            .forget(|notice| program.entry(notice.upcall.entry()).is_none());
        if matches!(environment.enter(Upcall::Adopted, &[]), Ok(true)) {
            environment.phase = Phase::Handling(Upcall::Adopted);
        }
    }
}
