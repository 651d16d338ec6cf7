// The command: its start, its output, its signals, its end.
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    // What the shell leaves may finish as long as it was at work within this time,
    QUIET_MS = 500,
    // and no longer than this.
    LONGEST_LINGER_MS = 10 * 1000,
    GLANCE_MS = 20,
    PROGRESS_TAIL = 64 * 1024,
    PROGRESS_MOST = 16 << 20,
    PROGRESS_EVERY_MS = 50,
    WIDE_PIPE = 1 << 20,
};

pid_t shell;
static int outputs[2] = {-1, -1};
static struct stat output_ends[2];
static struct timespec began;
static int has_ended, end_status, is_told_to_end, is_killed;
static int64_t ended_ms, worked_ms;
static uint64_t worked_ticks;
static struct timespec progress_seen;
static off_t progress_size;
static int64_t progress_ms;

struct timespec command_began(void) { return began; }

static void become_job(void) {
    struct sched_param usual = {0};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // The agent looks away from broken pipes; programs are to end by them.
    signal(SIGPIPE, SIG_DFL);
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &usual);
    setpriority(PRIO_PROCESS, 0, 0);
    if (setgroups(0, NULL) || setgid(JOB_USER) || setuid(JOB_USER)) _exit(126);
}

static void become_command(char *const arguments[], char *const environment[], const int ends[2]) {
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(ends[0], 1);
    dup2(ends[1], 2);
    if (nothing > 2) close(nothing);
    setsid();
    int score = open("/proc/self/oom_score_adj", O_WRONLY);
    (void)!write(score, "0", 1);
    close(score);
    become_job();
    if (chdir(WORK)) _exit(126);
    execve("/bin/bash", arguments, environment);
    _exit(127);
}

static void make_progress_file(void) {
    make_above(PROGRESS);
    int file = open(PROGRESS, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    (void)!fchown(file, JOB_USER, JOB_USER);
    close(file);
}

// The message: the command, then `NAME=value` for each variable.
void start(struct view message) {
    const char *command = take_text(&message);
    static char *environment[4096];
    size_t count = 0;
    for (const char *text; count < 4095 && (text = take_text(&message));) environment[count++] = (char *)text;
    char *arguments[] = {"bash", "-c", (char *)command, NULL};
    int pipes[2][2];
    if (!command || shell || pipe2(pipes[0], O_CLOEXEC) || pipe2(pipes[1], O_CLOEXEC)) return;
    for (int at = 0; at < 2; at++) {
        outputs[at] = pipes[at][0];
        fcntl(outputs[at], F_SETFL, O_NONBLOCK);
        fcntl(outputs[at], F_SETPIPE_SZ, WIDE_PIPE);
        // So that the command can open them by name: /dev/stdout.
        (void)!fchown(pipes[at][1], JOB_USER, JOB_USER);
        fstat(outputs[at], &output_ends[at]);
    }
    make_progress_file();
    clock_gettime(CLOCK_REALTIME, &began);
    pid_t child = fork();
    if (child == 0) become_command(arguments, environment, (int[]){pipes[0][1], pipes[1][1]});
    close(pipes[0][1]);
    close(pipes[1][1]);
    shell = child;
    uint32_t told = child;
    say('B', &told, sizeof told, NULL, 0);
    flush_channel();
    say_usage_if_due();
}

int output_fds(int fds[2]) {
    int count = 0;
    for (int at = 0; at < 2; at++) {
        if (outputs[at] >= 0) fds[count++] = outputs[at];
    }
    return count;
}

// 1 or 2 when that is the end of the command's own output, else 0.
int is_output(dev_t device, ino_t inode) {
    for (int at = 0; at < 2; at++) {
        if (outputs[at] >= 0 && output_ends[at].st_dev == device && output_ends[at].st_ino == inode) return at + 1;
    }
    return 0;
}

// Hands on what was printed; whether there was something.
int drain(void) {
    static uint8_t packet[PACKET - 1024];
    int has_read = 0;
    for (int at = 0; at < 2; at++) {
        ssize_t size = 1;
        while (outputs[at] >= 0 && (size = read(outputs[at], packet, sizeof packet)) > 0) {
            say('1' + at, packet, size, NULL, 0);
            has_read = 1;
        }
        if (outputs[at] >= 0 && size == 0) {
            close(outputs[at]);
            outputs[at] = -1;
        }
    }
    return has_read;
}

void send_signal(int number) {
    is_told_to_end = 1;
    // A command that has only just begun has no group of its own yet.
    if (shell && kill(-shell, number)) kill(shell, number);
}

// Only the job's own processes may be sent signals by its user.
void kill_all(void) {
    is_killed = 1;
    pid_t killer = fork();
    if (killer == 0) {
        become_job();
        kill(-1, SIGKILL);
        _exit(0);
    }
    if (killer > 0) waitpid(killer, NULL, 0);
}

void note_child_ended(pid_t pid, int status) {
    if (pid != shell || has_ended) return;
    has_ended = 1;
    end_status = status;
    ended_ms = worked_ms = now_ms();
}

static void say_progress(char type, off_t most) {
    int file = open(PROGRESS, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat found;
    if (file < 0 || fstat(file, &found)) return;
    off_t size = found.st_size < most ? found.st_size : most;
    uint8_t *content = malloc(size + 1);
    if (content) {
        ssize_t read_size = pread(file, content, size, type == 'P' ? found.st_size - size : 0);
        if (read_size >= 0) say(type, content, read_size, NULL, 0);
    }
    free(content);
    close(file);
}

// Tells the end of the progress file when it has changed.
void look_at_progress(void) {
    struct stat found;
    if (!shell || now_ms() < progress_ms || stat(PROGRESS, &found)) return;
    if (found.st_size == progress_size && found.st_mtim.tv_sec == progress_seen.tv_sec &&
        found.st_mtim.tv_nsec == progress_seen.tv_nsec)
        return;
    progress_ms = now_ms() + PROGRESS_EVERY_MS;
    progress_size = found.st_size;
    progress_seen = found.st_mtim;
    say_progress('P', PROGRESS_TAIL);
}

static int may_others_finish(const struct usage *left, int has_written) {
    if (left->processes == 0 || is_killed) return 0;
    if (is_told_to_end) return 1;
    int64_t now = now_ms();
    if (has_written || left->cpu_ms > worked_ticks) worked_ms = now;
    worked_ticks = left->cpu_ms;
    return now - worked_ms < QUIET_MS && now - ended_ms < LONGEST_LINGER_MS;
}

// Ends the run when the shell has ended, and what it left has finished or had its time.
void look_after_command(void) {
    int has_written = drain();
    if (!has_ended || !shell) return;
    struct usage left = usage_now();
    if (may_others_finish(&left, has_written)) return;
    uint32_t ends[2] = {(uint32_t)end_status, is_killed ? 0 : left.processes};
    for (int tries = 0; usage_now().processes > 0 && tries < 50; tries++) kill_all();
    drain();
    say_progress('Q', PROGRESS_MOST);
    say('X', ends, sizeof ends, NULL, 0);
    flush_channel();
    shell = 0;
}

int command_due_ms(void) {
    if (!shell) return -1;
    return has_ended ? GLANCE_MS : PROGRESS_EVERY_MS;
}
