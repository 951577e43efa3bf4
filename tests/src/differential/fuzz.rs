//! Hostile sources and hostile bytecode: an answer each time, and never more than they are worth.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use exo_core::cpu::Program as Code;
use exo_core::rng::Rng;
use exo_core::verify::verify;
use exo_libos_samples::SAMPLES;

use super::generate::{self, Size};
use super::{mutate, ours};

/// Stack of the thread that compiles: what a browser gives a module.
const STACK_BYTES: usize = 1 << 20;
/// Most instructions for each byte of a source, and some to begin with.
const CODE_PER_BYTE: usize = 4;
/// Most bytes of messages for each byte of a source, and some to begin with.
const WORDS_PER_BYTE: usize = 300;
/// Instructions for which hostile bytecode is run.
const FUEL: u64 = 3_000;

/// What became of a number of hostile inputs.
#[derive(Default)]
pub struct Answers {
    /// How many of each answer; the shortest input that got it.
    pub kinds: BTreeMap<String, (u32, Vec<u8>)>,
    /// Answers that should not be.
    pub defects: Vec<String>,
}

impl Answers {
    /// Adds what became of others.
    pub fn add(&mut self, other: Answers) {
        for (kind, (count, input)) in other.kinds {
            self.note(kind, count, input);
        }
        self.defects.extend(other.defects);
    }

    fn note(&mut self, kind: String, count: u32, input: Vec<u8>) {
        let known = self.kinds.entry(kind).or_insert((0, input.clone()));
        known.0 += count;
        if input.len() < known.1.len() {
            known.1 = input;
        }
    }
}

/// The files of a part of the corpus, in order of name.
///
/// # Panics
/// If the corpus cannot be read.
pub fn corpus(part: &str) -> Vec<(String, String)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(part);
    let listed = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{directory:?}: {error}"));
    let mut files: Vec<(String, String)> = listed
        .map(|file| {
            let path = file.expect("a file of the corpus").path();
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(&path).expect("a text of the corpus");
            (name, text)
        })
        .collect();
    files.sort();
    files
}

/// Compiles a source; the answer in a few words, and what is wrong with it.
pub fn compile(source: &str) -> (String, Option<String>) {
    let room = 4096 + source.len();
    match exo_policy::compile(source) {
        Ok(code) => {
            let defect = (code.code.len() > room * CODE_PER_BYTE)
                .then(|| format!("{} instructions", code.code.len()))
                .or_else(|| verify(&code).err().map(|refusal| refusal.to_string()));
            ("compiled".to_string(), defect)
        }
        Err(errors) => {
            let words: usize = errors.iter().map(|error| error.to_string().len()).sum();
            let lines = source.lines().count() as u32 + 1;
            let outside = errors.iter().find(|error| error.place.line > lines);
            let defect = match (errors.is_empty(), outside) {
                (true, _) => Some("refused without a reason".to_string()),
                (_, Some(error)) => Some(format!("an error behind the end: {error}")),
                _ if words > room * WORDS_PER_BYTE => Some(format!("{words} bytes of messages")),
                _ => None,
            };
            ("refused".to_string(), defect)
        }
    }
}

/// Compiles sources that come of the samples, the corpus and generated programs by changes.
///
/// # Panics
/// If the compiler does, or if it needs more stack than a browser has.
pub fn sources(seed: u64, indices: &[u32]) -> Answers {
    let indices = indices.to_vec();
    let work = move || {
        let mut bases: Vec<String> = SAMPLES.iter().map(|it| it.source.to_string()).collect();
        for part in ["accepted", "refused", "refused_by_us_alone"] {
            bases.extend(corpus(part).into_iter().map(|(_, text)| text));
        }
        let mut answers = Answers::default();
        for index in indices {
            let source = hostile_source(seed, index, &bases);
            let (kind, defect) = compile(&source);
            if let Some(defect) = defect {
                answers
                    .defects
                    .push(format!("source {index}: {defect}\n{source}"));
            }
            answers.note(kind, 1, Vec::new());
        }
        answers
    };
    let thread = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(work);
    thread.expect("a thread").join().expect("no panic")
}

/// The hostile source of that seed and index.
pub fn hostile_source(seed: u64, index: u32, bases: &[String]) -> String {
    let mut rng = Rng::new(seed, u64::from(index) | 1 << 42);
    let mut source = match rng.below(3) {
        0 => generate::program(seed, index, 0, None, Size::Small).source,
        _ => bases[rng.below(bases.len() as u32) as usize].clone(),
    };
    for _ in 0..=rng.below(4) {
        source = match rng.below(4) {
            0 => mutate::bytes(&mut rng, &source),
            _ => mutate::token(&mut rng, &source),
        };
    }
    source
}

