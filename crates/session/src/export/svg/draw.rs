//! Draws what was gathered: title, frames, lanes, legend.

use std::io::{self, Write};

use exo_core::ids::EnvId;
use exo_policy::order::sorted;

use super::Gathered;
use super::grid::Owner;
use super::lanes::{COLUMNS_EACH, Lane, Mark};
use super::measure::{decimal, label_lines, label_width, round_step};
use super::paper::{Paper, block};
use super::style::HUES;
use crate::explain::{env_letter, grouped};

/// Where the picture of the frames begins, and how wide it is.
const LEFT: usize = 96;
const WIDTH: usize = 900;
const RIGHT: usize = 24;
/// Where titles stand.
const MARGIN: usize = 20;
/// Room for title and size.
const HEAD: usize = 64;
/// Height of a line of text.
const LINE: usize = 18;
/// Height that the frames get, if they can be drawn so.
const FRAMES_HEIGHT: usize = 420;
/// The tallest bar.
const BAR: usize = 34;

fn hue(env: EnvId) -> usize {
    env.index() % HUES
}

/// What fills the areas of an owner.
fn fill(owner: Owner) -> String {
    match owner {
        Owner::Free => "class=\"paper\"".to_owned(),
        Owner::Held(env) => format!("fill=\"url(#h{})\"", hue(env)),
        Owner::Pinned(env) => format!("fill=\"url(#p{})\"", hue(env)),
    }
}

/// The picture on its way.
pub(super) struct Picture<'run, W> {
    paper: Paper<W>,
    gathered: &'run Gathered,
    /// Height of a row.
    row: usize,
    /// Where the frames begin.
    top: usize,
    /// For each mark the line on which its label stands, if there is room.
    labels: Vec<Option<usize>>,
}

