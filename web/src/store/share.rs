//! Sharing a session, and opening one: from a link, from a file, or by a scenario's name.

use std::sync::Arc;

use exo_core::ids::{EnvId, Position};
use exo_core::machine::Stop;
use exo_session::debugger::Side;
use exo_session::saved::{
    self, EditorText, Form, OpenError, Opened, Read, Supply, TraceName, from_link, to_link, write,
};
use exo_session::{ApplicationSpec, GivenChange, NamedTrace, PAGE_BITS, ReadOptions, Session};

use super::action::Action;
use super::draft::Draft;
use super::playground::{Notice, Playground};
use super::work::{Activity, UNITS};
use crate::view::words::grouped;

/// References that the page takes of a trace.
const REFERENCES_MAX: u64 = 16_000_000;
/// References that it takes of a trace that a session asks for by its length.
const WANTED_MAX: u64 = 16_000_000;

/// A session on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its link, from `#` on; or why it has none.
    pub link: Result<String, String>,
    /// The name of its file.
    pub file_name: String,
    /// Its file.
    pub file: String,
    /// Whether the browser has copied the link, once that is known.
    pub copied: Option<bool>,
    /// Whether the machine has packets to be exported.
    pub packets: bool,
}

/// A session on its way in: where it goes, and what is said when it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    position: Position,
    digest: Option<u64>,
    pub(super) words: String,
}

/// Traces that are there: those of the session that is open, and one that was just read.
struct Held {
    traces: Vec<Arc<NamedTrace>>,
}

impl Supply for Held {
    fn trace(&mut self, wanted: &TraceName) -> Result<Arc<NamedTrace>, String> {
        let fits = |trace: &&Arc<NamedTrace>| wanted.hash.is_some() && wanted.check(trace).is_ok();
        let found = self.traces.iter().find(fits);
        found.cloned().ok_or_else(|| {
            let length = wanted.references.map_or_else(String::new, |references| {
                format!(" and has {} references", grouped(references))
            });
            format!(
                "does not hold it: it names a file that was called {}{length}",
                wanted.name
            )
        })
    }

    fn source(&mut self, _: &str) -> Result<String, String> {
        Err("does not hold it".to_owned())
    }
}

impl Playground {
    /// Makes link and file of the session as it stands.
    pub(super) fn share(&mut self) {
        self.pause();
        let saved = self.saved();
        let packets = self.has_network();
        self.share = Some(Share {
            packets,
            link: self.link(),
            file_name: file_name(&saved.title),
            file: write(&saved, Form::File),
            copied: None,
        });
    }

    /// The browser has copied the link, or would not.
    pub(super) fn copied(&mut self, copied: bool) {
        if let Some(share) = &mut self.share {
            share.copied = Some(copied);
        }
    }

    /// The session's link, from `#` on, or why it has none.
    pub fn link(&self) -> Result<String, String> {
        to_link(&self.saved()).map_err(|error| error.to_string())
    }

    /// Opens a link.
    pub(super) fn open_link(&mut self, link: &str) {
        match from_link(link) {
            Ok(read) => self.open_saved(read, "from a link"),
            Err(error) if error.lacks_part() => {
                self.want_later(Action::OpenLink(link.to_owned()));
            }
            Err(error) => self.not_opened("The link", &error.to_string()),
        }
    }

    /// Opens a scenario or a session from its text.
    pub(super) fn open_text(&mut self, name: &str, text: &str) {
        match saved::read(text) {
            Ok(read) => self.open_saved(read, &format!("from {name}")),
            Err(error) if error.lacks_part() => {
                let (name, text) = (name.to_owned(), text.to_owned());
                self.want_later(Action::OpenText { name, text });
            }
            Err(error) => self.not_opened(name, &error.to_string()),
        }
    }

    /// Opens a scenario that comes along.
    pub(super) fn open_scenario(&mut self, name: &str) {
        if let Some(scenario) = exo_libos_samples::scenario(name) {
            self.open_text(name, scenario.text);
        }
    }

    pub(super) fn not_opened(&mut self, what: &str, reason: &str) {
        self.pause();
        let text = format!("{what} was not opened, and nothing has changed: {reason}.");
        self.notice = Some(Notice::problem(text));
    }

    /// The trace that a session waits for, if one does.
    pub(super) fn offered(&mut self, trace: NamedTrace) {
        let Some((read, from)) = self.waiting.take() else {
            self.replace_traces(trace);
            return;
        };
        self.reading = false;
        self.take_over(read, &from, Some(Arc::new(trace)));
    }

