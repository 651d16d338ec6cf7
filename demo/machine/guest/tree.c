// Files that go out of the machine: what has changed before Python runs elsewhere, and what is asked for at the end.
#include "agent.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUCKETS = 4096, DEEPEST = 100 };

// What the page knows of a path.
struct known {
    struct known *next;
    ino_t inode;
    off_t size;
    mode_t mode;
    struct timespec changed;
    uint32_t round;
    char path[];
};

static struct known *table[BUCKETS];
static uint32_t round_number;

static struct known **place_of(const char *path) {
    uint32_t hash = 2166136261u;
    for (const char *at = path; *at; at++) hash = (hash ^ (uint8_t)*at) * 16777619u;
    struct known **place = &table[hash % BUCKETS];
    while (*place && strcmp((*place)->path, path)) place = &(*place)->next;
    return place;
}

// Notes that the page knows `path` as it was found. False when it did so before.
static int note(const char *path, const struct stat *found) {
    struct known **place = place_of(path), *known = *place;
    if (!known) {
        known = calloc(1, sizeof *known + strlen(path) + 1);
        if (!known) _exit(1);
        strcpy(known->path, path);
        *place = known;
    } else if (known->inode == found->st_ino && known->mode == found->st_mode &&
               (S_ISDIR(found->st_mode) ||
                (known->size == found->st_size && known->changed.tv_sec == found->st_ctim.tv_sec &&
                 known->changed.tv_nsec == found->st_ctim.tv_nsec))) {
        known->round = round_number;
        return 0;
    }
    known->inode = found->st_ino;
    known->size = found->st_size;
    known->mode = found->st_mode;
    known->changed = found->st_ctim;
    known->round = round_number;
    return 1;
}

void know(const char *path, const struct stat *found) { note(path, found); }

static int64_t ms_of(struct timespec time) { return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000; }

static void say_entry(char type, const struct stat *found, const char *path) {
    struct bytes head = {0};
    put_u32(&head, found->st_mode);
    put_u64(&head, ms_of(found->st_mtim));
    if (type == 'F') put_u64(&head, found->st_size);
    put(&head, path, strlen(path));
    say_bytes(type, &head);
    free(head.at);
}

// A file with its content. False when it cannot be read.
static int say_file(int file, const struct stat *found, const char *path) {
    static uint8_t packet[PACKET - 1024];
    say_entry('F', found, path);
    ssize_t size;
    while ((size = read(file, packet, sizeof packet)) > 0) say('W', packet, size, NULL, 0);
    say('E', NULL, 0, NULL, 0);
    return size == 0;
}

static void say_other(char type, const char *path) { say(type, path, strlen(path), NULL, 0); }

static void say_link(const char *path, const char *to) {
    struct bytes body = {0};
    put_text(&body, path);
    put_text(&body, to);
    say_bytes('L', &body);
    free(body.at);
}

typedef void visit(const char *path, const struct stat *found, void *with);

// Everything below a folder, a folder before what is in it.
static void walk(const char *folder, int depth, visit each, void *with) {
    DIR *open_folder = depth < DEEPEST ? opendir(folder) : NULL;
    struct dirent *entry;
    char path[PATH_MAX];
    while (open_folder && (entry = readdir(open_folder))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        struct stat found;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path) continue;
        if (lstat(path, &found)) continue;
        each(path, &found, with);
        if (S_ISDIR(found.st_mode)) walk(path, depth + 1, each, with);
    }
    if (open_folder) closedir(open_folder);
}

static void sync_one(const char *path, const struct stat *found, void *with) {
    (void)with;
    // It grows meanwhile, and is the page's to read in its own way.
    if (!strcmp(path, PYTHON_SOCKET) || !note(path, found)) return;
    if (S_ISDIR(found->st_mode)) {
        say_entry('D', found, path);
    } else if (S_ISLNK(found->st_mode)) {
        char to[PATH_MAX] = {0};
        if (readlink(path, to, sizeof to - 1) > 0) say_link(path, to);
    } else if (S_ISREG(found->st_mode)) {
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) return;
        say_file(file, found, path);
        close(file);
    }
}

