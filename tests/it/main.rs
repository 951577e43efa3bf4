//! Tests of the whole, natively: fixtures, counts, twins, refusals, sessions, and the tidy house.

mod applications;
mod bindings;
mod bytecode;
mod determinism;
mod differential;
mod disk;
mod environments;
mod faults;
mod fixture;
mod hostile;
mod interrupted;
mod limits;
mod naive;
mod policies;
mod processor;
mod programs;
mod refusals;
mod revocation;
mod safety;
mod samples;
mod session;
mod sharing;
mod tables;
mod tidy;
mod tlb_structures;
mod twins;
