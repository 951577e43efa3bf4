//! The same run under other kernels, as rows of a table and lengths of bars.

use exo_core::ids::EnvId;
use exo_core::kernel::Environment;
use exo_core::rivals::{Parameter, Parameters};
use exo_session::ApplicationSpec;
use exo_session::compare::{Figures, Row};

use super::charts::ChartView;
use super::kernel_charts;
use super::words::{frames, grouped, letter};
use crate::store::Playground;

/// What the table has of each kernel besides its bar.
pub const COLUMNS: [(&str, &str); 7] = [
    ("cycles", "all cycles until the last reference is complete"),
    ("faults", "misses that took a policy"),
    (
        "refills",
        "misses that the kernel answered by itself, from the software TLB or its page table",
    ),
    ("page loads", "pages that were given a frame"),
    ("crossings", "entries into the kernel, each with its return"),
    ("switches", "changes of address space on the way of faults"),
    (
        "kernel cycles a fault",
        "what the kernel spends on a fault, refills left out",
    ),
];

/// One kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelRow {
    /// Its name.
    pub title: &'static str,
    /// Cycles of application, of libOS, pager or signal handler, and of the kernel.
    pub cycles: [u64; 3],
    /// Entries into the kernel.
    pub crossings: u64,
    /// The cells of the table.
    pub cells: [String; 7],
    /// Why an application was given up under it.
    pub given_up: Option<String>,
}

/// What a path of a comparison kernel costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterRow {
    /// What is known of it.
    pub parameter: &'static Parameter,
    /// What it is now.
    pub value: u64,
}

/// The comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KernelsView {
    /// Whether it is looked at; what follows is empty while it is not.
    pub open: bool,
    /// What is run, in words.
    pub what: String,
    /// While it is under way: how far it is.
    pub comparing: Option<String>,
    /// Why there is none, or not all of it.
    pub problem: Option<String>,
    /// The kernels that have run.
    pub rows: Vec<KernelRow>,
    /// The same as charts.
    pub charts: Vec<ChartView>,
    /// Cycles of the longest bar.
    pub scale: u64,
    /// What the paths cost.
    pub parameters: Vec<ParameterRow>,
    /// Whether all of them are as usual.
    pub usual: bool,
}

pub(super) fn select(playground: &Playground) -> KernelsView {
    let kernels = playground.kernels();
    if !kernels.open {
        return KernelsView::default();
    }
    let rows: Vec<KernelRow> = kernels.rows.iter().map(row).collect();
    let comparing = kernels.kernel().map(|kernel| {
        let number = kernels.rows.len() + 1;
        format!("Kernel {number} of 6 runs: {}.", kernel.title())
    });
    let parameters = Parameters::ALL.iter().map(|parameter| ParameterRow {
        parameter,
        value: kernels.parameters.get(parameter.name).unwrap_or_default(),
    });
    KernelsView {
        open: true,
        what: what(playground),
        comparing,
        problem: kernels.problem.clone(),
        scale: rows
            .iter()
            .map(|it| it.cycles.iter().sum())
            .max()
            .unwrap_or(0),
        charts: kernel_charts::of(&rows),
        rows,
        parameters: parameters.collect(),
        usual: kernels.parameters == Parameters::default(),
    }
}

/// Which policies run on what, and with how many frames; and that this is another run, if this one was changed.
fn what(playground: &Playground) -> String {
    let session = playground.session();
    let environments = (0..).map(EnvId).zip(&session.scenario().environments);
    let each = environments.map(|(env, spec)| {
        let environment = session.machine().environment(env);
        let limit = environment.map_or(spec.frame_limit, Environment::coming_frame_limit);
        format!(
            "{} ({}) runs {} with {}",
            letter(env.index()),
            spec.name,
            application(&spec.application),
            frames(limit)
        )
    });
    let mut what = each.collect::<Vec<_>>().join("; ");
    if session.input_places().next().is_some() {
        what.push_str(
            ". This run was changed on its way. Here all of it is run from the beginning with what runs now, so that \
             the exokernel's figures are not those of the cards",
        );
    }
    what
}

fn application(spec: &ApplicationSpec) -> &str {
    match spec {
        ApplicationSpec::Trace(trace) => &trace.name,
        ApplicationSpec::Program { name, .. } => name,
    }
}

