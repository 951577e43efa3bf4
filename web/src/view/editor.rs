//! The policy under edit: its text, what runs, what is wrong, and what applying it would do.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_policy::{Diagnostic, Severity};
use exo_session::debugger::{Breakpoint, Side, same_line};

use super::apply::{self, ApplyView};
use super::environments::reason;
use super::lessons::{self, LessonView};
use super::linked::Linked;
use super::memory::Owner;
use super::values;
use super::versions::{self, VersionRow};
use crate::highlight::CodeLine;
use crate::store::{Checked, Draft, Face, Playground, breakpoint_words};

/// A tab: one environment's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabView {
    /// Whose.
    pub owner: Owner,
    /// The file's name.
    pub file_name: String,
    /// Whether the text is another than the one that runs.
    pub differs: bool,
    /// Whether the environment was given up.
    pub broken: bool,
    /// Whether it is shown.
    pub selected: bool,
    /// Which of the environment's programs it is.
    pub side: Side,
}

/// One remark of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagnosticView {
    /// Line and column from 1.
    pub place: (u32, u32),
    /// Where it ends.
    pub end: (u32, u32),
    /// What is wrong, with rustc's code if there is one.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// Whether the text compiles all the same.
    pub warning: bool,
}

/// A breakpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopView {
    /// The breakpoint.
    pub breakpoint: Breakpoint,
    /// Whose it is.
    pub owner: Owner,
    /// Where it is, in words.
    pub words: String,
    /// The line of the shown text, if it is in it.
    pub line: Option<u32>,
}

/// The editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorView {
    /// One for each environment.
    pub tabs: Vec<TabView>,
    /// Whose text is shown.
    pub env: EnvId,
    /// Of which of its programs.
    pub side: Side,
    /// Whether no text can be edited.
    pub read_only: bool,
    /// What the shown text goes by, another one in each session: an editor keeps cursor and what can be undone by it.
    pub key: String,
    /// The file's name.
    pub file_name: String,
    /// The text.
    pub text: Rc<str>,
    /// Its lines, in stretches.
    pub lines: Rc<[CodeLine]>,
    /// Grows when the text was set by anything but typing.
    pub revision: u64,
    /// From which side the policy is shown.
    pub face: Face,
    /// Lines of the shown text at which a run stops.
    pub breakpoints: Vec<u32>,
    /// All breakpoints.
    pub stops: Vec<StopView>,
    /// Whether the text follows a step that ends in another environment's program.
    pub follows: bool,
    /// The line that is to be shown, with the number of times that one was.
    pub go_to: Option<(u32, u64)>,
    /// The owner of what is chosen: its tabs are marked.
    pub looked: Option<EnvId>,
    /// The line that is chosen, or made the event by which something was, if it is in the shown text.
    pub looked_line: Option<u32>,
    /// Whether a step by line can be made.
    pub can_step_line: bool,
    /// The line at which the handler stands now.
    pub current_line: Option<u32>,
    /// The same, where the text shown is not the one that runs.
    pub line_elsewhere: Option<u32>,
    /// Values of variables and fields at the lines of the function under way that name them.
    pub values: Rc<[(u32, String)]>,
    /// The line at which it was given up.
    pub broken_line: Option<u32>,
    /// Why it was given up.
    pub broken: Option<String>,
    /// Whether the compiler has been asked of the text as it stands.
    pub checked: bool,
    /// What the compiler says of the text.
    pub diagnostics: Vec<DiagnosticView>,
    /// Where the text comes from.
    pub origin: String,
    /// The page table that the text ends with, by name.
    pub table: Option<&'static str>,
    /// What the sample in the editor teaches, and its page table.
    pub lessons: Rc<[LessonView]>,
    /// Whether it differs from what came with the scenario.
    pub modified: bool,
    /// What came with it, while what differs is shown.
    pub compared: Option<Rc<str>>,
    /// Stretches of lines that are to be read only: first and last, from 1.
    pub locked: Vec<(u32, u32)>,
    /// What runs instead of this text, if another does.
    pub differs: Option<&'static str>,
    /// Whether the last load can be undone.
    pub can_undo: bool,
    /// Earlier versions of the text, while they are looked at.
    pub versions: Option<Rc<[VersionRow]>>,
    /// The bar below.
    pub apply: ApplyView,
}

