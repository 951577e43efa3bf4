//! A process: an application that is a program, with its registers and its own state.
//!
//! The kernel cannot tell it from a trace (D6): both only reference memory and fault.

use alloc::sync::Arc;

use crate::cpu::{Context, Exception, Program};
use crate::digest::Digest;
use crate::hw::Segment;

/// A call of the application's own libOS, from the call to its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which request, and two values: what they mean is between application and libOS.
    pub arguments: [u64; 3],
    /// The application's register that takes the answer's tag; the next one takes its value.
    pub register: u8,
}

/// An exception of the application, until an instruction is completed or passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// What it is.
    pub exception: Exception,
    /// How often the same instruction has been passed up without one completed since.
    pub tries: u8,
}

/// A program that runs as an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its code.
    pub program: Arc<Program>,
    /// Where it stands.
    pub context: Context,
    /// Its state: pinned frames on top of those that it may hold, as a policy's are.
    pub segment: Segment,
    /// The request that its libOS has not answered yet.
    pub request: Option<Request>,
    /// The exception that its libOS was last told of, if it still stands there.
    pub raised: Option<Raised>,
}

impl Process {
    /// Adds program, context, segment, request and exception.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        self.program.digest(digest);
        self.context.digest(digest);
        self.segment.digest(digest);
        digest.bool(self.request.is_some());
        if let Some(request) = self.request {
            request.arguments.iter().for_each(|it| digest.u64(*it));
            digest.u32(u32::from(request.register));
        }
        digest.bool(self.raised.is_some());
        if let Some(Raised { exception, tries }) = self.raised {
            digest.u64((exception.kind as u64) << 8 | u64::from(tries));
            digest.u32(exception.instruction);
            digest.u32(exception.address);
            digest.u64(exception.value);
        }
    }
}
