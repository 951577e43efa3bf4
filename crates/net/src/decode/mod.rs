//! Frames for people to read: layer by layer what each field says, in which bytes, and what is wrong with it.
//!
//! A frame that is cut off or contradicts itself is read as far as it goes. Nothing that it says is trusted.

mod application;
mod internet;
mod link;
mod transport;

use std::fmt::Display;
use std::ops::Range;

/// A protocol's part of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The protocol's name, or "Data" or "Padding".
    pub name: &'static str,
    /// Its header's bytes, or all of it if nothing follows: as many as are there.
    pub range: Range<usize>,
    /// What it says, in the order of the bytes but for what is wrong, which comes where it is noticed.
    pub fields: Vec<Field>,
}

/// A field of a [`Layer`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the field is called, or "wrong".
    pub name: &'static str,
    /// What it says, in words.
    pub value: String,
    /// Its bytes, counted from the frame's beginning. A field of bits has the bytes that they are in.
    pub range: Range<usize>,
    /// Whether this says what is wrong with the frame.
    pub wrong: bool,
}

/// The layers of an Ethernet frame, the outermost first.
pub fn decode(frame: &[u8]) -> Vec<Layer> {
    Decoder::of(frame).layers
}

/// What a frame is, in a line: its innermost protocol, from where to where, how much, and the first thing
/// that is wrong with it.
pub fn summary(frame: &[u8]) -> String {
    let Decoder { layers, line, .. } = Decoder::of(frame);
    let mut fields = layers.iter().flat_map(|layer| &layer.fields);
    match fields.find(|field| field.wrong) {
        Some(wrong) => format!("{line}; {}", wrong.value),
        None => line,
    }
}

/// Reads a frame, layer by layer.
struct Decoder<'run> {
    frame: &'run [u8],
    /// Where the current layer's contents end, as those around it say: never behind the frame's end.
    end: usize,
    layers: Vec<Layer>,
    /// What the frame is, as the innermost layer so far says.
    line: String,
}

impl<'run> Decoder<'run> {
    fn of(frame: &'run [u8]) -> Decoder<'run> {
        let mut decoder = Decoder {
            frame,
            end: frame.len(),
            layers: Vec::new(),
            line: format!("{} bytes", frame.len()),
        };
        // None says that it went no further, and why is among the fields.
        let _ = decoder.ethernet();
        let read = decoder.layers.last().map_or(0, |layer| layer.range.end);
        decoder.rest("Data", read..decoder.end);
        decoder.rest("Padding", decoder.end..frame.len());
        decoder
    }

    /// Begins a layer with a header of so many bytes; if they are not all there it says so, and that is all.
    fn header(&mut self, name: &'static str, at: usize, bytes: usize) -> Option<()> {
        let range = at..self.end.min(at + bytes).max(at);
        let there = range.len();
        self.layers.push(Layer {
            name,
            range: range.clone(),
            fields: Vec::new(),
        });
        if there < bytes {
            self.line = format!("{name}, cut off");
            self.wrong(
                range,
                format!("the {name} header has at least {bytes} bytes, and {there} are there"),
            );
            return None;
        }
        Some(())
    }

    /// Makes the current layer's header this long; less if it ends before.
    fn lengthen(&mut self, bytes: usize) {
        let end = self.end;
        if let Some(layer) = self.layers.last_mut() {
            layer.range.end = end.min(layer.range.start + bytes);
        }
    }

    /// Adds a field of the current layer.
    fn field(&mut self, name: &'static str, range: Range<usize>, value: impl Display) {
        self.push(name, range, value.to_string(), false);
    }

    /// Adds what is wrong with the current layer.
    fn wrong(&mut self, range: Range<usize>, value: String) {
        self.push("wrong", range, value, true);
    }

    fn push(&mut self, name: &'static str, range: Range<usize>, value: String, wrong: bool) {
        if let Some(layer) = self.layers.last_mut() {
            layer.fields.push(Field {
                name,
                value,
                range,
                wrong,
            });
        }
    }

    /// What nobody here reads: a layer of its own, unless there is nothing.
    fn rest(&mut self, name: &'static str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.layers.push(Layer {
            name,
            range: range.clone(),
            fields: Vec::new(),
        });
        self.field("bytes", range.clone(), range.len());
    }

    /// Says what a checksum is, and what it should be if that differs.
    fn checksum(&mut self, at: usize, said: u16, right: u16) {
        if said == right {
            self.field("checksum", at..at + 2, format!("0x{said:04x}, right"));
        } else {
            self.field("checksum", at..at + 2, format!("0x{said:04x}"));
            let text = format!("the checksum is 0x{said:04x} and should be 0x{right:04x}");
            self.wrong(at..at + 2, text);
        }
    }

    fn bytes(&self, range: Range<usize>) -> Option<&'run [u8]> {
        self.frame.get(..self.end)?.get(range)
    }

    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        let (bytes, _) = self.bytes(at..self.end)?.split_first_chunk()?;
        Some(*bytes)
    }

    fn u8(&self, at: usize) -> Option<u8> {
        self.array(at).map(u8::from_be_bytes)
    }

    fn u16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }
}

/// A number with its name, if it has one.
fn named(number: u32, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{name} ({number})"),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests;
