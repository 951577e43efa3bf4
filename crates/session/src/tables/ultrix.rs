//! The published cells of Ultrix, next to the monolithic comparison kernel.

use exo_core::cost;
use exo_core::rivals::Parameters;

use super::measured::Measured;

/// What Ultrix's operations come to by the parameters of the monolithic kernel. Those are four cells of the
/// DEC2100, so that these fit by construction; the other machines and what is composed of them are the test.
pub(super) fn measure() -> Vec<Measured> {
    let it = Parameters::default();
    let hundred = it.protect_call + 99 * it.protect_page;
    let rows = [
        ("procedure call", cost::PROCEDURE_CALL),
        ("system call", it.kernel_entry),
        ("overflow", it.signal),
        ("protection", it.signal),
        ("prot1", it.protect_call),
        ("prot100", hundred),
        ("unprot100", hundred),
        ("trap", it.signal),
        ("appel1", it.signal + 2 * it.protect_call),
        ("appel2", hundred / 100 + it.signal + it.protect_call),
    ];
    let measured = rows.map(|(operation, cycles)| Measured {
        system: "Ultrix",
        operation,
        cycles: cycles as f64,
    });
    measured.into()
}

/// What is to be said of a cell outside its tolerance.
pub(super) fn note(operation: &str) -> &'static str {
    match operation {
        "overflow" => {
            "our monolithic kernel has one parameter for every signal, that of trap on the DEC2100"
        }
        _ => {
            "the parameters of our monolithic kernel are the DEC2100's; in cycles Ultrix was slower on the \
             other machines"
        }
    }
}
