//! Reads a session's file, or a trace in slices, so that the page stays alive and tells how far it
//! has come.

use exo_session::TraceReader;
use exo_session::saved::FILE_BYTES_MAX;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::store::Store;
use crate::store::{Action, Playground};

/// Bytes of one slice.
const SLICE: u64 = 256 * 1024;
const UNREADABLE: &str = "The browser could not read the file: was it moved or changed meanwhile?";

/// Reads the file and opens it, or says why not.
pub(super) fn read(file: File, store: Store) {
    spawn_local(async move {
        let name = file.name();
        let read = if name.ends_with(".toml") {
            session(&file, &name).await
        } else {
            trace(&file, &name, &store).await
        };
        let action = match read {
            Ok(None) => return,
            Ok(Some(read)) => read,
            Err(reason) => Action::TraceFailed { name, reason },
        };
        store.dispatch(action);
    });
}

async fn session(file: &File, name: &str) -> Result<Option<Action>, String> {
    // One that is longer is told so by its reader.
    let end = (file.size() as u64).min(FILE_BYTES_MAX as u64 + 1);
    let bytes = slice(file, 0, end)
        .await
        .map_err(|_| UNREADABLE.to_owned())?;
    let text = String::from_utf8(bytes)
        .map_err(|_| "It is no text: a session is a TOML file in UTF-8.".to_owned())?;
    Ok(Some(Action::OpenText {
        name: name.to_owned(),
        text,
    }))
}

/// None if the reading was stopped.
async fn trace(file: &File, name: &str, store: &Store) -> Result<Option<Action>, String> {
    let mut reader = TraceReader::new(store.read_options());
    let size = file.size() as u64;
    let mut at = 0;
    while at < size && !reader.full() {
        store.dispatch(Action::TraceReading {
            name: name.to_owned(),
            read: at,
            size,
        });
        let end = (at + SLICE).min(size);
        let bytes = slice(file, at, end)
            .await
            .map_err(|_| UNREADABLE.to_owned())?;
        if !store.read(Playground::is_reading) {
            return Ok(None);
        }
        reader.push(&bytes).map_err(|error| error.to_string())?;
        at = end;
    }
    let trace = reader.finish(name).map_err(|error| error.to_string())?;
    Ok(Some(Action::TraceRead(Box::new(trace))))
}

async fn slice(file: &File, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
    let blob = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
