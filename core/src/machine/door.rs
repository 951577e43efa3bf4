//! The door for native handlers: the same system calls and the same return as a program's.

use super::Machine;
use crate::cpu::SourcePlace;
use crate::error::SysError;
use crate::event::{BreakReason, Sink};
use crate::ids::{Access, Cause, EnvId, Page};
use crate::kernel::call::{Call, CallResult};
use crate::kernel::{Phase, Upcall};

/// What a native handler is told of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeFault {
    /// The virtual address.
    pub address: u32,
    /// The page that holds it.
    pub page: Page,
    /// What the reference needs.
    pub access: Access,
    /// Why it stopped.
    pub cause: Cause,
}

impl Machine {
    /// The fault that a native handler of `env` must answer; none if it is not waiting for one.
    pub fn native_fault(&self, env: EnvId) -> Option<NativeFault> {
        let environment = self.environment(env)?;
        if environment.phase != Phase::Handling(Upcall::PageFault)
            || environment.program().is_some()
            || self.kernel.running != env
        {
            return None;
        }
        let fault = environment.fault?;
        let page = Page(fault.address >> self.config.page_bits);
        let (address, access, cause) = (fault.address, fault.access, fault.cause);
        Some(NativeFault {
            address,
            page,
            access,
            cause,
        })
    }

    /// Makes a system call for the native handler of `env`, with the arguments in the order of
    /// [`Call`]'s documentation. None, and nothing happens, if no such handler is under way.
    pub fn native_call<S: Sink>(
        &mut self,
        env: EnvId,
        call: Call,
        arguments: [u64; 3],
        sink: &mut S,
    ) -> Option<CallResult> {
        self.native_fault(env)?;
        Some(self.system_call(call, arguments, sink))
    }

    /// The native handler of `env` is done. None, and nothing happens, if none is under way.
    pub fn native_return<S: Sink>(
        &mut self,
        env: EnvId,
        result: Result<(), SysError>,
        sink: &mut S,
    ) -> Option<()> {
        self.native_fault(env)?;
        match result {
            Ok(()) => self.resume(sink),
            Err(error) => {
                let reason = BreakReason::Failed(error);
                self.break_environment(reason, SourcePlace::default(), sink);
            }
        }
        Some(())
    }
}
