//! Going to a step, a position or the end: at once where it has been run, in pieces where it has not.

use exo_core::ids::Position;
use exo_core::machine::Stop;
use exo_session::saved::parse_position;

use super::playground::{Notice, Playground};
use super::work::{Activity, UNITS};
use crate::view::words::grouped;

/// Events or units beyond what was run for which the way is shown.
const FAR: u64 = 8 * UNITS;
/// Those to which one goes in one piece; what lies between is run in pieces, so that its course is noted.
const NEAR: u64 = 1000;
/// Characters of what was typed that a sentence repeats.
const REPEATED_MAX: usize = 24;

/// A place of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Where an event leads, by its number; 0 is reset.
    Step(u64),
    /// A position.
    Position(Position),
    /// Where nothing has anything left to do.
    End,
}

impl Target {
    /// Reads a place as it is typed: `71,123`, `1024.3` or `end`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Target, String> {
        let plain: String = text
            .chars()
            .filter(|it| !it.is_whitespace() && *it != ',')
            .collect();
        let wrong = || {
            let repeated: String = text.trim().chars().take(REPEATED_MAX).collect();
            format!(
                "“{repeated}” is no place of a run: write the number of a step, like 1284, a position, \
                 like 1024.3, or end."
            )
        };
        match plain.to_ascii_lowercase().as_str() {
            "end" => Ok(Target::End),
            "start" => Ok(Target::Step(0)),
            digits if !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()) => {
                digits.parse().map(Target::Step).map_err(|_| wrong())
            }
            other => {
                let position = parse_position(other).map(Target::Position);
                position.ok_or_else(wrong)
            }
        }
    }
}

impl Target {
    /// The place in words.
    pub fn words(self) -> String {
        match self {
            Target::Step(number) => format!("step {}", grouped(number)),
            Target::Position(position) => format!("position {position}"),
            Target::End => "the end of the run".to_owned(),
        }
    }
}

impl Playground {
    /// Goes to what was typed, or says why it cannot.
    pub(super) fn go_to_typed(&mut self, text: &str) {
        match Target::parse(text) {
            Ok(target) => self.go_to(target),
            Err(sentence) => self.notice = Some(Notice::problem(sentence)),
        }
    }

    /// Sets out for a place.
    pub(super) fn go_to(&mut self, target: Target) {
        self.pause();
        self.quiet_notice();
        if !self.reading {
            self.activity = Activity::Going(target);
        }
    }

    /// Whether a place lies so far beyond what was run that one goes there in pieces.
    pub(super) fn is_far(&self, target: Target) -> bool {
        self.ahead(target) > FAR
    }

    /// How far beyond what was run a place lies, in events or units.
    fn ahead(&self, target: Target) -> u64 {
        match target {
            Target::Step(number) => number.saturating_sub(self.session.furthest_step()),
            Target::Position(position) => position.retired.saturating_sub(self.course.reached()),
            Target::End => u64::MAX,
        }
    }

    /// Goes on towards a place. True if there is more to do.
    pub(super) fn going(&mut self, target: Target) -> bool {
        let ahead = self.ahead(target);
        if ahead > NEAR {
            let furthest = self.session.furthest_step();
            if self.session.step_number() < furthest {
                self.session.go_to_step(furthest);
                return true;
            }
            // Less than all of it: a unit causes a few events at most.
            if self.run_piece(UNITS.min(ahead / 8)) == Stop::Reached {
                return true;
            }
        }
        match target {
            Target::Step(number) => self.session.go_to_step(number),
            Target::Position(position) => self.session.go_to(position),
            Target::End => self.session.settle(),
        }
        self.activity = Activity::Idle;
        if let Some(words) = self.missed(target) {
            self.notice = Some(Notice::fact(words));
        }
        false
    }

