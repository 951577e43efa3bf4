//! The processor: exceptions (A21 to A29), slices (A37 to A40), transfers (A41 to A44).

mod communication;
mod exceptions;
mod slices;
mod transfers;
mod ways;

use exo_core::event::Stamped;
use exo_core::ids::EnvId;
use exo_core::machine::{EnvironmentConfig, Machine};

use crate::applications::{compiled, environment, policy};
use crate::fixture::render;

/// An application whose `main` is `body`.
fn application(body: &str) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Body {{ value: u64 }}
         impl Body {{ pub const fn new() -> Body {{ Body {{ value: 7 }} }} }}
         impl Application for Body {{
             fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {{ {body} }}
         }}"
    )
}

/// A libOS that maps what is touched, with more functions of its role.
fn libos(functions: &str) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Own {{ count: u64 }}
         impl Own {{ pub const fn new() -> Own {{ Own {{ count: 0 }} }} }}
         impl LibOs for Own {{
             fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{
                 let frame = sys.allocate()?;
                 sys.tlb_write(fault.page, frame, Access::ReadWrite)
             }}
             {functions}
         }}"
    )
}

/// An environment of an application with that `main` under a libOS with those functions.
fn made(body: &str, functions: &str) -> EnvironmentConfig {
    EnvironmentConfig {
        handler: policy(&libos(functions)),
        ..environment(&compiled(&application(body)), 4)
    }
}

fn told(events: &[Stamped]) -> String {
    let lines = events.iter().map(|it| render::event(&it.event) + "\n");
    format!("\n{}", lines.collect::<String>())
}

/// A machine whose slices are `length` long and belong to these environments, one letter each; a dot
/// is free. No letter at all: the default.
fn sliced(owners: &str, length: u32, environments: Vec<EnvironmentConfig>) -> Machine {
    let mut config = crate::applications::config(environments);
    config.slice_references = length;
    let owner = |letter: char| (letter != '.').then(|| EnvId(letter as u8 - b'a'));
    config.slices = owners.chars().map(owner).collect();
    Machine::new(config).unwrap()
}
