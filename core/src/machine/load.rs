//! Replacing an application that runs: another program takes its place, from its `main` on.

use alloc::sync::Arc;

use super::config::{admit, state_frames, words_fit};
use super::{InstallError, Machine, write_image};
use crate::cpu::{Context, Entry, Program, Role};
use crate::event::{Event, Sink};
use crate::hw::Segment;
use crate::ids::EnvId;
use crate::kernel::{Phase, Process};

/// A program that stands before the first instruction of its `main`, with its state in `segment`.
pub(super) fn process(program: Arc<Program>, segment: Segment) -> Process {
    let mut context = Context::default();
    if let Some(main) = program.entry(Entry::Main) {
        // A program that cannot be entered is refused before it comes here.
        let _ = context.enter(&program, main, &[0]);
    }
    Process {
        program,
        context,
        segment,
        request: None,
        raised: None,
    }
}

impl Machine {
    /// Asks for another program in an application's place. It takes over at once, at the boundary of
    /// an instruction, or when the handler under way is done, which an event tells; it begins with
    /// `main` and its first state, whatever became of the application before. Frames and bindings
    /// stay the environment's.
    ///
    /// # Errors
    /// There is no such environment, or the program may not run as an application, or not on pages
    /// so small. Nothing changed.
    pub fn load(&mut self, env: EnvId, program: Arc<Program>) -> Result<(), InstallError> {
        let environment = self.kernel.environments.get_mut(env.index());
        let environment = environment.ok_or(InstallError::NoSuchEnvironment)?;
        admit(&program, Role::Application).map_err(InstallError::Unfit)?;
        if !words_fit(self.config.page_bits) {
            return Err(InstallError::PageTooSmall);
        }
        environment.pending_application = Some(program);
        Ok(())
    }

    /// Lets one waiting program take its application's place, if no handler runs for it.
    pub(super) fn load_pending<S: Sink>(&mut self, sink: &mut S) -> bool {
        let ready = self.kernel.environments.iter().position(|environment| {
            environment.pending_application.is_some() && environment.between_upcalls()
        });
        let Some(index) = ready else { return false };
        let env = EnvId(index as u8);
        if let Some(program) = self.kernel.environments[index].pending_application.take() {
            let event = self.replace_application(env, program);
            self.emit(sink, event);
        }
        true
    }

    fn replace_application(&mut self, env: EnvId, program: Arc<Program>) -> Event {
        let image = &program.initial_state;
        let frames = state_frames(image.len(), self.config.page_bits);
        let environment = &mut self.kernel.environments[env.index()];
        let before = environment.process.as_mut();
        let segment = before.map_or(Segment::default(), |it| core::mem::take(&mut it.segment));
        let free = self.kernel.frames.free() + segment.frames.len() as u32;
        if frames > free {
            if let Some(process) = &mut environment.process {
                process.segment = segment;
            }
            return Event::LoadRefused {
                env,
                frames_needed: frames,
                frames_free: free,
            };
        }

        let segment = self.resized(env, segment, frames, image.len() as u32);
        write_image(&mut self.hw.memory, &segment, image);
        let environment = &mut self.kernel.environments[env.index()];
        environment.process = Some(process(program, segment));
        environment.fault = None;
        environment.context.leave();
        environment.over = false;
        environment.phase = Phase::Application;
        Event::Loaded { env, frames }
    }
}
