//! What an environment holds, and what others hold of it, read from the machine's tables where it stands.

use exo_core::ids::{Access, EnvId, Frame, Object};
use exo_core::kernel::{Phase, Right};
use exo_core::machine::Machine;

use crate::explain::broken;

/// What an environment holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Whose it is.
    pub env: EnvId,
    /// Frames for its application, and how many there may be.
    pub frames: (u32, u32),
    /// Blocks of the disk.
    pub blocks: u32,
    /// Capabilities that it made and that have not ended.
    pub capabilities: usize,
    /// Frames of others that it reaches by their capabilities.
    pub reaches: usize,
    /// Frames of its own that others reach by its capabilities.
    pub reached: usize,
    /// Frames of others that it reaches without a right.
    pub stolen: usize,
    /// Frames of its own that others reach without a right.
    pub robbed: usize,
    /// Frames that the kernel took from it.
    pub taken: u64,
    /// Why it was given up.
    pub ended: Option<String>,
}

/// A cached binding of a frame that is somebody else's: who reaches whose, and whether that rests on a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reach {
    env: EnvId,
    owner: Option<EnvId>,
    frame: Frame,
    rightly: bool,
}

/// What everybody holds, in order.
pub fn holdings(machine: &Machine) -> Vec<Holding> {
    let kernel = machine.kernel();
    let mut holdings = Vec::new();
    for (env, environment) in (0..).map(EnvId).zip(&kernel.environments) {
        let made = kernel.capabilities.records();
        holdings.push(Holding {
            env,
            frames: (environment.frames_held, environment.frame_limit),
            blocks: kernel.extents.held(env),
            capabilities: made.filter(|(_, it)| it.maker == env).count(),
            reaches: 0,
            reached: 0,
            stolen: 0,
            robbed: 0,
            taken: environment.counters.repossessions,
            ended: match environment.phase {
                Phase::Broken(reason) => Some(broken(reason)),
                _ => None,
            },
        });
    }
    for reach in reaches(machine) {
        for it in &mut holdings {
            let (own, others) = match reach.rightly {
                true => (&mut it.reached, &mut it.reaches),
                false => (&mut it.robbed, &mut it.stolen),
            };
            *own += usize::from(reach.owner == Some(it.env));
            *others += usize::from(reach.env == it.env);
        }
    }
    holdings
}

/// Every frame of somebody else's that somebody reaches by TLB or software TLB, once for each who does.
fn reaches(machine: &Machine) -> Vec<Reach> {
    let kernel = machine.kernel();
    let mut reaches: Vec<Reach> = Vec::new();
    let mut note = |env: EnvId, frame: Frame, access: Access, right: Right| {
        let owner = kernel.frames.records().get(frame.index());
        let owner = owner.and_then(|it| it.owner);
        if owner == Some(env) {
            return;
        }
        let reach = Reach {
            env,
            owner,
            frame,
            rightly: allows(machine, right, frame, access),
        };
        if !reaches.contains(&reach) {
            reaches.push(reach);
        }
    };
    for it in machine.hardware().tlb.entries().iter().flatten() {
        note(EnvId(it.asid), it.frame, it.access, Right::noted(it.note));
    }
    for it in kernel.stlb.entries().iter().flatten() {
        note(it.env, it.frame, it.access, it.right);
    }
    reaches
}

/// Whether what a binding rests on allows it now.
fn allows(machine: &Machine, right: Right, frame: Frame, access: Access) -> bool {
    let Right::Capability(id) = right else {
        return false;
    };
    let record = machine.kernel().capabilities.record(id);
    record.is_some_and(|it| it.object == Object::Frame(frame) && it.access.covers(access))
}

impl Holding {
    /// Whether what is its own was left to it: no frame was taken or is reached without a right, and it was not given
    /// up.
    pub fn is_whole(&self) -> bool {
        self.robbed == 0 && self.taken == 0 && self.ended.is_none()
    }

    /// What it holds of its own and of others.
    fn holds(&self) -> String {
        let mut text = format!("holds {} of {} frames", self.frames.0, self.frames.1);
        for (count, what) in [
            (self.blocks as usize, "blocks of the disk"),
            (self.capabilities, "capabilities of its making"),
            (self.reaches, "frames of others by their capabilities"),
            (self.stolen, "frames of others without a right"),
        ] {
            if count > 0 {
                text += &format!(", {count} {what}");
            }
        }
        text
    }

    /// What was done to it.
    fn suffered(&self) -> String {
        let mut text = String::new();
        for (count, what) in [
            (self.taken as usize, "frames were taken from it"),
            (self.robbed, "of its frames are reached without a right"),
            (self.reached, "of its frames are lent by its capabilities"),
        ] {
            if count > 0 {
                text += &format!("; {count} {what}");
            }
        }
        match &self.ended {
            Some(why) => format!("{text}; it was given up: {why}."),
            None => text + ".",
        }
    }

    /// Both, as a sentence that whose it is begins; and of a neighbour who tried nothing, whether it was harmed.
    pub fn words(&self, neighbour: bool) -> String {
        let verdict = match (neighbour, self.is_whole()) {
            (true, true) => "is unharmed: it ",
            (true, false) => "is not as it was: it ",
            (false, _) => "",
        };
        format!("{verdict}{}{}", self.holds(), self.suffered())
    }
}
