//! Links: short, limited, and damaged ones are told.

use exo_core::ids::EnvId;
use exo_session::saved::{
    Form, LINK_CHARS_MAX, LINK_TEXT_BYTES_MAX, LinkError, SavedSession, from_link, is_link, read,
    to_link, write,
};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

use super::{at_its_position, opened, shipped};

#[test]
fn a_starter_lab_with_an_edited_policy_has_a_link_of_less_than_2000_characters() {
    let mut session = opened(shipped("first-light")).session;
    session.run_slice(20_000);
    session.step();
    let fifo = session.source_at(EnvId(0)).to_owned();
    let edited = fifo.replacen("_sys: &mut Sys", "sys: &mut Sys", 1).replace(
        "        let slot = self.hand;\n",
        "        // pass over what was touched since the hand last came by
        while sys.referenced(self.table.frame[self.hand])? {
            sys.clear_referenced(self.table.frame[self.hand])?;
            self.hand = (self.hand + 1) % self.table.used;
        }
        let slot = self.hand;\n",
    );
    assert_ne!(edited, fifo);
    session.apply(EnvId(0), &edited, false).unwrap();
    session.run_slice(100_000);
    session.step();
    let link = to_link(&SavedSession::of(&session, &[])).unwrap();
    assert!(link.len() < 1200, "{} characters", link.len());
    assert!(link.starts_with("#v1.") && is_link(&link));
    let address = format!("https://example.org/playground/{link}");
    let opened = at_its_position(&from_link(&address).unwrap());
    assert_eq!(opened.session.source_at(EnvId(0)), edited);
    assert_eq!(opened.differs(), None);
}

#[test]
fn every_truncation_and_every_changed_character_of_a_link_is_told() {
    let link = to_link(&read(shipped("live-edit")).unwrap().saved).unwrap();
    assert!(from_link(&link).is_ok());
    for length in 0..link.len() {
        assert!(from_link(&link[..length]).is_err(), "cut at {length}");
    }
    for at in 4..link.len() {
        for other in ['A', '_', '.', '#', '=', 'z', ' '] {
            let mut changed: Vec<char> = link.chars().collect();
            if changed[at] == other {
                continue;
            }
            changed[at] = other;
            let changed: String = changed.into_iter().collect();
            if let Ok(read) = from_link(&changed) {
                panic!(
                    "{other:?} at {at} of {} was not noticed: {read:?}",
                    link.len()
                );
            }
        }
    }
}

#[test]
fn a_link_of_a_later_version_and_what_is_no_link_are_told() {
    for (link, says) in [
        ("#v2.abc", "a later playground has made"),
        (
            "#v99999999999999999999999.abc",
            "a later playground has made",
        ),
        ("#v0.abc", "\"v0\", which no playground has made"),
        ("#v1.!!", "damaged on its way"),
        ("#v1.", "damaged on its way"),
        ("#section", "no link"),
        ("", "no link"),
    ] {
        let error = from_link(link).unwrap_err().to_string();
        assert!(error.contains(says), "{link}: {error}");
    }
}

/// A link whose packed text is this.
fn packed(text: &[u8]) -> String {
    use base64::Engine as _;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    let bytes = encoder.finish().unwrap();
    let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    format!("#v1.{encoded}")
}

#[test]
fn a_link_that_would_inflate_without_end_is_stopped_at_its_limit() {
    let bomb = packed(&vec![b' '; 8 << 20]);
    assert!(bomb.len() < LINK_CHARS_MAX, "{}", bomb.len());
    assert_eq!(from_link(&bomb), Err(LinkError::LongText));
    let most = packed(&vec![b'\n'; LINK_TEXT_BYTES_MAX]);
    assert!(matches!(from_link(&most), Err(LinkError::File(_))));
    assert_eq!(from_link(&packed(&[0xff, 0xfe])), Err(LinkError::Damaged));
    let long = format!("#v1.{}", "A".repeat(LINK_CHARS_MAX));
    assert!(matches!(from_link(&long), Err(LinkError::Long { .. })));
}

#[test]
fn a_session_that_is_too_large_for_a_link_is_told_to_be_a_file() {
    let mut saved = read(shipped("first-light")).unwrap().saved;
    let mut noise = exo_core::rng::Rng::new(3, 0);
    saved.notes = (0..4000)
        .map(|_| format!("{:016x}", noise.next_u64()))
        .collect();
    let error = to_link(&saved).unwrap_err();
    assert!(error.to_string().contains("save it as a file"), "{error}");
    assert_eq!(read(&write(&saved, Form::File)).unwrap().saved, saved);
}

#[test]
fn a_link_of_a_sample_that_has_changed_since_opens_with_a_notice() {
    let now = format!("model = {}", exo_core::machine::MODEL_VERSION);
    let head =
        "position = 100\nshipped = \"0123456789abcdef\"\ndigest = \"0123456789abcdef\"\n[machine]";
    let text = shipped("first-light").replace("[machine]", &format!("{now}\n{head}"));
    let read = read(&text).unwrap();
    assert_eq!(read.notices.len(), 1);
    assert!(
        read.notices[0].contains("(fifo, clock) has changed"),
        "{:?}",
        read.notices
    );
    let opened = at_its_position(&read);
    assert!(opened.differs().unwrap().contains("0123456789abcdef"));
    let older = text.replace(&now, "model = 1");
    let older = super::opened(&older);
    assert!(
        older.notices[0].contains("version 1 of the machine"),
        "{:?}",
        older.notices
    );
}