impl<'run, W: Write> Picture<'run, W> {
    pub(super) fn new(out: W, gathered: &'run Gathered) -> Picture<'run, W> {
        let rows = gathered.grid.rows().max(1);
        let labels = labels(gathered);
        let lines = labels.iter().flatten().max().map_or(0, |line| line + 1);
        Picture {
            paper: Paper::new(out),
            gathered,
            row: (FRAMES_HEIGHT / rows).clamp(2, 14),
            top: HEAD + lines * LINE + 10,
            labels,
        }
    }

    pub(super) fn draw(mut self) -> io::Result<()> {
        let gathered = self.gathered;
        let lanes = gathered.lanes.lanes.len();
        let frames_end = self.top + gathered.grid.rows() * self.row;
        let lanes_start = frames_end + 2 * LINE + 12;
        let lane = self.lane_height();
        let legend = lanes_start + lanes * lane + 2 * LINE;
        let height = legend + (lanes + 3) * LINE + 8;
        let size = (LEFT + WIDTH + RIGHT, height);
        self.paper.begin(size, &gathered.title, &gathered.about)?;
        self.head()?;
        self.frames()?;
        self.axes(frames_end)?;
        self.lanes(lanes_start)?;
        self.marks(lanes_start, lanes_start + lanes * lane)?;
        self.legend(legend)?;
        self.paper.finish()
    }

    fn head(&mut self) -> io::Result<()> {
        let gathered = self.gathered;
        self.paper
            .text((MARGIN, 30), "ink title", &gathered.title)?;
        self.paper.text((MARGIN, 50), "soft", &gathered.size)
    }

    /// Where a column begins.
    fn x(&self, column: usize) -> usize {
        LEFT + column * WIDTH / self.gathered.grid.columns.count.max(1) as usize
    }

    fn y(&self, row: usize) -> usize {
        self.top + row * self.row
    }

    /// Who owned which frame.
    fn frames(&mut self) -> io::Result<()> {
        let areas = self.gathered.grid.areas();
        let owners = areas.iter().map(|it| it.owner).collect();
        let mut owners = sorted(owners, Owner::cmp);
        owners.dedup();
        owners.retain(|it| *it != Owner::Free);
        for owner in owners {
            let own = areas.iter().filter(|it| it.owner == owner);
            let blocks: Vec<String> = own
                .map(|it| {
                    let (x, y) = (self.x(it.column), self.y(it.row));
                    block(x, y, self.x(it.column + it.columns) - x, it.rows * self.row)
                })
                .collect();
            self.paper.path(&fill(owner), blocks)?;
        }
        // A page is loaded: a tick as wide as one can see.
        let ticks: Vec<String> = self
            .gathered
            .grid
            .loads()
            .into_iter()
            .map(|(row, column, columns)| {
                let (x, y) = (self.x(column), self.y(row));
                block(x, y, (self.x(column + columns) - x).max(2), self.row)
            })
            .collect();
        self.paper.path("class=\"ink\"", ticks)?;
        self.letters()
    }

    /// Who owns it, written into each stretch of frames that is tall enough, at a few places.
    fn letters(&mut self) -> io::Result<()> {
        let columns = self.gathered.grid.sampled() as usize;
        for eighth in [1, 3, 5, 7] {
            let column = columns * eighth / 8;
            for (owner, row, rows) in self.gathered.grid.stretches(column) {
                let height = rows * self.row;
                if height < 16 {
                    continue;
                }
                let at = (self.x(column), self.y(row) + height / 2 + 4);
                match owner {
                    Owner::Free => self.paper.text(at, "soft middle", "free")?,
                    Owner::Held(env) | Owner::Pinned(env) => {
                        let class = format!("x{} bold halo middle", hue(env));
                        self.paper.text(at, &class, &env_letter(env))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The frame around the frames, with numbers of frames at the left and positions below.
    fn axes(&mut self, end: usize) -> io::Result<()> {
        let grid = &self.gathered.grid;
        let (frames, each, columns) = (u64::from(grid.frames), grid.frames_each, grid.columns);
        let edge = block(LEFT, self.top, WIDTH, end - self.top);
        self.paper.path("class=\"axis\" fill=\"none\"", [edge])?;
        self.paper
            .text((MARGIN, self.top - 8), "soft small", "frame")?;
        let step = round_step(frames, 8, &[1, 2, 4, 8]);
        for frame in (0..frames).step_by(step as usize) {
            let y = self.top + (frame / u64::from(each)) as usize * self.row;
            let at = (LEFT - 8, y + 9);
            self.paper
                .text(at, "soft small end", &format!("0x{frame:X}"))?;
            self.paper.path(
                "class=\"axis\" fill=\"none\"",
                [format!("M{} {y}h4", LEFT - 4)],
            )?;
        }
        let step = round_step(columns.units, 8, &[1, 2, 5, 10]);
        let first = columns.first.div_ceil(step) * step;
        for unit in (first..=columns.first + columns.units).step_by(step as usize) {
            let along = u128::from(unit - columns.first) * WIDTH as u128;
            let x = LEFT + (along / u128::from(columns.units)) as usize;
            let tick = format!("M{x} {end}v5");
            self.paper.path("class=\"axis\" fill=\"none\"", [tick])?;
            let class = if x + 30 > LEFT + WIDTH {
                "soft small end"
            } else {
                "soft small middle"
            };
            self.paper.text((x, end + 17), class, &grouped(unit))?;
        }
        let label = "position: references and instructions completed";
        self.paper
            .text((LEFT + WIDTH / 2, end + 33), "soft small middle", label)
    }

    /// Heights above and below the line of a lane.
    fn lane_heights(&self) -> (usize, usize) {
        let (above, below) = self.tallest();
        let scale = above.max(below).max(1);
        let height = |bars: u64| (BAR as u64 * bars).div_ceil(scale) as usize;
        (height(above).max(8), height(below).max(8))
    }

    fn lane_height(&self) -> usize {
        let (above, below) = self.lane_heights();
        above + below + 14
    }

    fn tallest(&self) -> (u64, u64) {
        let lanes = &self.gathered.lanes;
        (
            lanes.tallest(|lane| &lane.upcalls),
            lanes.tallest(|lane| &lane.evictions),
        )
    }

    /// Upcalls above a line, evictions below it, all on one scale.
    fn lanes(&mut self, start: usize) -> io::Result<()> {
        let lanes: &'run [Lane] = &self.gathered.lanes.lanes;
        let (most, below) = self.tallest();
        let scale = most.max(below).max(1);
        let (above, _) = self.lane_heights();
        for (index, lane) in lanes.iter().enumerate() {
            let env = EnvId(index as u8);
            let line = start + index * self.lane_height() + above;
            let class = format!("x{} bold", hue(env));
            self.paper
                .text((MARGIN, line + 4), &class, &env_letter(env))?;
            self.paper
                .text((LEFT - 8, line - 3), "soft small end", "upcalls")?;
            self.paper
                .text((LEFT - 8, line + 11), "soft small end", "evictions")?;
            let bars = |counts: &[u64], up: bool| -> Vec<String> {
                let counts = counts.iter().enumerate().filter(|(_, count)| **count > 0);
                let blocks = counts.map(|(bar, count)| {
                    let (x, next) = (self.x(bar * COLUMNS_EACH), (bar + 1) * COLUMNS_EACH);
                    let most = self.gathered.grid.columns.count as usize;
                    let width = (self.x(next.min(most)) - x).saturating_sub(1).max(1);
                    // Tenths of a pixel, so that small counts differ.
                    let tenths = (*count * BAR as u64 * 10).div_ceil(scale).max(5) as usize;
                    let y = if up { line * 10 - tenths } else { line * 10 };
                    block(x, decimal(y), width, decimal(tenths))
                });
                blocks.collect()
            };
            let (up, down) = (bars(&lane.upcalls, true), bars(&lane.evictions, false));
            self.paper.path(&format!("class=\"e{}\"", hue(env)), up)?;
            self.paper.path("class=\"ink\"", down)?;
            let rule = format!("M{LEFT} {line}h{WIDTH}");
            self.paper.path("class=\"rule\" fill=\"none\"", [rule])?;
        }
        if most > 0 && !lanes.is_empty() {
            let bar = format!(
                "most upcalls in a bar of {} positions: {}",
                grouped(self.bar_units()),
                grouped(most)
            );
            let at = (LEFT + WIDTH, start - 4);
            self.paper.text(at, "soft small end", &bar)?;
        }
        Ok(())
    }

    /// Units of one bar, about.
    fn bar_units(&self) -> u64 {
        let columns = self.gathered.grid.columns;
        (columns.units * COLUMNS_EACH as u64)
            .div_ceil(columns.count)
            .min(columns.units)
    }

    /// Lines where something changed an environment's course, from the label to the lanes' end.
    fn marks(&mut self, start: usize, end: usize) -> io::Result<()> {
        let marks: &'run [Mark] = &self.gathered.lanes.marks;
        for (index, mark) in marks.iter().enumerate() {
            let line = self.labels.get(index).copied().flatten();
            let x = self.x(mark.column);
            let top = match line {
                Some(line) => HEAD + line * LINE + 4,
                None => self.top,
            };
            let told = format!("{}, position {}", mark.text, mark.position);
            let frames_end = self.top + self.gathered.grid.rows() * self.row;
            // Not through the numbers of the axis.
            let command = format!("M{x} {top}V{frames_end}M{x} {start}V{end}");
            let dashed = "class=\"mark\" fill=\"none\" stroke-dasharray=\"3 3\"";
            self.paper.told_path(dashed, &command, &told)?;
        }
        // On top of the lines.
        for (mark, line) in marks.iter().zip(self.labels.clone()) {
            let Some(line) = line else {
                continue;
            };
            let x = self.x(mark.column);
            let (class, at) = if label_left(x, &mark.text) < x {
                ("small halo end", x - 4)
            } else {
                ("small halo", x + 4)
            };
            let class = format!("x{} {class}", hue(mark.env));
            let y = HEAD + line * LINE + 13;
            self.paper.text((at, y), &class, &mark.text)?;
        }
        Ok(())
    }

    /// What each hatch means, and what each environment counted.
    fn legend(&mut self, top: usize) -> io::Result<()> {
        let swatch = |place: usize| (LEFT + place, top - 11);
        self.paper.rect(
            swatch(0),
            (16, 12),
            "class=\"paper axis\" stroke-width=\"1\"",
        )?;
        self.paper.text((LEFT + 22, top), "soft small", "free")?;
        self.paper.rect(swatch(70), (16, 12), "fill=\"url(#p0)\"")?;
        let pinned = "solid: pinned, a program's own state";
        self.paper.text((LEFT + 92, top), "soft small", pinned)?;
        self.paper.rect(swatch(326), (2, 12), "class=\"ink\"")?;
        let loads = "a page is loaded into the frame";
        self.paper.text((LEFT + 334, top), "soft small", loads)?;
        let columns = [360, 430, 520, 600, 700, 790, WIDTH];
        let header = top + LINE + 4;
        for (place, name) in columns.iter().zip(super::FIGURES) {
            self.paper
                .text((LEFT + place, header), "soft small end", name)?;
        }
        for (index, row) in self.gathered.rows.iter().enumerate() {
            let env = EnvId(index as u8);
            let y = header + (index + 1) * LINE;
            self.paper
                .rect((MARGIN, y - 12), (40, 15), &fill(Owner::Held(env)))?;
            let class = format!("x{} bold halo", hue(env));
            self.paper.text((MARGIN + 4, y), &class, &env_letter(env))?;
            self.paper.text((LEFT, y), "ink", &row.name)?;
            for (place, figure) in columns.iter().zip(row.figures) {
                self.paper
                    .text((LEFT + place, y), "ink end", &grouped(figure))?;
            }
        }
        Ok(())
    }
}

/// Where a label begins: to the right of its line, or to the left where there is no room.
fn label_left(x: usize, text: &str) -> usize {
    let width = label_width(text);
    if x + width > LEFT + WIDTH + RIGHT {
        x.saturating_sub(width)
    } else {
        x
    }
}

/// The line of each mark's label, if there is room for it.
fn labels(gathered: &Gathered) -> Vec<Option<usize>> {
    let count = gathered.grid.columns.count.max(1) as usize;
    let stretches = gathered.lanes.marks.iter().map(|mark| {
        let x = LEFT + mark.column * WIDTH / count;
        let left = label_left(x, &mark.text);
        (left, left + label_width(&mark.text))
    });
    label_lines(stretches)
}
