//! What comes along as files of their own: the trace, which the browser fetches while the program is compiled, and the
//! capture, when it is first wanted.

use exo_session::bring_sample_trace;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use yew::{hook, use_effect_with};

use super::store::Store;
use super::{crash, page};
use crate::store::{Action, PacketsAction};

/// Where it is, beside the page; `index.html` has the browser fetch it early.
const ADDRESS: &str = "./dash.trace";
/// The capture.
const CAPTURE: &str = "sample.pcap";

/// Fetches the trace, then opens the page. Says so where it cannot be had.
pub fn bring_trace_and_mount() {
    spawn_local(async {
        match fetch(ADDRESS).await {
            Ok(packed) => {
                bring_sample_trace(packed);
                page::mount();
            }
            Err(_) => crash::cannot_open(
                "The trace that the page opens with, dash.trace, could not be fetched. What this browser keeps of \
                 your work is still there: reload the page when the connection is there again.",
            ),
        }
    });
}

/// Fetches the capture that comes along when it is wanted, and opens it.
#[hook]
pub(super) fn use_sample_capture(store: &Store, wanted: bool) {
    let store = store.clone();
    use_effect_with(wanted, move |wanted| {
        if *wanted {
            spawn_local(async move {
                let name = CAPTURE.to_owned();
                store.dispatch(match fetch(CAPTURE).await {
                    Ok(bytes) => Action::Packets(PacketsAction::Read(name, bytes.into())),
                    Err(_) => {
                        let reason = "It could not be fetched: show the packets again when the connection is there, \
                                      or open a capture of your own."
                            .to_owned();
                        Action::TraceFailed { name, reason }
                    }
                });
            });
        }
    });
}

async fn fetch(address: &str) -> Result<Vec<u8>, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer = JsFuture::from(window.fetch_with_str(address)).await?;
    let answer: Response = answer.dyn_into()?;
    if !answer.ok() {
        return Err(answer.status_text().into());
    }
    let bytes = JsFuture::from(answer.array_buffer()?).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}
