// A claim of one port: what the kernel is to look at, so that nobody else need.

/// Drafts a filter for datagrams of UDP to a port of an address: IPv4 without options, and no fragments,
/// so that each field is where it is expected. Whoever gets a packet by it need not look again.
fn draft_udp(sys: &mut Sys, address: u32, port: u32) -> Result<(), SysError> {
    sys.filter_begin();
    sys.filter_u16(12, 0xffff, 0x0800)?;
    sys.filter_u8(14, 0xff, 0x45)?;
    sys.filter_u16(20, 0x3fff, 0)?;
    sys.filter_u8(23, 0xff, 17)?;
    sys.filter_u32(30, 0xffff_ffff, address)?;
    sys.filter_u16(36, 0xffff, port as u16)
}
