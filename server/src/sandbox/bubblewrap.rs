//! The command line of bubblewrap.
//!
//! The root is an empty one, which cannot be written to. The machine's top folders are put into it read-only, but for
//! those in which lies what is not for everyone; the job's own folders are seen at places of their own.

use std::{
    collections::BTreeMap,
    fs, io,
    os::fd::{AsRawFd, OwnedFd},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::{
    Mount, Spec, User, descriptors,
    filter::Filter,
    homes,
    launch::{self, Launch},
    own_program, shell,
};

/// Where names are looked up on machines whose /etc/resolv.conf leads into /run.
const RESOLVER: &str = "/run/systemd/resolve";
const RUN: &str = "/run";
const TMP: &str = "/tmp";
/// Made anew inside.
const MADE_ANEW: [&str; 4] = ["/dev", "/proc", RUN, TMP];
/// Beginnings of the names of devices for computing, which commands use as everyone at the machine may.
const COMPUTING: [&str; 4] = ["nvidia", "dri", "kfd", "accel"];

/// The command of `spec` inside, with `env` as its environment.
///
/// # Errors
/// When bubblewrap is not there, or the filter of system calls cannot be made.
pub(super) fn command(spec: &Spec, env: BTreeMap<String, String>) -> io::Result<Command> {
    let mut wrap = Wrap::new(spec.user)?;
    wrap.machine(&spec.hidden)?;
    spec.folders
        .iter()
        .chain(&spec.mounts)
        .for_each(|mount| wrap.show(mount));
    if let Some(user) = spec.user {
        wrap.name(user, &spec.work_dir)?;
    }
    wrap.close();
    wrap.filter()?;
    let (program, arguments) = shell::of(spec);
    wrap.launch(&Launch {
        user: spec.user,
        program: program.into(),
        arguments,
        env,
        work_dir: spec.work_dir.clone(),
    })
}

/// The porter's program inside, with `folders` and what it needs of the machine to run. It changes its user by itself, and
/// gives up whatever could open a connection: a name space of its own for that would be dear to make and to remove.
///
/// # Errors
/// When this process's own libraries cannot be found.
pub(super) fn porter(folders: &[Mount], user: Option<User>, program: &str) -> io::Result<Command> {
    let mut wrap = Wrap::new(user)?;
    wrap.command.arg("--as-pid-1");
    wrap.libraries()?;
    folders.iter().for_each(|folder| wrap.show(folder));
    wrap.close();
    wrap.command.arg("--").arg(program);
    Ok(wrap.command)
}

/// A program of the machine inside, to see whether it runs there, with what it needs.
///
/// # Errors
/// As [`command`].
pub(super) fn trial(
    user: Option<User>,
    program: &Path,
    arguments: &[&str],
    needs: &[PathBuf],
    hidden: &[PathBuf],
) -> io::Result<Command> {
    let mut wrap = Wrap::new(user)?;
    wrap.machine(hidden)?;
    needs.iter().for_each(|path| wrap.show(&Mount::in_place(path.clone())));
    wrap.close();
    wrap.filter()?;
    wrap.launch(&Launch {
        user,
        program: program.into(),
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        env: BTreeMap::new(),
        work_dir: "/".into(),
    })
}

/// Where bubblewrap is, found once on the server's own `PATH`.
///
/// # Errors
/// When it is not there.
fn program() -> io::Result<&'static Path> {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(found);
    }
    let found = which::which("bwrap").map_err(|_| io::Error::from(io::ErrorKind::NotFound))?;
    Ok(FOUND.get_or_init(|| found))
}

fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// A sandbox that is being described.
struct Wrap {
    command: Command,
    /// Empty folders, in which the ways to what is shown have to be made.
    emptied: Vec<PathBuf>,
    /// Descriptors that bubblewrap is told of by number.
    kept: Vec<OwnedFd>,
}

