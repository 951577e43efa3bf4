//! The comparisons that come along: workloads on which kernels differ, the exokernel's losses among
//! them, each with what is expected of it.

use std::sync::Arc;

use exo_core::cost;
use exo_core::rivals::Parameters;

use super::expected::{Expectation, Judge};
use super::{CompareError, KernelKind, Row, compare, protection, workload};
use crate::scenario::sample_trace;

use KernelKind::{
    Exokernel, ExokernelWithoutStlb, MicrokernelTagged, MicrokernelUntagged, Monolithic,
    MonolithicBySignal,
};

/// A comparison that comes along.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonScenario {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What is done, in one sentence.
    pub summary: &'static str,
    /// What it is to show.
    pub lesson: &'static str,
    /// Whether the exokernel loses there.
    pub exokernel_loses: bool,
    run: fn(Parameters) -> Result<Vec<Row>, CompareError>,
    judge: fn(&mut Judge<'_>),
}

impl ComparisonScenario {
    /// Runs it under every kernel that can take part.
    ///
    /// # Errors
    /// [`CompareError`].
    pub fn run(&self, parameters: Parameters) -> Result<Vec<Row>, CompareError> {
        (self.run)(parameters)
    }

    /// What is expected of the rows that it gave with these parameters, and whether they are so. With
    /// other parameters than the usual ones some of it may not hold, and that is then the answer.
    pub fn expectations(&self, rows: &[Row], parameters: Parameters) -> Vec<Expectation> {
        let mut judge = Judge::new(rows, parameters);
        (self.judge)(&mut judge);
        judge.finish()
    }
}

/// The comparison of that name.
pub fn comparison(name: &str) -> Option<&'static ComparisonScenario> {
    COMPARISONS.iter().find(|it| it.name == name)
}

/// All comparisons that come along.
pub const COMPARISONS: &[ComparisonScenario] = &[
    ComparisonScenario {
        name: "same-policy",
        summary: "the shell dash on 64 frames under FIFO",
        lesson: "Where the policy is the same, the pages loaded are the same, and only the way to the \
                 policy differs: an upcall, two messages and two changes of address space, a signal.",
        exokernel_loses: false,
        run: same_policy,
        judge: judge_same_policy,
    },
    ComparisonScenario {
        name: "kernel-resolved",
        summary: "the same under CLOCK, which is what the monolithic kernel does by itself",
        lesson: "A fault that the kernel resolves just as the application would takes one crossing, \
                 where a libOS makes a system call for every bit it asks about. That the libOS takes \
                 fewer cycles here all the same is due to Ultrix's entry, ten times as dear as \
                 Aegis's: see --parameter kernel_entry=40.",
        exokernel_loses: true,
        run: kernel_resolved,
        judge: judge_kernel_resolved,
    },
    ComparisonScenario {
        name: "bulk-protection",
        summary: "a hundred pages are closed to stores in one request (claim 5: prot100)",
        lesson: "One system call does it under both. But the monolithic kernel then works in its own \
                 table alone; the libOS walks a table of its own, and the exokernel drops each page from \
                 both TLBs. The paper's exokernel lost here as well.",
        exokernel_loses: true,
        run: protection::closing,
        judge: judge_bulk,
    },
    ComparisonScenario {
        name: "own-faults",
        summary: "stores to a hundred closed pages, each opened by the application's own handler \
                  (claim 5: trap)",
        lesson: "A fault that the application wants is where the exokernel wins: the monolithic \
                 kernel has only signals for it.",
        exokernel_loses: false,
        run: protection::trapping,
        judge: judge_own_faults,
    },
    ComparisonScenario {
        name: "stlb",
        summary: "loads from 1,024 pages round robin, with frames for all (claim 3)",
        lesson: "The software TLB turns every miss but the first of a page into 18 instructions, as \
                 the page table of another kernel does; without it every miss is an upcall.",
        exokernel_loses: false,
        run: stlb,
        judge: judge_stlb,
    },
    ComparisonScenario {
        name: "stlb-conflict",
        summary: "loads from 128 pages that share 64 places of the software TLB (A34)",
        lesson: "The software TLB is direct-mapped: pages 4,096 apart put each other out, and the \
                 upcalls return. A kernel with a page table has no such conflicts.",
        exokernel_loses: true,
        run: stlb_conflict,
        judge: judge_stlb_conflict,
    },
    ComparisonScenario {
        name: "scanning-neighbour",
        summary: "A loops over 40 pages, B scans 1,000; 64 frames each, under CLOCK",
        lesson: "Frames that belong to an environment stay its own. The monolithic kernel has one \
                 CLOCK for all, and the scan sweeps its neighbour's pages out.",
        exokernel_loses: false,
        run: scanning_neighbour,
        judge: judge_scanning_neighbour,
    },
    ComparisonScenario {
        name: "idle-neighbour",
        summary: "A touches 4 pages, B loops over 100; 64 frames each, under CLOCK",
        lesson: "The other side of it: nobody lends what he does not use. One CLOCK for all gives B \
                 the frames that A leaves idle; as long as nobody asks A to give some up, B keeps on \
                 faulting.",
        exokernel_loses: true,
        run: idle_neighbour,
        judge: judge_idle_neighbour,
    },
];

