//! A chart as a file: a picture of its own, or its table.

use super::charts::{BOTTOM, ChartView, HEIGHT, LEFT, RIGHT, TOP, WIDTH};
use super::hatch_path;
use crate::store::ChartFile;

/// Names of lines beside each other, in the picture's key.
const KEYS_A_ROW: u32 = 3;

/// Its name and its text. A picture for pixels is SVG.
pub(super) fn written(chart: &ChartView, file: ChartFile) -> (String, String) {
    let (ending, text) = match file {
        ChartFile::Svg => ("svg", picture(chart)),
        ChartFile::Png => ("png", picture(chart)),
        ChartFile::Csv => ("csv", table(chart)),
    };
    (format!("{}.{ending}", chart.file), text)
}

/// The rows as comma-separated values, numbers without commas of their own.
fn table(chart: &ChartView) -> String {
    let heads = chart.heads.iter().map(|it| it.replace(',', ""));
    let mut text = heads.collect::<Vec<_>>().join(",") + "\n";
    for row in &chart.rows {
        let cells = row.iter().map(|it| it.replace(',', ""));
        text += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

/// The chart as a picture of its own: SVG, black on white, lines told apart by their dashes and shapes.
fn picture(view: &ChartView) -> String {
    let keys = HEIGHT + 24;
    let below = keys + 16 * (view.lines.len() as u32).div_ceil(KEYS_A_ROW);
    let height = below + if view.note.is_empty() { 0 } else { 16 };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        plain(&view.title)
    );
    for (below, at, number) in &view.ticks {
        let (x, y, anchor) = match below {
            true => (&**at, &*(HEIGHT - 16).to_string(), "middle"),
            false => (&*(LEFT - 6).to_string(), &**at, "end"),
        };
        svg += &format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{number}</text>\n");
    }
    svg += &format!(
        "<g fill=\"none\" stroke=\"#14181a\" stroke-width=\"1.5\">\n<path d=\"M{LEFT} {TOP}V{}H{}\" stroke-width=\"1\"/>\n",
        HEIGHT - BOTTOM,
        WIDTH - RIGHT
    );
    let mut names = String::new();
    for (line, index) in view.lines.iter().zip(0..) {
        let (name, (_, dashes, shape)) = (plain(&line.name), line.pen);
        let x = LEFT + (WIDTH - LEFT) / KEYS_A_ROW * (index % KEYS_A_ROW);
        let y = keys + 16 * (index / KEYS_A_ROW);
        if let Some(dashes) = dashes {
            svg += &format!(
                "<g stroke-dasharray=\"{dashes}\"><path class=\"line\" d=\"{}\"/><path d=\"M{x} {}h24\"/></g>\n",
                line.path,
                y - 4
            );
        }
        svg += &format!(
            "<path d=\"{}M{} {}{shape}\"/>\n",
            line.shapes,
            x + 12,
            y - 4
        );
        names += &format!("<text x=\"{}\" y=\"{y}\">{name}</text>\n", x + 30);
    }
    svg += "</g>\n";
    svg += &names;
    for (owner, x, y, words) in &view.marks {
        svg += &format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"7\" fill=\"#ffffff\" stroke=\"#14181a\"><title>{}</title></circle>\
             <text x=\"{x}\" y=\"{y}\" dy=\"4\" text-anchor=\"middle\">{}</text>\n",
            plain(words),
            owner.letter()
        );
    }
    for (owner, x, y, _) in &view.marks {
        if let Some(path) = hatch_path(owner.env) {
            svg += &format!(
                "<path d=\"{path}\" transform=\"translate({x} {y}) scale(3) translate(2 -4)\"/>\n"
            );
        }
    }
    svg + &format!(
        "<text x=\"{LEFT}\" y=\"{}\">{}</text>\n<text x=\"{LEFT}\" y=\"{below}\">{}</text>\n</svg>\n",
        HEIGHT + 6,
        plain(&view.title),
        plain(view.note)
    )
}

/// A text within XML.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