    /// What to take of the next trace file.
    pub fn read_options(&self) -> ReadOptions {
        let waiting = self
            .waiting
            .as_ref()
            .and_then(|(read, _)| read.saved.traces.first());
        let wanted = waiting
            .and_then(|trace| trace.references)
            .map(|it| it.min(WANTED_MAX));
        ReadOptions {
            stream: waiting.map(|trace| trace.stream).unwrap_or_default(),
            references_max: Some(wanted.unwrap_or(REFERENCES_MAX)),
            page_bits: waiting.map_or(PAGE_BITS, |trace| trace.page_bits),
        }
    }

    pub(super) fn open_saved(&mut self, read: Read, from: &str) {
        self.pause();
        self.take_over(read, from, None);
    }

    fn take_over(&mut self, read: Read, from: &str, offered: Option<Arc<NamedTrace>>) {
        let specs = self.session.scenario().environments.iter();
        let own = specs.filter_map(|spec| match &spec.application {
            ApplicationSpec::Trace(trace) => Some(trace.clone()),
            ApplicationSpec::Program { .. } => None,
        });
        let was_offered = offered.is_some();
        let mut held = Held {
            traces: own.chain(offered).collect(),
        };
        match saved::open(&read.saved, &mut held) {
            Ok(opened) => self.opened(opened, &read, from),
            Err(error @ OpenError::Trace { .. }) => {
                let again = if was_offered {
                    "That is another trace."
                } else {
                    ""
                };
                let text = format!(
                    "{again} What comes {from} is not open yet: {error}. Choose that file with \
                     Open…, and it will be. Nothing has changed until then."
                );
                self.notice = Some(Notice::problem(text.trim_start().to_owned()));
                self.waiting = Some((read, from.to_owned()));
            }
            Err(error) => self.not_opened("The session", &error.to_string()),
        }
    }

    /// What was opened takes the place of what was there, and goes to where it was saved.
    fn opened(&mut self, opened: Opened, read: &Read, from: &str) {
        let Opened {
            session,
            position,
            digest,
            editors,
            notices,
        } = opened;
        let place =
            |at: (EnvId, Side), text: (&str, &str)| draft(&session, position, &editors, at, text);
        let mut texts = (Vec::new(), Vec::new());
        let specs = session.scenario().environments.iter();
        for (spec, env) in specs.zip((0..).map(EnvId)) {
            let libos = place((env, Side::LibOs), (&spec.name, &spec.source));
            texts.0.push(libos);
            texts.1.push(match &spec.application {
                ApplicationSpec::Program { name, source } => {
                    Some(place((env, Side::Application), (name, source)))
                }
                ApplicationSpec::Trace(_) => None,
            });
        }
        self.replace_session(session);
        (self.drafts, self.applications) = texts;
        self.opening = self.session.scenario().clone();
        (self.shown, self.side) = (EnvId(0), Side::LibOs);
        self.looked = None;
        self.answer = None;
        self.share = None;
        self.waiting = None;
        let mut words = format!("Opened {from}, paused, as a copy of your own.");
        for sentence in read.notices.iter().chain(&notices) {
            words.push(' ');
            words.push_str(sentence);
        }
        if std::mem::take(&mut self.reading) {
            words.push_str(" The file that was being read was given up.");
        }
        let notes = self.session.annotations().notes.trim();
        if !notes.is_empty() {
            words.push_str("\n\n");
            words.push_str(&paragraphs(notes));
        }
        self.notice = Some(Notice::fact(words.clone()));
        self.arrival = Some(Arrival {
            position,
            digest,
            words,
        });
        self.activity = Activity::Arriving;
        self.offer_of_the_opening();
    }

    /// Goes on towards where the session was saved. True if there is more to do.
    pub(super) fn arrive(&mut self) -> bool {
        let Some(arrival) = self.arrival.clone() else {
            self.activity = Activity::Idle;
            return false;
        };
        let here = self.session.machine().position();
        if arrival.position.retired > here.retired + UNITS && self.run_piece(UNITS) == Stop::Reached
        {
            return true;
        }
        self.session.go_to(arrival.position);
        self.activity = Activity::Idle;
        self.arrival = None;
        let start = self.start_at.take();
        let differs = saved::differs(&self.session, arrival.position, arrival.digest);
        if let Some(differs) = differs {
            let text = format!("{} {differs}", arrival.words);
            self.notice = Some(Notice::fact(text));
        }
        if let Some(place) = start {
            let notice = self.notice.clone();
            self.go_to_typed(&place);
            self.notice = self.notice.take().or(notice);
            return self.is_busy();
        }
        false
    }
}

