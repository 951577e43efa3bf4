//! What an action is about, for those who keep the work or guard it.

use super::action::Action;
use super::guide::GuideAction;
use super::marks::MarksAction;

impl Action {
    /// Whether it lets something run that might never end: the work is kept first.
    pub fn runs(&self) -> bool {
        !matches!(
            self,
            Action::Edit(_)
                | Action::TypedIntoLocked
                | Action::Check
                | Action::KeptFound { .. }
                | Action::DeclineKept
                | Action::ForgetKept
                | Action::NotKept
                | Action::ReadOnly
                | Action::Guide(_)
                | Action::Look(_)
                | Action::LookAtStep(_)
                | Action::ShowLine { .. }
                | Action::Follow(_)
                | Action::Writing(_)
                | Action::ShowFace(_)
                | Action::SelectEnvironment(_)
                | Action::SelectApplication(_)
                | Action::Compare(_)
                | Action::SelectPanel(_)
                | Action::SetFind(_)
                | Action::OpenFind
                | Action::Zoom { .. }
                | Action::Point
                | Action::Marks(_)
                | Action::CloseFind
                | Action::CloseAnswer
                | Action::Copied(_)
                | Action::CloseShare
                | Action::Packets(_)
                | Action::TraceReading { .. }
                | Action::OfSeveral(_)
                | Action::Dismiss
        )
    }

    /// Whether a reader's hand puts another session in the place of the one that is there: not where the page may
    /// only be read. What its address, its host or a file brings is looked at where it comes in.
    pub fn replaces(&self) -> bool {
        matches!(
            self,
            Action::OpenScenario(_) | Action::OpenKept(_) | Action::UndoChange
        )
    }

    /// Whether what was in an editor is a version of its own from now on: it is applied, or another
    /// text takes its place.
    pub fn ends_a_version(&self) -> bool {
        let stays = matches!(
            self,
            Action::Edit(_) | Action::Run { .. } | Action::SetFrameLimit { .. } | Action::Marks(_)
        );
        self.changes() && !stays
    }

    /// Whether it would change a policy's text or the run of the machine: not where the page may only
    /// be read.
    pub fn changes(&self) -> bool {
        matches!(
            self,
            Action::Edit(_)
                | Action::Format
                | Action::LoadSample(_)
                | Action::ExchangeTable(_)
                | Action::LoadOriginal
                | Action::LoadRunning
                | Action::UndoLoad
                | Action::TakeVersion(_)
                | Action::OpenProgram { .. }
                | Action::Apply { .. }
                | Action::Run { .. }
                | Action::SetFrameLimit { .. }
                | Action::Guide(GuideAction::PutLines)
                | Action::Marks(MarksAction::Note(_) | MarksAction::Forget(_))
        )
    }
}
