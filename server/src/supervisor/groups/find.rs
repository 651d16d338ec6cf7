//! Where this process may make groups, as /proc tells it.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Component, Path, PathBuf},
};

/// What the kernel keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Controller {
    /// Memory of all processes together, and their cache of files.
    Memory,
    /// Processor time.
    Cpu,
    /// Number of processes and threads.
    Pids,
}

impl Controller {
    pub(crate) const ALL: [Self; 3] = [Self::Memory, Self::Cpu, Self::Pids];

    /// The kernel's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Cpu => "cpu",
            Self::Pids => "pids",
        }
    }
}

/// Of control groups: a tree for each controller, or one for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

/// A group in which groups can be made for a controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parent {
    pub(super) controller: Controller,
    pub(super) version: Version,
    pub(super) folder: PathBuf,
    /// The group of this process itself.
    pub(super) own: PathBuf,
}

/// The groups for this process to make others in, one for each controller at most. With version 2 controllers are
/// enabled where that is the server's to do.
pub(super) fn parents() -> Vec<Parent> {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    parents_in(&read("/proc/self/mountinfo"), &read("/proc/self/cgroup"), is_delegated)
}

fn parents_in(mounts: &str, own: &str, is_delegated: impl Fn(&Path) -> bool) -> Vec<Parent> {
    let mut parents: Vec<Parent> = Controller::ALL
        .into_iter()
        .filter_map(|controller| {
            let own = own_folder(mounts, own, Some(controller))?;
            Some(Parent {
                controller,
                version: Version::One,
                folder: own.clone(),
                own,
            })
        })
        .collect();
    let missing = |controller: &Controller| !parents.iter().any(|parent| parent.controller == *controller);
    let wanted: Vec<Controller> = Controller::ALL.into_iter().filter(missing).collect();
    if let Some(own) = own_folder(mounts, own, None)
        && let Some((folder, kept)) = second(&own, &wanted, is_delegated)
    {
        parents.extend(kept.into_iter().map(|controller| Parent {
            controller,
            version: Version::Two,
            folder: folder.clone(),
            own: own.clone(),
        }));
    }
    parents
}

/// The folder of this process's own group: of a controller of version 1, or of version 2 for `None`.
fn own_folder(mounts: &str, own: &str, controller: Option<Controller>) -> Option<PathBuf> {
    let name = controller.map_or("", Controller::name);
    let group = own.lines().find_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        controllers.split(',').any(|listed| listed == name).then_some(path)
    })?;
    mounts.lines().find_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let mut place = place.split(' ').skip(3);
        let (root, point) = (place.next()?, place.next()?);
        let mut kind = kind.split(' ');
        let (file_system, options) = (kind.next()?, kind.nth(1)?);
        let fits = match controller {
            Some(_) => file_system == "cgroup" && options.split(',').any(|option| option == name),
            None => file_system == "cgroup2",
        };
        let below = Path::new(group).strip_prefix(root).ok().filter(|_| fits)?;
        // A group outside of what this process sees begins with `..`.
        let is_seen = below.components().all(|part| matches!(part, Component::Normal(_)));
        is_seen.then(|| Path::new(point).join(below))
    })
}

/// With version 2 a group has either processes or groups with controllers. So a group that the machine's root has may
/// have both, but else the server has to be in a leaf of a group that is delegated to it, and the jobs' groups are made
/// beside that.
fn second(
    own: &Path,
    wanted: &[Controller],
    is_delegated: impl Fn(&Path) -> bool,
) -> Option<(PathBuf, Vec<Controller>)> {
    let kept = enabled(own, "cgroup.subtree_control", wanted);
    if !kept.is_empty() {
        return Some((own.to_owned(), kept));
    }
    let above = own.parent()?;
    let is_empty = fs::read_to_string(above.join("cgroup.procs")).is_ok_and(|list| list.trim().is_empty());
    if !is_empty || !is_delegated(above) {
        return None;
    }
    let there = enabled(above, "cgroup.subtree_control", wanted);
    for controller in enabled(above, "cgroup.controllers", wanted)
        .iter()
        .filter(|one| !there.contains(one))
    {
        // One by one: what is refused shows below.
        let _ = fs::write(above.join("cgroup.subtree_control"), format!("+{}", controller.name()));
    }
    let kept = enabled(above, "cgroup.subtree_control", wanted);
    (!kept.is_empty()).then(|| (above.to_owned(), kept))
}

