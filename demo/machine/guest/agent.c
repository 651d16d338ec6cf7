// The first process: sets the machine up, then sees to all that happens in it.
#include "agent.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SOURCES = 48 };

static void hear_one(char type, struct view message) {
    if (strchr("dlfweu", type)) {
        hear_file(type, message);
        return;
    }
    switch (type) {
    case 't': set_clock(message); break;
    case 'z': clear_free_memory(); break;
    case 'r': start(message); break;
    case 'k': send_signal(take_u32(&message)); break;
    case 'x': kill_all(); break;
    case 'o':
    case 'q': hear_python(type, message); break;
    case 's': list(take_u32(&message), command_began()); break;
    case 'c': {
        uint32_t id = take_u32(&message);
        char *path = rest_as_text(&message);
        collect(id, path);
        free(path);
        break;
    }
    }
    if (strchr("zsc", type)) flush_channel();
}

static void reap(int signals) {
    struct signalfd_siginfo info;
    (void)!read(signals, &info, sizeof info);
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) note_child_ended(pid, status);
}

static int soonest(int first, int second) {
    if (first < 0) return second;
    return second < 0 || first < second ? first : second;
}

static void see_to_everything(int page, int signals, int python) {
    struct pollfd sources[MOST_SOURCES];
    int fds[MOST_SOURCES];
    for (;;) {
        int count = output_fds(fds);
        count += handover_fds(fds + count, MOST_SOURCES - 5);
        fds[count++] = page;
        fds[count++] = signals;
        fds[count++] = python;
        for (int at = 0; at < count; at++) sources[at] = (struct pollfd){.fd = fds[at], .events = POLLIN};
        int due = soonest(soonest(flush_due_ms(), command_due_ms()), usage_due_ms());
        poll(sources, count, due);
        if (sources[count - 2].revents) reap(signals);
        look_after_command();
        if (sources[count - 1].revents) accept_handover();
        for (int at = 0; at < count - 3; at++) {
            if (sources[at].revents) look_at_handover(fds[at]);
        }
        if (sources[count - 3].revents) hear(page, hear_one);
        look_at_progress();
        say_usage_if_due();
        if (flush_due_ms() == 0) flush_channel();
    }
}

// The library refuses to do it: what it knows of real time is less than the kernel does.
static void take_priority(int priority) {
    struct sched_param wanted = {.sched_priority = priority};
    syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &wanted);
}

static int signals_of_children(void) {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int count, char **arguments) {
    const char *name = strrchr(arguments[0], '/');
    name = name ? name + 1 : arguments[0];
    if (!strncmp(name, "python", 6)) return python_main(count, arguments);
    set_up();
    // Before whoever prints: what is printed on two streams is read in the order of the writes.
    signal(SIGPIPE, SIG_IGN);
    take_priority(1);
    int signals = signals_of_children(), page = open_channel(), python = open_handover();
    take_priority(2);
    if (signals < 0 || page < 0 || python < 0) return 1;
    say('R', NULL, 0, NULL, 0);
    flush_channel();
    see_to_everything(page, signals, python);
}
