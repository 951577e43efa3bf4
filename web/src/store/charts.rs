//! Charts: page loads against frames under the textbook's policies, with what runs here, for each trace; and how long
//! a datagram is under way there and back.

use std::sync::Arc;

use exo_core::ids::EnvId;
use exo_session::curves::{CurvePoint, Curves};
use exo_session::round_trip::{PROCESSES_MAX, RoundTrips};
use exo_session::{ApplicationSpec, NamedTrace};

use super::playground::Playground;
use super::work::{Activity, UNITS};

/// What can be done with the charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartsAction {
    /// Draw them, or put them away.
    Show(bool),
    /// Go on measuring round trips, or stop.
    Measure(bool),
    /// Write one as a file: the place of the chart in the sheet, those of round trips last.
    Save(usize, ChartFile),
}

/// As what a chart is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartFile {
    /// A picture.
    Svg,
    /// The same; the driver makes it into pixels.
    Png,
    /// Its table.
    Csv,
}

/// The charts, while they are looked at.
#[derive(Debug, Default)]
pub struct Charts {
    /// Whether they are.
    pub open: bool,
    /// One for each trace.
    pub charts: Vec<Chart>,
    /// The one under way, and its place.
    at: Option<(usize, Curves)>,
    /// Round trips, once they were asked for. They are the same whatever runs here.
    pub trips: Option<RoundTrips>,
    measuring: bool,
    /// Why they have ended early.
    pub problem: Option<String>,
}

/// What one trace costs, and those who run it.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The trace.
    pub trace: Arc<NamedTrace>,
    /// References of it that count.
    pub references: u64,
    /// What is known so far.
    pub points: Vec<CurvePoint>,
    /// Who runs it.
    pub runs: Vec<ChartRun>,
}

/// Someone who runs a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartRun {
    /// The environment.
    pub env: EnvId,
    /// Its policy, or the branch.
    pub policy: String,
    /// Frames that it may hold.
    pub frames: u32,
    /// Page loads so far.
    pub loads: u64,
    /// References so far.
    pub references: u64,
}

impl Charts {
    /// How many sizes are to be done yet.
    pub fn left(&self) -> usize {
        self.at.as_ref().map_or(0, |(_, curves)| curves.left())
    }
}

impl Playground {
    pub(super) fn update_charts(&mut self, action: ChartsAction) {
        match action {
            ChartsAction::Show(open) => {
                self.pause();
                self.charts = Charts {
                    open,
                    trips: self.charts.trips.take(),
                    ..Charts::default()
                };
                if open {
                    self.charts.charts = self.charts_to_draw();
                    self.activity = Activity::Charting;
                }
            }
            ChartsAction::Measure(measuring) => {
                if self.activity != Activity::Charting {
                    self.pause();
                }
                self.charts.measuring = measuring;
                if measuring {
                    let trips = &mut self.charts.trips;
                    trips.get_or_insert_with(|| RoundTrips::new(PROCESSES_MAX));
                    self.activity = Activity::Charting;
                }
            }
            ChartsAction::Save(index, file) => {
                if let Some((name, text)) = crate::view::chart_file(self, index, file) {
                    self.offer(name, text.into_bytes(), "A chart.".to_owned());
                }
            }
        }
    }

    /// Whether round trips are being measured.
    pub(crate) fn is_measuring(&self) -> bool {
        self.activity == Activity::Charting && self.charts.measuring
    }

