/// The backing store, which there is none of: a page that goes is lost.
///
/// A page that comes back begins anew, all zero. It is right for programs whose pages all fit, for
/// finding out how often they would have to come back, and on a machine without a disk.
pub struct Store {}

impl Store {
    /// Nothing to begin with.
    pub const fn new() -> Store {
        Store {}
    }

    /// `page` is about to lose `frame`, with what it holds.
    pub fn save(&mut self, _sys: &mut Sys, _page: u32, _frame: Frame) -> Result<(), SysError> {
        Ok(())
    }

    /// As `save`, of a page that is known to have been written.
    pub fn write(&mut self, _sys: &mut Sys, _page: u32, _frame: Frame) -> Result<(), SysError> {
        Ok(())
    }

    /// The kernel has taken the frame of `page`, which is lost.
    pub fn taken(
        &mut self,
        _sys: &mut Sys,
        _page: u32,
        _lost: Repossession,
    ) -> Result<(), SysError> {
        Ok(())
    }

    /// `page` is about to have `frame`, and begins anew there.
    pub fn bring(&mut self, _sys: &mut Sys, _page: u32, _frame: Frame) -> Result<(), SysError> {
        Ok(())
    }
}
