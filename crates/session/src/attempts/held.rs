//! What an environment holds, and what others hold of it, read from the machine's tables where it stands.

use exo_core::ids::{Access, EnvId, Frame, Object};
use exo_core::kernel::{Phase, Right};
use exo_core::machine::Machine;

use crate::explain::{broken, counted};

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
    let (kernel, reach) = (machine.kernel(), reaches(machine));
    let count = |wanted: &dyn Fn(&Reach) -> bool| reach.iter().filter(|it| wanted(it)).count();
    let environments = (0..).map(EnvId).zip(&kernel.environments);
    let each = environments.map(|(env, environment)| Holding {
        env,
        frames: (environment.frames_held, environment.frame_limit),
        blocks: kernel.extents.held(env),
        capabilities: kernel
            .capabilities
            .records()
            .filter(|(_, it)| it.maker == env)
            .count(),
        reaches: count(&|it| it.env == env && it.rightly),
        reached: count(&|it| it.owner == Some(env) && it.rightly),
        stolen: count(&|it| it.env == env && !it.rightly),
        robbed: count(&|it| it.owner == Some(env) && !it.rightly),
        taken: environment.counters.repossessions,
        ended: match environment.phase {
            Phase::Broken(reason) => Some(broken(reason)),
            _ => None,
        },
    });
    each.collect()
}

/// Every frame of somebody else's that somebody reaches by TLB or software TLB, once for each who does.
fn reaches(machine: &Machine) -> Vec<Reach> {
    let kernel = machine.kernel();
    let tlb = machine.hardware().tlb.entries().iter().flatten();
    let tlb = tlb.map(|it| (EnvId(it.asid), it.frame, it.access, Right::noted(it.note)));
    let stlb = kernel.stlb.entries().iter().flatten();
    let stlb = stlb.map(|it| (it.env, it.frame, it.access, it.right));
    let mut reaches: Vec<Reach> = Vec::new();
    for (env, frame, access, right) in tlb.chain(stlb) {
        let owner = kernel.frames.records().get(frame.index());
        let owner = owner.and_then(|it| it.owner);
        if owner == Some(env) {
            continue;
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

    /// What it holds of its own and of others, in sentences.
    pub fn holds(&self) -> String {
        let (held, limit) = self.frames;
        let mut text = format!("holds {held} of {}", frames(limit.into()));
        for (count, one, many) in [
            (u64::from(self.blocks), "block", "blocks"),
            (
                self.capabilities as u64,
                "capability that it made",
                "capabilities that it made",
            ),
        ] {
            if count > 0 {
                text += &format!(", {}", counted(count, one, many));
            }
        }
        text += &match self.reaches {
            0 => "; it reaches no frame of another’s".to_owned(),
            reaches => format!(
                "; it reaches {} of others’, by capabilities",
                frames(reaches as u64)
            ),
        };
        if self.stolen > 0 {
            text += &format!(", and {} without a right", self.stolen);
        }
        text + "."
    }

    /// What was done to it, in sentences.
    pub fn suffered(&self) -> String {
        let mut parts = Vec::new();
        if let Some(why) = &self.ended {
            parts.push(format!("It was given up: {why}."));
        }
        if self.taken > 0 {
            parts.push(format!("The kernel took {} from it.", frames(self.taken)));
        }
        if self.robbed > 0 {
            parts.push(format!(
                "Others reach {} of its own without a right.",
                frames(self.robbed as u64)
            ));
        }
        if self.reached > 0 {
            parts.push(format!(
                "Others reach {} of its own, by capabilities.",
                frames(self.reached as u64)
            ));
        }
        parts.join(" ")
    }

    /// Both, as a sentence that whose it is begins; and of a neighbour who tried nothing, whether it was harmed.
    pub fn words(&self, neighbour: bool) -> String {
        let verdict = match (neighbour, self.is_whole()) {
            (true, true) => "is unharmed: it ",
            (true, false) => "is not as it was: it ",
            (false, _) => "",
        };
        let text = format!("{verdict}{} {}", self.holds(), self.suffered());
        text.trim_end().to_owned()
    }
}

fn frames(count: u64) -> String {
    counted(count, "frame", "frames")
}
