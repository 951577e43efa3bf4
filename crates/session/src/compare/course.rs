//! A comparison under way: kernel after kernel, in pieces, for who has other things to do meanwhile.

use std::sync::Arc;

use exo_core::cpu::Program;
use exo_core::rivals::Parameters;

use super::rivals::OnItsWay;
use super::{CompareError, KernelKind, Row, exokernel, rivals};
use crate::report::Reporting;
use crate::scenario::{ApplicationSpec, Scenario};

/// A scenario's traces on their way to their ends under every kernel.
pub struct KernelComparison {
    scenario: Scenario,
    policies: Vec<Arc<Program>>,
    parameters: Parameters,
    rows: Vec<Row>,
    /// The kernel that comes after those of the rows, once it runs.
    running: Option<Running>,
}

enum Running {
    Exokernel(Box<Reporting>),
    Rival(Box<dyn OnItsWay>),
}

/// Whether the comparison kernels can run a scenario.
pub(super) fn comparable(scenario: &Scenario) -> Result<(), CompareError> {
    if scenario.network.is_some() {
        return Err(CompareError::Network);
    }
    for environment in &scenario.environments {
        if let ApplicationSpec::Program { name, .. } = &environment.application {
            let name = name.clone();
            return Err(CompareError::Program { name });
        }
    }
    Ok(())
}

impl KernelComparison {
    /// Nothing has run yet. The memory is what the scenario's environments may hold and the policies' own
    /// state; its software TLB is the exokernel's alone.
    ///
    /// # Errors
    /// [`CompareError::Program`] if an application is no trace, [`CompareError::Network`] if there is a
    /// network, or why a policy does not compile.
    pub fn new(
        scenario: Scenario,
        parameters: Parameters,
    ) -> Result<KernelComparison, CompareError> {
        comparable(&scenario)?;
        let policies = rivals::policies(&scenario)?;
        Ok(KernelComparison {
            scenario,
            policies,
            parameters,
            rows: Vec::new(),
            running: None,
        })
    }

    /// The kernel that runs, or comes next; none once all have run.
    pub fn kernel(&self) -> Option<KernelKind> {
        KernelKind::ALL.get(self.rows.len()).copied()
    }

    /// Those that have run to their ends.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The same, when the comparison is over.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// Runs a piece of the kernel whose turn it is, of so many units at most. False once all have run.
    ///
    /// # Errors
    /// Why that kernel's machine cannot be made.
    pub fn advance(&mut self, units: u64) -> Result<bool, CompareError> {
        let Some(kernel) = self.kernel() else {
            return Ok(false);
        };
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.boot(kernel)?,
        };
        let figures = match &mut running {
            Running::Exokernel(reporting) => match reporting.advance(units) {
                true => None,
                false => Some(
                    reporting
                        .finish()
                        .into_iter()
                        .map(exokernel::figures)
                        .collect(),
                ),
            },
            Running::Rival(rival) => match rival.advance(units, &self.scenario.traces()) {
                true => None,
                false => Some(rival.figures(self.parameters)),
            },
        };
        match figures {
            Some(figures) => self.rows.push(Row::new(kernel, figures)),
            None => self.running = Some(running),
        }
        Ok(self.kernel().is_some())
    }

    fn boot(&self, kernel: KernelKind) -> Result<Running, CompareError> {
        let stlb_entries = match kernel {
            KernelKind::Exokernel => self.scenario.machine.stlb_entries,
            KernelKind::ExokernelWithoutStlb => 0,
            _ => {
                let rival = rivals::boot(kernel, &self.scenario, &self.policies, self.parameters)?;
                return Ok(Running::Rival(rival));
            }
        };
        let scene = exokernel::scene(&self.scenario, stlb_entries)?;
        let reporting = Reporting::new(&scene, &[])?;
        Ok(Running::Exokernel(Box::new(reporting)))
    }
}
