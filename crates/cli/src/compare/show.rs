//! A comparison as a table for people and as JSON.

use exo_core::cost;
use exo_core::rivals::Parameters;
use exo_session::compare::{COMPARISONS, Expectation, Figures, Row};
use exo_session::explain::grouped;
use serde_json::{Value, json};

use crate::Failure;

/// What a comparison came to.
pub struct Shown {
    /// Its name, if it comes along.
    pub name: Option<&'static str>,
    pub title: String,
    pub lesson: Option<&'static str>,
    pub rows: Vec<Row>,
    pub expectations: Vec<Expectation>,
    pub parameters: Parameters,
}

/// What the exokernel's own paths cost; they are the machine's, and not to be changed.
const EXOKERNEL: &[(&str, u64, &str)] = &[
    ("STLB hit", cost::STLB_HIT, "E95 5.4, 18 instructions"),
    ("dispatch of a miss", cost::DISPATCH, "E95 table 5"),
    (
        "dispatch of a protection fault",
        cost::DISPATCH_PROTECTION,
        "E95 table 5",
    ),
    ("system call", cost::SYSTEM_CALL, "E95 table 4, no stack"),
    (
        "system call with a kernel stack",
        cost::STACK_CALL,
        "E95 table 4, stack",
    ),
    ("procedure call", cost::PROCEDURE_CALL, "E95 table 4"),
];

const COUNTED: [&str; 7] = [
    "counted",
    "TLB misses",
    "refills",
    "faults",
    "page loads",
    "crossings",
    "switches",
];
const SPENT: [&str; 7] = [
    "cycles",
    "application",
    "kernel",
    "libOS/pager",
    "all",
    "kernel/fault",
    "libOS/fault",
];

/// What was counted, what was spent, what was expected, and what the paths cost.
pub fn table(shown: &Shown) -> String {
    let mut text = format!("{}\n", shown.title);
    if let Some(lesson) = shown.lesson {
        text.push_str(&format!("{}\n", folded(lesson, 100)));
    }
    for (heads, cells) in [
        (COUNTED, counted as fn(&Figures) -> [String; 6]),
        (SPENT, spent),
    ] {
        text.push('\n');
        text.push_str(&part(&shown.rows, heads, cells));
    }
    text.push_str(
        "\nA refill is a miss that the kernel answers by itself, from the software TLB or its page table;\n\
         a fault takes a policy. What is spent for each fault leaves the refills out. Switches are changes\n\
         of address space.\n",
    );
    if !shown.expectations.is_empty() {
        text.push_str("\nExpected:\n");
        for it in &shown.expectations {
            let so = if it.holds { "yes" } else { "NO " };
            let sentence = folded(&it.text, 92).replace('\n', "\n       ");
            text.push_str(&format!("  {so}  {sentence}\n"));
        }
    }
    text.push_str(&parameters(&shown.parameters));
    text.truncate(text.trim_end().len());
    text
}

/// One table: a line for each kernel and, if there are several, for each application under it.
fn part(rows: &[Row], heads: [&str; 7], cells: fn(&Figures) -> [String; 6]) -> String {
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    let mut push = |name: String, figures: &Figures| {
        let name = match figures.given_up {
            Some(_) => format!("{name} (given up)"),
            None => name,
        };
        let mut line = vec![name];
        line.extend(cells(figures));
        lines.push(line);
    };
    for row in rows {
        push(row.kernel.title().to_owned(), &row.total);
        if row.applications.len() > 1 {
            for (index, figures) in row.applications.iter().enumerate() {
                push(format!("  {}", letter(index)), figures);
            }
        }
    }
    let widths = widths(&lines);
    lines.iter().map(|line| aligned(line, &widths)).collect()
}

/// The letter of an environment.
fn letter(index: usize) -> String {
    match u8::try_from(index) {
        Ok(index) if index < 26 => char::from(b'A' + index).to_string(),
        _ => format!("#{index}"),
    }
}

fn counted(it: &Figures) -> [String; 6] {
    [
        it.tlb_misses,
        it.refills,
        it.faults,
        it.page_loads,
        it.crossings,
        it.space_switches,
    ]
    .map(grouped)
}

