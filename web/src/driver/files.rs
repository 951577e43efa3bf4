//! Reads the file of a session or of a program, or a trace or a capture in slices, so that the page stays alive and tells how far
//! it has come.

use exo_session::TraceReader;
use exo_session::saved::FILE_BYTES_MAX;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::focus::modal;
use super::store::Store;
use crate::store::{Action, CAPTURE_MAX, PacketsAction, Playground, has_ending};

/// Bytes of one slice.
const SLICE: u64 = 256 * 1024;
const UNREADABLE: &str = "The browser could not read the file: was it moved or changed meanwhile?";

/// Reads the file, which is the first `of` so many, and opens it, or says why not.
pub(super) fn read(file: File, of: u32, store: Store) {
    spawn_local(async move {
        let name = file.name();
        let refused = store.read(|it| it.refuses_file(&name));
        // A program goes into the editor, which is to be seen.
        let covered = modal().filter(|_| has_ending(&name, ".rs"));
        let covered = covered.map(|_| "Close what lies over the editor first.");
        let read = if let Some(reason) = refused.or(covered) {
            Err(reason.to_owned())
        } else if has_ending(&name, ".toml") {
            let text = text(&file, "a session is a TOML file").await;
            let name = name.clone();
            text.map(|text| Some(Action::OpenText { name, text }))
        } else if has_ending(&name, ".rs") {
            let text = text(&file, "a program is").await;
            let name = name.clone();
            text.map(|text| Some(Action::OpenProgram { name, text }))
        } else if store.read(|it| it.takes_captures(&name)) {
            capture(&file, &name, &store).await
        } else {
            trace(&file, &name, &store).await
        };
        let action = match read {
            Ok(None) => return,
            Ok(Some(read)) => read,
            Err(reason) => Action::TraceFailed { name, reason },
        };
        store.dispatch(action);
        if of > 1 {
            store.dispatch(Action::OfSeveral(of));
        }
    });
}

/// The text of a file.
async fn text(file: &File, what: &str) -> Result<String, String> {
    // One that is longer is told so by its reader.
    let end = (file.size() as u64).min(FILE_BYTES_MAX as u64 + 1);
    let bytes = slice(file, 0, end)
        .await
        .map_err(|_| UNREADABLE.to_owned())?;
    String::from_utf8(bytes).map_err(|_| format!("It is no text: {what} in UTF-8."))
}

/// None if the reading was stopped.
async fn trace(file: &File, name: &str, store: &Store) -> Result<Option<Action>, String> {
    let mut reader = TraceReader::new(store.read_options());
    let size = file.size() as u64;
    let mut at = 0;
    while at < size && !reader.full() {
        let Some(bytes) = next(file, name, at, store).await? else {
            return Ok(None);
        };
        reader.push(&bytes).map_err(|error| error.to_string())?;
        at += SLICE;
    }
    let trace = reader.finish(name).map_err(|error| error.to_string())?;
    Ok(Some(Action::TraceRead(Box::new(trace))))
}

/// None if the reading was stopped.
async fn capture(file: &File, name: &str, store: &Store) -> Result<Option<Action>, String> {
    let size = file.size() as u64;
    if size > CAPTURE_MAX {
        return Err(format!(
            "It has {} MB: the page takes captures of up to {}. `editcap -c` cuts one up; exo net takes 256 MB.",
            size >> 20,
            CAPTURE_MAX >> 20
        ));
    }
    let mut all = Vec::with_capacity(size as usize);
    while (all.len() as u64) < size {
        let Some(bytes) = next(file, name, all.len() as u64, store).await? else {
            return Ok(None);
        };
        all.extend(bytes);
    }
    let read = PacketsAction::Read(name.to_owned(), all.into());
    Ok(Some(Action::Packets(read)))
}

/// The slice that begins there, after telling so; none if the reading was stopped.
async fn next(file: &File, name: &str, at: u64, store: &Store) -> Result<Option<Vec<u8>>, String> {
    let size = file.size() as u64;
    store.dispatch(Action::TraceReading {
        name: name.to_owned(),
        read: at,
        size,
    });
    let bytes = slice(file, at, (at + SLICE).min(size)).await;
    let bytes = bytes.map_err(|_| UNREADABLE.to_owned())?;
    Ok(store.read(Playground::is_reading).then_some(bytes))
}

async fn slice(file: &File, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
    let blob = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
