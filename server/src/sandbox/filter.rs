//! What the kernel refuses to commands and porters, whatever their rights: filters of system calls (seccomp).

use std::{collections::BTreeMap, io, os::fd::OwnedFd, sync::LazyLock};

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, sock_filter,
};

use super::descriptors;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// A compiled filter.
#[derive(Debug)]
pub(super) struct Filter(BpfProgram);

/// For commands: no users' name spaces within the sandbox, which would give all capabilities in there, and no keys
/// typed into a terminal. `clone3` is not there for them, because a filter cannot see its flags; programs then use
/// `clone`.
static OF_COMMANDS: LazyLock<Result<Filter, BackendError>> = LazyLock::new(|| {
    let new_user = libc::CLONE_NEWUSER as u64;
    Filter::refusing([
        (libc::SYS_unshare, vec![has_bit(0, new_user)?]),
        (libc::SYS_clone, vec![has_bit(0, new_user)?]),
        (libc::SYS_clone3, Vec::new()),
        (libc::SYS_setns, vec![has_bit(1, new_user)?, equals(1, 0)?]),
        (
            libc::SYS_ioctl,
            vec![equals(1, libc::TIOCSTI)?, equals(1, libc::TIOCLINUX)?],
        ),
    ])
});

/// For porters: they handle files, and nothing else.
static OF_PORTERS: LazyLock<Result<Filter, BackendError>> = LazyLock::new(|| {
    let refused = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_mount,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_keyctl,
        libc::SYS_io_uring_setup,
        libc::SYS_kill,
    ];
    Filter::refusing(refused.map(|number| (number, Vec::new())))
});

impl Filter {
    /// # Errors
    /// On processors that the library does not know.
    pub(super) fn of_commands() -> io::Result<&'static Self> {
        OF_COMMANDS.as_ref().map_err(io::Error::other)
    }

    /// # Errors
    /// As [`Filter::of_commands`].
    pub(super) fn of_porters() -> io::Result<&'static Self> {
        OF_PORTERS.as_ref().map_err(io::Error::other)
    }

    /// Answers the calls that fit a rule as if the kernel did not have them.
    fn refusing(rules: impl IntoIterator<Item = (i64, Vec<SeccompRule>)>) -> Result<Self, BackendError> {
        let filter = SeccompFilter::new(
            Rules::from_iter(rules),
            SeccompAction::Allow,
            SeccompAction::Errno(libc::ENOSYS as u32),
            std::env::consts::ARCH.try_into()?,
        )?;
        let program: BpfProgram = filter.try_into()?;
        Ok(Self(refusing_x32().into_iter().chain(program).collect()))
    }

    /// Puts it over the calling thread for ever, and over what that starts. Only system calls are made.
    ///
    /// # Errors
    /// When the kernel has no such filters.
    pub(super) fn apply(&self) -> io::Result<()> {
        seccompiler::apply_filter(&self.0).map_err(|error| match error {
            seccompiler::Error::Prctl(error) | seccompiler::Error::Seccomp(error) => error,
            _ => io::ErrorKind::Unsupported.into(),
        })
    }

    /// As the kernel reads it, in a file of memory, for bubblewrap.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(super) fn as_file(&self) -> io::Result<OwnedFd> {
        let steps = self.0.iter().flat_map(|step| {
            let [code, k] = [step.code.to_ne_bytes().to_vec(), step.k.to_ne_bytes().to_vec()];
            [code, vec![step.jt, step.jf], k].concat()
        });
        descriptors::in_memory("filter", &steps.collect::<Vec<u8>>())
    }
}

/// The same calls have other numbers for programs of x32, which the kernel may know, and nobody runs.
fn refusing_x32() -> BpfProgram {
    const LOAD_NUMBER: u16 = 0x20;
    const JUMP_IF_AT_LEAST: u16 = 0x35;
    const ANSWER: u16 = 0x06;
    const X32: u32 = 0x4000_0000;
    let step = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    match cfg!(target_arch = "x86_64") {
        true => vec![
            step(LOAD_NUMBER, 0, 0, 0),
            step(JUMP_IF_AT_LEAST, 0, 1, X32),
            step(ANSWER, 0, 0, u32::from(SeccompAction::Errno(libc::ENOSYS as u32))),
        ],
        false => Vec::new(),
    }
}

fn has_bit(argument: u8, bit: u64) -> Result<SeccompRule, BackendError> {
    rule(argument, SeccompCmpOp::MaskedEq(bit), bit)
}

fn equals(argument: u8, value: u64) -> Result<SeccompRule, BackendError> {
    rule(argument, SeccompCmpOp::Eq, value)
}

fn rule(argument: u8, operation: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
    // The kernel looks at the lower half of these arguments alone.
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operation, value)?;
    SeccompRule::new(vec![condition])
}
