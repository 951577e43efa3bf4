//! Who owned which frame when, sampled on a grid, and the rectangles of one colour in it.

use exo_core::ids::{EnvId, Frame, Position};
use exo_core::kernel::FrameTable;
use exo_policy::order::sorted;

/// The most columns: stretches of the run.
const COLUMNS_MAX: u64 = 900;
/// The most rows: frames, or groups of frames next to each other.
const ROWS_MAX: u32 = 256;

/// What is drawn of a row in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// Nobody.
    #[default]
    Free,
    /// An environment, for its application's pages or whatever it likes.
    Held(EnvId),
    /// An environment, for its program's own state.
    Pinned(EnvId),
}

/// A rectangle of columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) owner: Owner,
    pub(super) column: usize,
    pub(super) columns: usize,
    pub(super) row: usize,
    pub(super) rows: usize,
}

/// A window of a run as columns, all of about as many units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) first: u64,
    pub(super) units: u64,
    pub(super) count: u64,
}

impl Columns {
    pub(super) fn new(from: Position, to: Position) -> Columns {
        let units = (to.retired - from.retired).max(1);
        Columns {
            first: from.retired,
            units,
            count: units.min(COLUMNS_MAX),
        }
    }

    /// The unit with which a column begins.
    pub(super) fn start(self, column: u64) -> u64 {
        let shares = u128::from(self.units) * u128::from(column);
        self.first + shares.div_ceil(u128::from(self.count)) as u64
    }

    /// The column of a unit.
    pub(super) fn of(self, unit: u64) -> usize {
        let share = u128::from(unit.saturating_sub(self.first)) * u128::from(self.count);
        let column = share / u128::from(self.units);
        (column as usize).min(self.count as usize - 1)
    }
}

/// The samples.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) columns: Columns,
    pub(super) frames: u32,
    /// Frames of one row.
    pub(super) frames_each: u32,
    /// Column by column, and in each row by row.
    owners: Vec<Owner>,
    /// Where a page was loaded, row by row.
    loads: Vec<bool>,
}

impl Grid {
    pub(super) fn new(columns: Columns, frames: u32) -> Grid {
        let mut grid = Grid {
            columns,
            frames,
            frames_each: frames.div_ceil(ROWS_MAX).max(1),
            owners: Vec::new(),
            loads: Vec::new(),
        };
        grid.loads = vec![false; grid.rows() * columns.count as usize];
        grid
    }

    pub(super) fn rows(&self) -> usize {
        self.frames.div_ceil(self.frames_each) as usize
    }

    /// How many columns have been sampled.
    pub(super) fn sampled(&self) -> u64 {
        (self.owners.len() / self.rows().max(1)) as u64
    }

    /// Samples the next column. Of frames that share a row, what most of them are is shown.
    pub(super) fn sample(&mut self, frames: &FrameTable) {
        for group in frames.records().chunks(self.frames_each as usize) {
            let owners = group.iter().map(|record| match record.owner {
                None => Owner::Free,
                Some(env) if record.pinned => Owner::Pinned(env),
                Some(env) => Owner::Held(env),
            });
            self.owners.push(most_frequent(owners.collect()));
        }
    }

    /// Notes that a frame was given to another page.
    pub(super) fn load(&mut self, unit: u64, frame: Frame) {
        let row = (frame.0 / self.frames_each) as usize;
        let place = row * self.columns.count as usize + self.columns.of(unit);
        if let Some(load) = self.loads.get_mut(place) {
            *load = true;
        }
    }

    /// Stretches of columns in which pages were loaded: row, first column, how many.
    pub(super) fn loads(&self) -> Vec<(usize, usize, usize)> {
        let mut stretches = Vec::new();
        for (row, loads) in self.loads.chunks(self.columns.count as usize).enumerate() {
            for (column, length) in runs(loads.iter(), |load| **load) {
                stretches.push((row, column, length));
            }
        }
        stretches
    }

    /// The owner of a row in a column.
    fn owner(&self, row: usize, column: usize) -> Owner {
        let place = column * self.rows() + row;
        self.owners.get(place).copied().unwrap_or_default()
    }

    /// The owners in a column: owner, first row, how many rows.
    pub(super) fn stretches(&self, column: usize) -> Vec<(Owner, usize, usize)> {
        let mut found: Vec<(Owner, usize, usize)> = Vec::new();
        for row in 0..self.rows() {
            let owner = self.owner(row, column);
            match found.last_mut() {
                Some((last, _, rows)) if *last == owner => *rows += 1,
                _ => found.push((owner, row, 1)),
            }
        }
        found
    }

