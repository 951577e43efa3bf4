//! Traces by name: those that come along, and foreign ones, named by hash, name and length (D6).

use std::sync::{Arc, OnceLock};

use exo_core::digest::Digest;
use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;
use exo_libos_samples::workload;

use crate::scenario::{NamedTrace, SessionError, sample_trace};
use crate::trace_file::Stream;

/// A trace that does not come along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceName {
    /// The file's name.
    pub name: String,
    /// Hash of its references; none if any file of that name will do.
    pub hash: Option<u64>,
    /// References to take of it; none for all.
    pub references: Option<u64>,
    /// Which records of the file are taken.
    pub stream: Stream,
    /// How many low bits of an address lie within its page.
    pub page_bits: u8,
}

impl TraceName {
    /// How a foreign trace is named.
    pub(super) fn of(trace: &NamedTrace, name: String) -> TraceName {
        TraceName {
            name,
            hash: Some(trace_hash(&trace.trace)),
            references: Some(trace.trace.length()),
            stream: trace.stream,
            page_bits: trace.page_bits,
        }
    }

    /// Whether a trace is the one that is meant.
    ///
    /// # Errors
    /// A sentence that says how it differs.
    pub fn check(&self, trace: &NamedTrace) -> Result<(), String> {
        let length = trace.trace.length();
        if let Some(wanted) = self.references.filter(|wanted| *wanted != length) {
            return Err(format!(
                "{} has {length} references and not the {wanted} that the session ran on",
                trace.name
            ));
        }
        let hash = trace_hash(&trace.trace);
        match self.hash {
            Some(wanted) if wanted != hash => Err(format!(
                "{} has the hash {hash:016x}, and the session ran on a trace with {wanted:016x}",
                trace.name
            )),
            _ => Ok(()),
        }
    }
}

/// Hash of a trace's references: the same for the same program, however its file is packed.
pub fn trace_hash(trace: &Trace) -> u64 {
    let mut digest = Digest::new(0x0074_7261_6365);
    for (address, kind) in trace.iter() {
        digest.u64(u64::from(address) << 2 | kind as u64);
    }
    digest.finish()
}

/// Names of the traces that come along.
pub(super) const SHIPPED: [&str; 2] = ["dash", "hash-join"];

/// A trace that comes along: `dash`, the shell; `hash-join`, what the policy `join` is made for.
///
/// # Errors
/// The file was damaged on its way here.
pub fn shipped_trace(name: &str) -> Result<Option<Arc<NamedTrace>>, SessionError> {
    static DASH: OnceLock<Arc<NamedTrace>> = OnceLock::new();
    match name {
        "dash" => {
            if let Some(trace) = DASH.get() {
                return Ok(Some(trace.clone()));
            }
            let trace = Arc::new(sample_trace()?);
            Ok(Some(DASH.get_or_init(|| trace).clone()))
        }
        "hash-join" => Ok(Some(Arc::new(hash_join()))),
        _ => Ok(None),
    }
}

fn hash_join() -> NamedTrace {
    let mut trace = Trace::new();
    for touch in workload::hash_join() {
        let kind = if touch.store {
            ReferenceKind::Store
        } else {
            ReferenceKind::Load
        };
        trace.push(touch.address, kind);
    }
    NamedTrace::made("hash-join", trace, workload::HASH_JOIN_PAGES)
}

/// The name of the trace that comes along that this one is, if it is one.
pub(super) fn shipped_name(trace: &NamedTrace) -> Option<&'static str> {
    let shipped = SHIPPED.into_iter().find(|name| trace.name == *name)?;
    let own = shipped_trace(shipped).ok().flatten()?;
    let same = std::ptr::eq(&raw const *own, trace)
        || (own.trace.length() == trace.trace.length()
            && trace_hash(&own.trace) == trace_hash(&trace.trace));
    same.then_some(shipped)
}
