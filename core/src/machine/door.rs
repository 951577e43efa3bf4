//! The door for native handlers: the same system calls and the same return as a program's.

use super::Machine;
use crate::cpu::SourcePlace;
use crate::error::SysError;
use crate::event::{BreakReason, Sink};
use crate::ids::{Access, Cause, EnvId, Page};
use crate::kernel::call::{Call, CallResult};
use crate::kernel::{Notice, Phase, Upcall};

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

/// What a native handler is told that it did not cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeNotice {
    /// Which upcall it is.
    pub upcall: Upcall,
    /// What a program's handler would be given.
    pub arguments: [u64; 3],
}

/// What a native handler is asked by its application: which request, and two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeRequest {
    /// Which request: between application and libOS.
    pub request: u64,
    /// Its first value.
    pub first: u64,
    /// Its second value.
    pub second: u64,
}

impl Machine {
    /// Whether `env` waits for its native handler to answer this kind of upcall.
    pub(super) fn native_waits(&self, env: EnvId, upcall: Upcall) -> bool {
        self.environment(env).is_some_and(|environment| {
            environment.phase == Phase::Handling(upcall)
                && environment.program().is_none()
                && self.kernel.running == env
        })
    }

    /// The fault that a native handler of `env` must answer; none if it is not waiting for one.
    pub fn native_fault(&self, env: EnvId) -> Option<NativeFault> {
        if !self.native_waits(env, Upcall::PageFault) {
            return None;
        }
        let fault = self.environment(env)?.fault?;
        let page = Page(fault.address >> self.config.page_bits);
        let (address, access, cause) = (fault.address, fault.access, fault.cause);
        Some(NativeFault {
            address,
            page,
            access,
            cause,
        })
    }

    /// The request that a native handler of `env` must answer; none if it is not waiting for one.
    pub fn native_request(&self, env: EnvId) -> Option<NativeRequest> {
        if !self.native_waits(env, Upcall::Request) {
            return None;
        }
        let asked = self.environment(env)?.process.as_ref()?.request?;
        let [request, first, second] = asked.arguments;
        Some(NativeRequest {
            request,
            first,
            second,
        })
    }

    /// Makes a system call for the native handler of `env`, with the arguments in the order of
    /// [`Call`]'s documentation. None, and nothing happens, if no such handler is under way. None
    /// also if the call waits: its answer is [`Machine::native_outcome`] when the handler is to go
    /// on.
    pub fn native_call<S: Sink>(
        &mut self,
        env: EnvId,
        call: Call,
        arguments: [u64; 3],
        sink: &mut S,
    ) -> Option<CallResult> {
        let under_way = match self.environment(env)?.phase {
            Phase::Handling(upcall) => self.native_waits(env, upcall),
            _ => false,
        };
        if !under_way {
            return None;
        }
        let result = self.system_call(call, arguments, sink);
        self.running().wait.is_none().then_some(result)
    }

    /// The answer to the call that the native handler of `env` has waited for; none if it has asked
    /// for that already, or never waited.
    pub fn native_outcome(&mut self, env: EnvId) -> Option<CallResult> {
        let environment = self.kernel.environments.get_mut(env.index())?;
        environment.answer.take()
    }

    /// The notice that a native handler of `env` must answer; none if it is not waiting for one.
    pub fn native_notice(&self, env: EnvId) -> Option<NativeNotice> {
        let Notice { upcall, arguments } = self.environment(env)?.notice?;
        self.native_waits(env, upcall)
            .then_some(NativeNotice { upcall, arguments })
    }

    /// The native handler of `env` is done with its fault or notice. None, and nothing happens, if it has none.
    pub fn native_return<S: Sink>(
        &mut self,
        env: EnvId,
        result: Result<(), SysError>,
        sink: &mut S,
    ) -> Option<()> {
        if self.native_fault(env).is_none() {
            self.native_notice(env)?;
        }
        match result {
            Ok(()) => self.resume(sink),
            Err(error) => {
                let reason = BreakReason::Failed(error);
                self.break_environment(reason, SourcePlace::default(), sink);
            }
        }
        Some(())
    }
    /// The native handler of `env` answers its application's request, which goes on behind its call.
    /// None, and nothing happens, if there is no such request.
    pub fn native_answer<S: Sink>(
        &mut self,
        env: EnvId,
        answer: CallResult,
        sink: &mut S,
    ) -> Option<()> {
        self.native_request(env)?;
        self.reply(answer, sink);
        Some(())
    }
}
