// The machine, before anything runs in it; and its clock and its luck, each time it is restored.
#include "agent.h"

#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PART = 64 * 1024, LEFT = 512 * 1024 };

static void load_modules(void) {
    char name[256];
    FILE *names = fopen("/modules/order", "r");
    while (names && fgets(name, sizeof name, names)) {
        name[strcspn(name, "\n")] = 0;
        int module = open(name, O_RDONLY | O_CLOEXEC);
        if (syscall(SYS_finit_module, module, "", 0)) perror(name);
        close(module);
    }
    if (names) fclose(names);
}

// Gives each of busybox's programs its name.
static void install_programs(void) {
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/busybox", "busybox", "--install", "-s", (char *)NULL);
        _exit(127);
    }
    if (child > 0) waitpid(child, NULL, 0);
}

static void tmpfs(const char *path, const char *options) {
    mkdir(path, 0755);
    if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options)) perror(path);
}

static void write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    (void)!write(file, text, strlen(text));
    close(file);
}

void set_up(void) {
    setenv("PATH", "/usr/bin:/bin", 1);
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
    mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
    mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "");
    (void)!symlink("/proc/self/fd", "/dev/fd");
    (void)!symlink("fd/0", "/dev/stdin");
    (void)!symlink("fd/1", "/dev/stdout");
    (void)!symlink("fd/2", "/dev/stderr");
    load_modules();
    install_programs();
    tmpfs("/dev/shm", "mode=1777,size=50%");
    tmpfs("/tmp", "mode=1777,size=60%");
    tmpfs(WORK, "mode=755,size=70%,uid=1000,gid=1000");
    // Whatever a command takes, what looks after it stays.
    write_text("/proc/self/oom_score_adj", "-1000");
    write_text("/proc/sys/kernel/hostname", "job");
    write_text("/proc/sys/fs/pipe-max-size", "67108864");
    write_text("/proc/sys/vm/overcommit_memory", "0");
    if (mount("host9p", "/host", "9p", MS_NOSUID | MS_NODEV,
              "trans=virtio,version=9p2000.L,cache=none,msize=131096,access=any"))
        perror("the page's files");
}

// The message: seconds, nanoseconds, and what the page has drawn by chance.
void set_clock(struct view message) {
    struct timespec now;
    now.tv_sec = take_u64(&message);
    now.tv_nsec = take_u32(&message);
    clock_settime(CLOCK_REALTIME, &now);
    struct {
        struct rand_pool_info info;
        uint8_t drawn[256];
    } pool;
    size_t size = message.end - message.at;
    if (size > sizeof pool.drawn) size = sizeof pool.drawn;
    pool.info.entropy_count = size * 8;
    pool.info.buf_size = size;
    memcpy(pool.info.buf, message.at, size);
    int random = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
    ioctl(random, RNDADDENTROPY, &pool);
    ioctl(random, RNDRESEEDCRNG);
    close(random);
}

// Takes all memory that is free, in small parts, until the last part is missing or this process is ended for it.
static void take_free_memory(void) {
    struct sysinfo info;
    write_text("/proc/self/oom_score_adj", "1000");
    do {
        uint8_t *memory = mmap(NULL, PART, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (memory == MAP_FAILED) return;
        memset(memory, 0, PART);
        sysinfo(&info);
    } while ((uint64_t)info.freeram * info.mem_unit > LEFT);
}

// Fills what is free with zeros, which take no room in a saved state.
void clear_free_memory(void) {
    sync();
    write_text("/proc/sys/vm/drop_caches", "3");
    write_text("/proc/sys/vm/overcommit_memory", "1");
    write_text("/proc/sys/vm/min_free_kbytes", "128");
    pid_t child = fork();
    if (child == 0) {
        take_free_memory();
        _exit(0);
    }
    if (child > 0) waitpid(child, NULL, 0);
    write_text("/proc/sys/vm/min_free_kbytes", "2048");
    write_text("/proc/sys/vm/overcommit_memory", "0");
    write_text("/proc/sys/vm/drop_caches", "3");
    say('R', NULL, 0, NULL, 0);
}
