//! Which words of a policy's state name which frames: the tool for relocation (A16).
//!
//! Names of frames are words of type `Frame`, so they can be listed without knowing what a policy
//! does with them. After a frame is given up or taken, no word of the policy may name it.

use exo_core::cpu::{Program, TypeIndex, TypeShape};
use exo_core::ids::{EnvId, Frame};
use exo_core::kernel::FrameRecord;
use exo_core::machine::Machine;

/// How deep types are followed.
const DEPTH_MAX: u32 = 16;

/// A word of a policy's state that names a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameName {
    /// Where: `table.frame[3]`.
    pub path: String,
    /// Which frame.
    pub frame: Frame,
}

/// The names in a policy's state of frames that are not its environment's any more: names that were
/// not relocated. A frame that holds program state can be nobody's page, so its number is what a
/// policy writes where there is no frame, and is not told.
pub fn stale_names(machine: &Machine, env: EnvId) -> Vec<FrameName> {
    let records = machine.kernel().frames.records();
    frame_names(machine, env, |frame| {
        let stale = |record: &FrameRecord| record.owner != Some(env) && !record.pinned;
        records.get(frame.index()).is_none_or(stale)
    })
}

/// The names in a policy's state of one frame.
pub fn names_of(machine: &Machine, env: EnvId, wanted: Frame) -> Vec<FrameName> {
    frame_names(machine, env, |frame| frame == wanted)
}

fn frame_names(machine: &Machine, env: EnvId, wanted: impl Fn(Frame) -> bool) -> Vec<FrameName> {
    let program = machine.environment(env).and_then(|it| it.program());
    let Some(program) = program else {
        return Vec::new();
    };
    let state = machine.state_bytes(env);
    let mut walk = Walk {
        program,
        state: &state,
        wanted,
        path: String::new(),
        found: Vec::new(),
    };
    for field in program.fields.iter().filter(|field| field.holds_frames) {
        walk.within(&field.name, |walk| walk.at(field.ty, field.offset, 0));
    }
    walk.found
}

struct Walk<'machine, W> {
    program: &'machine Program,
    state: &'machine [u8],
    wanted: W,
    path: String,
    found: Vec<FrameName>,
}

impl<W: Fn(Frame) -> bool> Walk<'_, W> {
    fn within(&mut self, step: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        look(self);
        self.path.truncate(length);
    }

    fn byte(&self, offset: u32) -> Option<u8> {
        self.state.get(offset as usize).copied()
    }

    fn word(&self, offset: u32) -> Option<u32> {
        let bytes = self.state.get(offset as usize..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// Whether a type can hold a name.
    fn holds(&self, ty: TypeIndex, depth: u32) -> bool {
        let Some(shape) = self.program.types.get(ty as usize) else {
            return false;
        };
        let below = |ty: &TypeIndex| depth < DEPTH_MAX && self.holds(*ty, depth + 1);
        match shape {
            TypeShape::Frame => true,
            TypeShape::Struct { members, .. } => members.iter().any(|it| below(&it.ty)),
            TypeShape::Array { element, .. } => below(element),
            TypeShape::Variants { variants, .. } => variants
                .iter()
                .any(|it| it.payload.as_ref().is_some_and(below)),
            _ => false,
        }
    }

    fn at(&mut self, ty: TypeIndex, offset: u32, depth: u32) {
        let program = self.program;
        let Some(shape) = program.types.get(ty as usize) else {
            return;
        };
        if depth > DEPTH_MAX || !self.holds(ty, depth) {
            return;
        }
        match shape {
            TypeShape::Frame => {
                let named = self.word(offset).map(Frame);
                if let Some(frame) = named.filter(|frame| (self.wanted)(*frame)) {
                    let path = self.path.clone();
                    self.found.push(FrameName { path, frame });
                }
            }
            TypeShape::Struct { members, .. } => {
                for member in members {
                    let step = format!(".{}", member.name);
                    let place = offset.saturating_add(member.offset);
                    self.within(&step, |walk| walk.at(member.ty, place, depth + 1));
                }
            }
            TypeShape::Array {
                element,
                length,
                stride_bytes,
            } => {
                for index in 0..*length {
                    let place = offset.saturating_add(index.saturating_mul(*stride_bytes));
                    let step = format!("[{index}]");
                    self.within(&step, |walk| walk.at(*element, place, depth + 1));
                }
            }
            TypeShape::Variants {
                variants,
                payload_offset,
            } => {
                let tag = self.byte(offset).unwrap_or(u8::MAX);
                let variant = variants.get(usize::from(tag));
                if let Some((variant, payload)) = variant.and_then(|it| Some((it, it.payload?))) {
                    let step = format!(".{}", variant.name);
                    let place = offset.saturating_add(*payload_offset);
                    self.within(&step, |walk| walk.at(payload, place, depth + 1));
                }
            }
            _ => {}
        }
    }
}
