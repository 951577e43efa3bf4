use exo_prelude::*;

/// The owner of two message handlers: it binds them, and then hears of payloads that are there already.
///
/// `ash-echo` is bound to port 7 and answers without it. `ash-copy` is bound to port 9 and puts payloads
/// into its pages; told of them, it says how long each is and what it adds up to. Both come with
/// the environment to be downloaded, in this order. What a handler leaves goes into a ring, as if there
/// were no handler, and is only counted here. ARP it answers itself, when it runs.
pub struct AshHost {
    open: bool,
    arp: Ring,
    echo: Ring,
    copy: Ring,
    outbox: Outbox,
    /// The page for both, and those for payloads.
    pages: [Frame; SHARED],
    payloads: u64,
    left: u64,
}

/// Who it is: 10.0.0.32.
const OWN: u32 = 0x0a00_0020;
const OWN_HARDWARE: u64 = 0x0200_0000_0020;
const ECHO_PORT: u32 = 7;
const COPY_PORT: u32 = 9;
/// As in the handler: how far it has written, how far was read, and pages for payloads.
const FILLED: u32 = 0;
const READ: u32 = 4;
const PAYLOADS: u32 = 4;
const SHARED: usize = 5;
const CONTENTS: u32 = 8;
/// Where the pages lie.
const SHARED_PAGE: u32 = 0xf_0300;

impl AshHost {
    /// Nothing is bound yet.
    pub const fn new() -> AshHost {
        AshHost {
            open: false,
            arp: Ring::new(0xf_0100, 2),
            echo: Ring::new(0xf_0110, 2),
            copy: Ring::new(0xf_0120, 2),
            outbox: Outbox::new(0xf_0140),
            pages: [Frame::new(0); SHARED],
            payloads: 0,
            left: 0,
        }
    }

    fn open(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.outbox.open(sys)?;
        draft_udp(sys, OWN, ECHO_PORT)?;
        self.echo.open(sys, Delivery::Notice)?;
        sys.handler_bind(self.echo.filter, 0)?;
        draft_udp(sys, OWN, COPY_PORT)?;
        self.copy.open(sys, Delivery::Notice)?;
        for place in 0..SHARED {
            self.pages[place] = sys.allocate()?;
            sys.handler_frame(self.copy.filter, self.pages[place])?;
        }
        sys.handler_bind(self.copy.filter, 1)?;
        draft_arp(sys, OWN)?;
        self.arp.open(sys, Delivery::Notice)
    }

    fn answer_arp(&mut self, sys: &mut Sys) {
        for _ in 0..2 {
            let Some(buffer) = self.arp.full(sys) else {
                return;
            };
            if arp_operation(sys, buffer) == 1
                && let Some(page) = self.outbox.page(sys)
            {
                write_arp_reply(sys, buffer, page, OWN_HARDWARE);
                self.outbox.send(sys, 42);
            }
            self.arp.give_back(sys, buffer);
        }
    }

    /// Binds one of the pages that are the handler's too. Gives its address.
    fn bind(&self, sys: &mut Sys, place: u32) -> Result<u32, SysError> {
        let frame = self.pages[place as usize];
        sys.tlb_write(SHARED_PAGE + place, frame, Access::ReadWrite)?;
        Ok((SHARED_PAGE + place) * PAGE_BYTES)
    }

    /// Reads the payloads that have come since.
    fn read(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        let both = self.bind(sys, 0)?;
        for _ in 0..PAYLOADS {
            let read = sys.load_u32(both + READ);
            if read == sys.load_u32(both + FILLED) {
                break;
            }
            let page = self.bind(sys, 1 + read % PAYLOADS)?;
            let length = sys.load_u32(page).min(PAGE_BYTES - CONTENTS);
            let sum = fold(sum_of(sys, page + CONTENTS, length));
            log!("{} bytes, whose sum is {}", length, sum);
            sys.store_u32(both + READ, read.wrapping_add(1));
            self.payloads += 1;
        }
        Ok(())
    }
}

/// Counts what a handler has left, and gives it back.
fn drain(ring: &mut Ring, sys: &mut Sys) -> u64 {
    for left in 0..2 {
        let Some(buffer) = ring.full(sys) else {
            return left;
        };
        ring.give_back(sys, buffer);
    }
    2
}

impl LibOs for AshHost {
    /// An application beside it gets memory as it touches it.
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }

    fn slice_began(&mut self, sys: &mut Sys, _position: u32) {
        if !self.open {
            self.open = true;
            if self.open(sys).is_err() {
                log!("I need a network, ash-echo and ash-copy to download, and 27 frames");
            }
        }
    }

    fn packets(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.answer_arp(sys);
        self.left += drain(&mut self.echo, sys) + drain(&mut self.copy, sys);
        self.read(sys)
    }
}
