//! Comparison kernels over the same hardware: a microkernel and a monolithic kernel.
mod parameters;
mod spaces;
pub use parameters::{Mark, PARAMETER_MAX, Parameter, ParameterError, Parameters};
pub use spaces::{MapError, Mapped, Place, SIGMA0, Space, Spaces};