/// What is in the editor of one program of an environment, in a session that will stand at a position:
/// `came` with the scenario, unless something was applied or is not yet.
fn draft(
    session: &Session,
    position: Position,
    editors: &[EditorText],
    (env, side): (EnvId, Side),
    (name, came): (&str, &str),
) -> Draft {
    let mut draft = Draft::new(name, came);
    let inputs = session.inputs();
    let had = inputs
        .iter()
        .rev()
        .filter(|it| it.env == env && it.at <= position);
    let applied = had.filter_map(|it| match (&it.change, side) {
        (GivenChange::Policy { text, .. }, Side::LibOs)
        | (GivenChange::Application { text }, Side::Application) => Some(text),
        _ => None,
    });
    if let Some(text) = applied.into_iter().next() {
        draft.load(name, text);
        draft.last_applied = Some(text.as_str().into());
    }
    let editor = editors.iter().find(|it| (it.env, it.side) == (env, side));
    if let Some(editor) = editor {
        draft.load(&editor.name, &editor.text);
    }
    draft
}

/// A text whose lines are as long as whoever reads it has room; empty lines part paragraphs.
fn paragraphs(text: &str) -> String {
    let paragraphs = text.split("\n\n");
    let joined = paragraphs.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
    joined.collect::<Vec<_>>().join("\n\n")
}

