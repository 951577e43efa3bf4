//! Protected control transfer: into another environment at the entry that it has agreed to, with the
//! registers as the message (A41 to A44).

use super::{Environment, Hardware, Kernel, Phase, Upcall};
use crate::cpu::Trap;
use crate::digest::Digest;
use crate::error::SysError;
use crate::event::{Event, Transfer};
use crate::ids::EnvId;

/// Words that a transfer passes in registers, untouched.
pub const MESSAGE_WORDS: usize = 4;

/// A synchronous transfer that an environment has made and that has not come back. All its slices
/// are the callee's until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// To whom.
    pub callee: EnvId,
    /// The caller's register from which on the answer goes.
    pub register: u8,
    /// What the caller goes on with.
    pub from: Phase,
}

/// A transfer that an environment is serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// By whom.
    pub caller: EnvId,
    /// Whether that waits for it to come back.
    pub synchronous: bool,
    /// What the environment goes on with when it has been served.
    pub beneath: Phase,
}

/// What a transfer is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// To whom: a number that nobody has checked.
    pub(crate) to: u64,
    /// The message.
    pub(crate) words: [u64; MESSAGE_WORDS],
    /// Whether the caller waits.
    pub(crate) synchronous: bool,
    /// The caller's register from which on the answer goes.
    pub(crate) register: u8,
}

impl Environment {
    /// Adds the transfers under way.
    pub(super) fn digest_transfers(&self, digest: &mut Digest) {
        digest.bool(self.outgoing.is_some());
        if let Some(Outgoing {
            callee,
            register,
            from,
        }) = self.outgoing
        {
            digest.u64(u64::from(callee.0) << 8 | u64::from(register));
            digest.u64(from.code());
        }
        digest.bool(self.incoming.is_some());
        if let Some(Incoming {
            caller,
            synchronous,
            beneath,
        }) = self.incoming
        {
            digest.u64(u64::from(caller.0) << 8 | u64::from(synchronous));
            digest.u64(beneath.code());
        }
    }

    /// Whether it can be entered now: no handler of its own is under way, and it does not wait for a
    /// transfer of its own.
    fn can_be_entered(&self) -> bool {
        matches!(
            self.phase,
            Phase::Application | Phase::Rerunning | Phase::Requesting | Phase::Finished
        )
    }
}

impl Kernel {
    /// The environment that serves the synchronous transfer of `caller`, while it does.
    pub fn callee_under_way(&self, caller: EnvId) -> Option<EnvId> {
        let outgoing = self.environments.get(caller.index())?.outgoing?;
        let callee = self.environments.get(outgoing.callee.index())?;
        let serves = callee
            .incoming
            .is_some_and(|it| it.caller == caller && it.synchronous);
        (serves && !matches!(callee.phase, Phase::Broken(_))).then_some(outgoing.callee)
    }

    /// Enters another environment at its agreed entry; the slice, as it stands, is its to use.
    ///
    /// # Errors
    /// The refusal; nothing has changed then.
    pub(crate) fn transfer(&mut self, hw: &mut Hardware, asked: Asked) -> Result<Event, SysError> {
        let env = self.running;
        let to = self.environment_argument(asked.to)?;
        let (upcall, transfer) = if asked.synchronous {
            (Upcall::Entered, Transfer::Synchronous)
        } else {
            (Upcall::Signalled, Transfer::Asynchronous)
        };
        let callee = self.environments.get_mut(to.index());
        let callee = callee.ok_or(SysError::NoSuchEnvironment)?;
        if matches!(callee.phase, Phase::Broken(_)) {
            return Err(SysError::NotRunnable);
        }
        // A native handler takes no transfers.
        if callee.program().is_none() || !callee.answers(upcall) {
            return Err(SysError::NoEntry);
        }
        if to == env || !callee.can_be_entered() {
            return Err(SysError::Occupied);
        }
        let [first, second, third, fourth] = asked.words;
        let arguments = [env.0.into(), first, second, third, fourth];
        let entered = callee.enter(upcall, &arguments);
        entered.map_err(|_: Trap| SysError::NoEntry)?;
        callee.incoming = Some(Incoming {
            caller: env,
            synchronous: asked.synchronous,
            beneath: callee.phase,
        });
        callee.phase = Phase::Handling(upcall);

        self.charge_switch();
        if let Some(caller) = self.environments.get_mut(env.index()) {
            caller.saving = None;
            if asked.synchronous {
                caller.outgoing = Some(Outgoing {
                    callee: to,
                    register: asked.register,
                    from: caller.phase,
                });
                caller.phase = Phase::Transferring;
            }
        }
        self.switch(hw, to);
        Ok(Event::Transferred {
            from: env,
            to,
            transfer,
            words: asked.words,
        })
    }
}