pub(super) fn select(playground: &Playground, linked: &Linked) -> EditorView {
    let session = playground.session();
    let (shown, side) = (playground.shown, playground.side);
    let draft = playground.shown_draft();
    let environment = session.machine().environment(shown);
    let same = runs(playground, shown, side);
    let line = standing_line(playground);
    let handling = environment.is_some_and(|env| env.in_handler());
    let broken = environment.is_some_and(|env| matches!(env.phase, Phase::Broken(_)));
    let now = session
        .current()
        .is_some_and(|it| it.stamped.event.env() == shown);
    let under_way = handling || broken || side == Side::Application;
    let stands = line.filter(|_| now && under_way);
    let current_line = stands.filter(|_| same);
    let modified = draft.text != draft.original.1;
    let libos_line = session.handler_place(shown).map(|place| place.line);
    EditorView {
        tabs: tabs(playground),
        env: shown,
        side,
        read_only: playground.read_only,
        key: format!("{} {} {side:?}", playground.session_number, shown.0),
        file_name: draft.file_name.clone(),
        text: draft.text.clone(),
        lines: draft.lines.clone(),
        revision: draft.revision,
        face: playground.face,
        breakpoints: lines_with_breakpoints(playground),
        stops: stops(playground),
        follows: !playground.following.off,
        go_to: playground.following.line,
        looked: linked.env,
        looked_line: looked_line(playground, linked),
        can_step_line: playground.can_step_line(),
        current_line,
        line_elsewhere: stands.filter(|_| !same),
        values: match current_line {
            // They stand beside the lines, where those are seen.
            Some(line) if playground.face == Face::Source => {
                values::select(playground, &draft.text, line)
            }
            _ => Rc::new([]),
        },
        broken_line: line.filter(|_| broken && same && side == Side::LibOs),
        broken: environment
            .and_then(|environment| reason(environment, libos_line.filter(|line| *line > 0))),
        checked: draft.checked != Checked::NotYet,
        diagnostics: diagnostics(draft),
        origin: origin(draft),
        table: draft.table.map(|table| table.name),
        lessons: lessons::of(draft),
        modified,
        compared: (modified && playground.comparing).then(|| draft.original.1.clone()),
        locked: draft.locked(),
        differs: differs(playground, draft, same),
        can_undo: draft.replaced.is_some(),
        versions: versions::select(playground),
        apply: apply::select(playground, draft, same),
    }
}

/// The line at which the shown program stands.
fn standing_line(playground: &Playground) -> Option<u32> {
    let (session, env) = (playground.session(), playground.shown);
    let place = match playground.side {
        Side::LibOs => session.handler_place(env),
        Side::Application => session.application_place(env),
    };
    place.map(|place| place.line).filter(|line| *line > 0)
}

/// The line of the text in an editor that a breakpoint of its program is at.
fn shown_line(playground: &Playground, breakpoint: &Breakpoint) -> Option<u32> {
    let (env, side) = (breakpoint.env, breakpoint.side);
    let draft = playground.draft_of(env, side)?;
    same_line(
        breakpoint.line,
        playground.source_of(env, side)?,
        &draft.text,
    )
}

/// Whether a breakpoint is one of the shown program.
fn is_shown(playground: &Playground, breakpoint: &Breakpoint) -> bool {
    (breakpoint.env, breakpoint.side) == (playground.shown, playground.side)
}

fn looked_line(playground: &Playground, linked: &Linked) -> Option<u32> {
    let line = linked.line.filter(|it| is_shown(playground, it))?;
    shown_line(playground, &line)
}

fn lines_with_breakpoints(playground: &Playground) -> Vec<u32> {
    let all = playground.breakpoints().iter();
    let own = all.filter(|it| is_shown(playground, it));
    own.filter_map(|it| shown_line(playground, it)).collect()
}

fn stops(playground: &Playground) -> Vec<StopView> {
    let stop = |breakpoint: &Breakpoint| StopView {
        breakpoint: *breakpoint,
        owner: Owner {
            env: breakpoint.env,
        },
        words: breakpoint_words(breakpoint),
        line: shown_line(playground, breakpoint).filter(|_| is_shown(playground, breakpoint)),
    };
    playground.breakpoints().iter().map(stop).collect()
}

/// Whether a text is the program that runs, line for line.
fn runs(playground: &Playground, env: EnvId, side: Side) -> bool {
    let environment = playground.session().machine().environment(env);
    let waits = side == Side::LibOs && environment.is_some_and(|it| it.pending.is_some());
    !waits && is_source(playground, env, side)
}

/// Whether a text is the program that runs, or will from the next boundary on.
pub(super) fn is_source(playground: &Playground, env: EnvId, side: Side) -> bool {
    let draft = playground.draft_of(env, side);
    draft.is_some_and(|draft| Some(&*draft.text) == playground.source_of(env, side))
}

fn tabs(playground: &Playground) -> Vec<TabView> {
    let environments = &playground.session().machine().kernel().environments;
    let mut tabs = Vec::new();
    for (index, environment) in environments.iter().enumerate() {
        let env = EnvId(index as u8);
        for side in [Side::LibOs, Side::Application] {
            let Some(draft) = playground.draft_of(env, side) else {
                continue;
            };
            tabs.push(TabView {
                owner: Owner { env },
                file_name: draft.file_name.clone(),
                differs: !is_source(playground, env, side),
                broken: side == Side::LibOs && matches!(environment.phase, Phase::Broken(_)),
                selected: (env, side) == (playground.shown, playground.side),
                side,
            });
        }
    }
    tabs
}

