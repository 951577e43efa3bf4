//! The playground's page: a store over a session, view models, components, and a driver.
//!
//! ```text
//!   session  <-  store (Action -> state)  <-  view (selectors: state -> plain view models)
//!                   ^                              |
//!                   +----------- components  <-----+      driver: frames, files, keys, theme, canvas
//! ```
//! Store and view know no browser and are tested natively. Components are pure: view models come
//! down, actions go up. Only `driver` touches the browser's globals.

pub mod components;
pub mod driver;
mod highlight;
mod later;
mod scroll;
pub mod store;
mod units;
pub mod view;

/// Starts the page in the element `app`.
pub fn start() {
    driver::crash::install();
    driver::bring_trace_and_mount();
}
