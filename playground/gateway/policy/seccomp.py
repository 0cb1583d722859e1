"""The system calls that a learner's programs may make: a list of our own, forced on every container, build step and
terminal.

What is not in the tables fails with EPERM, as for a program without rights. The kernel's own checks stay behind it.
Left out is what an unprivileged program seldom needs and what has let many out of their containers: name spaces,
mounts, io_uring, keys, BPF, performance counters, ptrace, userfaultfd, file handles, and sockets of rare families.

Only the machine's own architecture is listed: a call made the 32-bit way ends the program. There, one call
(`socketcall`) is all calls of sockets, and their families could not be told apart.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

ALLOWED: Mapping[str, str] = {
    "files": """
        open openat openat2 creat close close_range read readv pread64 preadv preadv2 write writev pwrite64 pwritev
        pwritev2 lseek sendfile splice tee copy_file_range truncate ftruncate fallocate fsync fdatasync sync syncfs
        sync_file_range readahead fadvise64 flock dup dup2 dup3 fcntl ioctl pipe pipe2 cachestat""",
    "names and attributes": """
        stat lstat fstat newfstatat statx statfs fstatfs access faccessat faccessat2 chmod fchmod fchmodat fchmodat2
        chown fchown lchown fchownat utime utimes utimensat futimesat umask getcwd chdir fchdir getdents getdents64
        mkdir mkdirat rmdir mknod mknodat rename renameat renameat2 link linkat symlink symlinkat readlink readlinkat
        unlink unlinkat getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr
        removexattr lremovexattr fremovexattr""",
    "waiting": """
        poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
        eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime""",
    "memory": """
        brk mmap munmap mprotect mremap madvise msync mincore mlock mlock2 mlockall munlock munlockall memfd_create
        membarrier pkey_alloc pkey_free pkey_mprotect map_shadow_stack mseal""",
    "processes": """
        fork vfork execve execveat exit exit_group wait4 waitid getpid getppid gettid getpgid getpgrp setpgid getsid
        setsid prctl arch_prctl set_tid_address set_robust_list get_robust_list rseq pidfd_open pidfd_send_signal
        getpriority setpriority getrlimit setrlimit prlimit64 getrusage times getcpu ioprio_get ioprio_set sched_yield
        sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler
        sched_get_priority_max sched_get_priority_min sched_rr_get_interval sched_getattr sched_setattr""",
    "threads": "futex futex_waitv futex_wake futex_wait futex_requeue",
    "signals": """
        kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigpending rt_sigqueueinfo rt_tgsigqueueinfo rt_sigreturn
        rt_sigsuspend rt_sigtimedwait sigaltstack pause alarm getitimer setitimer restart_syscall""",
    "time": """
        time gettimeofday nanosleep clock_nanosleep clock_gettime clock_getres timer_create timer_delete
        timer_getoverrun timer_gettime timer_settime""",
    "users": """
        getuid geteuid getgid getegid getresuid getresgid setuid setgid setreuid setregid setresuid setresgid setfsuid
        setfsgid getgroups setgroups capget capset""",
    "sockets, once there is one": """
        bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt sendto sendmsg sendmmsg
        recvfrom recvmsg recvmmsg shutdown""",
    "between processes": """
        shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink
        mq_timedsend mq_timedreceive mq_notify mq_getsetattr""",
    "files, without waiting": "io_setup io_destroy io_getevents io_pgetevents io_submit io_cancel",  # databases do
    "of itself and the machine": "uname sysinfo getrandom seccomp",  # programs that lock themselves in further
}

ENOSYS = 38
# Programs take an older way where the kernel seems not to know a newer one; at EPERM they would give up. clone3 has its
# flags in memory, where no filter can see them. Of inotify the kernel gives all containers, and the machine's root, 128
# together: one learner could take them from everybody.
UNKNOWN = "clone3 statmount listmount inotify_init inotify_init1"

NEW_NAME_SPACES = 0x7E020000  # the CLONE_NEW… flags
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
ANY, ICMP, TCP, UDP, ICMPV6 = 0, 1, 6, 17, 58
ROUTE = 0  # of AF_NETLINK: a program looks at its addresses
# By family: protocols. What may be, and not what may not: the filter compares 64 bits of which the kernel takes 32, so
# "not AF_VSOCK" would let 1 << 32 | AF_VSOCK pass.
SOCKETS: Mapping[int, Sequence[int]] = {
    AF_INET: (ANY, ICMP, TCP, UDP),
    AF_INET6: (ANY, TCP, UDP, ICMPV6),
    AF_NETLINK: (ROUTE,),
}
PERSONALITIES = (0, 0xFFFFFFFF)  # Linux as it is, and the question which it is


def _equal(index: int, value: int) -> dict[str, Any]:
    return {"index": index, "value": value, "op": "SCMP_CMP_EQ"}


def _allow(names: str, *arguments: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"names": sorted(names.split()), "action": "SCMP_ACT_ALLOW"}
    return found | ({"args": list(arguments)} if arguments else {})


def _without_bits(index: int, bits: int) -> dict[str, Any]:
    return {"index": index, "value": bits, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}


def profile() -> dict[str, Any]:
    """As the engine takes it in `SecurityOpt`."""
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [
            _allow(" ".join(ALLOWED.values())),
            _allow("clone", _without_bits(0, NEW_NAME_SPACES)),
            *(_allow("personality", _equal(0, value)) for value in PERSONALITIES),
            _allow("socket socketpair", _equal(0, AF_UNIX)),
            *(
                _allow("socket", _equal(0, family), _equal(2, protocol))
                for family, protocols in SOCKETS.items()
                for protocol in protocols
            ),
            {"names": UNKNOWN.split(), "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS},
        ],
    }


SECURITY_OPT = ("no-new-privileges", f"seccomp={json.dumps(profile(), separators=(',', ':'))}")
