//! An event in a few words, for a row of the log or a hop of a path.

use exo_core::event::{Bit, Event};
use exo_core::ids::{Direction, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::machine::Machine;

use super::calls::{binding, logged};
use super::disk::blocks;
use super::{counted, env_letter, grouped, hex, sharing};

/// An event in a few words, for a row of the log.
pub fn short(event: &Event, machine: &Machine) -> String {
    match *event {
        Event::Accessed {
            page, kind, rerun, ..
        } => {
            format!(
                "{} {}{}",
                verb(kind),
                hex(page.0),
                if rerun { " again" } else { ", hit" }
            )
        }
        Event::Missed { page, .. } => format!("page {} not in TLB", hex(page.0)),
        Event::Protected { page, .. } => format!("store to read-only page {}", hex(page.0)),
        Event::StlbHit { page, index, .. } => {
            format!("STLB {}: page {}", hex(index), hex(page.0))
        }
        Event::StlbMissed {
            index,
            occupant: None,
            ..
        } => format!("STLB {} is empty", hex(index)),
        Event::StlbMissed {
            index,
            occupant: Some((env, page)),
            ..
        } => {
            format!(
                "STLB {} holds {} {}",
                hex(index),
                env_letter(env),
                hex(page.0)
            )
        }
        Event::Upcall { page, .. } => format!("upcall page_fault {}", hex(page.0)),
        Event::Allocated { frame, named, .. } => {
            format!(
                "{} → frame {}",
                if named { "allocate_at" } else { "allocate" },
                hex(frame.0)
            )
        }
        Event::Freed { frame, .. } => format!("free frame {}", hex(frame.0)),
        Event::Bound {
            page,
            frame,
            replaced,
            ..
        } => {
            let instead = replaced.map_or(String::new(), |old| format!(" for {}", hex(old.0)));
            format!(
                "tlb_write {} → frame {}{instead}",
                hex(page.0),
                hex(frame.0)
            )
        }
        Event::Unbound { page, pages: 1, .. } => format!("tlb_drop {}", hex(page.0)),
        Event::Unbound { page, pages, .. } => {
            format!("tlb_drop_run {}, {pages} pages", hex(page.0))
        }
        Event::BitRead {
            frame, bit, set, ..
        } => {
            let name = if bit == Bit::Referenced {
                "referenced"
            } else {
                "dirty"
            };
            format!(
                "{name} {}: {}",
                hex(frame.0),
                if set { "yes" } else { "no" }
            )
        }
        Event::BitCleared { frame, bit, .. } => {
            let name = if bit == Bit::Referenced {
                "clear_referenced"
            } else {
                "clear_dirty"
            };
            format!("{name} {}", hex(frame.0))
        }
        Event::StampRead { frame, stamp, .. } => format!("use_stamp {}: {stamp}", hex(frame.0)),
        Event::Answered {
            call: call @ (Call::TlbEntry | Call::StlbEntry),
            value,
            ..
        } => format!("{}: {}", call.name(), binding(value)),
        Event::HandlerAccessed { page, kind, .. } => {
            format!("handler {} {}", verb(kind), hex(page.0))
        }
        Event::Answered { call, value, .. } => format!("{} → {value}", call.name()),
        Event::Refused { call, error, .. } => format!("{} refused: {}", call.name(), error.name()),
        Event::Logged { .. } => format!("log: {}", logged(event, machine)),
        Event::Requested {
            request,
            first,
            second,
            ..
        } => format!("calls libOS: request {request} ({first}, {second})"),
        Event::Replied { answer, .. } => match answer {
            Ok(value) => format!("answers {value}"),
            Err(error) => format!("answers Err({})", error.name()),
        },
        Event::Resumed { .. } => "resumes the application".to_owned(),
        Event::Broken { place, .. } if place.line > 0 => format!("given up, line {}", place.line),
        Event::Broken { .. } => "given up".to_owned(),
        Event::Switched { from, to } => {
            format!(
                "slice of {} over, {} runs",
                env_letter(from),
                env_letter(to)
            )
        }
        Event::Finished { .. } => "its application is over".to_owned(),
        Event::Installed { kept, .. } => {
            format!(
                "another policy, {} kept",
                counted(kept.into(), "field", "fields")
            )
        }
        Event::InstallRefused { .. } => "no frames for another policy".to_owned(),
        Event::Loaded { .. } => "another application, from its main".to_owned(),
        Event::LoadRefused { .. } => "no frames for another application".to_owned(),
        Event::CapabilityMade {
            object,
            parent: None,
            ..
        } => sharing::row("capability", object),
        Event::CapabilityMade { object, .. } => sharing::row("derive a capability", object),
        Event::CapabilityRevoked { object, .. } => sharing::row("revoke a capability", object),
        Event::ExtentAllocated { extent, named, .. } => format!(
            "{} → {}",
            if named {
                "extent_allocate_at"
            } else {
                "extent_allocate"
            },
            blocks(extent)
        ),
        Event::ExtentFreed { extent, .. } => format!("free {}", blocks(extent)),
        Event::DiskRequested {
            direction,
            block,
            frame,
            ..
        } => match direction {
            Direction::Read => format!("disk_read block {} → frame {}", block.0, hex(frame.0)),
            Direction::Write => format!("disk_write frame {} → block {}", hex(frame.0), block.0),
        },
        Event::DiskCompleted {
            direction, result, ..
        } => {
            let what = match direction {
                Direction::Read => "read",
                Direction::Write => "written",
            };
            match result {
                Ok(()) => format!("the disk has {what}"),
                Err(error) => format!("the disk has not {what}: {}", error.name()),
            }
        }
        Event::Notified { upcall, .. } => format!("upcall {}", upcall.name()),
        Event::LimitSet { frame_limit, .. } => format!("limit is now {frame_limit}"),
        Event::FramesRequested {
            unpromised, moved, ..
        } => format!("request_frames → {}", unpromised + moved),
        Event::RevocationDemanded { frames, .. } => {
            let frames = counted(frames.into(), "frame", "frames");
            format!("must give back {frames}")
        }
        Event::Repossessed { frame, .. } => format!("loses frame {} by force", hex(frame.0)),
        Event::RepossessionRead { frame, .. } => {
            format!("next_repossessed → frame {}", hex(frame.0))
        }
        Event::Preloaded { block, .. } => format!("preload block {}", block.0),
        Event::ContentsSaved {
            block,
            frame,
            result,
            ..
        } => {
            let not = if result.is_ok() { "" } else { "not " };
            format!("frame {} is {not}saved to block {}", hex(frame.0), block.0)
        }
        Event::Idled { cycles, .. } => format!("nobody runs for {} cycles", grouped(cycles)),
        Event::BoundShared { page, frame, .. } => {
            format!("tlb_write_shared {} → frame {}", hex(page.0), hex(frame.0))
        }
        Event::Raised { .. } | Event::Recovered { .. } | Event::CoprocessorSet { .. } => {
            super::processor::short(event)
        }
        Event::SliceAllocated { .. }
        | Event::SliceFreed { .. }
        | Event::Yielded { .. }
        | Event::SliceBegan { .. }
        | Event::SliceEnding { .. }
        | Event::Saved { .. }
        | Event::Overran { .. }
        | Event::Forfeited { .. } => super::slices::short(event),
        Event::Transferred { .. } | Event::TransferFailed { .. } => super::processor::short(event),
        Event::Network { .. } | Event::AlarmSet { .. } | Event::AlarmRang { .. } => {
            super::network::short(event)
        }
    }
}

fn verb(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Fetch => "fetch",
        ReferenceKind::Load => "load",
        ReferenceKind::Store => "store",
        ReferenceKind::Modify => "modify",
    }
}
