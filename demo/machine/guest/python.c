// The program behind the names `python` and `python3`: the page runs them. It tells what is to be run, hands its standard
// input over, prints what comes back, and ends as the page says.
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

enum { MOST_INPUT = 256 << 20, MOST_IN_PIPE = 64 << 20, NOT_RUN = 120, LOOK_AGAIN_MS = 20 };

#define TO_ITS_END "here, standard input is read to its end before Python begins, and this one "

static int page = -1;

static int refuse(const char *why) {
    dprintf(2, "python3: %s\n", why);
    return NOT_RUN;
}

static int tell(char type, const void *body, uint32_t size) {
    uint8_t head[5];
    memcpy(head, &size, sizeof size);
    head[4] = type;
    return write_all(page, head, sizeof head) || write_all(page, body, size) ? -1 : 0;
}

static int call(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = PYTHON_SOCKET};
    page = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return page < 0 ? -1 : connect(page, (struct sockaddr *)&address, sizeof address);
}

static int tell_what_to_run(int count, char **arguments) {
    struct bytes body = {0};
    struct stat found;
    char folder[4096];
    for (int fd = 1; fd <= 2; fd++) {
        int is_there = fstat(fd, &found) == 0;
        put_u64(&body, is_there ? found.st_dev : 0);
        put_u64(&body, is_there ? found.st_ino : 0);
    }
    put_u32(&body, count);
    put_text(&body, getcwd(folder, sizeof folder) ? folder : "/");
    for (int at = 0; at < count; at++) put_text(&body, arguments[at]);
    for (char **variable = environ; *variable; variable++) put_text(&body, *variable);
    int result = tell('h', body.at, body.size);
    free(body.at);
    return result;
}

// A file is read without moving on in it: who else reads it goes on where this program has come to.
static int is_file(off_t *from) {
    struct stat found;
    *from = lseek(0, 0, SEEK_CUR);
    return fstat(0, &found) == 0 && S_ISREG(found.st_mode) && *from >= 0;
}

static int is_pipe(void) {
    struct stat found;
    return fstat(0, &found) == 0 && S_ISFIFO(found.st_mode);
}

static int is_endless(void) {
    struct stat found;
    return fstat(0, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev != makedev(1, 3);
}

// Waits until nobody writes into the pipe any more, and gives it the room for that. False when it needs too much.
static int wait_for_end_of_pipe(void) {
    int waiting = 0;
    for (;;) {
        struct pollfd source = {.fd = 0, .events = 0};
        poll(&source, 1, LOOK_AGAIN_MS);
        if (source.revents & (POLLHUP | POLLERR | POLLNVAL)) return 1;
        int room = fcntl(0, F_GETPIPE_SZ);
        ioctl(0, FIONREAD, &waiting);
        // Each write may take a page of its own, however small it is.
        if (room >= MOST_IN_PIPE) {
            if (waiting > room / 2) return 0;
        } else if (room < 1 << 20 || waiting > room / 2) {
            fcntl(0, F_SETPIPE_SZ, room < 1 << 20 ? 1 << 20 : room * 2);
        }
    }
}

// Hands over what is in the pipe and leaves it there, for whoever reads on after this program.
static int hand_pipe_over(void) {
    static uint8_t packet[PACKET];
    int copy[2], waiting = 0;
    if (!wait_for_end_of_pipe()) return refuse(TO_ITS_END "is longer than a pipe can hold: write it to a file");
    ioctl(0, FIONREAD, &waiting);
    if (waiting == 0) return tell('j', NULL, 0);
    if (pipe2(copy, O_CLOEXEC)) return refuse(strerror(errno));
    fcntl(copy[1], F_SETPIPE_SZ, fcntl(0, F_GETPIPE_SZ));
    if (tee(0, copy[1], waiting, SPLICE_F_NONBLOCK) != waiting) return refuse(TO_ITS_END "cannot be copied");
    close(copy[1]);
    for (ssize_t size; (size = read(copy[0], packet, sizeof packet)) > 0;) {
        if (tell('i', packet, size)) return NOT_RUN;
    }
    close(copy[0]);
    return tell('j', NULL, 0);
}

static int hand_input_over(void) {
    static uint8_t packet[PACKET];
    off_t at;
    if (is_pipe()) return hand_pipe_over();
    if (is_endless()) return refuse(TO_ITS_END "has none");
    int is_a_file = is_file(&at);
    size_t sum = 0;
    for (;;) {
        ssize_t size = is_a_file ? pread(0, packet, sizeof packet, at) : read(0, packet, sizeof packet);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return tell('j', NULL, 0);
        sum += size;
        at += size;
        if (sum > MOST_INPUT) return refuse(TO_ITS_END "is longer than 256 MiB");
        if (tell('i', packet, size)) return NOT_RUN;
    }
}

// Moves on in the input by what Python has read of it.
static void move_on(int64_t consumed) {
    static uint8_t packet[PACKET];
    off_t at;
    if (is_file(&at)) {
        lseek(0, consumed, SEEK_CUR);
        return;
    }
    while (consumed > 0 && is_pipe()) {
        ssize_t size = read(0, packet, consumed < PACKET ? consumed : PACKET);
        if (size <= 0) return;
        consumed -= size;
    }
}

static int read_all(void *into, size_t size) {
    uint8_t *at = into;
    while (size > 0) {
        ssize_t got = read(page, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return -1;
        at += got;
        size -= got;
    }
    return 0;
}

// Ends as a program does that was ended by a signal, when the page says so: by a number above 256.
static int end(const uint8_t *body) {
    int32_t code;
    int64_t consumed;
    memcpy(&code, body, sizeof code);
    memcpy(&consumed, body + sizeof code, sizeof consumed);
    if (consumed > 0) move_on(consumed);
    if (code > 256) {
        signal(code - 256, SIG_DFL);
        raise(code - 256);
    }
    return code & 255;
}

static int print_what_comes(void) {
    static uint8_t body[PACKET];
    for (;;) {
        uint8_t head[5];
        uint32_t size;
        if (read_all(head, sizeof head)) return refuse("what runs Python in the page was lost");
        memcpy(&size, head, sizeof size);
        if (size > sizeof body || read_all(body, size)) return refuse("what runs Python in the page was lost");
        if (head[4] == 'q') return end(body);
        // A broken pipe ends this program with its signal, as Python would be.
        if (write_all(head[4] == '1' ? 1 : 2, body, size)) return NOT_RUN;
        if (tell('k', &size, sizeof size)) return NOT_RUN;
    }
}

int python_main(int count, char **arguments) {
    if (call()) return refuse("Python is not there in this machine");
    // The page may end it at any time, also while it is being told something.
    if (tell_what_to_run(count, arguments)) return NOT_RUN;
    int refused = hand_input_over();
    return refused ? refused : print_what_comes();
}
