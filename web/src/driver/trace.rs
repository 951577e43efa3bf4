//! The trace that comes along: a file of its own, which the browser fetches while the program is compiled.

use exo_session::bring_sample_trace;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::{crash, page};

/// Where it is, beside the page; `index.html` has the browser fetch it early.
const ADDRESS: &str = "./dash.trace";

/// Fetches the trace, then opens the page. Says so where it cannot be had.
pub fn bring_trace_and_mount() {
    spawn_local(async {
        match fetch().await {
            Ok(packed) => {
                bring_sample_trace(packed);
                page::mount();
            }
            Err(_) => crash::show(
                "The trace that the page opens with, dash.trace, could not be fetched. Nothing is lost: \
                 reload the page when the connection is there again.",
            ),
        }
    });
}

async fn fetch() -> Result<Vec<u8>, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer = JsFuture::from(window.fetch_with_str(ADDRESS)).await?;
    let answer: Response = answer.dyn_into()?;
    if !answer.ok() {
        return Err(answer.status_text().into());
    }
    let bytes = JsFuture::from(answer.array_buffer()?).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}
