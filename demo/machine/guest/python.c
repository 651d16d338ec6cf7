// The program behind the names `python` and `python3`: the page runs them. It tells what is to be run, hands its standard
// input over, prints what comes back, and ends as the page says.
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

enum { MOST_INPUT = 256 << 20, NOT_RUN = 120 };

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

static int hand_input_over(void) {
    static uint8_t packet[PACKET];
    off_t at;
    int is_a_file = is_file(&at);
    size_t sum = 0;
    for (;;) {
        ssize_t size = is_a_file ? pread(0, packet, sizeof packet, at) : read(0, packet, sizeof packet);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return tell('j', NULL, 0);
        sum += size;
        at += size;
        if (sum > MOST_INPUT) {
            return refuse("here, standard input is read to its end before Python begins, and this one is longer than 256 MiB");
        }
        if (tell('i', packet, size)) return NOT_RUN;
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
    off_t at;
    if (consumed > 0 && is_file(&at)) lseek(0, consumed, SEEK_CUR);
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