/// A file's name for a title: its words in small letters.
fn file_name(title: &str) -> String {
    let words = title.split(|it: char| !it.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .take(6)
        .map(str::to_ascii_lowercase)
        .collect();
    match words.join("-") {
        empty if empty.is_empty() => "session.toml".to_owned(),
        name => format!("{name}.toml"),
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_core::trace::Trace;
    use exo_libos_samples::SCENARIOS;
    use exo_session::saved::LINK_CHARS_MAX;

    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    fn settled(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    fn link(playground: &mut Playground) -> String {
        playground.update(Action::Share);
        View::of(playground).share.unwrap().link.clone().unwrap()
    }

    fn first_light() -> Playground {
        Playground::new(exo_session::first_light().unwrap()).unwrap()
    }

    #[test]
    fn a_shared_session_opens_paused_where_it_was_with_every_text_in_its_editor() {
        let mut mine = first_light();
        (0..7).for_each(|_| settled(&mut mine, Action::NextFault));
        let text = mine.drafts[0]
            .text
            .replace("fn victim", "// mine\n    fn victim");
        mine.update(Action::Edit(text.clone()));
        mine.update(Action::Apply { reset: false });
        settled(&mut mine, Action::NextEvent);
        mine.update(Action::SelectEnvironment(EnvId(1)));
        mine.update(Action::Edit("// not yet".to_owned()));
        let link = link(&mut mine);
        assert!(link.len() < 1000, "{}", link.len());

        let mut other = first_light();
        settled(
            &mut other,
            Action::OpenLink(format!("https://example.org/{link}")),
        );
        let digest = |it: &Playground| it.session().machine().state_digest();
        assert_eq!(digest(&other), digest(&mine));
        assert_eq!(*other.drafts[0].text, *text);
        assert_eq!(&*other.drafts[1].text, "// not yet");
        let view = View::of(&other);
        assert!(!view.run.busy && view.share.is_none());
        assert!(
            view.notice
                .unwrap()
                .text
                .starts_with("Opened from a link, paused")
        );
        settled(&mut other, Action::StepBack);
        settled(&mut mine, Action::StepBack);
        assert_eq!(digest(&other), digest(&mine));
    }

    #[test]
    fn a_link_keeps_both_texts_of_an_application_the_one_that_runs_and_the_one_in_its_editor() {
        let mut mine = first_light();
        let (env, application) = (EnvId(1), Some("scan"));
        mine.update(Action::Run { env, application });
        settled(&mut mine, Action::NextFault);
        mine.update(Action::SelectApplication(env));
        let text = format!("// mine\n{}", mine.shown_draft().text);
        mine.update(Action::Edit(text.clone()));
        mine.update(Action::Apply { reset: false });
        settled(&mut mine, Action::NextFault);
        let applied = link(&mut mine);
        mine.update(Action::SelectApplication(env));
        mine.update(Action::Edit(
            "fn main() {\n    // half a thought".to_owned(),
        ));
        let unapplied = link(&mut mine);
        for (link, wanted) in [
            (applied, &*text),
            (unapplied, "fn main() {\n    // half a thought"),
        ] {
            let mut other = first_light();
            settled(&mut other, Action::OpenLink(link));
            other.update(Action::SelectApplication(env));
            assert_eq!(&*other.shown_draft().text, wanted);
            assert_eq!(other.session().application_source_at(env), Some(&*text));
        }
    }

    #[test]
    fn a_damaged_link_and_a_wrong_file_are_a_sentence_and_lose_nothing() {
        let mut playground = first_light();
        settled(&mut playground, Action::NextFault);
        playground.update(Action::Edit("// my work".to_owned()));
        let digest = playground.session().machine().state_digest();
        let good = link(&mut playground);
        playground.update(Action::CloseShare);
        for wrong in [
            Action::OpenLink(good[..good.len() - 9].to_owned()),
            Action::OpenLink("#v3.xyz".to_owned()),
            Action::OpenLink(format!("#v1.{}", "A".repeat(LINK_CHARS_MAX))),
            Action::OpenText {
                name: "mine.toml".to_owned(),
                text: "exokernel = 1\nnonsense".to_owned(),
            },
        ] {
            settled(&mut playground, wrong);
            let notice = View::of(&playground).notice.unwrap();
            assert!(
                notice.problem && notice.text.contains("nothing has changed"),
                "{notice:?}"
            );
            assert_eq!(playground.session().machine().state_digest(), digest);
            assert_eq!(&*playground.drafts[0].text, "// my work");
        }
    }

    #[test]
    fn every_scenario_that_comes_along_opens_with_its_notes() {
        let mut playground = playground();
        for scenario in SCENARIOS {
            settled(&mut playground, Action::OpenScenario(scenario.name));
            let view = View::of(&playground);
            assert!(view.notice.unwrap().text.len() > 100, "{}", scenario.name);
            assert_eq!(playground.session().step_number(), 0);
            settled(&mut playground, Action::NextFault);
            assert!(playground.session().step_number() > 0, "{}", scenario.name);
        }
    }

    #[test]
    fn what_is_opened_while_a_file_is_read_says_that_this_was_given_up() {
        let mut playground = first_light();
        let reads = Action::TraceReading {
            name: "mine.lackey".to_owned(),
            read: 1,
            size: 9,
        };
        playground.update(reads.clone());
        playground.update(Action::OpenText {
            name: "wrong.toml".to_owned(),
            text: "nonsense".to_owned(),
        });
        assert!(playground.is_reading(), "nothing has changed");
        for opens in [
            Action::OpenScenario("pressure"),
            Action::OpenText {
                name: "mine.toml".to_owned(),
                text: playground.work_text(),
            },
        ] {
            playground.update(reads.clone());
            settled(&mut playground, opens);
            assert!(!playground.is_reading());
            let said = View::of(&playground).notice.unwrap().text.clone();
            assert!(said.contains("was given up"), "{said}");
        }
        settled(&mut playground, Action::OpenScenario("pressure"));
        let said = View::of(&playground).notice.unwrap().text.clone();
        assert!(!said.contains("was given up"), "{said}");
    }

    #[test]
    fn a_link_on_a_foreign_trace_waits_for_it_and_takes_no_other() {
        let mut mine = playground();
        settled(&mut mine, Action::NextFault);
        let link = link(&mut mine);
        let digest = mine.session().machine().state_digest();
        let exo_session::ApplicationSpec::Trace(trace) = mine.session().scenario().environments[0]
            .application
            .clone()
        else {
            panic!("it runs a trace");
        };
        let mut other = first_light();
        settled(&mut other, Action::OpenLink(link));
        let said = View::of(&other).notice.unwrap().text.clone();
        assert!(
            said.contains("called eight pages and has 600 references"),
            "{said}"
        );
        assert_eq!(other.read_options().references_max, Some(600));
        let mut wrong = (*trace).clone();
        wrong.trace = Trace::new();
        settled(&mut other, Action::TraceRead(Box::new(wrong)));
        assert!(
            View::of(&other)
                .notice
                .unwrap()
                .text
                .starts_with("That is another trace.")
        );
        settled(&mut other, Action::TraceRead(Box::new((*trace).clone())));
        assert_eq!(other.session().machine().state_digest(), digest);
    }

    #[test]
    fn the_way_to_a_link_s_position_can_be_paused() {
        let mut mine = first_light();
        mine.session.run_slice(300_000);
        let link = link(&mut mine);
        let mut other = first_light();
        other.update(Action::OpenLink(link));
        assert!(other.work(0.0));
        assert!(View::of(&other).run.busy);
        other.update(Action::ToggleRun);
        assert!(!View::of(&other).run.busy);
        assert!(other.session().machine().position().retired < 100_000);
    }
}
