//! A picture of a run: who owned which frame when, where pages were loaded, and how many upcalls and
//! evictions each environment had, along the run.
//!
//! The run is sampled on a grid while it is walked over, so that the picture of a long run is no larger
//! than that of a short one.

mod draw;
mod grid;
mod lanes;
mod measure;
mod paper;
mod style;

use std::io::{self, Write};

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::kernel::Counters;
use exo_core::machine::Machine;

use self::draw::Picture;
use self::grid::{Columns, Grid};
use self::lanes::Lanes;
use super::clock::Clock;
use super::{Exported, Reader, View};
use crate::explain::{env_letter, grouped};
use crate::saved::tlb_text;
use crate::session::{Recorded, Session};

/// What the legend counts for each environment, over the window; frames are those held at its end.
const FIGURES: [&str; 7] = [
    "references",
    "upcalls",
    "page loads",
    "evictions",
    "blocks moved",
    "frames held",
    "cycles",
];

/// An environment in the legend.
struct LegendRow {
    name: String,
    figures: [u64; FIGURES.len()],
}

/// All that the picture is drawn from.
struct Gathered {
    title: String,
    /// Machine and window, in a line.
    size: String,
    /// The picture in words.
    about: String,
    grid: Grid,
    lanes: Lanes,
    rows: Vec<LegendRow>,
}

/// Draws the picture.
pub(super) struct Svg<W> {
    out: W,
    clock: Clock,
    gathered: Gathered,
    /// What was counted, and spent, where the window begins.
    before: Vec<(Counters, u64)>,
    cycles_before: u64,
}

impl<W: Write> Svg<W> {
    pub(super) fn new(out: W, clock: Clock) -> Svg<W> {
        let nowhere = Default::default();
        Svg {
            out,
            clock,
            gathered: Gathered {
                title: String::new(),
                size: String::new(),
                about: String::new(),
                grid: Grid::new(Columns::new(nowhere, nowhere), 0),
                lanes: Lanes::default(),
                rows: Vec::new(),
            },
            before: Vec::new(),
            cycles_before: 0,
        }
    }

    /// What was counted in the window.
    fn count(&mut self, machine: &Machine) {
        let environments = machine.kernel().environments.iter().zip(&self.before);
        for (row, (environment, (before, spent))) in self.gathered.rows.iter_mut().zip(environments)
        {
            let now = environment.counters;
            row.figures = [
                now.references - before.references,
                now.upcalls - before.upcalls,
                now.page_loads - before.page_loads,
                now.evictions - before.evictions,
                now.disk_reads + now.disk_writes - before.disk_reads - before.disk_writes,
                environment.frames_held.into(),
                environment.cycles.total() - spent,
            ];
        }
    }

    /// Machine and window in a line, and the picture in words.
    fn describe(&mut self, machine: &Machine, exported: &Exported) {
        let config = machine.config();
        let cycles = machine.cycles() - self.cycles_before;
        self.gathered.size = format!(
            "{} frames of {} bytes, TLB {}, software TLB {} · position {} to {} · {} cycles, {} ms \
             at {}",
            grouped(config.frames.into()),
            grouped(1 << config.page_bits),
            tlb_text(&config.tlb),
            grouped(config.stlb_entries.into()),
            exported.from,
            exported.to,
            grouped(cycles),
            self.clock.at(cycles).milliseconds(),
            self.clock,
        );
        let rows = self.gathered.rows.iter().zip(0..).map(|(row, index)| {
            let figures = FIGURES.iter().zip(row.figures);
            let figures = figures.map(|(name, figure)| format!("{} {name}", grouped(figure)));
            let figures = figures.collect::<Vec<_>>().join(", ");
            format!("{}: {}: {figures}.", env_letter(EnvId(index)), row.name)
        });
        self.gathered.about = format!(
            "Ownership of frames over time, and upcalls and evictions of each environment. {} {}",
            self.gathered.size,
            rows.collect::<Vec<_>>().join(" ")
        );
    }
}

impl<W: Write> Reader for Svg<W> {
    fn begin(&mut self, session: &Session, view: &View) -> io::Result<()> {
        let machine = session.machine();
        let kernel = machine.kernel();
        let columns = Columns::new(view.from, view.to);
        let gathered = &mut self.gathered;
        gathered.title.clone_from(&session.scenario().title);
        gathered.grid = Grid::new(columns, machine.config().frames);
        gathered.grid.sample(&kernel.frames);
        gathered.lanes.begin(machine, columns.count);
        let specs = session.scenario().environments.iter();
        gathered.rows = specs
            .map(|spec| LegendRow {
                name: super::runs(spec),
                figures: [0; FIGURES.len()],
            })
            .collect();
        let environments = kernel.environments.iter();
        self.before = environments
            .map(|it| (it.counters, it.cycles.total()))
            .collect();
        self.cycles_before = machine.cycles();
        Ok(())
    }

    fn stops_at(&self) -> u64 {
        let grid = &self.gathered.grid;
        match grid.sampled() {
            next if next < grid.columns.count => grid.columns.start(next),
            _ => u64::MAX,
        }
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        let unit = told.map(|it| it.stamped.position.retired);
        let unit = unit.unwrap_or(machine.position().retired);
        let gathered = &mut self.gathered;
        let column = gathered.grid.columns.of(unit);
        gathered.lanes.step(machine, column);
        if let Some(recorded) = told {
            gathered.lanes.mark(machine, recorded, column);
            if let Event::Bound {
                frame,
                loaded: true,
                ..
            } = recorded.stamped.event
            {
                gathered.grid.load(unit, frame);
            }
        }
        let here = machine.position().retired;
        let grid = &mut gathered.grid;
        while grid.sampled() < grid.columns.count && grid.columns.start(grid.sampled()) <= here {
            grid.sample(&machine.kernel().frames);
        }
        Ok(())
    }

    fn finish(&mut self, machine: &Machine, exported: &Exported) -> io::Result<()> {
        self.count(machine);
        self.describe(machine, exported);
        Picture::new(&mut self.out, &self.gathered).draw()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Walk};
    use super::Svg;
    use crate::{Session, first_light};

    #[test]
    fn the_bars_add_up_to_what_the_machine_counted() {
        let mut session = Session::new(first_light().unwrap()).unwrap();
        let options = Options::default();
        let mut svg = Svg::new(Vec::new(), options.clock);
        let mut walk = Walk::begin(&mut session, &options, &mut svg).unwrap();
        while walk.go_on(&mut session, 1000, &mut svg).unwrap() {}
        walk.finish(&session, &mut svg).unwrap();
        let gathered = &svg.gathered;
        assert_eq!(gathered.grid.sampled(), gathered.grid.columns.count);
        let environments = &session.machine().kernel().environments;
        assert_eq!(gathered.lanes.lanes.len(), environments.len());
        let mut loads = 0;
        for (lane, environment) in gathered.lanes.lanes.iter().zip(environments) {
            let counters = environment.counters;
            assert_eq!(lane.upcalls.iter().sum::<u64>(), counters.upcalls);
            assert_eq!(lane.evictions.iter().sum::<u64>(), counters.evictions);
            loads += counters.page_loads;
        }
        // A tick for each load, unless several of a frame lie in one column.
        let ticks: usize = gathered.grid.loads().iter().map(|it| it.2).sum();
        assert!(ticks as u64 <= loads && ticks as u64 > loads * 9 / 10);
        let marks: Vec<&str> = gathered.lanes.marks.iter().map(|it| &*it.text).collect();
        assert_eq!(
            marks,
            ["A: its application is over", "B: its application is over"]
        );
    }
}
