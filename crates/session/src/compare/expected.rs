//! What a scenario is expected to show, looked up in its rows.

use exo_core::rivals::Parameters;

use super::{Figures, KernelKind, Row};

/// A sentence of what is expected, and whether the figures bear it out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Expectation {
    /// The sentence.
    pub text: String,
    /// Whether it is so.
    pub holds: bool,
}

/// Gathers sentences about rows.
pub(super) struct Judge<'rows> {
    /// What the comparison kernels' paths cost in these rows.
    pub(super) parameters: Parameters,
    rows: &'rows [Row],
    expectations: Vec<Expectation>,
}

/// No kernel of that kind was run.
static NOTHING: std::sync::LazyLock<Row> =
    std::sync::LazyLock::new(|| Row::new(KernelKind::Exokernel, vec![Figures::default()]));

impl<'rows> Judge<'rows> {
    pub(super) fn new(rows: &'rows [Row], parameters: Parameters) -> Judge<'rows> {
        Judge {
            parameters,
            rows,
            expectations: Vec::new(),
        }
    }

    fn row(&self, kernel: KernelKind) -> &'rows Row {
        let found = self.rows.iter().find(|row| row.kernel == kernel);
        found.unwrap_or(&NOTHING)
    }

    /// All applications together under that kernel.
    pub(super) fn of(&self, kernel: KernelKind) -> &'rows Figures {
        &self.row(kernel).total
    }

    /// One application, from 0.
    pub(super) fn of_one(&self, kernel: KernelKind, application: usize) -> &'rows Figures {
        let row = self.row(kernel);
        row.applications.get(application).unwrap_or(&row.total)
    }

    /// Adds a sentence.
    pub(super) fn require(&mut self, text: impl Into<String>, holds: bool) {
        self.expectations.push(Expectation {
            text: text.into(),
            holds,
        });
    }

    /// All sentences, with that nobody was given up before them.
    pub(super) fn finish(mut self) -> Vec<Expectation> {
        let mut rows = self.rows.iter();
        let whole = !self.rows.is_empty() && rows.all(|row| row.total.given_up.is_none());
        let text = "every application comes to its end under every kernel shown".to_owned();
        self.expectations
            .insert(0, Expectation { text, holds: whole });
        self.expectations
    }
}
