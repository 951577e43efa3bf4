//! Each invariant notices a machine that breaks it.

use super::*;
use crate::hw::{Disk, DiskTimes, Memory, Replacement, Tlb, TlbConfig, UseStamps};
use crate::ids::{Access, Block, CapabilityId, Contents, Direction, Extent, Object, Page};
use crate::kernel::call::Call;
use crate::kernel::{
    CachedLists, CapabilityRecord, CapabilityTable, ExtentTable, FrameTable, Handler, Loss, Notice,
    Stlb,
};
use crate::machine::{Application, EnvironmentConfig, Machine, MachineConfig};
use crate::rng::Rng;

/// A machine whose environment has bound page 5 to frame 0.
fn bound() -> (Kernel, Hardware) {
    let environment = EnvironmentConfig {
        handler: crate::kernel::Handler::None,
        frame_limit: 4,
        application: Application::Trace(0),
        downloads: vec![],
    };
    let config = MachineConfig {
        frames: 4,
        disk_blocks: 8,
        environments: vec![environment],
        ..MachineConfig::default()
    };
    let machine = Machine::new(config).unwrap();
    let (mut kernel, mut hw) = (machine.kernel().clone(), machine.hardware().clone());
    for (call, arguments) in [(Call::Allocate, [0; 3]), (Call::TlbWrite, [5, 0, 1])] {
        kernel.system_call(&mut hw, call, arguments, 0).0.unwrap();
    }
    all(&kernel, &hw).unwrap();
    (kernel, hw)
}

/// A binding of the first environment for reading, as if it owned the frame.
fn owners(page: u32, frame: u32) -> StlbEntry {
    StlbEntry {
        env: EnvId(0),
        access: Access::Read,
        page: Page(page),
        frame: Frame(frame),
        right: Right::Owner,
    }
}

fn broken(kernel: &Kernel, hw: &Hardware) -> &'static str {
    all(kernel, hw).unwrap_err().invariant
}

/// A machine with a network whose environment has claimed packets, and has frame 0 in its ring.
fn networked() -> (Kernel, Hardware) {
    let environment = EnvironmentConfig {
        handler: Handler::None,
        frame_limit: 4,
        application: Application::Trace(0),
        downloads: vec![],
    };
    let config = MachineConfig {
        frames: 4,
        network: Some(crate::machine::NetworkConfig::default()),
        environments: vec![environment],
        ..MachineConfig::default()
    };
    let machine = Machine::new(config).unwrap();
    let (mut kernel, mut hw) = (machine.kernel().clone(), machine.hardware().clone());
    let calls = [
        (Call::Allocate, [0; 3]),
        (Call::FilterU8, [0, 1, 1]),
        (Call::FilterBind, [0; 3]),
        (Call::RingBuffer, [0; 3]),
    ];
    for (call, arguments) in calls {
        kernel.system_call(&mut hw, call, arguments, 0).0.unwrap();
    }
    all(&kernel, &hw).unwrap();
    (kernel, hw)
}

#[test]
fn a_frame_that_is_owned_and_on_the_free_list_breaks_own_1() {
    let (mut kernel, hw) = bound();
    kernel.frames.corrupt(Frame(1), Some(EnvId(0)));
    assert_eq!(broken(&kernel, &hw), "INV-OWN-1");
}

#[test]
fn a_miscounted_holding_breaks_own_2() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].frames_held = 0;
    assert_eq!(broken(&kernel, &hw), "INV-OWN-2");
}

#[test]
fn an_owner_that_does_not_exist_breaks_own_3() {
    let (mut kernel, hw) = bound();
    kernel.frames.take(Frame(1), EnvId(9), false);
    assert_eq!(broken(&kernel, &hw), "INV-OWN-3");
}

fn capability(frame: u32, access: Access, parent: Option<CapabilityId>) -> CapabilityRecord {
    CapabilityRecord {
        object: Object::Frame(Frame(frame)),
        access,
        maker: EnvId(0),
        parent,
    }
}

#[test]
fn a_capability_for_a_frame_without_an_owner_breaks_cap_1() {
    let (mut kernel, hw) = bound();
    let record = capability(1, Access::Read, None);
    kernel.capabilities.make(record).unwrap();
    assert_eq!(broken(&kernel, &hw), "INV-CAP-1");
}

#[test]
fn a_capability_that_allows_more_than_its_parent_breaks_cap_2() {
    let (mut kernel, hw) = bound();
    let record = capability(0, Access::Read, None);
    let (parent, _) = kernel.capabilities.make(record).unwrap();
    let record = capability(0, Access::ReadWrite, Some(parent));
    kernel.capabilities.make(record).unwrap();
    assert_eq!(broken(&kernel, &hw), "INV-CAP-2");
}