// Tells what has changed since the page was told last, or said so itself.
void sync_out(void) {
    static const char *const roots[] = {WORK, "/tmp", BESIDE};
    round_number++;
    for (size_t at = 0; at < sizeof roots / sizeof *roots; at++) walk(roots[at], 0, sync_one, NULL);
    for (size_t at = 0; at < BUCKETS; at++) {
        for (struct known **place = &table[at]; *place;) {
            struct known *known = *place;
            if (known->round == round_number) {
                place = &known->next;
                continue;
            }
            say_other('N', known->path);
            *place = known->next;
            free(known);
        }
    }
}

// What is collected, and the folders that it lies in at the moment.
struct collection {
    const char *from;
    struct {
        dev_t device;
        ino_t inode;
    } above[DEEPEST];
    int depth;
};

static int is_of_job(const char *path) {
    static const char *const roots[] = {WORK, "/tmp", BESIDE};
    char real[PATH_MAX];
    if (!realpath(path, real)) return 0;
    for (size_t at = 0; at < sizeof roots / sizeof *roots; at++) {
        size_t size = strlen(roots[at]);
        if (!strncmp(real, roots[at], size) && (real[size] == 0 || real[size] == '/')) return 1;
    }
    return 0;
}

static int leads_into_itself(const struct collection *all, const struct stat *found) {
    for (int at = 0; at < all->depth; at++) {
        if (all->above[at].device == found->st_dev && all->above[at].inode == found->st_ino) return 1;
    }
    return all->depth == DEEPEST;
}

static void collect_folder(struct collection *all, const char *folder, const struct stat *found);

static void collect_one(struct collection *all, const char *path) {
    const char *below = path + strlen(all->from);
    while (*below == '/') below++;
    struct stat found;
    if (!is_of_job(path) || stat(path, &found)) {
        say_other('O', below);
    } else if (S_ISDIR(found.st_mode)) {
        if (leads_into_itself(all, &found)) {
            say_other('O', below);
            return;
        }
        say_entry('D', &found, below);
        collect_folder(all, path, &found);
    } else if (S_ISREG(found.st_mode)) {
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || !say_file(file, &found, below)) say_other('O', below);
        if (file >= 0) close(file);
    } else {
        say_other('O', below);
    }
}

static void collect_folder(struct collection *all, const char *folder, const struct stat *found) {
    DIR *open_folder = opendir(folder);
    struct dirent *entry;
    char path[PATH_MAX];
    all->above[all->depth].device = found->st_dev;
    all->above[all->depth].inode = found->st_ino;
    all->depth++;
    while (open_folder && (entry = readdir(open_folder))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path) collect_one(all, path);
    }
    all->depth--;
    if (open_folder) closedir(open_folder);
}

static void say_answer(uint32_t id, uint8_t kind) { say('Z', &id, sizeof id, &kind, 1); }

// A file or folder that the page asks for; the answer ends with what it is: `f`, `d`, `-` (not there), `o`.
void collect(uint32_t id, const char *path) {
    struct stat found;
    struct collection all = {.from = path};
    if (stat(path, &found)) {
        say_answer(id, '-');
    } else if (S_ISDIR(found.st_mode) && is_of_job(path)) {
        collect_folder(&all, path, &found);
        say_answer(id, 'd');
    } else {
        collect_one(&all, path);
        say_answer(id, S_ISREG(found.st_mode) && is_of_job(path) ? 'f' : 'o');
    }
}

static void list_one(const char *path, const struct stat *found, void *with) {
    const struct timespec *since = with, *changed = &found->st_ctim;
    uint32_t is_new = changed->tv_sec > since->tv_sec ||
                      (changed->tv_sec == since->tv_sec && changed->tv_nsec > since->tv_nsec);
    struct bytes entry = {0};
    put_u32(&entry, found->st_mode);
    put_u32(&entry, is_new);
    put_u64(&entry, ms_of(found->st_mtim));
    put_u64(&entry, found->st_size);
    put(&entry, path + sizeof WORK, strlen(path + sizeof WORK));
    say_bytes('V', &entry);
    free(entry.at);
}

// All that is in the working directory.
void list(uint32_t id, struct timespec since) {
    walk(WORK, 0, list_one, &since);
    say_answer(id, 'd');
}