fn spent(it: &Figures) -> [String; 6] {
    let each = |amount| {
        let tenths = it.tenths_per_fault(amount);
        tenths.map_or("–".to_owned(), |it| {
            format!("{}.{}", grouped(it / 10), it % 10)
        })
    };
    [
        grouped(it.cycles.application),
        grouped(it.cycles.kernel),
        grouped(it.cycles.libos),
        grouped(it.total_cycles()),
        each(it.fault_kernel_cycles()),
        each(it.cycles.libos),
    ]
}

fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    (0..columns).map(width).collect()
}

fn aligned(line: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
        text.push_str(&match column {
            0 => format!("{cell:<width$}"),
            _ => format!("  {cell:>width$}"),
        });
    }
    text.push('\n');
    text
}

/// Text in lines of at most `width` characters.
fn folded(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        if length > 0 && length + 1 + word.chars().count() > width {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += word.chars().count();
    }
    lines
}

/// What the paths cost, and where that comes from.
fn parameters(parameters: &Parameters) -> String {
    let mut text = String::from(
        "\nParameters in cycles, for --parameter name=value (P published, S secondary, D derived, M from \
         memory):\n",
    );
    for it in Parameters::ALL {
        let value = parameters.get(it.name).unwrap_or(it.default);
        let changed = if value == it.default {
            String::new()
        } else {
            format!(" (usually {})", it.default)
        };
        text.push_str(&format!(
            "  {:<13}{value:>6}  {}  {}{changed}\n",
            it.name,
            it.mark.letter(),
            folded(it.meaning, 72).replace('\n', "\n                          ")
        ));
    }
    text.push_str("The exokernel's own, which are the machine's:\n");
    for (what, cycles, source) in EXOKERNEL {
        text.push_str(&format!("  {what:<31}{cycles:>4}  {source}\n"));
    }
    text.push_str("Where each parameter comes from is in the JSON object (--json).\n");
    text
}

/// One object with every figure, every parameter and its source.
pub fn json(shown: &Shown) -> Result<String, Failure> {
    let rows = shown.rows.iter().map(|row| {
        let mut value = serde_json::to_value(row)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("title".into(), row.kernel.title().into());
            object.insert("per_fault".into(), per_fault(&row.total));
        }
        Ok(value)
    });
    let rows = rows.collect::<Result<Vec<Value>, serde_json::Error>>();
    let object = json!({
        "scenario": shown.name,
        "title": shown.title,
        "lesson": shown.lesson,
        "kernels": rows.map_err(unwritten)?,
        "expectations": serde_json::to_value(&shown.expectations).map_err(unwritten)?,
        "parameters": parameters_json(&shown.parameters),
    });
    serde_json::to_string_pretty(&object).map_err(unwritten)
}

fn unwritten(error: serde_json::Error) -> Failure {
    Failure::Run(error.to_string())
}

/// Figures for each fault, without the refills; null where there was none.
fn per_fault(figures: &Figures) -> Value {
    let each = |amount| figures.tenths_per_fault(amount).map(|it| it as f64 / 10.0);
    json!({
        "crossings": each(figures.fault_crossings()),
        "space_switches": each(figures.space_switches),
        "kernel": each(figures.fault_kernel_cycles()),
        "libos": each(figures.cycles.libos),
    })
}

fn parameters_json(parameters: &Parameters) -> Value {
    let all = Parameters::ALL.iter().map(|it| {
        json!({
            "name": it.name,
            "value": parameters.get(it.name),
            "default": it.default,
            "mark": it.mark.letter(),
            "kernel": it.kernel,
            "meaning": it.meaning,
            "source": it.source,
        })
    });
    all.collect()
}

/// The comparisons that come along.
pub fn list(json: bool) -> Result<String, Failure> {
    if json {
        let all = COMPARISONS.iter().map(|it| {
            json!({
                "name": it.name,
                "summary": it.summary,
                "lesson": it.lesson,
                "exokernel_loses": it.exokernel_loses,
            })
        });
        let all: Vec<Value> = all.collect();
        return serde_json::to_string_pretty(&all).map_err(unwritten);
    }
    let mut text = String::from("Comparisons, for --scenario; * where the exokernel loses:\n");
    for it in COMPARISONS {
        let star = if it.exokernel_loses { "*" } else { " " };
        text.push_str(&format!("{star} {:<20}{}\n", it.name, it.summary));
    }
    text.truncate(text.trim_end().len());
    Ok(text)
}