fn of_dash(libos: &str, parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let trace = Arc::new(sample_trace()?);
    let own = workload::environment(libos, 64, trace);
    compare(&workload::scenario("dash", vec![own]), parameters, |_| {})
}

fn same_policy(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    of_dash("fifo", parameters)
}

fn judge_same_policy(judge: &mut Judge<'_>) {
    let (exo, tagged) = (judge.of(Exokernel), judge.of(MicrokernelTagged));
    let (untagged, signal) = (judge.of(MicrokernelUntagged), judge.of(MonolithicBySignal));
    let loads = exo.page_loads;
    judge.require(
        "the same policy loads the same pages under every kernel that runs it",
        [tagged, untagged, signal]
            .iter()
            .all(|it| it.page_loads == loads),
    );
    judge.require(
        "a microkernel changes address space twice for each fault, the exokernel never (L04)",
        tagged.space_switches == 2 * tagged.faults
            && untagged.space_switches == 2 * untagged.faults
            && exo.space_switches == 0,
    );
    judge.require(
        "without tags in the TLB the changes of address space cost the misses that follow them",
        untagged.tlb_misses > tagged.tlb_misses && untagged.refills > tagged.refills,
    );
    judge.require(
        "in cycles a fault is cheapest for the exokernel, dearer by message, and dearest by signal",
        exo.total_cycles() < tagged.total_cycles()
            && tagged.total_cycles() < untagged.total_cycles()
            && untagged.total_cycles() < signal.total_cycles(),
    );
}

fn kernel_resolved(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    of_dash("clock", parameters)
}

fn judge_kernel_resolved(judge: &mut Judge<'_>) {
    let (exo, monolithic) = (judge.of(Exokernel), judge.of(Monolithic));
    judge.require(
        "the kernel's CLOCK loads exactly the pages that the libOS's CLOCK loads",
        exo.page_loads == monolithic.page_loads,
    );
    judge.require(
        "the monolithic kernel resolves each fault in one crossing",
        monolithic.fault_crossings() == monolithic.faults,
    );
    judge.require(
        "the exokernel needs more crossings, at least two for each fault: it loses",
        exo.crossings > monolithic.crossings && exo.fault_crossings() >= 2 * exo.faults,
    );
    let dearer = judge
        .parameters
        .kernel_entry
        .saturating_sub(cost::SYSTEM_CALL);
    let lean = monolithic
        .cycles
        .kernel
        .saturating_sub(monolithic.faults * dearer);
    judge.require(
        "if an entry into the monolithic kernel cost what one into the exokernel costs, the exokernel \
         would lose in cycles too",
        lean < exo.cycles.kernel + exo.cycles.libos,
    );
}

fn judge_bulk(judge: &mut Judge<'_>) {
    let (exo, monolithic) = (judge.of(Exokernel), judge.of(Monolithic));
    judge.require(
        "monolithic kernel and exokernel close a hundred pages in one crossing",
        (monolithic.crossings, exo.crossings) == (1, 1),
    );
    judge.require(
        "the exokernel takes more cycles: it loses",
        exo.cycles.libos + exo.cycles.kernel > monolithic.cycles.kernel,
    );
}

fn judge_own_faults(judge: &mut Judge<'_>) {
    let (exo, tagged) = (judge.of(Exokernel), judge.of(MicrokernelTagged));
    let signal = judge.of(MonolithicBySignal);
    let spent = |it: &super::Figures| it.cycles.libos + it.cycles.kernel;
    judge.require(
        "each store to a closed page is one fault under every kernel",
        [exo, tagged, signal].iter().all(|it| it.faults == 100),
    );
    judge.require(
        "two crossings for the exokernel, three by signal",
        exo.fault_crossings() == 200 && signal.fault_crossings() == 300,
    );
    judge.require(
        "by signal a fault takes at least ten times the cycles",
        spent(signal) >= 10 * spent(exo),
    );
    judge.require(
        "by message it takes more than by upcall",
        spent(tagged) > spent(exo),
    );
}

