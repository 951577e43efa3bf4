//! The packets of the machine at hand: collected up to where the session stands, whenever they are looked at.

use exo_core::event::{Event, NetworkFact};
use exo_core::ids::Position;
use exo_session::network::{PacketLog, Passed};
use exo_session::why::Thing;

use super::PacketSource;
use crate::store::playground::Playground;
use crate::store::work::Activity;
use crate::view::touched_by;

/// The most packets that the page collects.
pub const COLLECTED_MAX: usize = 20_000;
/// Steps that are left to be looked through if that is told: fewer take no time.
const TOLD: u64 = 5_000;
/// How often a run that is under way is followed, in milliseconds.
const FOLLOWED_MS: f64 = 250.0;

/// What is known of the machine's packets.
#[derive(Debug, Default)]
pub struct Live {
    /// The packets.
    pub log: PacketLog,
    /// The row that was chosen; the last one up to this step if none was.
    pub chosen: Option<usize>,
    /// The first row that is shown.
    pub first: usize,
    /// Where the session stood when collecting was stopped by hand.
    stopped: Option<Position>,
    /// When a run was followed last.
    followed: Option<f64>,
}

impl Live {
    /// Packets that had passed by a step.
    pub fn passed_by(&self, step: u64) -> usize {
        self.log.packets().partition_point(|it| it.step <= step)
    }

    /// The row that is looked at, where the session stands at that step.
    pub fn selected(&self, step: u64) -> usize {
        let last = self.log.packets().len().saturating_sub(1);
        let newest = self.passed_by(step).saturating_sub(1);
        self.chosen.unwrap_or(newest).min(last)
    }

    /// That packet; none if there is none.
    pub fn packet(&self, step: u64) -> Option<&Passed> {
        self.log.packets().get(self.selected(step))
    }

    /// Looks at a row. From the last one up to that step on, what is newest is followed.
    pub(super) fn select(&mut self, row: usize, step: u64) {
        let newest = self.passed_by(step).saturating_sub(1);
        self.chosen = (row != newest).then_some(row);
    }

    /// Whether no more packets are collected.
    pub fn is_full(&self) -> bool {
        self.log.packets().len() >= COLLECTED_MAX
    }
}

impl Playground {
    /// Looks at the frame in which the chosen packet lies or lay, or else at whose it is.
    pub(super) fn look_at_packet(&mut self, step: u64) {
        let packet = self.packets.live.packet(step);
        let sender = packet.and_then(|it| it.sender).map(Thing::Environment);
        let told = packet.map_or(&[][..], |it| &it.told).iter().rev();
        let frame = told.clone().find_map(|it| touched_by(&it.event).frame);
        let mut told = told.map(|it| it.event);
        let owner = told.find_map(|it| match it {
            Event::Network {
                env,
                fact: NetworkFact::Claimed { .. },
            } => Some(Thing::Environment(env)),
            _ => None,
        });
        self.look(frame.map(Thing::Frame).or(sender).or(owner));
    }

    /// Whether the machine has a network.
    pub(crate) fn has_network(&self) -> bool {
        self.session.machine().hardware().nic.is_some()
    }

    /// Whose packets are looked at: the machine's, if it has a network and nothing else was chosen.
    pub(crate) fn packet_source(&self) -> PacketSource {
        match self.packets.source {
            Some(PacketSource::Capture) => PacketSource::Capture,
            _ if self.has_network() => PacketSource::Machine,
            _ => PacketSource::Capture,
        }
    }

    fn follows_packets(&self) -> bool {
        let live = &self.packets.live;
        let shown = self.packets.open && self.packet_source() == PacketSource::Machine;
        shown && !live.is_full() && !live.log.reaches(&self.session)
    }

    /// Sets out to collect what has passed since, if that is looked at and nothing else is under way.
    pub(in crate::store) fn follow_packets(&mut self) {
        let here = Some(self.session.machine().position());
        let idle = self.activity == Activity::Idle && !self.reading;
        if idle && self.packets.live.stopped != here && self.follows_packets() {
            self.activity = Activity::Following;
        }
    }

    /// Collects some more packets; the session stays where it stands. True if there are more.
    pub(in crate::store) fn collect_packets(&mut self) -> bool {
        let here = self.session.machine().position();
        let live = &mut self.packets.live;
        let more = live.log.advance(&mut self.session, here) && !live.is_full();
        self.session.go_to(here);
        if !more && self.activity == Activity::Following {
            self.activity = Activity::Idle;
        }
        more
    }

    /// While something runs, `now` being the driver's clock: collects some of what has passed, now and then.
    pub(crate) fn follow_run(&mut self, now: f64) {
        let live = &mut self.packets.live;
        let due = live
            .followed
            .is_none_or(|last| (now - last).abs() >= FOLLOWED_MS);
        if due && self.follows_packets() {
            self.packets.live.followed = Some(now);
            self.collect_packets();
        }
    }

    /// Collects no more until the session moves.
    pub(in crate::store) fn stop_following(&mut self) {
        self.packets.live.stopped = Some(self.session.machine().position());
    }

    /// The run has become another one behind this step.
    pub(in crate::store) fn cut_packets(&mut self) {
        self.packets.live.log.cut(&self.session);
    }