    /// What is to be said if the place has not been reached, or does not exist.
    fn missed(&self, target: Target) -> Option<String> {
        let (step, here) = (
            self.session.step_number(),
            self.session.machine().position(),
        );
        let reached = match target {
            Target::End => true,
            Target::Step(number) => step >= number,
            Target::Position(position) if here > position => {
                return Some(format!(
                    "There is no position {position}: this is the first one behind it, {here}."
                ));
            }
            Target::Position(position) => here == position,
        };
        let wanted = target.words();
        let stands = format!("step {}, position {here}", grouped(step));
        match (reached, self.can_go_on()) {
            (true, _) => None,
            (false, false) => Some(format!(
                "The run ends at {stands}: there is no {wanted} in it."
            )),
            (false, true) => Some(format!(
                "This is {stands}: {wanted} lies further ahead. Go on from here."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::Position;

    use super::Target;
    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    fn typed(playground: &mut Playground, text: &str) -> Option<String> {
        playground.update(Action::GoToTyped(text.to_owned()));
        while playground.work(0.0) {}
        View::of(playground).notice.map(|it| it.text.clone())
    }

    #[test]
    fn steps_positions_and_the_end_are_read_as_they_are_shown() {
        assert_eq!(Target::parse(" 71,123 "), Ok(Target::Step(71_123)));
        assert_eq!(Target::parse("End"), Ok(Target::End));
        let position = Position {
            retired: 1024,
            event: 3,
        };
        assert_eq!(Target::parse("1,024.3"), Ok(Target::Position(position)));
        for wrong in [
            "",
            "-1",
            "1.2.3",
            "0x12",
            "1e3",
            "99999999999999999999",
            "½",
        ] {
            let said = Target::parse(wrong).unwrap_err();
            assert!(said.contains("write the number of a step"), "{said}");
        }
    }

    #[test]
    fn a_typed_step_is_the_state_that_stepping_leads_to_in_either_direction() {
        let (mut stepped, mut gone) = (playground(), playground());
        let mut digests = vec![stepped.session().machine().state_digest()];
        for _ in 0..300 {
            stepped.update(Action::Step);
            digests.push(stepped.session().machine().state_digest());
        }
        for step in [300_usize, 7, 299, 0, 42] {
            assert_eq!(typed(&mut gone, &step.to_string()), None);
            assert_eq!(gone.session().machine().state_digest(), digests[step]);
            assert!(!View::of(&gone).run.busy);
        }
    }

    #[test]
    fn a_position_is_gone_to_and_one_that_does_not_exist_leads_behind_it_with_a_sentence() {
        let (mut stepped, mut gone) = (playground(), playground());
        (0..40).for_each(|_| stepped.update(Action::Step));
        let position = stepped.session().machine().position();
        assert_eq!(typed(&mut gone, &position.to_string()), None);
        assert_eq!(gone.session().step_number(), 40);
        let said = typed(&mut gone, "10.99").unwrap();
        assert!(said.starts_with("There is no position 10.99"), "{said}");
        assert_eq!(gone.session().machine().position().retired, 11);
    }

    #[test]
    fn behind_the_end_there_is_a_sentence_and_the_end_is_the_end() {
        let mut playground = playground();
        assert_eq!(typed(&mut playground, "end"), None);
        let end = playground.session().step_number();
        assert!(!playground.can_go_on() && end > 1000);
        assert!(View::of(&playground).log.last().unwrap().now);
        typed(&mut playground, "5");
        for beyond in ["999999999", "999999999.1"] {
            let said = typed(&mut playground, beyond).unwrap();
            assert!(said.starts_with("The run ends at step "), "{said}");
            assert_eq!(playground.session().step_number(), end);
        }
    }

    #[test]
    fn what_is_no_place_is_a_sentence_and_moves_nothing() {
        let mut playground = playground();
        playground.update(Action::Step);
        let said = typed(&mut playground, "nonsense").unwrap();
        assert!(said.starts_with("“nonsense” is no place"), "{said}");
        assert_eq!(playground.session().step_number(), 1);
    }

    #[test]
    fn the_way_to_a_far_step_is_shown_and_can_be_given_up() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        playground.update(Action::GoToTyped("600000".to_owned()));
        assert!(playground.work(0.0));
        assert!(View::of(&playground).run.busy);
        let told = View::of(&playground).caption.text.clone();
        assert!(told.starts_with("Going to step 600,000"), "{told}");
        playground.update(Action::Cancel);
        assert!(!View::of(&playground).run.busy && !playground.is_busy());
        let here = playground.session().step_number();
        assert!(here > 0 && here < 200_000, "{here}");
    }
}
