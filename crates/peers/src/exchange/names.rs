//! Questions to a name server: one datagram there, one back.

use super::{Protocol, Reply, Requests};

/// Questions for the addresses of names.
#[derive(Clone, Debug)]
pub struct Names {
    /// The names, again and again: labels of 1 to 63 bytes with dots between them; never empty.
    pub names: Vec<String>,
    /// The identifier of the first question; each next one is one more.
    pub identifier: u16,
}

/// The bits of the second word that say that this is an answer, and how it went.
const ANSWER: u16 = 0x8000;
const RESULT: u16 = 0x000f;

/// A name's labels, each behind its length, with an empty one at the end.
fn labels(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.').filter(|it| !it.is_empty()) {
        let label = label.as_bytes();
        let label = label.get(..63).unwrap_or(label);
        bytes.push(label.len() as u8);
        bytes.extend(label);
    }
    bytes.push(0);
    bytes
}

impl Names {
    /// What is asked: a name, its address, of the internet.
    fn question(&self, number: u64) -> Vec<u8> {
        let names = self.names.len().max(1) as u64;
        let name = self.names.get((number % names) as usize);
        let mut question = labels(name.map_or("", String::as_str));
        question.extend([0, 1, 0, 1]);
        question
    }
}

impl Protocol for Names {
    fn request(&self, number: u64) -> Vec<u8> {
        let identifier = self.identifier.wrapping_add(number as u16);
        let header = [identifier, 0x0100, 1, 0, 0, 0].map(u16::to_be_bytes);
        [header.as_flattened(), &self.question(number)].concat()
    }

    fn reply(&self, datagram: &[u8], requests: &Requests) -> Reply {
        let Some((header, rest)) = datagram.split_first_chunk::<12>() else {
            return Reply::Wrong;
        };
        let word = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
        let number = u64::from(word(0).wrapping_sub(self.identifier));
        let Some(behind) = requests.sent().checked_sub(number + 1) else {
            return Reply::Wrong;
        };
        let number = number + (behind & !0xffff);
        let (flags, questions, answers) = (word(2), word(4), word(6));
        let answered = flags & ANSWER != 0 && flags & RESULT == 0 && questions == 1 && answers > 0;
        match rest.strip_prefix(&self.question(number)[..]) {
            Some(answers) if answered => requests.reply_to(number, answers.to_vec()),
            _ => Reply::Wrong,
        }
    }
}
