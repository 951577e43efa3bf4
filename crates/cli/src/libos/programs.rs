//! Every application that comes along, in figures: a part of `docs/samples.md`.

use exo_libos_samples::{APPLICATIONS, ApplicationSample, sample};
use exo_session::explain::grouped;
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, RunReport, Scenario, SessionError, report,
};

use crate::Failure;

const BEGINNING: &str = "\
## The applications

Programs in the same subset: `exo app show NAME` prints one, `exo run --app NAME --libos LIBOS` runs
it, `exo app list` names them all. Each here under the libOS and on the frames that it is shown with,
with the cycles spent in it, in its libOS and in the kernel. What it wrote to its log is below, at its
lesson.

| application | what it does | libOS | frames | references | page loads | own cycles | libOS cycles | kernel cycles |
|---|---|---|--:|--:|--:|--:|--:|--:|
";

/// Every application with the report of its run.
pub fn reports() -> Result<Vec<Run>, Failure> {
    let run = |application| {
        let report = run(application)?;
        Ok(Run {
            application,
            report,
        })
    };
    APPLICATIONS.iter().map(run).collect()
}

/// An application that was run as it is shown.
pub struct Run {
    application: &'static ApplicationSample,
    report: RunReport,
}

/// The table of all applications.
pub fn table(runs: &[Run]) -> String {
    let mut text = String::from(BEGINNING);
    for Run {
        application,
        report,
    } in runs
    {
        text.push_str(&format!(
            "| `{}` | {} | `{}` | {} | {} | {} | {} | {} | {} |\n",
            application.name,
            application.summary,
            application.libos,
            application.frames,
            grouped(report.references),
            grouped(report.page_loads),
            grouped(report.cycles.application),
            grouped(report.cycles.libos),
            grouped(report.cycles.kernel),
        ));
    }
    text.push('\n');
    text
}

/// What each application says of itself, and what it wrote to its log.
pub fn lessons(runs: &[Run]) -> String {
    let mut text = String::new();
    for Run {
        application,
        report,
    } in runs
    {
        let (name, lesson) = (application.name, application.lesson());
        text.push_str(&format!(
            "\n### Application `{name}`\n\n{lesson}\n```text\n"
        ));
        for line in &report.log {
            text.push_str(&line.text);
            text.push('\n');
        }
        text.push_str("```\n");
    }
    text
}

/// Runs an application as it is shown; what stops it before its end is an error.
fn run(application: &ApplicationSample) -> Result<RunReport, Failure> {
    let wrong = |error: SessionError| Failure::Run(error.to_string());
    let Some(libos) = sample(application.libos) else {
        return Err(Failure::Run(format!("there is no {}", application.libos)));
    };
    let mut scenario = Scenario {
        title: application.title.to_owned(),
        machine: MachineShape {
            use_stamps: libos.use_stamps,
            ..MachineShape::default()
        },
        environments: vec![EnvironmentSpec {
            name: libos.name.to_owned(),
            source: libos.source.to_owned(),
            frame_limit: application.frames,
            application: ApplicationSpec::Program {
                name: application.name.to_owned(),
                source: application.source.to_owned(),
            },
            downloads: Vec::new(),
        }],
        network: None,
    };
    scenario.machine.frames = application.frames + scenario.pinned_frames().map_err(wrong)?;
    let report = report(&scenario, |_| {}).map_err(wrong)?.pop();
    match report.map(|it| (it.broken.clone(), it)) {
        Some((None, report)) => Ok(report),
        Some((Some(reason), _)) => Err(Failure::Run(format!("{}: {reason}", application.name))),
        None => Err(Failure::Run(format!("{}: no report", application.name))),
    }
}