/// One kernel's.
pub(super) fn row(row: &Row) -> KernelRow {
    let Figures { cycles, .. } = row.total;
    KernelRow {
        title: row.kernel.title(),
        cycles: [cycles.application, cycles.libos, cycles.kernel],
        crossings: row.total.crossings,
        cells: cells(&row.total),
        given_up: row.total.given_up.clone(),
    }
}

fn cells(it: &Figures) -> [String; 7] {
    let each = it.tenths_per_fault(it.fault_kernel_cycles());
    [
        grouped(it.total_cycles()),
        grouped(it.faults),
        grouped(it.refills),
        grouped(it.page_loads),
        grouped(it.crossings),
        grouped(it.space_switches),
        each.map_or("–".to_owned(), |it| {
            format!("{}.{}", grouped(it / 10), it % 10)
        }),
    ]
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_core::rivals::Parameters;

    use crate::store::{Action, ChartFile, KernelsAction, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    fn compared() -> Playground {
        let mut playground = playground();
        playground.update(Action::Kernels(KernelsAction::Show(true)));
        assert!(View::of(&playground).kernels.comparing.is_some());
        while playground.work(0.0) {}
        playground
    }

    #[test]
    fn what_runs_here_is_run_under_every_kernel_and_the_run_stays_where_it_is() {
        let mut playground = playground();
        playground.update(Action::GoToTyped("300".to_owned()));
        while playground.work(0.0) {}
        let env = exo_core::ids::EnvId(1);
        let what = |playground: &Playground| super::what(playground);
        assert!(!what(&playground).contains("changed"));
        playground.update(Action::SetFrameLimit { env, frames: 1 });
        assert!(what(&playground).contains("with 1 frame. This run was changed"));
        playground.update(Action::SetFrameLimit { env, frames: 4 });
        let here = playground.session().machine().state_digest();
        playground.update(Action::Kernels(KernelsAction::Show(true)));
        while playground.work(0.0) {}
        let view = View::of(&playground).kernels;
        assert_eq!((view.rows.len(), view.comparing.as_ref()), (6, None));
        assert_eq!(view.rows[0].title, "exokernel");
        assert!(view.rows.iter().all(|it| it.given_up.is_none()));
        assert!(
            view.rows
                .iter()
                .all(|it| it.cycles.iter().sum::<u64>() <= view.scale)
        );
        // Without the software TLB the kernel answers no miss by itself.
        assert_eq!(view.rows[1].cells[2], "0");
        assert_eq!(playground.session().machine().state_digest(), here);
        assert_eq!(playground.session().step_number(), 300);
    }

    #[test]
    fn the_comparison_is_of_the_limits_of_this_step() {
        let mut playground = compared();
        let loads = |playground: &Playground| View::of(playground).kernels.rows[0].cells[3].clone();
        let before = loads(&playground);
        let env = EnvId(0);
        playground.update(Action::SetFrameLimit { env, frames: 12 });
        playground.update(Action::Kernels(KernelsAction::Show(true)));
        while playground.work(0.0) {}
        assert_ne!(loads(&playground), before);
        assert!(
            View::of(&playground)
                .kernels
                .what
                .contains("with 12 frames")
        );
    }

    #[test]
    fn a_path_that_costs_more_makes_its_kernel_slower_and_no_other() {
        let mut playground = compared();
        let before = View::of(&playground).kernels;
        assert!(before.usual);
        let ipc = Parameters::ALL
            .iter()
            .find(|it| it.name == "ipc_one_way")
            .unwrap();
        let set = |text: &str| Action::Kernels(KernelsAction::SetParameter(ipc, text.to_owned()));
        playground.update(set("650"));
        while playground.work(0.0) {}
        let after = View::of(&playground).kernels;
        assert!(!after.usual);
        for (before, after) in before.rows.iter().zip(&after.rows) {
            let changed = before.title.starts_with("microkernel");
            assert_eq!(
                before.cycles[2] < after.cycles[2],
                changed,
                "{}",
                after.title
            );
        }
        for wrong in ["many", "-3", "1000001"] {
            playground.update(set(wrong));
            let view = View::of(&playground).kernels;
            assert!(
                view.problem
                    .as_ref()
                    .unwrap()
                    .contains("ipc_one_way stays as it was")
            );
            assert_eq!(view.rows, after.rows);
        }
        playground.update(Action::Kernels(KernelsAction::UsualParameters));
        while playground.work(0.0) {}
        assert_eq!(View::of(&playground).kernels.rows, before.rows);
    }

    #[test]
    fn the_comparison_is_saved_as_a_table_and_as_charts_whose_bars_are_its_figures() {
        let mut playground = compared();
        let mut saved = |index: usize, file: ChartFile| {
            playground.update(Action::Kernels(KernelsAction::Save(index, file)));
            let view = View::of(&playground);
            let exported = view.exported.clone().unwrap();
            (exported.name.clone(), exported.text(), view.kernels.clone())
        };
        let (name, text, view) = saved(0, ChartFile::Csv);
        assert_eq!(name, "exokernel-kernels-cycles.csv");
        let lines: Vec<Vec<&str>> = text.lines().map(|it| it.split(',').collect()).collect();
        assert_eq!(lines.len(), 7);
        assert_eq!(
            lines[0][..5],
            [
                "kernel",
                "cycles",
                "application",
                "libOS pager or handler",
                "in the kernel"
            ]
        );
        for (line, row) in lines[1..].iter().zip(&view.rows) {
            assert_eq!(line.len(), lines[0].len());
            let number = |at: usize| line[at].parse::<u64>().unwrap();
            assert_eq!([number(2), number(3), number(4)], row.cycles);
            assert_eq!(number(1), row.cycles.iter().sum::<u64>());
            let crossings = lines[0].iter().position(|it| *it == "crossings");
            assert_eq!(number(crossings.unwrap()), row.crossings);
        }
        for index in [0, 1] {
            let (name, text, view) = saved(index, ChartFile::Svg);
            assert!(name.ends_with(".svg") && text.starts_with("<svg "));
            let chart = &view.charts[index];
            assert!(text.contains(&chart.title));
            for row in &view.rows {
                assert!(text.contains(row.title), "{}", row.title);
            }
            // The longest bar is as high as the picture.
            let tops = chart.lines.iter().map(|it| &it.shapes);
            assert!(tops.into_iter().any(|it| it.contains("V10.0H")));
        }
        let (name, text, _) = saved(1, ChartFile::Png);
        assert!(name.ends_with(".png") && text.starts_with("<svg "));
        playground.update(Action::Kernels(KernelsAction::Save(2, ChartFile::Svg)));
        assert!(
            View::of(&playground)
                .exported
                .as_ref()
                .unwrap()
                .name
                .ends_with(".png")
        );
    }

    #[test]
    fn to_save_what_has_run_does_not_end_what_runs() {
        let mut playground = playground();
        playground.update(Action::Kernels(KernelsAction::Show(true)));
        assert!(View::of(&playground).kernels.charts.is_empty());
        while View::of(&playground).kernels.rows.len() < 2 {
            playground.work(0.0);
        }
        playground.update(Action::Kernels(KernelsAction::Save(0, ChartFile::Csv)));
        let text = View::of(&playground).exported.as_ref().unwrap().text();
        assert_eq!(text.lines().count(), 3);
        while playground.work(0.0) {}
        assert_eq!(View::of(&playground).kernels.rows.len(), 6);
    }

    #[test]
    fn a_machine_with_a_network_is_not_compared_with_kernels_that_have_none() {
        let mut playground = playground();
        playground.update(Action::OpenScenario("network-ping"));
        while playground.work(0.0) {}
        playground.update(Action::Kernels(KernelsAction::Show(true)));
        while playground.work(0.0) {}
        let view = View::of(&playground).kernels;
        assert!(view.rows.is_empty());
        assert!(view.problem.as_ref().unwrap().contains("has a network"));
    }

    #[test]
    fn a_comparison_that_is_given_up_keeps_the_kernels_that_have_run() {
        let mut playground = playground();
        playground.update(Action::Kernels(KernelsAction::Show(true)));
        while View::of(&playground).kernels.rows.len() < 2 {
            playground.work(0.0);
        }
        playground.update(Action::Cancel);
        let view = View::of(&playground).kernels;
        assert_eq!((view.rows.len(), view.comparing.as_ref()), (2, None));
        assert!(view.problem.as_ref().unwrap().contains("Stopped before"));
    }
}
