//! The same run under other kernels: what runs here, from reset to its end, beside three kinds of kernel.

use std::fmt;

use exo_core::ids::EnvId;
use exo_core::rivals::{Parameter, Parameters};
use exo_session::compare::{KernelComparison, KernelKind, Row};
use exo_session::{Scenario, Session};

use super::charts::ChartFile;
use super::playground::Playground;
use super::work::{Activity, UNITS};

/// What can be done with the comparison of kernels.
#[derive(Clone, Debug)]
pub enum KernelsAction {
    /// Run what runs here under every kernel, and show it; or put it away.
    Show(bool),
    /// Let a path cost what was typed.
    SetParameter(&'static Parameter, String),
    /// Let every path cost what it usually does.
    UsualParameters,
    /// Write a chart of it as a file, or its table: the place of the chart in the sheet.
    Save(usize, ChartFile),
}

/// The comparison, while it is looked at.
#[derive(Debug, Default)]
pub struct Kernels {
    /// Whether it is.
    pub open: bool,
    /// What the paths of the comparison kernels cost.
    pub parameters: Parameters,
    comparing: Option<UnderWay>,
    /// Those that have run to their ends.
    pub rows: Vec<Row>,
    /// Why there is no comparison.
    pub problem: Option<String>,
}

/// A comparison under way.
struct UnderWay(Box<KernelComparison>);

impl fmt::Debug for UnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnderWay").field(&self.0.kernel()).finish()
    }
}

impl Kernels {
    /// The kernel that runs just now.
    pub fn kernel(&self) -> Option<KernelKind> {
        self.comparing.as_ref()?.0.kernel()
    }
}

impl Playground {
    /// Does what is asked. Whatever is under way ends, but for a file; the run stays where it is.
    pub(super) fn update_kernels(&mut self, action: KernelsAction) {
        if !matches!(action, KernelsAction::Save(..)) {
            self.pause();
        }
        match action {
            KernelsAction::Save(index, file) => self.save_kernels(index, file),
            KernelsAction::Show(false) => self.kernels.open = false,
            KernelsAction::Show(true) => {
                self.kernels.open = true;
                self.compare_kernels();
            }
            KernelsAction::SetParameter(parameter, text) => self.set_parameter(parameter, &text),
            KernelsAction::UsualParameters => {
                self.kernels.parameters = Parameters::default();
                self.compare_kernels();
            }
        }
    }

    fn save_kernels(&mut self, index: usize, file: ChartFile) {
        if let Some((name, text)) = crate::view::kernel_file(self, index, file) {
            self.offer(
                name,
                text.into_bytes(),
                "A comparison of kernels.".to_owned(),
            );
        }
    }

    fn set_parameter(&mut self, parameter: &Parameter, text: &str) {
        let before = self.kernels.parameters;
        let set = match text.trim().parse::<u64>() {
            Ok(value) => {
                let set = self.kernels.parameters.set(parameter.name, value);
                set.map_err(|error| error.to_string())
            }
            Err(_) => Err(format!("{text:?} is not a whole number of cycles")),
        };
        match set {
            Ok(()) if self.kernels.parameters == before => {}
            Ok(()) => self.compare_kernels(),
            Err(reason) => {
                let text = format!("{} stays as it was: {reason}.", parameter.name);
                self.kernels.problem = Some(text);
            }
        }
    }

    /// Sets out to run what runs here under every kernel.
    fn compare_kernels(&mut self) {
        let scenario = as_it_stands(&self.session);
        let kernels = &mut self.kernels;
        (kernels.rows, kernels.problem, kernels.comparing) = (Vec::new(), None, None);
        match KernelComparison::new(scenario, kernels.parameters) {
            Ok(comparison) => {
                kernels.comparing = Some(UnderWay(Box::new(comparison)));
                self.activity = Activity::ComparingKernels;
            }
            Err(error) => kernels.problem = Some(format!("There is nothing to compare: {error}.")),
        }
    }

    /// Goes on with it. True if there is more to do.
    pub(super) fn compare_more_kernels(&mut self) -> bool {
        let kernels = &mut self.kernels;
        let more = match kernels.comparing.as_mut().map(|it| it.0.advance(UNITS)) {
            Some(Ok(more)) => more,
            Some(Err(error)) => {
                kernels.problem = Some(format!("The comparison ended early: {error}."));
                false
            }
            None => false,
        };
        if let Some(UnderWay(comparison)) = &kernels.comparing
            && comparison.rows().len() > kernels.rows.len()
        {
            kernels.rows = comparison.rows().to_vec();
        }
        if !more {
            kernels.comparing = None;
            self.activity = Activity::Idle;
        }
        more
    }

    /// Ends a comparison under way; the kernels that have run stay.
    pub(super) fn give_up_kernels(&mut self) {
        if let Some(kernel) = self.kernels.kernel() {
            let text = format!("Stopped before {} had run.", kernel.title());
            self.kernels.problem = Some(text);
        }
        self.kernels.comparing = None;
    }

    /// The comparison, while it is looked at.
    pub(crate) fn kernels(&self) -> &Kernels {
        &self.kernels
    }
}

/// The scenario with the policies and limits that hold where the session stands, or will at the next step.
pub(super) fn as_it_stands(session: &Session) -> Scenario {
    let mut scenario = session.scenario().clone();
    for (env, spec) in (0..).map(EnvId).zip(&mut scenario.environments) {
        session.source_at(env).clone_into(&mut spec.source);
        if let Some(environment) = session.machine().environment(env) {
            spec.frame_limit = environment.coming_frame_limit();
        }
    }
    scenario
}