/// Loads from `pages` one after the other, so many times.
fn rounds(
    name: &str,
    pages: &[u32],
    times: usize,
    frames: u32,
    parameters: Parameters,
) -> Result<Vec<Row>, CompareError> {
    let trace = workload::loads(
        name,
        pages.iter().copied().cycle().take(pages.len() * times),
    );
    let own = workload::environment("demand-zero", frames, trace);
    compare(&workload::scenario(name, vec![own]), parameters, |_| {})
}

fn stlb(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let pages: Vec<u32> = (0..1024).collect();
    rounds("round robin", &pages, 20, 1024, parameters)
}

fn judge_stlb(judge: &mut Judge<'_>) {
    let (with, without) = (judge.of(Exokernel), judge.of(ExokernelWithoutStlb));
    let others = [judge.of(MicrokernelTagged), judge.of(Monolithic)];
    judge.require(
        "with the software TLB each page comes up once, when it is loaded",
        with.faults == 1024 && with.page_loads == 1024,
    );
    judge.require(
        "without it every miss comes up",
        without.faults == without.tlb_misses && without.refills == 0,
    );
    judge.require(
        "each of those costs at least a dispatch and a system call, less an 18-instruction hit, more: \
         40 cycles of the kernel's alone",
        without.cycles.kernel >= with.cycles.kernel + with.refills * 40,
    );
    judge.require(
        "the other kernels refill from their own page tables as often as the software TLB does",
        others.iter().all(|it| it.refills == with.refills),
    );
}

fn stlb_conflict(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let pages: Vec<u32> = (0..64).flat_map(|page| [page, page + 4096]).collect();
    rounds("colliding pages", &pages, 100, 128, parameters)
}

fn judge_stlb_conflict(judge: &mut Judge<'_>) {
    let exo = judge.of(Exokernel);
    let others = [judge.of(MicrokernelTagged), judge.of(Monolithic)];
    judge.require(
        "the other kernels take a fault for each page, once",
        others.iter().all(|it| it.faults == 128),
    );
    judge.require(
        "the exokernel's upcalls return all the time: it loses to its own self without conflicts",
        exo.faults > 10 * 128 && exo.page_loads == 128,
    );
}

fn neighbours(
    name: &str,
    first: Vec<u32>,
    second: Vec<u32>,
    parameters: Parameters,
) -> Result<Vec<Row>, CompareError> {
    const REFERENCES: usize = 40_000;
    let environments = [("A", first), ("B", second)].map(|(name, pages)| {
        let trace = workload::loads(name, pages.into_iter().cycle().take(REFERENCES));
        workload::environment("clock", 64, trace)
    });
    compare(
        &workload::scenario(name, environments.into()),
        parameters,
        |_| {},
    )
}

fn scanning_neighbour(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let (first, second) = ((0..40).collect(), (0..1000).collect());
    neighbours("scanning neighbour", first, second, parameters)
}

fn judge_scanning_neighbour(judge: &mut Judge<'_>) {
    let exo = judge.of_one(Exokernel, 0).page_loads;
    let monolithic = judge.of_one(Monolithic, 0).page_loads;
    judge.require("under the exokernel A loads its 40 pages once", exo == 40);
    judge.require(
        "under one CLOCK for all it loads them again and again",
        monolithic >= 10 * exo,
    );
}

fn idle_neighbour(parameters: Parameters) -> Result<Vec<Row>, CompareError> {
    let (first, second) = ((0..4).collect(), (0..100).collect());
    neighbours("idle neighbour", first, second, parameters)
}

fn judge_idle_neighbour(judge: &mut Judge<'_>) {
    let exo = judge.of_one(Exokernel, 1).page_loads;
    let monolithic = judge.of_one(Monolithic, 1).page_loads;
    judge.require(
        "one CLOCK for all has room for B's 100 pages and loads each once",
        monolithic == 100,
    );
    judge.require(
        "on its own 64 frames B loads them again and again: the exokernel loses",
        exo >= 10 * monolithic,
    );
}
