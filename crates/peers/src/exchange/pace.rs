//! When requests are sent, sent again and given up, and how they got on.

use std::collections::BTreeMap;

use super::Reply;
use crate::peer::{Outcome, Report, hash_on};

/// How requests follow each other. All times are in cycles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// When the first one is sent.
    pub start: u64,
    /// How many there are.
    pub count: u64,
    /// How long after one the next is sent; `None`: when it has its reply or is given up.
    pub interval: Option<u64>,
    /// How long a reply is waited for.
    pub timeout: u64,
    /// How often each is sent at most.
    pub tries: u32,
}

/// The requests of one task.
#[derive(Clone, Debug)]
pub struct Requests {
    pace: Pace,
    /// Those that wait for a reply, by number.
    waiting: BTreeMap<u64, Waiting>,
    /// When the next new one may be sent; `None` if that is beyond all times.
    next: Option<u64>,
    given_up: u64,
    report: Report,
}

/// A request without a reply.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    sent_first: u64,
    /// `None` if that is beyond all times.
    given_up_at: Option<u64>,
    tries: u32,
}

impl Requests {
    /// None sent yet; `name` is the report's.
    pub fn new(pace: Pace, name: String) -> Requests {
        Requests {
            next: Some(pace.start),
            pace,
            waiting: BTreeMap::new(),
            given_up: 0,
            report: Report::new(name),
        }
    }

    /// The number of a request that is to be sent at this moment, as long as there is one.
    pub fn due(&mut self, at: u64) -> Option<u64> {
        let (timeout, tries_max) = (self.pace.timeout, self.pace.tries);
        loop {
            let mut late = self.waiting.iter_mut();
            let late = late.find(|(_, it)| it.given_up_at.is_some_and(|late| late <= at));
            let Some((number, waiting)) = late else { break };
            let number = *number;
            if waiting.tries < tries_max {
                waiting.tries += 1;
                waiting.given_up_at = at.checked_add(timeout);
                self.report.sent_again += 1;
                return Some(number);
            }
            self.waiting.remove(&number);
            self.given_up += 1;
        }
        if self.next_new()? > at {
            return None;
        }
        let number = self.report.sent;
        self.report.sent += 1;
        self.next = match self.pace.interval {
            Some(interval) => self.next.and_then(|it| it.checked_add(interval)),
            None => Some(at),
        };
        let waiting = Waiting {
            sent_first: at,
            given_up_at: at.checked_add(timeout),
            tries: 1,
        };
        self.waiting.insert(number, waiting);
        Some(number)
    }

    /// When a new request is sent, unless that waits for a reply or all were sent.
    fn next_new(&self) -> Option<u64> {
        let free = self.pace.interval.is_some() || self.waiting.is_empty();
        let left = self.report.sent < self.pace.count;
        self.next.filter(|_| free && left)
    }

    /// When a request is next sent or given up.
    pub fn due_cycles(&self) -> Option<u64> {
        let late = self.waiting.values().filter_map(|it| it.given_up_at);
        late.chain(self.next_new()).min()
    }

    /// How many requests were sent: their numbers are below this.
    pub fn sent(&self) -> u64 {
        self.report.sent
    }

    /// What a right reply to a request, which has been sent, is.
    pub fn reply_to(&self, number: u64, contents: Vec<u8>) -> Reply {
        if self.waiting.contains_key(&number) {
            Reply::To(number, contents)
        } else {
            Reply::Repeated
        }
    }

    /// Notes what a datagram that came at this moment says.
    pub fn take(&mut self, reply: Reply, at: u64) {
        match reply {
            Reply::To(number, contents) => self.answered(number, at, &contents),
            Reply::Repeated => self.report.repeated += 1,
            Reply::Wrong => self.report.wrong += 1,
            Reply::Other => {}
        }
    }

    /// A right reply came to a request; unless it has one, its contents count.
    fn answered(&mut self, number: u64, at: u64, contents: &[u8]) {
        let Some(waiting) = self.waiting.remove(&number) else {
            self.report.repeated += 1;
            return;
        };
        let report = &mut self.report;
        report.replies += 1;
        report.bytes += contents.len() as u64;
        report.hash = hash_on(report.hash, contents);
        report
            .round_trips
            .add(at.saturating_sub(waiting.sent_first));
    }

    /// Whether all were sent and none waits for a reply.
    pub fn is_done(&self) -> bool {
        self.report.sent == self.pace.count && self.waiting.is_empty()
    }

    /// How they got on.
    pub fn report(&self) -> Report {
        let mut report = self.report.clone();
        report.outcome = match (self.is_done(), self.given_up, report.wrong) {
            (false, ..) => Outcome::Running,
            (true, 0, 0) => Outcome::Finished,
            (true, lost, 0) => {
                Outcome::Failed(format!("{lost} of {} requests had no reply", report.sent))
            }
            (true, 0, wrong) => Outcome::Failed(format!("{wrong} replies were wrong")),
            (true, lost, wrong) => Outcome::Failed(format!(
                "{lost} of {} requests had no reply, and {wrong} replies were wrong",
                report.sent
            )),
        };
        report
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, Requests};
    use crate::peer::Outcome;

    fn requests(count: u64, interval: Option<u64>, tries: u32) -> Requests {
        let pace = Pace {
            start: 100,
            count,
            interval,
            timeout: 50,
            tries,
        };
        Requests::new(pace, "test".to_owned())
    }

    #[test]
    fn without_an_interval_a_request_waits_for_the_reply_to_the_one_before() {
        let mut it = requests(2, None, 1);
        assert_eq!((it.due_cycles(), it.due(99)), (Some(100), None));
        assert_eq!((it.due(100), it.due(100)), (Some(0), None));
        assert_eq!(it.due_cycles(), Some(150));
        it.answered(0, 130, b"abc");
        assert_eq!((it.due_cycles(), it.due(130)), (Some(100), Some(1)));
        it.answered(1, 140, b"d");
        assert_eq!(it.due_cycles(), None);
        let report = it.report();
        assert_eq!(report.outcome, Outcome::Finished);
        assert_eq!((report.sent, report.replies, report.bytes), (2, 2, 4));
        assert_eq!((report.round_trips.min, report.round_trips.max), (10, 30));
    }

    #[test]
    fn with_an_interval_requests_go_out_whether_or_not_there_are_replies() {
        let mut it = requests(3, Some(20), 1);
        assert_eq!((it.due(100), it.due(100)), (Some(0), None));
        assert_eq!((it.due(120), it.due(141)), (Some(1), Some(2)));
        it.answered(1, 145, b"");
        assert_eq!(it.due_cycles(), Some(150));
        assert_eq!((it.due(150), it.due(191)), (None, None));
        let why = "2 of 3 requests had no reply".to_owned();
        assert_eq!(it.report().outcome, Outcome::Failed(why));
    }

    #[test]
    fn a_request_is_sent_as_often_as_it_may_be_and_a_second_reply_is_one_too_many() {
        let mut it = requests(1, None, 3);
        assert_eq!(
            (it.due(100), it.due(150), it.due(200)),
            (Some(0), Some(0), Some(0))
        );
        it.answered(0, 210, b"x");
        it.answered(0, 211, b"x");
        let report = it.report();
        assert_eq!((report.sent, report.sent_again), (1, 2));
        assert_eq!((report.replies, report.repeated, report.bytes), (1, 1, 1));
        assert_eq!(report.round_trips.max, 110);
        assert_eq!(it.due(300), None);
    }
}
