//! The applications as rustc compiles them, with a `log!` that keeps its lines.
//!
//! Written out, since a name that a macro brings in does not come before the prelude's.
#![allow(clippy::wildcard_imports, reason = "as in the sources")]
#![allow(clippy::new_without_default, reason = "as in the sources")]

pub mod scan {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/scan.rs");
}

pub mod random_scan {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/random_scan.rs");
}

pub mod list_walk {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/list_walk.rs");
}

pub mod search {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/search.rs");
}

pub mod quicksort {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/quicksort.rs");
}

pub mod matrix {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/matrix.rs");
}

pub mod hash_join {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/hash_join.rs");
}

pub mod collector {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/collector.rs");
}

pub mod primitives {
    use crate::programs::kept_line as log;
    include!("../../../libos-samples/src/applications/primitives.rs");
}