    /// A chart for each trace that has references, over the references that whoever is furthest has made, in a branch
    /// that was compared too; all of them at reset.
    fn charts_to_draw(&self) -> Vec<Chart> {
        let mut charts: Vec<Chart> = Vec::new();
        let specs = self.session.scenario().environments.iter();
        for (spec, env) in specs.zip((0..).map(EnvId)) {
            let ApplicationSpec::Trace(trace) = &spec.application else {
                continue;
            };
            if trace.trace.length() == 0 {
                continue;
            }
            let Some(environment) = self.session.machine().environment(env) else {
                continue;
            };
            let run = ChartRun {
                env,
                policy: format!("{}, so far", spec.name),
                frames: environment.frame_limit,
                loads: environment.counters.page_loads,
                references: environment.cursor,
            };
            let compared = self.compared_runs(env);
            let references = environment.cursor.max(self.compared_references(env));
            match charts.iter_mut().find(|it| Arc::ptr_eq(&it.trace, trace)) {
                Some(chart) => {
                    chart.references = chart.references.max(references);
                    chart.runs.push(run);
                    chart.runs.extend(compared);
                }
                None => charts.push(Chart {
                    trace: trace.clone(),
                    references,
                    points: Vec::new(),
                    runs: std::iter::once(run).chain(compared).collect(),
                }),
            }
        }
        for chart in &mut charts {
            if chart.references == 0 {
                chart.references = chart.trace.trace.length();
            }
        }
        charts
    }

    /// The most references that an environment made in two branches that were compared.
    fn compared_references(&self, env: EnvId) -> u64 {
        let compared = self.branches().compared.iter();
        let figures = compared.flat_map(|it| &it.figures);
        let pairs = figures.filter(|(of, _)| *of == env).flat_map(|it| &it.1);
        let references = pairs.filter(|it| it.name == "references");
        references.flat_map(|it| it.values).max().unwrap_or(0)
    }

    /// What an environment came to in each of two branches that were compared.
    fn compared_runs(&self, env: EnvId) -> Vec<ChartRun> {
        let Some(compared) = &self.branches().compared else {
            return Vec::new();
        };
        let both = compared.figures.iter().zip(&compared.frames);
        let own = both.filter(|((of, _), _)| *of == env);
        let runs = own.filter_map(|((_, pairs), frames)| {
            let values = |name: &str| Some(pairs.iter().find(|it| it.name == name)?.values);
            let (loads, references) = (values("page loads")?, values("references")?);
            let counts = loads.into_iter().zip(references);
            Some(std::iter::zip(*frames, counts))
        });
        let runs = runs.flatten().zip(compared.numbers);
        let run = |((frames, (loads, references)), number)| ChartRun {
            env,
            policy: format!("branch {number}"),
            frames,
            loads,
            references,
        };
        runs.map(run).collect()
    }

    /// Does one size of one chart, or a part of a measurement. True if there is more to do.
    pub(super) fn chart_more(&mut self) -> bool {
        let page_bits = self.session.scenario().machine.page_bits;
        let charts = &mut self.charts;
        let (index, mut curves) = match charts.at.take() {
            Some(at) => at,
            None => {
                let next = charts.charts.iter().position(|it| it.points.is_empty());
                let Some((index, chart)) = next.and_then(|at| Some((at, charts.charts.get(at)?)))
                else {
                    return self.measure_more();
                };
                let wanted: Vec<u32> = chart.runs.iter().map(|it| it.frames).collect();
                let trace = &chart.trace.trace;
                (
                    index,
                    Curves::new(trace, chart.references, page_bits, &wanted),
                )
            }
        };
        let more = curves.go_on();
        if let Some(chart) = charts.charts.get_mut(index) {
            chart.points.clone_from(&curves.points);
        }
        let empty = curves.points.is_empty();
        charts.at = more.then_some((index, curves));
        if empty {
            // A trace without references has no curve.
            charts.charts.remove(index);
        }
        true
    }

    /// Goes on measuring round trips, if that is wanted.
    fn measure_more(&mut self) -> bool {
        let charts = &mut self.charts;
        let trips = charts.trips.as_mut().filter(|_| charts.measuring);
        let more = match trips.map(|it| it.advance(UNITS)) {
            Some(Err(error)) => {
                charts.problem = Some(error.to_string());
                false
            }
            Some(Ok(more)) => more,
            None => false,
        };
        if !more {
            self.activity = Activity::Idle;
        }
        more
    }
}
