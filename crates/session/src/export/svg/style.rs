//! Colours and hatches. One colour, one meaning: a hue is an owner, and has a hatch of its own; all
//! else is ink.

use std::fmt::Write;

/// Owners that can be told apart by hue and hatch; those behind them begin anew, and have a letter.
pub(super) const HUES: usize = 4;

/// The colours of one scheme.
struct Scheme {
    paper: &'static str,
    ink: &'static str,
    soft: &'static str,
    line: &'static str,
    /// Tint, edge and text of each hue.
    hues: [[&'static str; 3]; HUES],
}

const LIGHT: Scheme = Scheme {
    paper: "#ffffff",
    ink: "#14181a",
    soft: "#596163",
    line: "#d3d8d6",
    hues: [
        ["#dbeaf5", "#00609f", "#004a75"],
        ["#fbe5d6", "#c65300", "#863900"],
        ["#d6efe7", "#009e73", "#00553c"],
        ["#f5e3ee", "#a8457f", "#772555"],
    ],
};

const DARK: Scheme = Scheme {
    paper: "#131718",
    ink: "#eceeed",
    soft: "#98a2a1",
    line: "#2b3335",
    hues: [
        ["#10304a", "#3d8fcf", "#a9d8f6"],
        ["#45260f", "#f08a45", "#ffc59d"],
        ["#0c372b", "#5ad9ae", "#93e6cd"],
        ["#412036", "#d67fb0", "#f6c6df"],
    ],
};

impl Scheme {
    fn rules(&self) -> String {
        let mut css = format!(
            ".paper{{fill:{paper}}}.ink{{fill:{ink}}}.soft{{fill:{soft}}}.rule{{stroke:{line}}}\
             .axis{{stroke:{soft}}}.mark{{stroke:{ink}}}.halo{{stroke:{paper}}}",
            paper = self.paper,
            ink = self.ink,
            soft = self.soft,
            line = self.line,
        );
        for (hue, [tint, edge, text]) in self.hues.iter().enumerate() {
            // Writing to a string does not fail.
            let _ = write!(
                css,
                ".t{hue}{{fill:{tint}}}.e{hue}{{fill:{edge}}}.s{hue}{{stroke:{edge}}}\
                 .x{hue}{{fill:{text}}}"
            );
        }
        css
    }
}

/// The style sheet: light, and dark where the reader prefers that.
pub(super) fn sheet() -> String {
    format!(
        "text{{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;\
         font-variant-numeric:tabular-nums}}\
         .title{{font-size:18px;font-weight:600}}.small{{font-size:11px}}.bold{{font-weight:700}}\
         .end{{text-anchor:end}}.middle{{text-anchor:middle}}\
         .halo{{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}\
         .hatch{{fill:none;stroke-width:1;stroke-opacity:.45}}.dots{{fill-opacity:.6}}\
         {}\n@media (prefers-color-scheme: dark){{{}}}",
        LIGHT.rules(),
        DARK.rules()
    )
}

/// The hatches: `h` with a hue is what an environment holds, `p` what is pinned for its state. A has
/// rising lines, B falling ones, C dots, D level lines.
pub(super) fn patterns() -> String {
    let mut text = String::new();
    for hue in 0..HUES {
        let hatch = match hue {
            0 => "<path class=\"hatch s0\" d=\"M-1 1l2-2M0 6l6-6M5 7l2-2\"/>".to_owned(),
            1 => "<path class=\"hatch s1\" d=\"M-1 5l2 2M0 0l6 6M5-1l2 2\"/>".to_owned(),
            2 => "<circle class=\"dots e2\" cx=\"3\" cy=\"3\" r=\"1\"/>".to_owned(),
            _ => format!("<path class=\"hatch s{hue}\" d=\"M0 3h6\"/>"),
        };
        let pattern = |id: char, inside: &str| {
            format!(
                "<pattern id=\"{id}{hue}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 {inside}</pattern>\n"
            )
        };
        let tint = format!("<path class=\"t{hue}\" d=\"M0 0h6v6h-6z\"/>{hatch}");
        text.push_str(&pattern('h', &tint));
        let solid = format!(
            "<path class=\"t{hue}\" d=\"M0 0h6v6h-6z\"/><path class=\"e{hue}\" fill-opacity=\".6\" \
             d=\"M0 0h6v6h-6z\"/>{hatch}"
        );
        text.push_str(&pattern('p', &solid));
    }
    text
}
