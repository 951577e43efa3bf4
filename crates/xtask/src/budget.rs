//! How much a visitor loads: every file of the page, compressed as a server would, against a budget.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xtask::headers;

use crate::offline::LATER;
use crate::sizes::{compressed, kilobytes};

/// What the whole page may take when it opens, in bytes, compressed.
const PAGE: usize = 900_000;
/// What its program may take of that.
const PROGRAM: usize = 650_000;
/// What the later part of the program may take, which is loaded when it is first needed.
const LATER_PART: usize = 320_000;

/// A file of the page: its name, its bytes, and how many are sent.
type File = (String, usize, usize);

/// Prints what each file of the page takes, and refuses a page over its budget.
///
/// # Errors
/// The page takes more than it may; everything was printed.
pub fn check(page: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(page, page, &mut files)?;
    files.sort_by_key(|(_, _, sent)| std::cmp::Reverse(*sent));
    print!("{}", table(&files));
    let over = over(&files);
    if over.is_empty() {
        return Ok(());
    }
    bail!("{}", over.join("\n"))
}

/// Measures the files below a directory; the headers file is for the server.
fn collect(root: &Path, directory: &Path, files: &mut Vec<File>) -> Result<()> {
    let entries = directory
        .read_dir()
        .with_context(|| format!("{} cannot be read", directory.display()))?;
    for entry in entries {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .display()
            .to_string();
        if name != headers::FILE_NAME {
            let bytes = fs::read(&path)?;
            // What is packed already is sent as it is.
            let sent = compressed(&bytes)?.min(bytes.len());
            files.push((name, bytes.len(), sent));
        }
    }
    Ok(())
}

fn is_program(name: &str) -> bool {
    name.contains(".wasm")
}

/// Each sum with what it is, and its budget.
fn sums(files: &[File]) -> [(&'static str, usize, usize); 3] {
    let sum = |of: &dyn Fn(&str) -> bool| {
        let those = files.iter().filter(|(name, ..)| of(name));
        those.map(|(_, _, sent)| sent).sum()
    };
    let is_later = |name: &str| name.starts_with(LATER);
    let program = sum(&|name| is_program(name) && !is_later(name));
    [
        ("the page's program", program, PROGRAM),
        ("the page when it opens", sum(&|name| !is_later(name)), PAGE),
        ("the program's later part", sum(&is_later), LATER_PART),
    ]
}

fn table(files: &[File]) -> String {
    let row = |(name, bytes, sent): &File| {
        format!(
            "  {:>9}  of {:>9}  {name}\n",
            kilobytes(*sent),
            kilobytes(*bytes)
        )
    };
    let total = |(what, has, may)| {
        let (has, may) = (kilobytes(has), kilobytes(may));
        format!("  {has:>9}  {what}, of {may} that it may take\n")
    };
    format!(
        "What a visitor loads, compressed with gzip (level 9):\n{}{}",
        files.iter().map(row).collect::<String>(),
        sums(files).into_iter().map(total).collect::<String>(),
    )
}

/// A sentence for each budget that does not hold.
fn over(files: &[File]) -> Vec<String> {
    let broken = sums(files).into_iter().filter(|(_, has, may)| has > may);
    broken
        .map(|(what, has, may)| {
            format!(
                "Over its budget: {what} takes {}, {} more than it may",
                kilobytes(has),
                kilobytes(has - may)
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{File, over, table};

    fn files(program: usize, rest: usize, later: usize) -> Vec<File> {
        let file = |name: &str, sent| (name.to_owned(), sent * 2, sent);
        vec![
            file("exo-web-1.wasm.xz", program),
            file("exo-later-1.wasm.xz", later),
            file("index.html", rest),
        ]
    }

    #[test]
    fn a_page_within_its_budgets_is_let_pass_and_told() {
        let fine = files(650_000, 250_000, 300_000);
        assert!(over(&fine).is_empty());
        let told = table(&fine);
        assert!(
            told.contains("650.0 KB  of 1300.0 KB  exo-web-1.wasm.xz"),
            "{told}"
        );
        assert!(
            told.contains("900.0 KB  the page when it opens, of 900.0 KB"),
            "{told}"
        );
    }

    #[test]
    fn each_budget_that_does_not_hold_is_named_with_what_is_too_much() {
        let more = "more than it may";
        let program = format!("Over its budget: the page's program takes 650.1 KB, 0.1 KB {more}");
        assert_eq!(over(&files(650_100, 0, 0)), [program]);
        let page = format!("Over its budget: the page when it opens takes 901.0 KB, 1.0 KB {more}");
        assert_eq!(over(&files(600_000, 301_000, 0)), [page]);
        let later =
            format!("Over its budget: the program's later part takes 320.5 KB, 0.5 KB {more}");
        assert_eq!(over(&files(600_000, 300_000, 320_500)), [later]);
        assert_eq!(over(&files(700_000, 300_000, 400_000)).len(), 3);
    }
}
