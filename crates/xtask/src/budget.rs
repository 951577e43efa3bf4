//! How much a visitor loads: every file of the page, compressed as a server would, against a budget.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xtask::headers;

use crate::sizes::{compressed, kilobytes};

/// What the whole page may take, in bytes, compressed.
const PAGE: usize = 1_100_000;
/// What its program may take of that.
const PROGRAM: usize = 850_000;

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

fn sums(files: &[File]) -> (usize, usize) {
    let program = files.iter().filter(|(name, ..)| is_program(name));
    (
        program.map(|(_, _, sent)| sent).sum(),
        files.iter().map(|(_, _, sent)| sent).sum(),
    )
}

fn table(files: &[File]) -> String {
    let row = |(name, bytes, sent): &File| {
        format!(
            "  {:>9}  of {:>9}  {name}\n",
            kilobytes(*sent),
            kilobytes(*bytes)
        )
    };
    let (program, page) = sums(files);
    format!(
        "What a visitor loads, compressed with gzip (level 9):\n{}  {:>9}  the program, of {} that it may take\n  \
         {:>9}  all, of {} that it may take\n",
        files.iter().map(row).collect::<String>(),
        kilobytes(program),
        kilobytes(PROGRAM),
        kilobytes(page),
        kilobytes(PAGE),
    )
}

/// A sentence for each budget that does not hold.
fn over(files: &[File]) -> Vec<String> {
    let (program, page) = sums(files);
    let parts = [
        ("The page's program", program, PROGRAM),
        ("The page", page, PAGE),
    ];
    let broken = parts.into_iter().filter(|(_, has, may)| has > may);
    broken
        .map(|(what, has, may)| {
            format!(
                "{what} takes {}, {} more than it may",
                kilobytes(has),
                kilobytes(has - may)
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{File, over, table};

    fn files(program: usize, rest: usize) -> Vec<File> {
        vec![
            ("a_bg.wasm".to_owned(), program * 2, program),
            ("index.html".to_owned(), rest * 2, rest),
        ]
    }

    #[test]
    fn a_page_within_its_budgets_is_let_pass_and_told() {
        let fine = files(850_000, 250_000);
        assert!(over(&fine).is_empty());
        let told = table(&fine);
        assert!(told.contains("850.0 KB  of 1700.0 KB  a_bg.wasm"), "{told}");
        assert!(told.contains("1100.0 KB  all, of 1100.0 KB"), "{told}");
    }

    #[test]
    fn each_budget_that_does_not_hold_is_named_with_what_is_too_much() {
        let program = over(&files(850_100, 0));
        assert_eq!(
            program,
            ["The page's program takes 850.1 KB, 0.1 KB more than it may"]
        );
        let page = over(&files(800_000, 301_000));
        assert_eq!(page, ["The page takes 1101.0 KB, 1.0 KB more than it may"]);
        assert_eq!(over(&files(900_000, 300_000)).len(), 2);
    }
}
