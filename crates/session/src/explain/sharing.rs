//! Capabilities, in whole sentences.

use exo_core::event::Event;
use exo_core::ids::{Access, Object};

use super::disk::blocks;
use super::{Actor, counted, env_letter, hex};

/// What a capability is for.
fn named(object: Object) -> String {
    match object {
        Object::Frame(frame) => format!("frame {}", hex(frame.0)),
        Object::Extent(extent) => format!("{} of the disk", blocks(extent)),
    }
}

fn rights(access: Access) -> &'static str {
    match access {
        Access::Read => "reading",
        Access::ReadWrite => "reading and writing",
    }
}

/// Explains what happens to a capability, or because of one.
pub(super) fn sharing(event: &Event) -> (Actor, String) {
    let who = env_letter(event.env());
    match *event {
        Event::CapabilityMade { env, .. } => (Actor::Libos(env), made(event, &who)),
        Event::CapabilityRevoked {
            env,
            capability,
            object,
            ended,
            dropped,
        } => {
            let derived = match ended.saturating_sub(1) {
                0 => String::new(),
                1 => " 1 capability derived from it ends too.".to_owned(),
                more => format!(" {more} capabilities derived from it end too."),
            };
            let text = format!(
                "{who}'s libOS revokes capability {} for {}.{derived} {} of it went first.",
                capability.0,
                named(object),
                counted(dropped.into(), "cached binding", "cached bindings"),
            );
            (Actor::Libos(env), text)
        }
        Event::BoundShared {
            page,
            frame,
            access,
            slot,
            capability,
            ..
        } => {
            let text = format!(
                "{who} presents capability {}, so the kernel binds page {} to frame {} for {}, in \
                 TLB entry {}. Whoever owns the frame is not asked.",
                capability.0,
                hex(page.0),
                hex(frame.0),
                rights(access),
                slot.0
            );
            (Actor::Kernel, text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

/// Three words for a row: what becomes of a capability for what.
pub(super) fn row(what: &str, object: Object) -> String {
    format!("{what} for {}", named(object))
}

fn made(event: &Event, who: &str) -> String {
    let Event::CapabilityMade {
        capability,
        object,
        access,
        parent,
        ..
    } = *event
    else {
        return String::new();
    };
    let origin = match parent {
        None => format!("{who} owns {}", named(object)),
        Some(parent) => format!(
            "{who} presents capability {} for {}",
            parent.0,
            named(object)
        ),
    };
    let may = match object {
        Object::Frame(_) => "map the frame",
        Object::Extent(_) => "have the disk do that",
    };
    format!(
        "{origin}, so the kernel makes capability {}, which allows {}: whoever is given its number \
         may {may}.",
        capability.0,
        rights(access)
    )
}
