//! The machine on which an attack takes place, and who is on it.

use std::sync::Arc;

use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::limits::UPCALL_FUEL;
use exo_core::trace::Trace;
use exo_libos_samples::attacks::{Attack, Honest, LENDER};

use super::HONEST;
use crate::report::Press;
use crate::scenario::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario, SessionError,
    sample_trace,
};

/// An attack as a scenario: the honest environment is A, and what presses memory, if anything does.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Machine and environments.
    pub scenario: Scenario,
    /// Changes of limits on the way.
    pub presses: Vec<Press>,
}

/// References of the honest application: the beginning of the trace that comes along.
const HONEST_REFERENCES: usize = 20_000;
/// Frames that its pager may hold: fewer than it touches pages.
const HONEST_FRAMES: u32 = 8;
/// Blocks of the disk for each environment.
const BLOCKS_EACH: u32 = 128;
/// What attackers touch: so many pages, round and round.
const ATTACKED_PAGES: u32 = 256;

/// How an attacker's environment is made: frames, references of its application, and the limit that
/// is set later, with the attacker (from 1) whose it is and the references completed until then.
struct Setting {
    frames: u32,
    references: u32,
    press: Option<(u8, u64, u32)>,
}

fn setting(attack: &Attack) -> Setting {
    let plain = |frames| Setting {
        frames,
        references: 3_000,
        press: None,
    };
    match attack.name {
        // Long enough for a request and an imperative to run out.
        "ignore-revocation" => Setting {
            frames: 48,
            references: 700_000,
            press: Some((1, 8_000, 8)),
        },
        "loop-in-handler" => Setting {
            // When the first has used its fuel up and the third has its frames.
            press: Some((3, UPCALL_FUEL + 8_000, 1)),
            ..plain(2)
        },
        "replay" => plain(2),
        "exhaust-tables" => plain(HONEST_FRAMES),
        _ => plain(1),
    }
}

/// The scene of an attack.
///
/// # Errors
/// A damaged trace, or a source that does not compile.
pub fn scene(attack: &Attack) -> Result<Scene, SessionError> {
    let setting = setting(attack);
    let mut environments = vec![honest(attack.honest)?];
    let pages = Arc::new(attacked(setting.references));
    environments.extend((0..attack.attackers).map(|_| EnvironmentSpec {
        name: format!("{}.rs", attack.name),
        source: attack.source.to_owned(),
        frame_limit: setting.frames,
        application: ApplicationSpec::Trace(pages.clone()),
        downloads: Vec::new(),
    }));
    let count = environments.len() as u32;
    let mut scenario = Scenario {
        title: attack.title.to_owned(),
        machine: MachineShape {
            slice_references: 100,
            disk_blocks: BLOCKS_EACH * count,
            ..MachineShape::default()
        },
        environments,
        network: None,
    };
    // Frames for what everybody may hold, and none that is promised to nobody.
    let limits = scenario.environments.iter().map(|it| it.frame_limit);
    scenario.machine.frames = limits.sum::<u32>() + scenario.pinned_frames()?;
    let press = setting.press.map(|(env, retired, frame_limit)| Press {
        retired,
        env: EnvId(env),
        frame_limit,
    });
    Ok(Scene {
        scenario,
        presses: press.into_iter().collect(),
    })
}

impl Scene {
    /// The same machine with the honest environment alone.
    pub fn without_attackers(&self) -> Scene {
        let mut scene = self.clone();
        scene.scenario.environments.truncate(HONEST.index() + 1);
        scene.presses.clear();
        scene
    }
}

fn honest(kind: Honest) -> Result<EnvironmentSpec, SessionError> {
    let (name, source, frame_limit) = match kind {
        Honest::Pager => ("fifo.rs", paging(), HONEST_FRAMES),
        // One more, which is lent.
        Honest::Lender => ("lender.rs", LENDER.to_owned(), HONEST_FRAMES + 1),
    };
    let mut trace = sample_trace()?;
    let mut beginning = Trace::new();
    for (address, kind) in trace.trace.iter().take(HONEST_REFERENCES) {
        beginning.push(address, kind);
    }
    trace.trace = beginning;
    trace.truncated = true;
    Ok(EnvironmentSpec {
        name: name.to_owned(),
        source,
        frame_limit,
        application: ApplicationSpec::Trace(Arc::new(trace)),
        downloads: Vec::new(),
    })
}

/// FIFO with its pages on the disk.
fn paging() -> String {
    let sample = exo_libos_samples::sample("fifo");
    let table = exo_libos_samples::table("inverted");
    let store = exo_libos_samples::store("swap");
    match (sample, table, store) {
        (Some(sample), Some(table), Some(store)) => sample.with_parts(table, store),
        _ => String::new(),
    }
}

/// Loads from one page after the other, so that each calls its libOS up.
fn attacked(references: u32) -> NamedTrace {
    let mut trace = Trace::new();
    for number in 0..references {
        let page = 0x100 + number % ATTACKED_PAGES;
        trace.push(page << 12, ReferenceKind::Load);
    }
    NamedTrace::made("pages", trace, ATTACKED_PAGES.min(references))
}