impl Wrap {
    /// Own processes, no terminal, no capabilities but those that the first program inside needs to become `user`.
    ///
    /// It does not die with its parent: what a shell has started may finish after the shell has obeyed a signal, and
    /// the supervisor ends what is left.
    fn new(user: Option<User>) -> io::Result<Self> {
        let mut command = Command::new(program()?);
        // Nothing of a job's may reach it, and it needs nothing of the server's.
        command.env_clear().current_dir("/");
        command.args([
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]);
        command.args(["--new-session", "--cap-drop", "ALL"]);
        if user.is_some() {
            command.args(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]);
        }
        command.args(["--dev", "/dev", "--proc", "/proc"]);
        command.args([
            "--perms", "1777", "--tmpfs", "/dev/shm", "--perms", "1777", "--tmpfs", TMP,
        ]);
        let mut wrap = Self {
            command,
            emptied: Vec::new(),
            kept: Vec::new(),
        };
        wrap.empty(Path::new(RUN));
        Ok(wrap)
    }

    /// An empty folder, which nobody can fill.
    fn empty(&mut self, folder: &Path) {
        if !self.is_emptied(folder) {
            self.command.args(["--perms", "0755", "--tmpfs"]).arg(folder);
            self.emptied.push(folder.to_owned());
        }
    }

    fn is_emptied(&self, path: &Path) -> bool {
        path.starts_with(TMP) || self.emptied.iter().any(|folder| path.starts_with(folder))
    }

    /// All of the machine but `hidden` folders and files, and the homes of its users.
    fn machine(&mut self, hidden: &[PathBuf]) -> io::Result<()> {
        for entry in fs::read_dir("/")? {
            let path = entry?.path();
            let is_anew = MADE_ANEW
                .iter()
                .chain(&homes::HOMES)
                .any(|anew| path == Path::new(anew));
            if !is_anew && !hidden.contains(&path) {
                self.top(&path);
            }
        }
        if Path::new(RESOLVER).is_dir() {
            self.show(&Mount::in_place(RESOLVER.into()));
        }
        self.devices();
        for home in homes::HOMES {
            self.empty(Path::new(home));
        }
        for folder in homes::programs() {
            self.show(&Mount::in_place(folder));
        }
        for path in hidden.iter().filter(|path| path.parent() != Some(Path::new("/"))) {
            if path.is_dir() {
                self.empty(path);
            } else if path.exists() && !self.is_emptied(path) {
                self.command.args(["--ro-bind", "/dev/null"]).arg(path);
            }
        }
        Ok(())
    }

    /// A folder of the root, or a link there such as /lib.
    fn top(&mut self, path: &Path) {
        if let Ok(target) = fs::read_link(path) {
            self.command.arg("--symlink").arg(target).arg(path);
        } else if is_empty_folder(path) {
            // A mount less to make for each command.
            self.command.args(["--perms", "0755", "--dir"]).arg(path);
        } else if path.is_dir() {
            self.command.arg("--ro-bind").arg(path).arg(path);
        }
    }

    fn devices(&mut self) {
        for entry in fs::read_dir("/dev").into_iter().flatten().flatten() {
            let name = entry.file_name();
            if COMPUTING.iter().any(|begin| name.to_string_lossy().starts_with(begin)) {
                self.command.arg("--dev-bind-try").args([entry.path(), entry.path()]);
            }
        }
    }

    /// The top folders of what this process itself has loaded, and the links that lead there.
    fn libraries(&mut self) -> io::Result<()> {
        let maps = fs::read_to_string("/proc/self/maps")?;
        let mut tops: Vec<PathBuf> = maps
            .lines()
            .filter(|line| line.contains(".so"))
            .filter_map(|line| Some(Path::new("/").join(line.get(line.find('/')? + 1..)?.split('/').next()?)))
            .collect();
        tops.sort();
        tops.dedup();
        for entry in fs::read_dir("/")? {
            let path = entry?.path();
            if path.is_symlink() || tops.contains(&path) {
                self.top(&path);
            }
        }
        Ok(())
    }

    /// Shows a folder or file of the machine at its place, unless it is seen there anyway.
    fn show(&mut self, mount: &Mount) {
        if mount.read_only && mount.source == mount.target && !self.is_emptied(&mount.target) {
            return;
        }
        self.open_way(&mount.target);
        let bind = if mount.read_only { "--ro-bind" } else { "--bind" };
        self.command.arg(bind).arg(&mount.source).arg(&mount.target);
    }

    /// Gives `user` and its group a name in the machine's own lists: programs refuse to work for a user without one.
    fn name(&mut self, user: User, home: &Path) -> io::Result<()> {
        for (list, line) in user.named(home) {
            // A machine without such a list has users by other ways.
            let Ok(mut text) = fs::read(list) else { continue };
            if text.last().is_some_and(|byte| *byte != b'\n') {
                text.push(b'\n');
            }
            text.extend(line.as_bytes());
            let file = descriptors::in_memory("names", &text)?;
            self.command.args(["--perms", "0444", "--ro-bind-data"]);
            self.command.arg(file.as_raw_fd().to_string()).arg(list);
            self.kept.push(file);
        }
        Ok(())
    }

    /// Makes the folders between an emptied one and `target`, so that every user can pass; bubblewrap would make them
    /// for its own user alone.
    fn open_way(&mut self, target: &Path) {
        let Some(root) = self.emptied.iter().filter(|root| target.starts_with(root)).max() else {
            return;
        };
        let above = target.ancestors().skip(1);
        let mut between: Vec<&Path> = above.take_while(|folder| folder != root).collect();
        between.reverse();
        for folder in between {
            self.command.args(["--perms", "0755", "--dir"]).arg(folder);
        }
    }

    /// Nothing is put in any more: what was made for this sandbox alone would else be memory to fill.
    fn close(&mut self) {
        let made = std::mem::take(&mut self.emptied);
        for folder in made.iter().map(PathBuf::as_path).chain(["/dev", "/"].map(Path::new)) {
            self.command.arg("--remount-ro").arg(folder);
        }
    }

    fn filter(&mut self) -> io::Result<()> {
        let filter = Filter::of_commands()?.as_file()?;
        self.command.arg("--seccomp").arg(filter.as_raw_fd().to_string());
        self.kept.push(filter);
        Ok(())
    }

    /// Lets this program, inside, become what `launch` says.
    fn launch(mut self, launch: &Launch) -> io::Result<Command> {
        let (program, launch) = (own_program()?, launch.as_file()?);
        self.command.arg("--").arg(descriptors::path_of(&program));
        self.command.args(launch::arguments(&launch));
        self.kept.extend([program, launch]);
        Ok(self.finish())
    }

    fn finish(mut self) -> Command {
        descriptors::keep_only(&mut self.command, self.kept);
        self.command
    }
}
