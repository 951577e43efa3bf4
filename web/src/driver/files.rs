//! Reads a trace file in slices, so that the page stays alive and tells how far it has come.

use exo_session::{ReadOptions, TraceReader};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::store::Store;
use crate::store::Action;

/// Bytes of one slice.
const SLICE: u64 = 256 * 1024;
/// References that the page takes.
const REFERENCES_MAX: u64 = 1_000_000;

/// Reads the file and opens it, or says why not.
pub(super) fn read(file: File, store: Store) {
    spawn_local(async move {
        let name = file.name();
        let action = match trace(&file, &name, &store).await {
            Ok(trace) => trace,
            Err(reason) => Action::TraceFailed { name, reason },
        };
        store.dispatch(action);
    });
}

async fn trace(file: &File, name: &str, store: &Store) -> Result<Action, String> {
    let options = ReadOptions {
        references_max: Some(REFERENCES_MAX),
        ..ReadOptions::default()
    };
    let mut reader = TraceReader::new(options);
    let size = file.size() as u64;
    let mut at = 0;
    while at < size && !reader.full() {
        store.dispatch(Action::TraceReading {
            name: name.to_owned(),
            read: at,
            size,
        });
        let end = (at + SLICE).min(size);
        let bytes = slice(file, at, end).await.map_err(|_| {
            "The browser could not read the file: was it moved or changed meanwhile?".to_owned()
        })?;
        reader.push(&bytes).map_err(|error| error.to_string())?;
        at = end;
    }
    let trace = reader.finish(name).map_err(|error| error.to_string())?;
    Ok(Action::TraceRead(Box::new(trace)))
}

async fn slice(file: &File, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
    let blob = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
