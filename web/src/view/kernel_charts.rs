//! The comparison of kernels as charts: bars of the cycles by who spent them, and of the crossings. Bars are told apart
//! by their hatch, and kernels by their numbers.

use std::fmt::Write;

use super::chart_file::written;
use super::charts::{ChartView, LineView, Pen, heads, pixels, round, x, y};
use super::kernels::{COLUMNS, KernelRow, row};
use super::words::{decimal, grouped};
use crate::store::{ChartFile, Playground};

/// Who spent cycles, with the hatch: pixels between its lines, none for an empty bar.
const SPENT: [(Pen, Option<f64>); 3] = [
    (("application", None, "m-10-5h20v10h-20z"), None),
    (
        ("libOS, pager or handler", None, "m-10-5h20v10h-20zm0 5h20"),
        Some(5.0),
    ),
    (
        (
            "kernel",
            None,
            "m-10-5h20v10h-20zm0 2h20m0 2h-20m0 2h20m0 2h-20",
        ),
        Some(2.0),
    ),
];
const CROSSINGS: (Pen, Option<f64>) = (
    ("crossings", None, "m-10-5h20v10h-20zm0 3h20m0 4h-20"),
    Some(3.0),
);
/// Part of its room that a bar leaves free on either side.
const BESIDE: f64 = 0.2;

/// The charts; none before a kernel has run.
pub(super) fn of(rows: &[KernelRow]) -> Vec<ChartView> {
    if rows.is_empty() {
        return Vec::new();
    }
    let spent = |row: &KernelRow| row.cycles.to_vec();
    let crossed = |row: &KernelRow| vec![row.crossings];
    vec![
        bars(
            (
                "Cycles under each kernel, by who spent them",
                "exokernel-kernels-cycles",
            ),
            rows,
            &SPENT,
            spent,
        ),
        bars(
            ("Crossings under each kernel", "exokernel-kernels-crossings"),
            rows,
            &[CROSSINGS],
            crossed,
        ),
    ]
}

/// A chart of the comparison as a file, or its table: its name and its text.
pub fn kernel_file(
    playground: &Playground,
    index: usize,
    file: ChartFile,
) -> Option<(String, String)> {
    let rows: Vec<KernelRow> = playground.kernels().rows.iter().map(row).collect();
    of(&rows).get(index).map(|chart| written(chart, file))
}

/// One bar for each kernel: its figures, one on top of the other.
fn bars(
    (title, file): (&str, &str),
    rows: &[KernelRow],
    parts: &[(Pen, Option<f64>)],
    figures: fn(&KernelRow) -> Vec<u64>,
) -> ChartView {
    let sums = rows.iter().map(|row| figures(row).iter().sum::<u64>());
    let most = sums.max().unwrap_or(0).max(1) as f64;
    let mut lines = Vec::new();
    for (part, (pen, hatch)) in parts.iter().enumerate() {
        let mut shapes = String::new();
        for (at, row) in rows.iter().enumerate() {
            let figures = figures(row);
            let below: u64 = figures.iter().take(part).sum();
            let own = figures.get(part).copied().unwrap_or(0);
            if own > 0 {
                let up = (below as f64 / most, (below + own) as f64 / most);
                shapes += &bar((at, rows.len()), up, *hatch);
            }
        }
        lines.push(line(pen.0.to_owned(), *pen, shapes));
    }
    let mut ticks = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let number = (at + 1).to_string();
        let name = format!("{number}: {}", row.title);
        lines.push(line(name, ("", None, ""), String::new()));
        ticks.push((true, x((at as f64 + 0.5) / rows.len() as f64), number));
    }
    for it in round(most) {
        ticks.push((false, y(it as f64 / most), grouped(it)));
    }
    ChartView {
        title: title.to_owned(),
        note: "",
        file: file.to_owned(),
        lines,
        marks: Vec::new(),
        others: Vec::new(),
        ticks,
        heads: table_heads(),
        rows: rows.iter().map(table_row).collect(),
    }
}

fn line(name: String, pen: Pen, shapes: String) -> LineView {
    LineView {
        name,
        pen,
        path: String::new(),
        shapes,
    }
}

/// A bar in the room of the one at a place of so many, from a part of the axis to another, as an SVG path.
fn bar((at, of): (usize, usize), (from, to): (f64, f64), hatch: Option<f64>) -> String {
    let (left, bottom) = pixels((at as f64 + BESIDE) / of as f64, from);
    let (right, top) = pixels((at as f64 + 1.0 - BESIDE) / of as f64, to);
    let (left, right) = (decimal(left, 1), decimal(right, 1));
    let mut path = format!(
        "M{left} {}V{}H{right}V{}Z",
        decimal(bottom, 1),
        decimal(top, 1),
        decimal(bottom, 1)
    );
    let Some(apart) = hatch else {
        return path;
    };
    let mut height = bottom - apart;
    while height > top {
        // Writing to a text never fails.
        let _ = write!(path, "M{left} {}H{right}", decimal(height, 1));
        height -= apart;
    }
    path
}

/// All that the sheet's table has, and the cycles by who spent them.
fn table_heads() -> Vec<String> {
    let mut all = vec!["kernel"];
    for (name, _) in COLUMNS {
        all.push(name);
        if all.len() == 2 {
            all.extend(SPENT.map(|((name, ..), _)| match name {
                "kernel" => "in the kernel",
                name => name,
            }));
        }
    }
    all.push("given up");
    heads(&all)
}

fn table_row(row: &KernelRow) -> Vec<String> {
    let mut cells = vec![row.title.to_owned()];
    for cell in &row.cells {
        cells.push(cell.clone());
        if cells.len() == 2 {
            cells.extend(row.cycles.map(grouped));
        }
    }
    cells.push(row.given_up.clone().unwrap_or_default());
    cells
}
