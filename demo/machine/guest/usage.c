// What the processes of the job use, as /proc tells it: a report every two seconds.
#include "agent.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EVERY_MS = 2000, MS_PER_TICK = 10, PAGE_BYTES = 4096 };

static int64_t next_ms;

static int read_text(const char *folder, const char *name, char *into, size_t room) {
    char path[300];
    snprintf(path, sizeof path, "/proc/%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    size_t size = fread(into, 1, room - 1, file);
    into[size] = 0;
    fclose(file);
    return size > 0;
}

static uint64_t field(const char *text, const char *name) {
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static void add_process(const char *folder, struct usage *sum) {
    char text[2048];
    unsigned long long user, system, children_user, children_system, pages;
    char state;
    if (!read_text(folder, "stat", text, sizeof text)) return;
    const char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu", &state, &user,
                        &system, &children_user, &children_system) != 5)
        return;
    sum->cpu_ms += (user + system + children_user + children_system) * MS_PER_TICK;
    if (state != 'Z') sum->processes++;
    if (read_text(folder, "statm", text, sizeof text) && sscanf(text, "%*u %llu", &pages) == 1)
        sum->memory_bytes += pages * PAGE_BYTES;
    if (read_text(folder, "io", text, sizeof text)) {
        sum->read_bytes += field(text, "\nread_bytes: ");
        sum->written_bytes += field(text, "\nwrite_bytes: ");
    }
}

struct usage usage_now(void) {
    struct usage sum = {0};
    struct rusage ended;
    getrusage(RUSAGE_CHILDREN, &ended);
    sum.cpu_ms = (uint64_t)(ended.ru_utime.tv_sec + ended.ru_stime.tv_sec) * 1000 +
                 (ended.ru_utime.tv_usec + ended.ru_stime.tv_usec) / 1000;
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    while (processes && (entry = readdir(processes))) {
        struct stat found;
        char path[300];
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        snprintf(path, sizeof path, "/proc/%s", entry->d_name);
        if (!stat(path, &found) && found.st_uid == JOB_USER) add_process(entry->d_name, &sum);
    }
    if (processes) closedir(processes);
    return sum;
}

// Tells it, when there is a command and it is time.
void say_usage_if_due(void) {
    if (!shell || now_ms() < next_ms) return;
    next_ms = now_ms() + EVERY_MS;
    struct usage usage = usage_now();
    struct bytes body = {0};
    put_u64(&body, usage.cpu_ms);
    put_u64(&body, usage.memory_bytes);
    put_u64(&body, usage.read_bytes);
    put_u64(&body, usage.written_bytes);
    put_u32(&body, usage.processes);
    say_bytes('U', &body);
    free(body.at);
}

int usage_due_ms(void) {
    if (!shell) return -1;
    int64_t left = next_ms - now_ms();
    return left > 0 ? (int)left : 0;
}