    /// All of it as rectangles that do not overlap, free ones included.
    pub(super) fn areas(&self) -> Vec<Area> {
        let columns = self.sampled() as usize;
        let mut done: Vec<Area> = Vec::new();
        // Those that may still grow downwards.
        let mut open: Vec<Area> = Vec::new();
        for row in 0..self.rows() {
            let mut next: Vec<Area> = Vec::new();
            let mut column = 0;
            while column < columns {
                let owner = self.owner(row, column);
                let end = (column..columns)
                    .find(|it| self.owner(row, *it) != owner)
                    .unwrap_or(columns);
                let same =
                    |it: &Area| (it.owner, it.column, it.columns) == (owner, column, end - column);
                let above = open.iter().position(same).map(|it| open.swap_remove(it));
                let new = Area {
                    owner,
                    column,
                    columns: end - column,
                    row,
                    rows: 0,
                };
                let area = above.unwrap_or(new);
                next.push(Area {
                    rows: area.rows + 1,
                    ..area
                });
                column = end;
            }
            done.append(&mut open);
            open = next;
        }
        done.append(&mut open);
        done
    }
}

/// Stretches in which `holds`: first place, how many.
fn runs<T>(items: impl Iterator<Item = T>, holds: impl Fn(&T) -> bool) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (place, _) in items.enumerate().filter(|(_, item)| holds(item)) {
        match found.last_mut() {
            Some((first, length)) if *first + *length == place => *length += 1,
            _ => found.push((place, 1)),
        }
    }
    found
}

/// What there is most of; of several, the first in order.
fn most_frequent(owners: Vec<Owner>) -> Owner {
    let owners = sorted(owners, Owner::cmp);
    let groups = owners.chunk_by(|one, other| one == other);
    let largest = groups.max_by_key(|group| (group.len(), std::cmp::Reverse(group.first())));
    largest
        .and_then(|group| group.first())
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use exo_core::ids::{EnvId, Frame, Position};
    use exo_core::kernel::FrameTable;

    use super::{Area, Columns, Grid, Owner, most_frequent};

    const A: Owner = Owner::Held(EnvId(0));

    fn columns(from: u64, to: u64) -> Columns {
        let at = |retired| Position { retired, event: 0 };
        Columns::new(at(from), at(to))
    }

    #[test]
    fn every_unit_of_a_window_lies_in_the_column_that_begins_at_or_before_it() {
        for (from, to) in [(0, 0), (7, 8), (10, 13), (5, 905), (0, 1_000_003)] {
            let columns = columns(from, to);
            assert_eq!(columns.start(0), from);
            for unit in (from..to).step_by(1 + (to - from) as usize / 5_000) {
                let column = columns.of(unit) as u64;
                assert!(columns.start(column) <= unit, "{unit} of {from} to {to}");
                let next = columns.start(column + 1);
                assert!(unit < next || column + 1 == columns.count, "{unit}");
            }
        }
    }

    #[test]
    fn the_areas_are_what_was_sampled_each_once() {
        let mut table = FrameTable::new(6);
        let mut grid = Grid::new(columns(0, 4), 6);
        grid.sample(&table);
        for (frame, env, pinned) in [(1, 0, true), (3, 0, false), (4, 0, false), (5, 1, false)] {
            table.take(Frame(frame), EnvId(env), pinned).unwrap();
        }
        grid.sample(&table);
        grid.sample(&table);
        table.release(Frame(4));
        grid.sample(&table);
        let mut drawn = vec![None; 24];
        for area in grid.areas() {
            for column in area.column..area.column + area.columns {
                for row in area.row..area.row + area.rows {
                    let before = drawn[column * 6 + row].replace(area.owner);
                    assert_eq!(before, None, "drawn twice");
                }
            }
        }
        let sampled: Vec<_> = grid.owners.iter().copied().map(Some).collect();
        assert_eq!(drawn, sampled);
        // Two rows side by side are one area if they begin and end together.
        let wide = Area {
            owner: A,
            column: 1,
            columns: 3,
            row: 3,
            rows: 1,
        };
        assert!(grid.areas().contains(&wide), "{:?}", grid.areas());
    }

    #[test]
    fn a_row_of_many_frames_shows_what_most_of_them_are() {
        let b = Owner::Held(EnvId(1));
        assert_eq!(most_frequent(vec![b, A, b]), b);
        assert_eq!(most_frequent(vec![b, A]), A);
        assert_eq!(most_frequent(Vec::new()), Owner::Free);
        assert_eq!(Grid::new(columns(0, 10), 65_536).rows(), 256);
        assert_eq!(Grid::new(columns(0, 10), 300).rows(), 150);
    }
}
