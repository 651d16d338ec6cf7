/** What the machine starts with: kernel, modules, bash, busybox and the agent, as an archive in memory. */

import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Archive } from "./archive.mjs";
import { LIBRARIES as NAMES_OF_LIBRARIES } from "./packages.mjs";

const GUEST = fileURLToPath(new URL("guest/", import.meta.url));
const KERNEL_FOLDER = "kernel";
/** In the order in which they are loaded. */
const MODULES = [
  "drivers/virtio/virtio.ko", "drivers/virtio/virtio_ring.ko", "drivers/virtio/virtio_pci_modern_dev.ko",
  "drivers/virtio/virtio_pci_legacy_dev.ko", "drivers/virtio/virtio_pci.ko", "fs/netfs/netfs.ko", "fs/fscache/fscache.ko",
  "net/9p/9pnet.ko", "net/9p/9pnet_virtio.ko", "fs/9p/9p.ko",
];
const LIBRARY_FOLDER = "usr/lib/i386-linux-gnu";
/** All programs of these packages, and one of another; busybox has the others. */
const WHOLE = ["coreutils", "dash", "diffutils", "findutils", "grep", "mawk", "sed", "tar"];
const SINGLE = { "util-linux": ["flock"] };
const LIBRARIES = /^(?:ld-linux|lib(?:acl|attr|c|gmp|m|pcre2-8|selinux))\.so\.\d+$/;
/** As Debian has it, where everything of `/bin` and `/lib` lies in `/usr`. */
const LINKS = { bin: "usr/bin", sbin: "usr/sbin", lib: "usr/lib", "usr/bin/awk": "mawk", "usr/bin/sh": "dash", "usr/lib/ld-linux.so.2": "i386-linux-gnu/ld-linux.so.2" };
const FOLDERS = [
  "usr", "usr/bin", "usr/sbin", "usr/local", "usr/local/bin", "usr/lib", LIBRARY_FOLDER, "usr/lib/locale", "usr/lib/locale/C.utf8",
  "usr/lib/locale/C.utf8/LC_MESSAGES", "etc", "dev", "proc", "sys", "tmp", "job", "host", "run", "modules", "root", "var", "var/tmp",
];
const LOGIN = `if shopt -q login_shell; then
    case ":$PATH:" in
        *":\${JOBSPHERE_PATH%%:*}:"*) ;;
        *) export PATH="$JOBSPHERE_PATH:$PATH" ;;
    esac
fi
`;
const TEXTS = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\njob:x:1000:1000:job:/job:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  "etc/group": "root:x:0:\njob:x:1000:\nnogroup:x:65534:\n",
  "etc/hostname": "job\n",
  "etc/hosts": "127.0.0.1 localhost job\n",
  "etc/login.bash": LOGIN,
};
const PYTHONS = ["usr/bin/python", "usr/bin/python3"];

/** Compiles the agent for a machine of its kind, against musl: nothing of this computer gets into it. */
async function agent(packages, into) {
  const musl = (...file) => packages.path("musl-dev", "usr", ...file);
  const gcc = packages.path("libgcc-12-dev", "usr/lib/gcc/i686-linux-gnu/12/libgcc.a");
  const library = (file) => musl("lib/i386-linux-musl", file);
  const sources = (await readdir(GUEST)).filter((name) => name.endsWith(".c")).map((name) => join(GUEST, name));
  const headers = [musl("include/i386-linux-musl"), ...["usr/include", "usr/include/i386-linux-gnu"].map((at) => packages.path("linux-libc-dev", at))];
  await promisify(execFile)("gcc", [
    "-m32", "-march=i686", "-Os", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-static", "-nostdinc", "-nostdlib",
    "-fno-pic", "-no-pie", "-fno-stack-protector", "-s", ...headers.flatMap((folder) => ["-isystem", folder]), "-o", into,
    library("crt1.o"), library("crti.o"), ...sources, library("libc.a"), gcc, library("crtn.o"),
  ]);
  return readFile(into);
}

/** The files of a package that lie in one of `folders`, by name; what a link leads to stands for it. */
async function filesOf(packages, name, folders) {
  const found = [];
  for (const folder of folders) {
    const names = await readdir(packages.path(name, folder)).catch(() => []);
    for (const file of names) {
      const content = await readFile(packages.path(name, folder, file)).catch(() => null);
      if (content) found.push([file, content]);
    }
  }
  return found;
}

/** Debian's own programs, as on a server; and the libraries that they are linked with. */
async function addPrograms(archive, packages) {
  const folders = ["bin", "usr/bin"];
  for (const name of [...WHOLE, ...Object.keys(SINGLE)]) {
    const wanted = SINGLE[name];
    for (const [file, content] of await filesOf(packages, name, folders)) {
      if (!wanted || wanted.includes(file)) archive.file(`usr/bin/${file}`, content, 0o755);
    }
  }
  for (const name of NAMES_OF_LIBRARIES) {
    for (const [file, content] of await filesOf(packages, name, ["lib/i386-linux-gnu", LIBRARY_FOLDER])) {
      if (LIBRARIES.test(file)) archive.file(`${LIBRARY_FOLDER}/${file}`, content, 0o755);
    }
  }
  for (const [path, to] of Object.entries(LINKS)) archive.link(path, to);
}

/** Adds Debian's locale C.UTF-8, by which bash counts letters. */
async function addLocale(archive, packages) {
  const folder = "usr/lib/locale/C.utf8";
  const from = packages.path("libc-bin", folder);
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const whole = join(entry.parentPath ?? entry.path, entry.name);
    archive.file(join(folder, whole.slice(from.length + 1)), await readFile(whole));
  }
}

async function addModules(archive, packages, version) {
  const names = [];
  for (const module of MODULES) {
    const name = `modules/${module.split("/").at(-1)}`;
    const path = packages.path(packages.kernel, "lib/modules", version, KERNEL_FOLDER, module);
    archive.file(name, await readFile(path));
    names.push(`/${name}\n`);
  }
  archive.file("modules/order", names.join(""));
}

/** Everything that the emulator needs to start the machine. */
export async function image(packages, scratch) {
  const version = packages.kernel.replace("linux-image-", "");
  const program = await agent(packages, join(scratch, "agent"));
  const archive = new Archive();
  for (const folder of FOLDERS) archive.folder(folder, folder === "tmp" || folder === "var/tmp" ? 0o1777 : 0o755);
  archive.device("dev/console", 5, 1).device("dev/null", 1, 3, 0o666);
  archive.file("init", program, 0o755);
  archive.file("usr/bin/busybox", await readFile(packages.path("busybox-static", "bin/busybox")), 0o755);
  archive.file("usr/bin/bash", await readFile(packages.path("bash-static", "bin/bash-static")), 0o755);
  await addPrograms(archive, packages);
  for (const name of PYTHONS) archive.link(name, "/init");
  for (const [path, text] of Object.entries(TEXTS)) archive.file(path, text);
  await addLocale(archive, packages);
  await addModules(archive, packages, version);
  const bios = (name) => readFile(packages.path("seabios", "usr/share/seabios", name));
  return {
    bios: await bios("bios.bin"),
    videoBios: await bios("vgabios-stdvga.bin"),
    kernel: await readFile(packages.path(packages.kernel, "boot", `vmlinuz-${version}`)),
    initrd: archive.bytes(),
    commandLine: "console=ttyS0 mitigations=off init_on_alloc=0 nowatchdog tsc=reliable random.trust_cpu=off panic=-1 quiet loglevel=4",
  };
}
