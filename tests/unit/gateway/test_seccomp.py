"""The list of system calls, as it goes to the engine."""

import json

import pytest

from playground.gateway.policy import seccomp

LEADS_OUT = """
    unshare setns mount umount2 move_mount fsopen fsconfig fsmount open_tree pivot_root chroot mount_setattr
    io_uring_setup io_uring_enter io_uring_register add_key request_key keyctl bpf perf_event_open userfaultfd ptrace
    process_vm_readv process_vm_writev pidfd_getfd kcmp open_by_handle_at name_to_handle_at init_module finit_module
    delete_module kexec_load kexec_file_load reboot swapon swapoff settimeofday clock_settime clock_adjtime adjtimex
    acct quotactl syslog iopl ioperm modify_ldt vmsplice vm86 uselib sethostname setdomainname nfsservctl lookup_dcookie
    fanotify_init mbind move_pages migrate_pages set_mempolicy remap_file_pages socketcall ipc memfd_secret
"""


def test_nothing_that_leads_out_is_in_the_list() -> None:
    allowed = {name for rule in seccomp.profile()["syscalls"] if "ALLOW" in rule["action"] for name in rule["names"]}
    assert not allowed & set(LEADS_OUT.split())
    assert not allowed & set(seccomp.UNKNOWN.split())


def test_no_call_stands_in_two_families() -> None:
    names = [name for family in seccomp.ALLOWED.values() for name in family.split()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["socket", "socketpair", "clone", "personality"])
def test_what_depends_on_its_arguments_is_never_allowed_without_looking_at_them(name: str) -> None:
    rules = [rule for rule in seccomp.profile()["syscalls"] if name in rule["names"]]
    assert rules
    assert all(rule["args"] for rule in rules)


def test_the_engine_is_given_the_list_itself_and_not_a_files_name() -> None:
    no_new_privileges, option = seccomp.SECURITY_OPT
    assert no_new_privileges == "no-new-privileges"
    assert json.loads(option.removeprefix("seccomp=")) == seccomp.profile()
    assert seccomp.profile()["defaultAction"] == "SCMP_ACT_ERRNO"