#[test]
fn a_binding_that_rests_on_a_capability_that_has_ended_breaks_cap_3() {
    let (mut kernel, mut hw) = bound();
    let right = Right::Capability(CapabilityId(3));
    let binding = StlbEntry {
        right,
        ..owners(7, 0)
    };
    kernel.install(&mut hw, binding);
    assert_eq!(broken(&kernel, &hw), "INV-CAP-3");
}

#[test]
fn a_tlb_entry_without_authority_breaks_bind_1() {
    let (mut kernel, mut hw) = bound();
    kernel.install(&mut hw, owners(6, 1));
    assert_eq!(broken(&kernel, &hw), "INV-BIND-1");
}

#[test]
fn an_stlb_entry_without_authority_breaks_bind_2() {
    let (mut kernel, hw) = bound();
    kernel.remember(owners(6, 1));
    assert_eq!(broken(&kernel, &hw), "INV-BIND-2");
}

#[test]
fn entries_that_disagree_break_bind_3() {
    let (mut kernel, mut hw) = bound();
    kernel.install(&mut hw, owners(5, 0));
    assert_eq!(broken(&kernel, &hw), "INV-BIND-3");
}

#[test]
fn a_lost_reverse_list_breaks_bind_4() {
    let (mut kernel, hw) = bound();
    kernel.cached.0 = CachedLists::new(4, 64, 4096);
    assert_eq!(broken(&kernel, &hw), "INV-BIND-4");
}

#[test]
fn holding_more_than_the_limit_and_not_being_asked_breaks_rev_1() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].frame_limit = 0;
    assert_eq!(broken(&kernel, &hw), "INV-REV-1");
}

#[test]
fn a_state_that_is_too_large_breaks_lim_1() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].segment.size_bytes = STATE_BYTES_MAX as u32 + 1;
    assert_eq!(broken(&kernel, &hw), "INV-LIM-1");
}

#[test]
fn a_deadline_that_is_noted_nowhere_breaks_rev_1() {
    let (mut kernel, hw) = bound();
    kernel.set_frame_limit(EnvId(0), 0, 7);
    all(&kernel, &hw).unwrap();
    kernel.due_cycles.0 = u64::MAX;
    assert_eq!(broken(&kernel, &hw), "INV-REV-1");
}

#[test]
fn a_loss_that_is_noted_twice_breaks_rev_5() {
    let (mut kernel, hw) = bound();
    let loss = Loss {
        frame: Frame(1),
        contents: Contents::Unchanged,
        saved: None,
    };
    kernel.environments[0].repossessed.losses = vec![loss, loss];
    assert_eq!(broken(&kernel, &hw), "INV-REV-5");
}

#[test]
fn contents_that_are_told_to_be_in_a_block_of_nobody_break_rev_5() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].repossessed.losses = vec![Loss {
        frame: Frame(1),
        contents: Contents::Saved,
        saved: Some((0, Block(0))),
    }];
    assert_eq!(broken(&kernel, &hw), "INV-REV-5");
}

#[test]
fn an_upcall_that_waits_for_nobody_breaks_up_3() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].handler = Handler::None;
    let notice = Notice {
        upcall: Upcall::Revoke,
        arguments: [0; 3],
    };
    assert!(kernel.environments[0].notices.push(notice));
    assert_eq!(broken(&kernel, &hw), "INV-UP-3");
}

#[test]
fn waiting_for_an_answer_that_nobody_asked_for_breaks_call_1() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].phase = Phase::Requesting;
    assert_eq!(broken(&kernel, &hw), "INV-CALL-1");
}

/// A machine as [`bound`] makes it, whose environment has an extent and waits for a transfer from
/// its frame.
fn writing() -> (Kernel, Hardware) {
    use crate::kernel::call::Call;
    let (mut kernel, mut hw) = bound();
    let call = Call::ExtentAllocate;
    let extent = kernel.system_call(&mut hw, call, [4, 0, 0], 0).0.unwrap();
    let call = Call::DiskWrite;
    let requested = kernel.system_call(&mut hw, call, [extent, 0, 0], 0);
    requested.0.unwrap();
    all(&kernel, &hw).unwrap();
    (kernel, hw)
}

#[test]
fn extents_that_overlap_break_own_2() {
    let (mut kernel, hw) = writing();
    let extent = Extent {
        first: Block(3),
        blocks: 2,
    };
    kernel.extents.add(extent, EnvId(0));
    assert_eq!(broken(&kernel, &hw), "INV-OWN-2");
}

#[test]
fn a_capability_that_outlives_its_extent_breaks_cap_1() {
    let (mut kernel, hw) = writing();
    kernel.extents = ExtentTable::new(8, 1);
    assert_eq!(broken(&kernel, &hw), "INV-CAP-1");
}

#[test]
fn a_frame_that_is_free_under_dma_breaks_rev_4() {
    let (mut kernel, hw) = writing();
    kernel.frames.end_transfer(Frame(0), false);
    assert_eq!(broken(&kernel, &hw), "INV-REV-4");
}

