// Messages to and from the page: two files of the page's own file system, `in` and `out`, each a stream of messages.
//
// A message is its size (of the body), its type (one letter), its body. Reading `in` waits for the page, and cannot be
// polled: a process of its own does that, and hands on through a pipe.
#include "agent.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 5, FLUSH_AT = 60 * 1024, FLUSH_AFTER_MS = 8 };

static int out;
static uint8_t waiting[FLUSH_AT];
static size_t waiting_size;
static int64_t waiting_since;

// Reads what the page says until the page has something: an answer without content means "not now", and is given only
// while the state of the machine is being saved, when no question may be open.
static void read_on(int in, int to) {
    static uint8_t packet[PACKET];
    const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
    for (;;) {
        ssize_t size = read(in, packet, sizeof packet);
        if (size < 0) _exit(1);
        if (size == 0) nanosleep(&moment, NULL);
        if (size > 0 && write_all(to, packet, size)) _exit(1);
    }
}

// Writes what the agent says: each write waits for the page, and the agent must not, which reads two streams in their order.
static void write_on(int from, int to) {
    static uint8_t packet[PACKET];
    ssize_t size;
    while ((size = read(from, packet, sizeof packet)) > 0) {
        if (write_all(to, packet, size)) _exit(1);
    }
    _exit(1);
}

// Starts a process that carries bytes between two descriptors; they and signals are its alone.
static int carry(void with(int, int), int from, int to, int other) {
    pid_t carrier = fork();
    if (carrier != 0) return carrier;
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    close(other);
    with(from, to);
    return 0;
}

// Opens both streams; what the page says can be read from the descriptor that is returned.
int open_channel(void) {
    // Without it the kernel asks on until a whole packet has come.
    int in = open("/host/in", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int to_page = open("/host/out", O_WRONLY | O_CLOEXEC);
    int heard[2], said[2];
    if (in < 0 || to_page < 0 || pipe2(heard, O_CLOEXEC) || pipe2(said, O_CLOEXEC)) return -1;
    fcntl(heard[1], F_SETPIPE_SZ, 1 << 20);
    fcntl(said[1], F_SETPIPE_SZ, 1 << 20);
    if (carry(read_on, in, heard[1], heard[0]) < 0 || carry(write_on, said[0], to_page, said[1]) < 0) return -1;
    close(in);
    close(to_page);
    close(heard[1]);
    close(said[0]);
    fcntl(heard[0], F_SETFL, O_NONBLOCK);
    out = said[1];
    return heard[0];
}

void flush_channel(void) {
    if (waiting_size > 0 && write_all(out, waiting, waiting_size)) _exit(1);
    waiting_size = 0;
}

// Milliseconds until what waits is to be sent; -1 when nothing waits.
int flush_due_ms(void) {
    if (waiting_size == 0) return -1;
    int64_t left = waiting_since + FLUSH_AFTER_MS - now_ms();
    return left > 0 ? (int)left : 0;
}

static void hold(const void *from, size_t size) {
    const uint8_t *at = from;
    while (size > 0) {
        size_t part = FLUSH_AT - waiting_size < size ? FLUSH_AT - waiting_size : size;
        if (waiting_size == 0) waiting_since = now_ms();
        memcpy(waiting + waiting_size, at, part);
        waiting_size += part;
        at += part;
        size -= part;
        if (waiting_size == FLUSH_AT) flush_channel();
    }
}

void say(char type, const void *head, size_t head_size, const void *body, size_t body_size) {
    uint32_t size = head_size + body_size;
    uint8_t begin[HEAD];
    memcpy(begin, &size, sizeof size);
    begin[4] = type;
    hold(begin, sizeof begin);
    hold(head, head_size);
    hold(body, body_size);
}

void say_bytes(char type, const struct bytes *message) { say(type, message->at, message->size, NULL, 0); }

// Hands on each whole message that has come.
void hear(int from, void (*each)(char type, struct view message)) {
    static struct bytes came;
    static uint8_t packet[PACKET];
    ssize_t size;
    while ((size = read(from, packet, sizeof packet)) > 0) {
        put(&came, packet, size);
        size_t at = 0;
        uint32_t body;
        while (came.size - at >= HEAD) {
            memcpy(&body, came.at + at, sizeof body);
            if (came.size - at - HEAD < body) break;
            const uint8_t *begin = came.at + at + HEAD;
            each(came.at[at + 4], (struct view){begin, begin + body});
            at += HEAD + body;
        }
        memmove(came.at, came.at + at, came.size - at);
        came.size -= at;
    }
    if (size == 0) _exit(1);
}