/// Reads, verifies and runs bytecode that comes of compiled programs by changes.
pub fn bytecode(seed: u64, indices: &[u32]) -> Answers {
    let mut bases: Vec<Vec<u8>> = Vec::new();
    for index in 0..20 {
        let program = generate::program(seed, index, 0, None, Size::Small);
        let code = exo_policy::compile(&program.source);
        bases.extend(code.ok().map(|code| code.to_bytes()));
    }
    for sample in SAMPLES {
        let code = exo_policy::compile(sample.source);
        bases.extend(code.ok().map(|mut code| {
            // Its tables are zeros, which are nothing to change.
            code.initial_state.truncate(4096);
            code.fields.clear();
            code.to_bytes()
        }));
    }
    bases.extend(corpus("bytecode").iter().map(|(_, text)| from_hex(text)));
    let mut answers = Answers::default();
    for index in indices {
        let mut rng = Rng::new(seed, u64::from(*index) | 1 << 43);
        let base = &bases[rng.below(bases.len() as u32) as usize];
        let bytes = hostile_bytes(&mut rng, base);
        let (kind, defect) = run(*index, &bytes);
        if let Some(defect) = defect {
            let shown = to_hex(&bytes);
            answers
                .defects
                .push(format!("bytecode {index}: {defect}\n{shown}"));
        }
        answers.note(kind, 1, bytes);
    }
    answers
}

fn hostile_bytes(rng: &mut Rng, base: &[u8]) -> Vec<u8> {
    let mut bytes = base.to_vec();
    for _ in 0..=rng.below(3) {
        // Half of the changes are near the beginning, where the code is.
        let end = match rng.below(2) {
            0 => bytes.len().min(600),
            _ => bytes.len(),
        };
        let at = rng.below(end as u32) as usize;
        let Some(byte) = bytes.get_mut(at) else { break };
        match rng.below(8) {
            0 => *byte = rng.next_u64() as u8,
            1 => *byte ^= 1 << rng.below(8),
            2 => *byte = byte.wrapping_add(1),
            3 => *byte = byte.wrapping_sub(1),
            4 => *byte = [0, 1, 0x7f, 0x80, 0xff][rng.below(5) as usize],
            5 => {
                let from = rng.below(end as u32) as usize;
                let part = bytes
                    .get(from..from + 8)
                    .map(<[u8]>::to_vec)
                    .unwrap_or_default();
                let place = bytes.iter_mut().skip(at);
                place.zip(part).for_each(|(place, byte)| *place = byte);
            }
            6 if rng.below(8) == 0 => bytes.truncate(at),
            _ => *byte = rng.below(60) as u8,
        }
    }
    bytes
}

/// What becomes of bytes that may be a program, and what is wrong with that.
pub fn run(index: u32, bytes: &[u8]) -> (String, Option<String>) {
    let code = match Code::from_bytes(bytes) {
        Ok(code) => code,
        Err(error) => return (format!("unread: {}", error.expected), None),
    };
    if code.to_bytes() != bytes {
        let defect = "read back from its own bytes, it is another";
        return ("read".to_string(), Some(defect.to_string()));
    }
    let straight = ours::run_for(index, &code, u64::MAX, FUEL);
    let stepped = ours::run_for(index, &code, 1, FUEL);
    if straight != stepped {
        let defect = "stopped after every instruction, it does something else";
        return ("run".to_string(), Some(defect.to_string()));
    }
    match verify(&code) {
        Err(refusal) => (format!("refused: {}", refusal.flaw), None),
        Ok(_) if straight.text.contains("BadCode") => {
            let defect = "verified, and yet it has an instruction that does not exist";
            ("verified".to_string(), Some(defect.to_string()))
        }
        Ok(_) => ("verified".to_string(), None),
    }
}

/// The name of a file of the corpus whose answer is `kind`.
pub fn file_name(kind: &str) -> String {
    let words: Vec<&str> = kind.split_whitespace().collect();
    let name = words.join("-");
    name.replace(|it: char| !it.is_alphanumeric() && it != '-', "")
}

/// Bytes as text: 32 of them a line.
pub fn to_hex(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        digits + "\n"
    };
    bytes.chunks(32).map(line).collect()
}

/// Bytes from text; what is no digit is passed over.
pub fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|it| it.to_digit(16))
        .map(|it| it as u8)
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