    /// Another session has taken the place of the one whose packets these are.
    pub(in crate::store) fn forget_packets(&mut self) {
        self.packets.live = Live::default();
    }

    /// How far collecting has come, in steps, and how far it is to go; none if it is not under way, or as good as done.
    pub(crate) fn followed(&self) -> Option<(u64, u64)> {
        let (done, all) = (self.packets.live.log.step(), self.session.step_number());
        let told = self.activity == Activity::Following && all.saturating_sub(done) > TOLD;
        told.then_some((done, all))
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use crate::store::{Action, PacketSource, PacketsAction, Playground, Target};
    use crate::view::tests::settled;

    /// The page on a scenario with a network, at the end of its run, with its packets shown.
    fn shown(name: &'static str) -> Playground {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::OpenScenario(name));
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, Action::Packets(PacketsAction::Show(true)));
        playground
    }

    fn collected(playground: &Playground) -> usize {
        playground.packets().live.log.packets().len()
    }

    #[test]
    fn the_machines_packets_are_collected_in_pieces_and_the_run_stays_where_it_is() {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::OpenScenario("network-lossy"));
        settled(&mut playground, Action::GoTo(Target::End));
        let here = playground.session().machine().state_digest();
        playground.update(Action::Packets(PacketsAction::Show(true)));
        assert_eq!(playground.followed().map(|it| it.0), Some(0));
        let mut pieces = 0;
        while playground.is_busy() {
            assert!(playground.followed().is_none_or(|(done, all)| done < all));
            playground.work(0.0);
            assert_eq!(playground.session().machine().state_digest(), here);
            pieces += 1;
        }
        assert!(pieces > 3 && collected(&playground) > 300, "{pieces}");
    }

    #[test]
    fn packets_follow_steps_and_runs_and_stay_where_one_goes_back() {
        let mut playground = shown("network-ping");
        let all = collected(&playground);
        settled(&mut playground, Action::Reset);
        assert_eq!(collected(&playground), all);
        let live = &playground.packets().live;
        assert_eq!((live.passed_by(0), live.selected(0)), (0, 0));
        // In another session they are collected as it goes.
        settled(&mut playground, Action::OpenScenario("network-ping"));
        assert_eq!(collected(&playground), 0);
        settled(&mut playground, Action::NextPacket);
        settled(&mut playground, Action::NextPacket);
        assert_eq!(collected(&playground), 1);
        playground.update(Action::SetSpeed(crate::store::Speed::Thousand));
        playground.update(Action::ToggleRun);
        let mut now = 0.0;
        let mut on_the_way = 0;
        while playground.is_busy() {
            now += 16.0;
            playground.work(now);
            if playground.activity.is_run() {
                on_the_way = on_the_way.max(collected(&playground));
            }
        }
        assert_eq!(collected(&playground), all);
        assert!(on_the_way > 1, "{on_the_way}");
    }

    #[test]
    fn an_apply_in_the_past_takes_packets_of_the_future_away_and_undoing_it_brings_others() {
        let mut playground = shown("network-ping");
        let all = collected(&playground);
        let middle = playground.session().step_number() / 2;
        settled(&mut playground, Action::GoTo(Target::Step(middle)));
        let passed = playground.packets().live.passed_by(middle);
        let limit = Action::SetFrameLimit {
            env: EnvId(0),
            frames: 39,
        };
        settled(&mut playground, limit);
        assert!(passed < all);
        assert_eq!(collected(&playground), passed);
        settled(&mut playground, Action::GoTo(Target::End));
        assert!(collected(&playground) >= passed);
    }

    #[test]
    fn collecting_can_be_stopped_and_a_capture_is_looked_at_beside() {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::OpenScenario("network-lossy"));
        settled(&mut playground, Action::GoTo(Target::End));
        playground.update(Action::Packets(PacketsAction::Show(true)));
        playground.work(0.0);
        playground.update(Action::Cancel);
        assert!(!playground.is_busy());
        let some = collected(&playground);
        let capture = PacketsAction::Source(PacketSource::Capture);
        settled(&mut playground, Action::Packets(capture));
        settled(&mut playground, Action::StepBack);
        assert_eq!(collected(&playground), some);
        let machine = PacketsAction::Source(PacketSource::Machine);
        settled(&mut playground, Action::Packets(machine));
        assert!(collected(&playground) > some);
    }

    #[test]
    fn what_passed_can_be_looked_at_through_filters_of_ones_own() {
        let mut playground = shown("network-ping");
        let all = collected(&playground);
        let here = playground.session().machine().state_digest();
        settled(&mut playground, Action::Packets(PacketsAction::Try));
        let packets = playground.packets();
        assert_eq!(packets.capture.packets.len(), all);
        assert_eq!(playground.packet_source(), PacketSource::Capture);
        assert_eq!(playground.session().machine().state_digest(), here);
    }

    #[test]
    fn a_machine_that_only_waits_for_packets_can_go_on() {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::OpenScenario("network-ping"));
        settled(&mut playground, Action::NextPacket);
        let mut steps = 0;
        while playground.can_go_on() {
            playground.update(Action::Step);
            steps += 1;
        }
        let last = playground.session().step_number();
        assert!(steps > 300, "{steps}");
        settled(&mut playground, Action::GoTo(Target::End));
        assert_eq!(playground.session().step_number(), last);
    }
}
