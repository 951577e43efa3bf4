//! A strict reader of RFC 4180: a record ends with CR and LF, a quote encloses a whole field.

/// The records.
///
/// # Panics
/// At the first character that the format does not allow.
pub fn read(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (field, behind) = field(rest);
        record.push(field);
        rest = if let Some(next) = behind.strip_prefix(',') {
            next
        } else if let Some(next) = behind.strip_prefix("\r\n") {
            records.push(std::mem::take(&mut record));
            next
        } else {
            panic!("neither a comma nor the end of a record: {behind:.20?}");
        };
    }
    assert!(record.is_empty(), "the last record has no end");
    let width = records.first().map_or(0, Vec::len);
    assert!(records.iter().all(|it| it.len() == width), "another width");
    records
}

/// The first field, and what is behind it.
fn field(text: &str) -> (String, &str) {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\r', '\n']).unwrap_or(text.len());
        let (field, behind) = text.split_at(end);
        assert!(!field.contains('"'), "a quote within a plain field");
        return (field.to_owned(), behind);
    };
    let mut field = String::new();
    loop {
        let end = rest.find('"').expect("a quote that is never closed");
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None => return (field, rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn fields_are_read_with_their_commas_quotes_and_breaks() {
        let records = read("a,\"b,\"\"c\"\"\r\nd\"\r\n,\r\n");
        assert_eq!(records, [["a", "b,\"c\"\r\nd"], ["", ""]]);
        for wrong in ["a\n", "a,b", "a\"b\r\n", "\"a\"b\r\n", "a\r\nb,c\r\n"] {
            assert!(std::panic::catch_unwind(|| read(wrong)).is_err(), "{wrong}");
        }
    }
}