fn diagnostics(draft: &Draft) -> Vec<DiagnosticView> {
    let diagnostics = match &draft.checked {
        Checked::NotYet => return Vec::new(),
        Checked::Fine { warnings, .. } | Checked::Begins { warnings } => warnings,
        Checked::Wrong(diagnostics) => diagnostics,
    };
    let view = |it: &Diagnostic| DiagnosticView {
        place: (it.place.line, it.place.column),
        end: (it.end.line, it.end.column),
        message: match it.code {
            Some(code) => format!("{} [{code}]", it.message),
            None => it.message.clone(),
        },
        hint: it.hint.clone(),
        warning: it.severity == Severity::Warning,
    };
    diagnostics.iter().map(view).collect()
}

fn origin(draft: &Draft) -> String {
    if draft.text == draft.original.1 {
        return "As in scenario".to_owned();
    }
    match draft.sample {
        Some(sample) => format!("The sample {}", sample.name),
        None => "Modified from the original".to_owned(),
    }
}

fn differs(playground: &Playground, draft: &Draft, same: bool) -> Option<&'static str> {
    if same {
        return None;
    }
    if is_source(playground, playground.shown, playground.side) {
        return Some("Applied; the earlier policy runs until the next upcall boundary.");
    }
    let was_applied = draft
        .last_applied
        .as_ref()
        .is_some_and(|applied| *applied == draft.text);
    Some(if was_applied {
        "You applied this text later on: at this step the earlier policy runs."
    } else {
        "Not applied: another text runs."
    })
}

#[cfg(test)]
mod tests {
    use crate::store::Action;
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    #[test]
    fn an_unchanged_text_cannot_be_applied_and_the_bar_says_so() {
        let editor = View::of(&playground()).editor;
        assert!(!editor.apply.can_apply);
        assert_eq!(
            editor.apply.words,
            "Nothing to apply: this is the policy that runs."
        );
    }

    #[test]
    fn errors_stand_at_their_lines_and_the_running_policy_stays() {
        let mut playground = playground();
        let text = playground
            .session()
            .source_at(exo_core::ids::EnvId(0))
            .to_owned();
        playground.update(Action::Edit(text.replacen("self.hand", "self.hnad", 1)));
        playground.update(Action::Check);
        let editor = View::of(&playground).editor;
        let line = text
            .lines()
            .position(|line| line.contains("self.hand"))
            .unwrap() as u32
            + 1;
        assert_eq!(editor.diagnostics[0].place.0, line);
        assert!(!editor.apply.can_apply);
        playground.update(Action::Apply { reset: false });
        assert_eq!(
            playground.session().source_at(exo_core::ids::EnvId(0)),
            text
        );
    }

    #[test]
    fn fifo_becomes_clock_keeps_its_fields_and_stepping_back_undoes_it_without_losing_the_text() {
        let mut playground = playground();
        playground.update(Action::NextFault);
        while playground.work(0.0) {}
        let before = playground.session().step_number();
        playground.update(Action::LoadSample("clock"));
        playground.update(Action::Check);
        let editor = View::of(&playground).editor;
        assert!(editor.apply.can_apply);
        assert_eq!(
            editor.apply.words,
            "Compiles. All 3 fields keep their values."
        );
        playground.update(Action::Apply { reset: false });
        assert!(
            View::of(&playground)
                .editor
                .apply
                .words
                .starts_with("Applied at step ")
        );
        step_until(&mut playground, |text| text.starts_with("another policy"));
        assert_eq!(View::of(&playground).environments[0].policy, "Clock");
        while playground.session().step_number() >= before {
            playground.update(Action::StepBack);
        }
        let view = View::of(&playground);
        assert_eq!(view.environments[0].policy, "Fifo");
        assert_eq!(view.editor.file_name, "clock.rs");
        assert!(
            view.editor
                .differs
                .is_some_and(|it| it.starts_with("You applied this text later"))
        );
        assert!(
            view.editor
                .apply
                .words
                .ends_with("The steps ahead are kept as a branch.")
        );
    }

    #[test]
    fn the_line_of_the_handler_is_marked_only_in_the_text_that_runs() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("upcall"));
        let editor = View::of(&playground).editor;
        let line = editor.current_line.unwrap() as usize;
        let text = editor.text.lines().nth(line - 1).unwrap();
        assert!(
            text.contains("self.table.find") || text.contains("fn page_fault"),
            "{text}"
        );
        playground.update(Action::Edit(format!("// mine\n{}", editor.text)));
        let edited = View::of(&playground).editor;
        assert_eq!(
            (edited.current_line, edited.line_elsewhere),
            (None, editor.current_line)
        );
    }

    #[test]
    fn a_loaded_sample_can_be_undone() {
        let mut playground = playground();
        let mine = "// mine".to_owned();
        playground.update(Action::Edit(mine.clone()));
        playground.update(Action::LoadSample("random"));
        let editor = View::of(&playground).editor;
        assert!(editor.can_undo && editor.origin.starts_with("The sample random"));
        playground.update(Action::UndoLoad);
        let editor = View::of(&playground).editor;
        assert_eq!((&*editor.text, editor.can_undo), (mine.as_str(), false));
        assert_eq!(editor.file_name, "fifo.rs");
    }
}
