// Commands `python3`, which the page runs: who has called, what they have said, what they are told.
#include "agent.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST = 32, HEAD = 5, MOST_MESSAGE = 4 << 20 };

struct caller {
    uint32_t id;
    int fd;
    struct bytes came;
};

static struct caller callers[MOST];
static int listener = -1;
static uint32_t last_id;

int open_handover(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = PYTHON_SOCKET};
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, MOST)) return -1;
    chmod(PYTHON_SOCKET, 0666);
    return listener;
}

void accept_handover(void) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    int room = 1 << 20;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
    for (int at = 0; at < MOST; at++) {
        if (callers[at].id) continue;
        callers[at] = (struct caller){.id = ++last_id, .fd = fd};
        return;
    }
    close(fd);
}

int handover_fds(int *fds, int room) {
    int count = 0;
    for (int at = 0; at < MOST && count < room; at++) {
        if (callers[at].id) fds[count++] = callers[at].fd;
    }
    return count;
}

static void say_of(char type, const struct caller *caller, const void *body, size_t size) {
    say(type, &caller->id, sizeof caller->id, body, size);
}

static void let_go(struct caller *caller) {
    say_of('G', caller, NULL, 0);
    close(caller->fd);
    free(caller->came.at);
    *caller = (struct caller){0};
}

// The message: which files its outputs are, then what is for the page.
static void ask_for_run(struct caller *caller, struct view message) {
    uint32_t own = 0;
    for (int fd = 1; fd <= 2; fd++) {
        dev_t device = take_u64(&message);
        ino_t inode = take_u64(&message);
        own |= is_output(device, inode) << (8 * (fd - 1));
    }
    struct bytes body = {0};
    put_u32(&body, own);
    put(&body, message.at, message.end - message.at);
    say_of('Y', caller, body.at, body.size);
    free(body.at);
    flush_channel();
}

static void hear_caller(struct caller *caller, char type, struct view message) {
    switch (type) {
    case 'h': ask_for_run(caller, message); break;
    case 'i': say_of('I', caller, message.at, message.end - message.at); break;
    case 'j':
        // What was printed and written before Python began comes before it.
        drain();
        sync_out();
        say_of('J', caller, NULL, 0);
        flush_channel();
        break;
    case 'k': say_of('K', caller, message.at, message.end - message.at); break;
    }
}

void look_at_handover(int fd) {
    struct caller *caller = NULL;
    for (int at = 0; at < MOST; at++) {
        if (callers[at].id && callers[at].fd == fd) caller = &callers[at];
    }
    if (!caller) return;
    static uint8_t packet[PACKET];
    ssize_t size = read(fd, packet, sizeof packet);
    if (size <= 0) {
        let_go(caller);
        return;
    }
    put(&caller->came, packet, size);
    struct bytes *came = &caller->came;
    size_t at = 0;
    uint32_t body;
    while (came->size - at >= HEAD) {
        memcpy(&body, came->at + at, sizeof body);
        if (body > MOST_MESSAGE) {
            let_go(caller);
            return;
        }
        if (came->size - at - HEAD < body) break;
        const uint8_t *begin = came->at + at + HEAD;
        hear_caller(caller, came->at[at + 4], (struct view){begin, begin + body});
        at += HEAD + body;
    }
    memmove(came->at, came->at + at, came->size - at);
    came->size -= at;
}

// `o`: number, stream, bytes: something to print. `q`: number, exit code, bytes of the input that were read.
void hear_python(char type, struct view message) {
    uint32_t id = take_u32(&message);
    struct caller *caller = NULL;
    for (int at = 0; id && at < MOST; at++) {
        if (callers[at].id == id) caller = &callers[at];
    }
    if (!caller) return;
    struct bytes told = {0};
    char stream = type == 'o' && message.at < message.end ? (char)*message.at++ : 'q';
    put_u32(&told, message.end - message.at);
    put(&told, &stream, 1);
    put(&told, message.at, message.end - message.at);
    // The page sends no more than there is room for.
    ssize_t sent = send(caller->fd, told.at, told.size, MSG_NOSIGNAL);
    if (sent != (ssize_t)told.size) let_go(caller);
    free(told.at);
}