fn enabled(group: &Path, file: &str, wanted: &[Controller]) -> Vec<Controller> {
    let list = fs::read_to_string(group.join(file)).unwrap_or_default();
    let is_listed = |controller: &&Controller| list.split_whitespace().any(|name| name == controller.name());
    wanted.iter().filter(is_listed).copied().collect()
}

/// Whether the group is this server's to divide: systemd marks it so, or gives it to the server's user.
fn is_delegated(group: &Path) -> bool {
    let is_marked = |name: &str| {
        let mut value = [0_u8; 8];
        rustix::fs::getxattr(group, name, &mut value).is_ok_and(|length| value.get(..length) == Some(b"1"))
    };
    let own = rustix::process::geteuid();
    let is_given = !own.is_root() && fs::metadata(group).is_ok_and(|found| found.uid() == own.as_raw());
    is_given || is_marked("trusted.delegate") || is_marked("user.delegate")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What systemd shows of a service in a leaf: version 2, at `point`.
    fn tree(enabled: &str, processes: &str) -> (tempfile::TempDir, String) {
        let dir = tempfile::tempdir().unwrap();
        let service = dir.path().join("system.slice/jobsphere.service");
        fs::create_dir_all(service.join("server")).unwrap();
        for (file, text) in [
            ("cgroup.controllers", "cpuset cpu io memory pids"),
            ("cgroup.subtree_control", enabled),
            ("cgroup.procs", processes),
        ] {
            fs::write(service.join(file), text).unwrap();
        }
        fs::write(service.join("server/cgroup.subtree_control"), "").unwrap();
        let mounts = format!(
            "24 1 0:22 / /proc rw - proc proc rw\n30 23 0:26 / {} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
            dir.path().display()
        );
        (dir, mounts)
    }

    const IN_A_LEAF: &str = "0::/system.slice/jobsphere.service/server\n";

    #[test]
    fn version_1_has_a_tree_for_each_controller() {
        let mounts = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
                      35 31 0:32 /outer /sys/fs/cgroup/memory rw shared:1 - cgroup cgroup rw,memory\n\
                      39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
                      41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
        let own = "8:pids:/../other\n4:memory:/outer/inner\n2:cpu,cpuacct:/\n1:name=systemd:/x\n0::/\n";
        let found: Vec<(Controller, PathBuf)> = parents_in(mounts, own, |_| true)
            .into_iter()
            .map(|parent| (parent.controller, parent.folder))
            .collect();
        assert_eq!(
            found,
            [
                (Controller::Memory, "/sys/fs/cgroup/memory/inner".into()),
                (Controller::Cpu, "/sys/fs/cgroup/cpu,cpuacct".into()),
            ]
        );
    }

    #[test]
    fn version_2_is_used_beside_a_leaf_that_is_delegated() {
        let (dir, mounts) = tree("cpu memory pids", "");
        let service = dir.path().join("system.slice/jobsphere.service");
        let found = parents_in(&mounts, IN_A_LEAF, |group| group == service);
        let controllers: Vec<Controller> = found.iter().map(|parent| parent.controller).collect();
        assert_eq!(controllers, Controller::ALL);
        assert!(
            found
                .iter()
                .all(|parent| parent.folder == service && parent.version == Version::Two)
        );
    }

    #[test]
    fn controllers_are_enabled_only_in_what_is_delegated_and_has_no_processes() {
        for (processes, is_delegated, written) in [("", true, "+pids"), ("", false, ""), ("7\n", true, "")] {
            let (dir, mounts) = tree("", processes);
            // A file is no kernel: it shows what was written last, which enables nothing.
            assert_eq!(parents_in(&mounts, IN_A_LEAF, |_| is_delegated), []);
            let file = dir.path().join("system.slice/jobsphere.service/cgroup.subtree_control");
            assert_eq!(fs::read_to_string(file).unwrap(), written);
        }
    }

    #[test]
    fn a_group_that_has_controllers_below_it_already_is_used_itself() {
        let (dir, mounts) = tree("memory pids", "1\n");
        let own = "0::/system.slice/jobsphere.service\n";
        let found = parents_in(&mounts, own, |_| false);
        let controllers: Vec<Controller> = found.iter().map(|parent| parent.controller).collect();
        assert_eq!(controllers, [Controller::Memory, Controller::Pids]);
        assert_eq!(found[0].folder, dir.path().join("system.slice/jobsphere.service"));
    }
}
