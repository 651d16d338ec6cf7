// Numbers and texts in messages: little-endian, texts end with a zero.
#include "agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void put(struct bytes *to, const void *from, size_t size) {
    if (to->size + size > to->room) {
        to->room = (to->size + size) * 2;
        to->at = realloc(to->at, to->room);
        if (!to->at) _exit(1);
    }
    memcpy(to->at + to->size, from, size);
    to->size += size;
}

void put_u32(struct bytes *to, uint32_t value) { put(to, &value, sizeof value); }

void put_u64(struct bytes *to, uint64_t value) { put(to, &value, sizeof value); }

void put_text(struct bytes *to, const char *text) { put(to, text, strlen(text) + 1); }

static void take(struct view *from, void *into, size_t size) {
    memset(into, 0, size);
    if ((size_t)(from->end - from->at) < size) {
        from->at = from->end;
        return;
    }
    memcpy(into, from->at, size);
    from->at += size;
}

uint32_t take_u32(struct view *from) {
    uint32_t value;
    take(from, &value, sizeof value);
    return value;
}

uint64_t take_u64(struct view *from) {
    uint64_t value;
    take(from, &value, sizeof value);
    return value;
}

// The next text, or null when there is none that ends.
const char *take_text(struct view *from) {
    const uint8_t *end = memchr(from->at, 0, from->end - from->at);
    if (!end) return NULL;
    const char *text = (const char *)from->at;
    from->at = end + 1;
    return text;
}

// All that is left, as a text that the caller frees.
char *rest_as_text(struct view *from) {
    char *text = strndup((const char *)from->at, from->end - from->at);
    if (!text) _exit(1);
    return text;
}

int write_all(int to, const void *from, size_t size) {
    const uint8_t *at = from;
    while (size > 0) {
        ssize_t written = write(to, at, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return -1;
        at += written;
        size -= written;
    }
    return 0;
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