#[test]
fn a_binding_of_a_frame_under_dma_breaks_bind_1() {
    let (mut kernel, mut hw) = writing();
    kernel.install(&mut hw, owners(5, 0));
    assert_eq!(broken(&kernel, &hw), "INV-BIND-1");
}

#[test]
fn waiting_for_nothing_breaks_rev_4() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].phase = Phase::Waiting(None);
    assert_eq!(broken(&kernel, &hw), "INV-REV-4");
}

#[test]
fn a_transfer_of_a_block_outside_its_extent_breaks_disk_1() {
    let (mut kernel, mut hw) = writing();
    let (transfer, _) = hw.disk.finish().unwrap();
    let place = (Block(7), transfer.frame);
    hw.disk.request(place, Direction::Write, 0, 0).unwrap();
    assert_eq!(broken(&kernel, &hw), "INV-DISK-1");
    kernel.capabilities.end_all(|_, _| true);
    kernel.extents = ExtentTable::new(8, 1);
    all(&kernel, &hw).unwrap();
}

#[test]
fn a_slice_that_is_left_longer_than_it_is_breaks_sched_1() {
    let (mut kernel, hw) = bound();
    kernel.slice_left = kernel.slices.length + 1;
    assert_eq!(broken(&kernel, &hw), "INV-SCHED-1");
    let (mut kernel, hw) = bound();
    kernel.environments[0].excess_slices = crate::limits::EXCESS_SLICES_MAX + 1;
    assert_eq!(broken(&kernel, &hw), "INV-SCHED-1");
    let (mut kernel, hw) = bound();
    kernel.environments[0].saving = Some(1);
    assert_eq!(broken(&kernel, &hw), "INV-SCHED-1");
}

#[test]
fn a_callee_that_nobody_waits_for_breaks_sched_2() {
    let (mut kernel, hw) = bound();
    kernel.environments[0].phase = Phase::Handling(Upcall::Entered);
    kernel.environments[0].incoming = Some(crate::kernel::Incoming {
        caller: EnvId(0),
        synchronous: true,
        beneath: Phase::Application,
    });
    assert_eq!(broken(&kernel, &hw), "INV-SCHED-2");
    let (mut kernel, hw) = bound();
    kernel.environments[0].phase = Phase::Transferring;
    assert_eq!(broken(&kernel, &hw), "INV-SCHED-2");
}

#[test]
fn an_empty_machine_breaks_nothing() {
    let tlb = TlbConfig {
        sets: 1,
        ways: 1,
        replacement: Replacement::Fifo,
    };
    let hw = Hardware {
        memory: Memory::new(1, 0),
        tlb: Tlb::new(tlb, 1 << 32),
        use_stamps: UseStamps::default(),
        disk: Disk::new(
            0,
            DiskTimes {
                seek_cycles: 0,
                block_cycles: 0,
            },
            None,
        ),
        nic: None,
        rng: Rng::new(0, 0),
    };
    let kernel = Kernel {
        frames: FrameTable::new(1),
        capabilities: CapabilityTable::new(0),
        extents: ExtentTable::new(0, 0),
        network: None,
        stlb: Stlb::new(0),
        cached: crate::derived::Derived(CachedLists::new(1, 1, 0)),
        environments: vec![],
        slices: crate::kernel::Slices::new(vec![], 1),
        running: EnvId(0),
        slice_left: 1,
        urgent: None,
        times: MachineConfig::default().revocation,
        idle_cycles: 0,
        due_cycles: crate::derived::Derived(u64::MAX),
        disk_due_cycles: crate::derived::Derived(None),
        network_due_cycles: crate::derived::Derived(None),
    };
    all(&kernel, &hw).unwrap();
}

#[test]
fn a_frame_of_which_the_device_says_nothing_breaks_nic_1() {
    let (mut kernel, hw) = networked();
    kernel.frames.begin_packet(Frame(0));
    assert_eq!(broken(&kernel, &hw), "INV-NIC-1");
}

#[test]
fn a_filter_to_which_nothing_is_bound_breaks_filt_1() {
    let (mut kernel, hw) = networked();
    kernel.network.as_mut().unwrap().bindings.clear();
    assert_eq!(broken(&kernel, &hw), "INV-FILT-1");
}

#[test]
fn more_packets_that_wait_than_may_break_code_1() {
    let (kernel, mut hw) = networked();
    for _ in 0..=crate::limits::SENDING_MAX {
        let bytes = crate::hw::Source::Copied([0; 60].into());
        hw.nic.as_mut().unwrap().send(0, bytes, 60, 0);
    }
    assert_eq!(broken(&kernel, &hw), "INV-CODE-1");
}

#[test]
fn a_ring_with_a_frame_of_nobody_breaks_code_2() {
    let (mut kernel, hw) = networked();
    let bindings = &mut kernel.network.as_mut().unwrap().bindings;
    bindings.values_mut().for_each(|it| it.ring.push(Frame(2)));
    assert_eq!(broken(&kernel, &hw), "INV-CODE-2");
}
